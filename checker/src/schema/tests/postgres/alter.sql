-- # actions run in passes
CREATE TABLE t (a int DEFAULT 1, b text DEFAULT '0');
ALTER TABLE t ADD COLUMN a text, DROP COLUMN a;
ALTER TABLE t ALTER b SET DEFAULT 0, ALTER b TYPE int USING b::int, ALTER b DROP DEFAULT;
--> table t
-->   b integer default
-->   a text

-- # a default that cannot be cast
CREATE TABLE t (a text DEFAULT 'x');
ALTER TABLE t ALTER a TYPE int USING 1;
--> ! 2: 42804 default for column `a` cannot be cast automatically to type `integer`
--> table t
-->   a integer default

-- # a type that cannot be cast
CREATE TABLE t (a text, b int, c timestamptz, d varchar(3));
ALTER TABLE t ALTER a TYPE int;
--> ! 2: 42804 column `a` cannot be cast automatically to type `integer`
--> table t
-->   a integer
-->   b integer
-->   c timestamp with time zone
-->   d character varying(3)

-- # casts that happen by themselves
CREATE TABLE t (a int, b text, c int, d varchar(3), e date);
ALTER TABLE t ALTER a TYPE bigint, ALTER b TYPE varchar(10), ALTER c TYPE text, ALTER d TYPE text, ALTER e TYPE timestamp;
--> table t
-->   a bigint
-->   b character varying(10)
-->   c text
-->   d text
-->   e timestamp without time zone

-- # add and drop columns
CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a), UNIQUE (b, c), CHECK (b > c));
CREATE INDEX i ON t (c) WHERE b > 0;
CREATE INDEX j ON t (a);
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t ADD COLUMN b text;
ALTER TABLE t ADD COLUMN IF NOT EXISTS b int;
ALTER TABLE t DROP COLUMN IF EXISTS nosuch;
ALTER TABLE t DROP COLUMN nosuch;
--> ! 8: 42703 column `nosuch` of relation `t` does not exist
--> table t
-->   a integer not null
-->   c integer
-->   b text
-->   t_pkey (a) primary key
-->   index j (a)

-- # a column that is there already
CREATE TABLE t (a int);
ALTER TABLE t ADD COLUMN a int;
--> ! 2: 42701 column `a` of relation `t` already exists
--> table t
-->   a integer

-- # renames carry on
CREATE TABLE t (a int CHECK (a > 0), b int GENERATED ALWAYS AS (a + 1) STORED);
CREATE INDEX i ON t ((a * 2)) WHERE a > 1;
ALTER TABLE t RENAME COLUMN a TO "Order";
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t RENAME TO u;
ALTER TABLE u RENAME CONSTRAINT t_a_check TO positive;
ALTER INDEX i RENAME TO j;
CREATE TABLE t (a int);
--> table t
-->   a integer
--> table u
-->   Order integer
-->   positive (Order) check
-->   index j ([("Order" * 2)]) where "Order" > 1

-- # a generated column stands in the way
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED);
ALTER TABLE t DROP COLUMN a;
--> ! 2: 2BP01 cannot drop column `a` of table `t` because column `b` of table `t` depends on it
--> table t

-- # renamed constraints and indexes go together
CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE);
ALTER TABLE t RENAME CONSTRAINT t_pkey TO t_key;
ALTER INDEX t_b_key RENAME TO t_b_unique;
CREATE TABLE u (a int REFERENCES t, b int REFERENCES t (b));
ALTER TABLE t DROP CONSTRAINT t_key;
--> ! 5: 2BP01 cannot drop index `t_key` on table `t` because constraint `u_a_fkey` on table `u` depends on it
--> table t
-->   a integer not null
-->   b integer
-->   t_b_unique (b) unique
--> table u
-->   a integer
-->   b integer
-->   u_b_fkey (b) foreign key to t (b)

-- # constraints with an index that is there
CREATE TABLE t (a int, b int);
CREATE UNIQUE INDEX i ON t (a);
CREATE UNIQUE INDEX j ON t (b);
ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY USING INDEX i;
ALTER TABLE t ADD UNIQUE USING INDEX j;
CREATE INDEX k ON t (b);
ALTER TABLE t ADD UNIQUE USING INDEX k;
--> ! 7: 42809 index `k` is not a unique index
--> table t
-->   a integer not null
-->   b integer
-->   t_pk (a) primary key
-->   j (b) unique
-->   k (b) unique

-- # not valid and validated
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p NOT VALID;
ALTER TABLE t ADD CONSTRAINT ck CHECK (b > 0) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT fk;
ALTER TABLE t VALIDATE CONSTRAINT nosuch;
--> ! 6: 42704 constraint `nosuch` of relation `t` does not exist
--> table p
-->   id integer not null
-->   p_pkey (id) primary key
--> table t
-->   a integer
-->   b integer
-->   fk (a) foreign key to p (id)
-->   ck (b) check not valid

-- # foreign keys that do not fit
CREATE TABLE p (a int, b int);
CREATE TABLE t (a int REFERENCES p);
CREATE TABLE u (a int REFERENCES p (b));
CREATE TABLE v (a int REFERENCES nosuch);
--> ! 2: 42704 there is no primary key for referenced table `p`
--> ! 3: 42830 there is no unique constraint matching given keys for referenced table `p`
--> ! 4: 42P01 relation `nosuch` does not exist
--> table p
-->   a integer
-->   b integer
--> table t
-->   a integer
-->   t_a_fkey (a) foreign key to p ()
--> table u
-->   a integer
-->   u_a_fkey (a) foreign key to p (b)
--> table v
-->   a integer

-- # a second primary key
CREATE TABLE t (a int PRIMARY KEY, b int);
ALTER TABLE t ADD PRIMARY KEY (b);
--> ! 2: 42P16 multiple primary keys for table `t` are not allowed
--> table t
-->   a integer not null
-->   b integer not null
-->   t_pkey (b) primary key

-- # primary key columns stay not null
CREATE TABLE t (a int PRIMARY KEY);
ALTER TABLE t ALTER a DROP NOT NULL;
--> ! 2: 42P16 column `a` is in a primary key
--> table t
-->   a integer not null
-->   t_pkey (a) primary key

-- # schemas
CREATE SCHEMA s CREATE TABLE t (id serial PRIMARY KEY) CREATE VIEW v AS SELECT id FROM t;
CREATE TABLE t (a int);
ALTER TABLE s.t SET SCHEMA public;
ALTER TABLE s.t RENAME TO u;
ALTER TABLE s.u SET SCHEMA public;
ALTER SCHEMA s RENAME TO r;
DROP SCHEMA r;
--> ! 3: 42P07 relation `t` already exists
--> ! 4: 42P01 relation `s.t` does not exist
--> ! 5: 42P01 relation `s.u` does not exist
--> ! 7: 2BP01 cannot drop schema `r` because view `v` depends on it
--> table t
-->   id integer not null default
-->   t_pkey (id) primary key
--> sequence t_id_seq owned by t.id

-- # search path
CREATE SCHEMA app;
SET search_path TO app, public;
CREATE TABLE t (a int);
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE public.u (m mood);
SET search_path TO public;
CREATE TABLE t (m app.mood);
DROP TABLE t;
RESET search_path;
--> table app.t
-->   a integer
--> table u
-->   m app.mood
--> enum mood: ok

-- # a missing table
ALTER TABLE nosuch ADD COLUMN a int;
--> ! 1: 42P01 relation `nosuch` does not exist

-- # a missing table that may be missing
ALTER TABLE IF EXISTS nosuch ADD COLUMN a int;
DROP TABLE IF EXISTS nosuch, nosuch2 CASCADE;
DROP INDEX IF EXISTS nosuch;
DROP VIEW IF EXISTS nosuch;
DROP TYPE IF EXISTS nosuch;
DROP FUNCTION IF EXISTS nosuch(int);
DROP TRIGGER IF EXISTS nosuch ON nosuch;

-- # identity that is added
CREATE TABLE t (a int NOT NULL, b int);
ALTER TABLE t ALTER a ADD GENERATED BY DEFAULT AS IDENTITY;
ALTER TABLE t ALTER a SET GENERATED ALWAYS;
ALTER TABLE t ALTER b ADD GENERATED ALWAYS AS IDENTITY;
--> ! 4: 55000 column `b` of relation `t` must be declared NOT NULL before identity can be added
--> table t
-->   a integer not null identity
-->   b integer not null identity
--> sequence t_a_seq identity of t.a
--> sequence t_b_seq identity of t.b

-- # sequences
CREATE SEQUENCE s AS int;
CREATE TABLE t (a int DEFAULT nextval('s'));
ALTER SEQUENCE s OWNED BY t.a;
ALTER SEQUENCE s RENAME TO r;
DROP TABLE t;

-- # a sequence that a default needs
CREATE SEQUENCE s;
CREATE TABLE t (a int DEFAULT nextval('s'));
DROP SEQUENCE s;
--> ! 3: 2BP01 cannot drop sequence `s` because the default of column `a` of table `t` depends on it
--> table t
-->   a integer

-- # a sequence and the default that needs it
CREATE SEQUENCE s;
CREATE TABLE t (a int DEFAULT nextval('s'));
DROP SEQUENCE s CASCADE;
--> table t
-->   a integer
