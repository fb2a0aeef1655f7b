-- # grants
CREATE ROLE case_reader;
CREATE TABLE t (a int, b int);
CREATE SEQUENCE s;
GRANT SELECT, INSERT (a) ON t TO case_reader;
GRANT ALL ON s TO case_reader;
GRANT UPDATE ON ALL TABLES IN SCHEMA public TO case_reader;
REVOKE INSERT (a) ON t FROM case_reader;
CREATE TABLE u (a int);
DROP OWNED BY case_reader;
DROP ROLE case_reader;
--> sequence s
--> table t
-->   a integer
-->   b integer
--> table u
-->   a integer

-- # default privileges
CREATE ROLE case_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO case_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT a FROM t;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM case_reader;
CREATE TABLE u (a int);
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
DROP OWNED BY case_reader;
DROP ROLE case_reader;
--> table t
-->   a integer
--> table u
-->   a integer
--> view v
-->   a integer
--> routine f(): integer

-- # the engine's own routines and schemas
REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC;
GRANT USAGE ON SCHEMA pg_catalog, information_schema, pg_toast TO PUBLIC;
GRANT EXECUTE ON FUNCTION nowhere(int) TO PUBLIC;
--> ! 3: 42883 function `nowhere` does not exist
