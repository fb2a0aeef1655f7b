CREATE DOMAIN code AS text; CREATE TABLE a (id bigint PRIMARY KEY, c code); CREATE TABLE b (id bigint PRIMARY KEY, c code DEFAULT 'x');
