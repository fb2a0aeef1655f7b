CREATE TABLE a (id bigint PRIMARY KEY, x text, n int); CREATE DOMAIN small AS int; CREATE TABLE b (id bigint PRIMARY KEY, n small);
