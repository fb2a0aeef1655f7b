CREATE TABLE a (id bigint PRIMARY KEY, x text);
 CREATE TABLE b (id bigint PRIMARY KEY, x text);
 CREATE TABLE c (id bigint PRIMARY KEY, x text);
 CREATE TABLE d (id bigint PRIMARY KEY, x text);
 CREATE TABLE e (id bigint PRIMARY KEY, x text);
 CREATE TABLE f (id bigint PRIMARY KEY, x text);
 CREATE DOMAIN code AS text DEFAULT 'none';
