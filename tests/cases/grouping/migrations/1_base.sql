CREATE TABLE a (id bigint PRIMARY KEY, x text, y text); CREATE TABLE u (id bigint NOT NULL UNIQUE, x text); CREATE TABLE b (a_id bigint, n int);
