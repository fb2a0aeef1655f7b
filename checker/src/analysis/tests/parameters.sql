CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN email AS varchar(80);
CREATE TABLE t (id bigint PRIMARY KEY, name varchar(20) NOT NULL, at timestamptz, m mood, e email, js jsonb, tags text[], ids int[], price numeric(8,2), flag boolean, code char(3));
CREATE FUNCTION f(x int, y text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(x anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT x';
----

SELECT id FROM t WHERE id = $1 AND name = $2 AND at > $3 AND m = $4 AND e = $5 AND js @> $6 AND tags @> $7
--     ^^ id bigint not null
-- $1 bigint, $2 text, $3 timestamp with time zone, $4 mood, $5 text, $6 jsonb, $7 text[]

SELECT $1, $2::int, $3::text[], $1 || 'x'
--     ^^ ?column? text
--         ^^ int4 integer
--                  ^^ text text[]
--                              ^^^^^^^^^ ?column? text
-- $1 text, $2 integer, $3 text[]

SELECT $1
--     ^^ ?column? text
-- $1 text

SELECT $1 + 1, 1.5 * $2, $3 - now(), now() - $4, $5 || 'x', -$6::int
--     ^^^^^^ ?column? integer
--             ^^^^^^^^ ?column? numeric
--                       ^^^^^^^^ ?column? interval
--                                   ^^^^^^^^^^ ?column? interval
--                                               ^^^^^^^^^ ?column? text
--                                                           ^^ ?column? integer
-- $1 integer, $2 numeric, $3 timestamp with time zone, $4 timestamp with time zone, $5 text, $6 integer

SELECT $1 + $2
--     ^^^^^^^ ?column? ?
--     ^^^^^^^ error: missing-function 42725 operator is not unique: `unknown + unknown`
-- $1 ?, $2 ?

SELECT $1 = $2
--     ^^^^^^^ ?column? boolean
-- $1 text, $2 text

SELECT $1::uuid = $1
--     ^^^^^^^^^^^^^ ?column? boolean
-- $1 uuid

SELECT $1 = 1, $1 = 'x'
--     ^^^^^^ ?column? boolean
--             ^^^^^^^^ ?column? boolean
--                  ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `integer`
-- $1 integer

SELECT id FROM t WHERE id IN ($1, $2, 3) AND name IN ($3) AND m IN ($4, 'ok')
--     ^^ id bigint not null
-- $1 bigint, $2 bigint, $3 text, $4 mood

SELECT id FROM t WHERE id = ANY($1) AND name = ANY($2) AND m = ANY($3) AND $4 = ANY(tags) AND $5 = ANY(ids) AND id <> ALL($6)
--     ^^ id bigint not null
-- $1 bigint[], $2 text[], $3 mood[], $4 text, $5 integer, $6 bigint[]

SELECT id FROM t WHERE name LIKE $1 AND name ILIKE '%' || $2 || '%' AND name ~ $3
--     ^^ id bigint not null
-- $1 text, $2 text, $3 text

SELECT id FROM t ORDER BY name LIMIT $1 OFFSET $2
--     ^^ id bigint not null
-- $1 bigint, $2 bigint

SELECT id FROM t FETCH FIRST $1 ROWS ONLY
--     ^^ id bigint not null
-- $1 bigint

SELECT COALESCE($1, name), COALESCE($2, 1), CASE WHEN $3 THEN $4 ELSE 2 END, NULLIF($5, 3), GREATEST($6, at) FROM t
--     ^^^^^^^^^^^^^^^^^ coalesce character varying not null
--                         ^^^^^^^^^^^^^^ coalesce integer not null
--                                                    ^^^^^^^^^^^^^^^^^ case integer
--                                                                           ^^^^^^^^^^^^ nullif integer null
--                                                                                          ^^^^^^^^^^^^^^^ greatest timestamp with time zone
-- $1 character varying, $2 integer, $3 boolean, $4 integer, $5 integer, $6 timestamp with time zone

SELECT f($1, $2), lower($3), length($4), abs($5::int), now() + $6, date_trunc($7, at), to_char(at, $8), jsonb_build_object('a', $9::int) FROM t
--     ^^^^^^^^ f integer
--                ^^^^^^^^ lower text
--                           ^^^^^^^^^ length integer
--                                       ^^^^^^ abs integer
--                                                     ^^^^^^^^^^ ?column? timestamp with time zone
--                                                                 ^^^^^^^^^^^^^^^^^ date_trunc timestamp with time zone null
--                                                                                     ^^^^^^^^^^^^^^ to_char text null
--                                                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^ jsonb_build_object jsonb not null
-- $1 integer, $2 text, $3 text, $4 text, $5 integer, $6 interval, $7 text, $8 text, $9 integer

SELECT length($1)
--     ^^^^^^^^^ length integer
-- $1 text

SELECT abs($1)
--     ^^^^^^ abs double precision
-- $1 double precision

SELECT g($1)
--     ^^^^ g ?
--     ^ error: type-mismatch 42804 the arguments do not tell what the function's polymorphic type is
-- $1 ?

SELECT g($1::int), g($2::text)
--     ^^^^ g integer
--                 ^^^^ g text
-- $1 integer, $2 text

SELECT jsonb_build_object('a', $1)
--     ^^^^^^^^^^^^^^^^^^^^^^^^^^ jsonb_build_object jsonb not null
--                             ^^ error: type-mismatch 42P18 nothing tells the type of parameter $1
-- $1 ?

SELECT concat($1, $2)
--     ^^^^^^^^^^^^^ concat text not null
--            ^^ error: type-mismatch 42P18 nothing tells the type of parameter $1
--                ^^ error: type-mismatch 42P18 nothing tells the type of parameter $2
-- $1 ?, $2 ?

SELECT id FROM t WHERE id BETWEEN $1 AND $2 AND at BETWEEN $3 AND $4
--     ^^ id bigint not null
-- $1 bigint, $2 bigint, $3 timestamp with time zone, $4 timestamp with time zone

SELECT id FROM t WHERE $1 BETWEEN id AND 5
--     ^^ id bigint not null
-- $1 bigint

SELECT id FROM t WHERE (id, name) = ($1, $2) AND (id, name) IN (($3, $4)) AND ROW(id) > ROW($5)
--     ^^ id bigint not null
-- $1 bigint, $2 text, $3 bigint, $4 text, $5 bigint

SELECT id FROM t WHERE $1 IS NULL OR name = $1
--     ^^ id bigint not null
--                     ^^ error: type-mismatch 42P08 nothing tells the type of parameter $1
-- $1 text

SELECT id FROM t WHERE name = $1 OR $1 IS NULL
--     ^^ id bigint not null
-- $1 text

SELECT id FROM t WHERE ($1::text IS NULL OR name = $1)
--     ^^ id bigint not null
-- $1 text

SELECT id FROM t WHERE $1 AND flag = $2 AND NOT $3
--     ^^ id bigint not null
-- $1 boolean, $2 boolean, $3 boolean

SELECT * FROM unnest($1::text[], $2::int[]) u (a, b)
--     ^ a text
--     ^ b integer
-- $1 text[], $2 integer[]

SELECT * FROM unnest($1)
--            ^^^^^^ error: missing-function 42725 function `unnest(unknown)` is not unique
-- $1 ?

SELECT * FROM generate_series($1, $2)
--            ^^^^^^^^^^^^^^^ error: missing-function 42725 function `generate_series(unknown, unknown)` is not unique
-- $1 ?, $2 ?

SELECT * FROM generate_series($1::int, $2)
--     ^ generate_series integer
-- $1 integer, $2 integer

SELECT * FROM jsonb_to_recordset($1) AS x (a int, b text)
--     ^ a integer
--     ^ b text
-- $1 jsonb

SELECT (SELECT name FROM t WHERE id = $1), EXISTS (SELECT 1 FROM t WHERE price > $2)
--             ^^^^ name character varying(20) null
--                                                        ^ exists boolean not null
-- $1 bigint, $2 numeric

SELECT id FROM t WHERE id IN (SELECT $1 FROM t)
--     ^^ id bigint not null
--                     ^^^^^^^^^^^^^^^^ error: missing-function 42883 operator does not exist: `bigint = text`
-- $1 text

SELECT id FROM t WHERE id IN (SELECT $1::bigint FROM t)
--     ^^ id bigint not null
-- $1 bigint

SELECT $1 UNION SELECT id FROM t
--     ^^ ?column? bigint
-- $1 bigint

SELECT $1 UNION SELECT $2
--     ^^ ?column? text
-- $1 text, $2 text

VALUES ($1, $2), (3, 'x')
--      ^^^^^^^^^^^ column1 integer
--          ^^^^^^^^^^^^ column2 text
-- $1 integer, $2 text

SELECT * FROM (VALUES ($1, $2)) v (a, b)
--     ^ a text
--     ^ b text
-- $1 text, $2 text

SELECT * FROM (VALUES ($1, $2), (1, now())) v (a, b)
--     ^ a integer
--     ^ b timestamp with time zone
-- $1 integer, $2 timestamp with time zone

SELECT ARRAY[$1, 2], ARRAY[$2], ARRAY[$3]::uuid[], tags || $4, $5 || tags FROM t
--           ^^^^^ array integer[] not null
--                         ^^ array text[] not null
--                                    ^^ array uuid[] not null
--                                                 ^^^^^^^^^^ ?column? text[]
--                                                             ^^^^^^^^^^ ?column? text[]
-- $1 integer, $2 text, $3 uuid, $4 text[], $5 text[]

INSERT INTO t (id, name, at, m, e, js, tags, price) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
-- $1 bigint, $2 character varying, $3 timestamp with time zone, $4 mood, $5 email, $6 jsonb, $7 text[], $8 numeric

INSERT INTO t (id, name, price) VALUES ($1, $2, $3), ($4, $5, $6 + 1)
-- $1 bigint, $2 character varying, $3 numeric, $4 bigint, $5 character varying, $6 integer

INSERT INTO t (id, name, code) SELECT $1, $2, $3
-- $1 bigint, $2 character varying, $3 bpchar

INSERT INTO t (id, name) SELECT * FROM UNNEST($1::bigint[], $2::varchar[])
-- $1 bigint[], $2 character varying[]

INSERT INTO t (id, name) SELECT $1, $2 UNION ALL SELECT $3, $4
--                              ^^ error: type-mismatch 42804 column `id` of `t` is of type `bigint`, but the value is of type `text`
-- $1 text, $2 text, $3 text, $4 text

INSERT INTO t (id, name) VALUES ($1, lower($2)) ON CONFLICT (id) DO UPDATE SET name = $3, at = COALESCE($4, t.at) WHERE t.price > $5 RETURNING $6::int
--                                                                                                                                             ^^ int4 integer
-- $1 bigint, $2 text, $3 character varying, $4 timestamp with time zone, $5 numeric, $6 integer

UPDATE t SET name = $1, at = $2, m = $3, tags[1] = $4, js = js || $5, price = price + $6 WHERE id = $7
-- $1 character varying, $2 timestamp with time zone, $3 mood, $4 text, $5 jsonb, $6 numeric, $7 bigint

UPDATE t SET (name, at) = ($1, $2) WHERE id = $3
-- $1 character varying, $2 timestamp with time zone, $3 bigint

UPDATE t SET (name, at) = (SELECT $1, $2) WHERE id = $3
--                                    ^^ error: type-mismatch 42804 column `at` of `t` is of type `timestamp with time zone`, but the value is of type `text`
-- $1 text, $2 text, $3 bigint

UPDATE t SET name = COALESCE($1, name), m = CASE WHEN $2 THEN $3 ELSE m END
-- $1 character varying, $2 boolean, $3 mood

UPDATE t SET name = $1 WHERE name = $1
-- $1 text

UPDATE t SET price = $1 WHERE id = $1
-- $1 bigint

DELETE FROM t WHERE id = $1 RETURNING name, $2
--                                    ^^^^ name character varying(20) not null
--                                          ^^ ?column? text
-- $1 bigint, $2 text

SELECT js -> $1, js ->> $2, js #>> $3, js ? $4, js - $5, js[$6] FROM t
--     ^^^^^^^^ ?column? jsonb null
--               ^^^^^^^^^ ?column? text null
--                          ^^^^^^^^^ ?column? text null
--                                     ^^^^^^^ ?column? boolean null
--                                              ^^^^^^^ ?column? jsonb null
--                                                       ^^^^^ js jsonb
-- $1 text, $2 text, $3 text[], $4 text, $5 text, $6 text

SELECT at AT TIME ZONE $1, extract(epoch FROM $2), date_part($3, at), at + $4 * interval '1 day' FROM t
--     ^^^^^^^^^^^^^^^^^^ timezone timestamp without time zone null
--                                            ^^ extract ?
--                                            ^^ error: missing-function 42725 function `pg_catalog.extract(unknown, unknown)` is not unique
--                                                 ^^^^^^^^^^^^^^^^ date_part double precision null
--                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^ ?column? timestamp with time zone null
-- $1 text, $2 ?, $3 text, $4 double precision

SELECT $2
--^^^^^^^^^ error: type-mismatch 42P18 nothing tells the type of parameter $1
--     ^^ ?column? text
-- $1 ?, $2 text

SELECT $1::mood, $2::email, $3::mood[]
--     ^^ mood mood
--               ^^ email email
--                          ^^ mood mood[]
-- $1 mood, $2 email, $3 mood[]

SELECT id FROM t WHERE code = $1 AND e LIKE $2 AND upper(e) = $3
--     ^^ id bigint not null
-- $1 bpchar, $2 text, $3 text

SELECT id FROM t WHERE js ->> 'a' = $1 AND (js ->> 'n')::int > $2 AND js -> 'x' = $3
--     ^^ id bigint not null
-- $1 text, $2 integer, $3 jsonb

SELECT substring(name from $1 for $2), trim($3 from name), position($4 in name), overlay(name placing $5 from $6) FROM t
--               ^^^^^^^^^^^^^^^^^^^ substring text
--                                          ^^^^^^^^^^^^ btrim text
--                                                                  ^^^^^^^^^^ position integer
--                                                                                       ^^^^^^^^^^^^^^^^^^^^^^^ overlay text
-- $1 text, $2 text, $3 text, $4 text, $5 text, $6 integer

SELECT count(*) FILTER (WHERE id > $1), string_agg(name, $2), percentile_cont($3) WITHIN GROUP (ORDER BY price) FROM t
--     ^^^^^ count bigint not null
--                                      ^^^^^^^^^^^^^^^^^^^ string_agg text
--                                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ percentile_cont double precision
-- $1 bigint, $2 text, $3 double precision
