-- # overloads
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text, b int DEFAULT 1) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION f(int) RETURNS text LANGUAGE sql AS 'SELECT 2';
--> ! 4: 42723 function `f` already exists with same argument types
--> routine f(integer): text
--> routine f(text, integer): text

-- # results that stay
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION f(int) RETURNS text LANGUAGE sql AS 'SELECT 2::text';
--> ! 2: 42P13 cannot change return type of existing function `f`
--> routine f(integer): text

-- # names that stay
CREATE FUNCTION f(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION f(x int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 1';
--> ! 2: 42P13 cannot change name of input parameter `a` of function `f`
--> routine f(integer, integer): integer

-- # defaults that stay
CREATE FUNCTION f(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1';
--> ! 2: 42P13 cannot remove parameter defaults from existing function `f`
--> routine f(integer, integer): integer

-- # modes
CREATE FUNCTION f(IN a int, OUT b int, OUT c text) LANGUAGE sql AS 'SELECT 1, ''x''';
CREATE FUNCTION g(INOUT a int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION h(VARIADIC a int[]) RETURNS TABLE (x int, y text) LANGUAGE sql AS 'SELECT 1, ''x''';
CREATE FUNCTION i() RETURNS TABLE (x int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION j() RETURNS SETOF text LANGUAGE sql AS 'SELECT ''x''';
CREATE FUNCTION k() RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE PROCEDURE p(a int, INOUT b int) LANGUAGE plpgsql AS $$ BEGIN END $$;
--> routine f(integer): record
--> routine g(integer): integer
--> routine h(integer[]): setof record
--> routine i(): setof integer
--> routine j(): setof text
--> routine k(): void
--> routine p(integer, integer): record

-- # unique names
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION f;
--> ! 3: 42725 function name `f` is not unique
--> routine f(integer): integer
--> routine f(text): integer

-- # dropped by signature
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION f(integer);
DROP PROCEDURE f(text);
--> ! 4: 42809 `f` is not a procedure
--> routine f(text): integer

-- # triggers
CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER b BEFORE INSERT OR UPDATE OF b ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f();
CREATE TRIGGER a AFTER DELETE ON t EXECUTE PROCEDURE f();
CREATE OR REPLACE TRIGGER a AFTER DELETE ON t EXECUTE PROCEDURE f();
ALTER TRIGGER a ON t RENAME TO c;
ALTER TABLE t DISABLE TRIGGER c;
CREATE TRIGGER c AFTER DELETE ON t EXECUTE PROCEDURE f();
CREATE TRIGGER d AFTER DELETE ON t EXECUTE PROCEDURE nosuch();
DROP TRIGGER b ON t;
--> ! 8: 42710 trigger `c` already exists
--> ! 9: 42883 function `nosuch()` does not exist
--> table t
-->   a integer
-->   b integer
-->   trigger c calls f
-->   trigger d
--> routine f(): trigger

-- # renamed routines
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER FUNCTION f() RENAME TO g;
--> table t
-->   a integer
-->   trigger b calls g
--> routine g(): trigger

-- # aggregates and operators
CREATE FUNCTION add(int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + $2';
CREATE OPERATOR @+@ (LEFTARG = int, RIGHTARG = int, FUNCTION = add);
DROP FUNCTION add(int, int);
--> ! 3: 2BP01 cannot drop function `add` because operator `@+@` depends on it

-- # aggregates and operators fall
CREATE FUNCTION add(int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + $2';
CREATE OPERATOR @+@ (LEFTARG = int, RIGHTARG = int, FUNCTION = add);
DROP OPERATOR @+@ (int, int);
DROP FUNCTION add(int, int);

-- # aggregates
CREATE FUNCTION add(int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + $2';
CREATE FUNCTION show(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
CREATE AGGREGATE total(int) (SFUNC = add, STYPE = int);
CREATE AGGREGATE shown(int) (SFUNC = add, STYPE = int, FINALFUNC = show);
DROP FUNCTION add(int, int);
DROP FUNCTION show(int);
--> ! 5: 2BP01 cannot drop function `add` because function `total` depends on it
