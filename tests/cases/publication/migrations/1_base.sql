CREATE TABLE a (id bigint, x text); CREATE TABLE b (id bigint PRIMARY KEY, x text);
