-- # enums
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
ALTER TYPE mood ADD VALUE 'great';
ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok';
ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok';
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
ALTER TYPE mood ADD VALUE 'ok';
ALTER TYPE mood ADD VALUE 'x' BEFORE 'nosuch';
ALTER TYPE mood RENAME TO feeling;
CREATE TABLE t (m feeling NOT NULL, ms feeling[]);
--> ! 7: 42710 enum label `ok` already exists
--> ! 8: 22023 `nosuch` is not an existing enum label
--> table t
-->   m feeling not null
-->   ms feeling[]
--> enum feeling: blue, meh, ok, fine, happy, great, x

-- # a type that is there
CREATE TYPE mood AS ENUM ('ok');
CREATE TYPE mood AS ENUM ('ok');
--> ! 2: 42710 type `mood` already exists
--> enum mood: ok

-- # a table has a type
CREATE TABLE t (a int);
CREATE TYPE t AS ENUM ('ok');
--> ! 2: 42710 type `t` already exists
--> enum t: ok

-- # composites
CREATE TYPE pair AS (a int, b text);
ALTER TYPE pair ADD ATTRIBUTE c numeric(10, 2);
ALTER TYPE pair DROP ATTRIBUTE a;
ALTER TYPE pair RENAME ATTRIBUTE b TO d;
ALTER TYPE pair ALTER ATTRIBUTE d TYPE varchar(3);
CREATE TABLE t (p pair, ps pair[]);
ALTER TYPE pair ALTER ATTRIBUTE d TYPE text;
--> ! 7: 0A000 cannot alter the type because column `t.p` uses it
--> type pair
-->   d text
-->   c numeric(10,2)
--> table t
-->   p pair
-->   ps pair[]

-- # domains
CREATE DOMAIN email AS text NOT NULL DEFAULT 'x' CHECK (VALUE <> '') CONSTRAINT at CHECK (VALUE LIKE '%@%');
CREATE TABLE t (e email);
ALTER DOMAIN email DROP NOT NULL;
ALTER DOMAIN email ADD CHECK (length(VALUE) < 9) NOT VALID;
ALTER DOMAIN email DROP CONSTRAINT at;
ALTER DOMAIN email RENAME TO mail;
ALTER DOMAIN mail DROP CONSTRAINT nosuch;
--> ! 7: 42704 constraint `nosuch` does not exist
--> table t
-->   e mail
--> domain mail: text [email_check, email_check1]

-- # ranges
CREATE TYPE span AS RANGE (subtype = numeric);
CREATE TYPE floatrange AS RANGE (subtype = float8);
CREATE TABLE t (s span, m span_multirange, f floatmultirange);
--> table t
-->   s span
-->   m span_multirange
-->   f floatmultirange
--> range span
--> range floatrange
--> routine span(numeric, numeric): span
--> routine span(numeric, numeric, text): span
--> routine span_multirange(): span_multirange
--> routine span_multirange(span): span_multirange
--> routine span_multirange(span[]): span_multirange
--> routine floatrange(double precision, double precision): floatrange
--> routine floatrange(double precision, double precision, text): floatrange
--> routine floatmultirange(): floatmultirange
--> routine floatmultirange(floatrange): floatmultirange
--> routine floatmultirange(floatrange[]): floatmultirange

-- # type modifiers
CREATE TABLE t (
    a char, b char(3), c varchar, d numeric(5), e numeric(5, 2), f bit, g bit varying(4), h timestamp(3), i time(2) with time zone,
    j interval day to second(3), k interval(2), l double precision, m float(20), n real, o decimal, p character varying(7)[],
    q int[][], r national character(2), s "char", t int4range, u text COLLATE "C", v name, w json, x jsonb, y xml, z money
);
--> table t
-->   a character(1)
-->   b character(3)
-->   c character varying
-->   d numeric(5,0)
-->   e numeric(5,2)
-->   f bit(1)
-->   g bit varying(4)
-->   h timestamp(3) without time zone
-->   i time(2) with time zone
-->   j interval day to second(3)
-->   k interval(2)
-->   l double precision
-->   m real
-->   n real
-->   o numeric
-->   p character varying(7)[]
-->   q integer[]
-->   r character(2)
-->   s "char"
-->   t int4range
-->   u text
-->   v name
-->   w json
-->   x jsonb
-->   y xml
-->   z money

-- # types by column
CREATE TABLE t (a varchar(5));
CREATE FUNCTION f(x t.a%TYPE) RETURNS t.a%TYPE LANGUAGE sql AS 'SELECT x';
--> table t
-->   a character varying(5)
--> routine f(character varying): character varying

-- # array types follow
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE t (a mood[]);
ALTER TYPE mood RENAME TO feeling;
CREATE TABLE u (a feeling[]);
ALTER TABLE t RENAME TO v;
CREATE TABLE w (a v[]);
--> table u
-->   a feeling[]
--> table v
-->   a feeling[]
--> table w
-->   a v[]
--> enum feeling: ok

-- # fields and system columns in checks
CREATE TYPE pair AS (a int, b int);
CREATE TABLE t (p pair CHECK ((p).a > 0), CHECK (tableoid > 0));
CREATE INDEX ON t (((p).b));
--> type pair
-->   a integer
-->   b integer
--> table t
-->   p pair
-->   t_p_check (p) check
-->   t_tableoid_check () check
-->   index t_b_idx ([((p).b)])
