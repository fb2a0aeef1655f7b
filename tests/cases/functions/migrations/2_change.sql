DROP FUNCTION gone(int); ALTER FUNCTION renamed(int) RENAME TO renamed2;
 DROP FUNCTION retyped(int); CREATE FUNCTION retyped(date) RETURNS int LANGUAGE sql AS 'SELECT 1';
 DROP FUNCTION widened(int); CREATE FUNCTION widened(a int, b int DEFAULT 0) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2';
 CREATE FUNCTION preferred(text) RETURNS int LANGUAGE sql AS 'SELECT 2';
 CREATE FUNCTION overloaded(date) RETURNS int LANGUAGE sql AS 'SELECT 2';
 DROP PROCEDURE job(int); DROP AGGREGATE total(int);
