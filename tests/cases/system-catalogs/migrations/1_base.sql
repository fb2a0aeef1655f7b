CREATE TABLE a (id bigint PRIMARY KEY, x text);
