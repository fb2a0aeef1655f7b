CREATE TABLE a (id bigint PRIMARY KEY, n text, d jsonb, k text, i int); CREATE TABLE b (k text, i int);
