CREATE TABLE a (id bigint PRIMARY KEY, name text); CREATE TABLE b (id bigint PRIMARY KEY, name text); CREATE TABLE c (id bigint PRIMARY KEY, name text);
