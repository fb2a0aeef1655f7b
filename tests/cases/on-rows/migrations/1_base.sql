CREATE TABLE a (id bigint PRIMARY KEY, x text, y text, z text NOT NULL); CREATE TABLE b (id bigint);
