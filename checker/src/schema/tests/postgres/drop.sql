-- # a view stands in the way
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
ALTER TABLE t DROP COLUMN b;
DROP TABLE t;
--> ! 4: 2BP01 cannot drop table `t` because view `v` depends on it

-- # a view stands in the way of a column
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
ALTER TABLE t DROP COLUMN a;
--> ! 3: 2BP01 cannot drop column `a` of table `t` because view `v` depends on it
--> table t
-->   b integer

-- # views fall with cascade
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
CREATE MATERIALIZED VIEW m AS SELECT * FROM w;
ALTER TABLE t DROP COLUMN a CASCADE;
--> table t
-->   b integer

-- # a view fixes the type
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
ALTER TABLE t ALTER a TYPE bigint;
--> ! 3: 0A000 cannot alter type of column `a`, which view `v` uses
--> table t
-->   a bigint
--> view v
-->   a integer

-- # foreign keys stand in the way
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p);
DROP TABLE p;
--> ! 3: 2BP01 cannot drop table `p` because constraint `t_a_fkey` on table `t` depends on it
--> table t
-->   a integer

-- # foreign keys of the same statement
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p);
DROP TABLE p, t;

-- # foreign keys fall with cascade
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p);
DROP TABLE p CASCADE;
--> table t
-->   a integer

-- # the index behind a foreign key
CREATE TABLE p (id int UNIQUE);
CREATE TABLE t (a int REFERENCES p (id));
ALTER TABLE p DROP CONSTRAINT p_id_key;
--> ! 3: 2BP01 cannot drop index `p_id_key` on table `p` because constraint `t_a_fkey` on table `t` depends on it
--> table p
-->   id integer
--> table t
-->   a integer

-- # the index of a constraint
CREATE TABLE t (a int UNIQUE);
DROP INDEX t_a_key;
--> ! 2: 2BP01 cannot drop index `t_a_key` because constraint `t_a_key` on table `t` requires it
--> table t
-->   a integer

-- # types in use
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE t (m mood, ms mood[]);
DROP TYPE mood;
--> ! 3: 2BP01 cannot drop type `mood` because column `m` of table `t` depends on it
--> table t

-- # types and their columns
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE t (a int, m mood DEFAULT 'ok', ms mood[]);
CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN d AS mood;
DROP TYPE mood CASCADE;
--> table t
-->   a integer

-- # functions in use
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
DROP FUNCTION f();
--> ! 4: 2BP01 cannot drop function `f` because trigger `tr` on table `t` depends on it
--> table t
-->   a integer

-- # functions and their triggers
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
DROP FUNCTION f CASCADE;
--> table t
-->   a integer

-- # functions in defaults, checks and indexes
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE t (a int DEFAULT f(1), b int CHECK (f(b) > 0));
CREATE INDEX i ON t (f(a));
DROP FUNCTION f CASCADE;
--> table t
-->   a integer
-->   b integer

-- # the primary key that a view groups by
CREATE TABLE t (id int PRIMARY KEY, name text);
CREATE VIEW v AS SELECT id, name, count(*) FROM t GROUP BY id;
ALTER TABLE t DROP CONSTRAINT t_pkey;
--> ! 3: 2BP01 cannot drop constraint `t_pkey` on table `t` because view `v` depends on it
--> table t
-->   id integer not null
-->   name text

-- # row types in use
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
DROP TABLE t;
--> ! 3: 2BP01 cannot drop table `t` because function `f` depends on it

-- # schemas
CREATE SCHEMA s;
CREATE TABLE s.t (id serial PRIMARY KEY);
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE u (a int REFERENCES s.t);
DROP SCHEMA s CASCADE;
--> table u
-->   a integer

-- # wrong kinds
CREATE TABLE t (a int);
DROP VIEW t;
--> ! 2: 42809 `t` is not a view

-- # rules and policies
CREATE TABLE t (a int, b int);
CREATE TABLE log (a int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a);
CREATE POLICY p ON t USING (b > 0);
ALTER TABLE t DROP COLUMN b;
--> ! 5: 2BP01 cannot drop column `b` of table `t` because policy `p` on table `t` depends on it
--> table log
-->   a integer
--> table t
-->   a integer
-->   rule r

-- # a trigger's columns
CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.b > 0) EXECUTE FUNCTION f();
ALTER TABLE t DROP COLUMN a;
--> ! 4: 2BP01 cannot drop column `a` of table `t` because trigger `tr` on table `t` depends on it
--> table t
-->   b integer
--> routine f(): trigger

-- # bodies that are resolved
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM t; END;
ALTER TABLE t DROP COLUMN a;
--> ! 3: 2BP01 cannot drop column `a` of table `t` because function `f` depends on it
--> table t

-- # bodies that are text
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(a) FROM t';
ALTER TABLE t DROP COLUMN a;
--> table t
--> routine f(): bigint

-- # a generated column falls with the function that it uses
CREATE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a';
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (f(a)) STORED, c text GENERATED ALWAYS AS (lower(f(a)::text)) STORED, d int DEFAULT f(1));
CREATE INDEX i ON t (b);
DROP FUNCTION f(int);
DROP FUNCTION f(int) CASCADE;
--> ! 4: 2BP01 cannot drop function `f` because column `b` of table `t` depends on it
--> ! 5: 42883 function `f` does not exist
--> table t
-->   a integer
-->   d integer
