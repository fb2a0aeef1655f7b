-- # columns are fixed
CREATE TABLE t (a int, b varchar(3) NOT NULL);
CREATE VIEW v AS SELECT *, a + 1 AS c, 'x' AS d FROM t;
ALTER TABLE t ADD COLUMN e int;
ALTER TABLE t RENAME COLUMN a TO z;
CREATE VIEW w (one, two) AS SELECT * FROM t;
CREATE VIEW x AS SELECT count(*), max(z), coalesce(b, ''), now() FROM t GROUP BY b;
--> table t
-->   z integer
-->   b character varying(3) not null
-->   e integer
--> view v
-->   a integer
-->   b character varying(3) not null
-->   c integer
-->   d text not null
--> view w
-->   one integer
-->   two character varying(3) not null
-->   e integer
--> view x
-->   count bigint not null
-->   max integer
-->   coalesce character varying not null
-->   now timestamp with time zone not null

-- # replaced views
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a FROM t;
CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT b, a FROM t;
--> ! 4: 42P16 cannot change name of view column `a` to `b`
--> table t
-->   a integer
-->   b text
--> view v
-->   b text
-->   a integer

-- # replaced views keep types
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a FROM t;
CREATE OR REPLACE VIEW v AS SELECT b AS a FROM t;
--> ! 3: 42P16 cannot change data type of view column `a` from integer to text
--> table t
-->   a integer
-->   b text
--> view v
-->   a text

-- # replaced views keep columns
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE OR REPLACE VIEW v AS SELECT a FROM t;
--> ! 3: 42P16 cannot drop columns from view
--> table t
-->   a integer
-->   b text
--> view v
-->   a integer

-- # a table of that name
CREATE TABLE v (a int);
CREATE OR REPLACE VIEW v AS SELECT 1 AS a;
--> ! 2: 42809 `v` is not a view
--> view v
-->   a integer not null

-- # broken queries
CREATE VIEW v AS SELECT nosuch FROM pg_class;
CREATE VIEW w AS SELECT 1 FROM nosuch;
--> ! 1: 42703 column `nosuch` does not exist
--> ! 2: 42P01 relation `nosuch` does not exist
--> view v
-->   nosuch ???
--> view w
-->   ?column? integer not null

-- # materialized views
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, count(b) AS n FROM t GROUP BY a WITH NO DATA;
CREATE UNIQUE INDEX ON m (a);
CREATE INDEX m_n ON m (n);
REFRESH MATERIALIZED VIEW m;
ALTER MATERIALIZED VIEW m RENAME TO n;
ALTER MATERIALIZED VIEW n RENAME COLUMN n TO count;
--> materialized view n
-->   a integer
-->   count bigint not null
-->   index m_a_idx (a) unique
-->   index m_n (count)
--> table t
-->   a integer
-->   b text

-- # recursive views and set operations
CREATE RECURSIVE VIEW v (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM v WHERE n < 9;
CREATE VIEW w AS SELECT 1 AS a, NULL AS b UNION SELECT 2, 'x' ORDER BY a;
CREATE VIEW x AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW y AS WITH c AS (SELECT 1::bigint AS q) SELECT * FROM c JOIN w USING (a);
--> ! 4: 42703 column `a` in `USING` does not exist in the left table
--> view v
-->   n integer not null
--> view w
-->   a integer not null
-->   b text
--> view x
-->   column1 integer not null
-->   column2 text not null
--> view y
-->   a integer
-->   q bigint not null
-->   b text

-- # defaults of views
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a, b FROM t;
ALTER VIEW v ALTER COLUMN a SET DEFAULT 1;
ALTER VIEW v RENAME COLUMN b TO c;
ALTER TABLE v RENAME TO w;
--> table t
-->   a integer
-->   b integer
--> view w
-->   a integer default
-->   c integer
