CREATE TABLE a (id bigint PRIMARY KEY, x text); CREATE TABLE p (a int, b int); CREATE FUNCTION f(numeric) RETURNS int LANGUAGE sql AS 'SELECT 1';
