CREATE TABLE a (id bigint PRIMARY KEY, day date NOT NULL, x text);
