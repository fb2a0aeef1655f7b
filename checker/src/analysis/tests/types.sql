CREATE TYPE status AS ENUM ('open', 'closed');
CREATE TABLE a (id int PRIMARY KEY, v varchar(10), w varchar(20), n numeric(8,2), t timestamp(3), s status);
CREATE VIEW va AS SELECT id, v, upper(v) AS up, n * 2 AS double, count(*) OVER () AS total, 'x' AS lit, NULL AS nothing, s FROM a;
CREATE TABLE made AS SELECT id, v, 'x' AS lit, now() AS at FROM a;
CREATE PROCEDURE counted(a int, OUT b int) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;
CREATE TYPE span AS RANGE (subtype = text, multirange_type_name = multispan);
CREATE VIEW vb AS SELECT va.*, made.at FROM va JOIN made USING (id);
----

SELECT * FROM va
--     ^ id integer not null
--     ^ v character varying(10) null
--     ^ up text null
--     ^ double numeric null
--     ^ total bigint not null
--     ^ lit text not null
--     ^ nothing text null
--     ^ s status null

SELECT * FROM made
--     ^ id integer null
--     ^ v character varying(10) null
--     ^ lit text null
--     ^ at timestamp with time zone null

SELECT * FROM vb
--     ^ id integer not null
--     ^ v character varying(10) null
--     ^ up text null
--     ^ double numeric null
--     ^ total bigint not null
--     ^ lit text not null
--     ^ nothing text null
--     ^ s status null
--     ^ at timestamp with time zone null

SELECT v, w, COALESCE(v, w), COALESCE(v, v), CASE WHEN true THEN v ELSE w END, CASE WHEN true THEN v ELSE v END, NULLIF(v, w), ARRAY[v, w], ARRAY[v, v] FROM a
--     ^ v character varying(10) null
--        ^ w character varying(20) null
--           ^^^^^^^^^^^^^ coalesce character varying null
--                           ^^^^^^^^^^^^^ coalesce character varying(10) null
--                                                     ^^^^^^^^^^^^^^^^^^ w character varying null
--                                                                                       ^^^^^^^^^^^^^^^^^^ v character varying(10) null
--                                                                                                               ^^^^^^^^^^^ nullif text null
--                                                                                                                                   ^^^^ array character varying[] not null
--                                                                                                                                                ^^^^ array character varying(10)[] not null

SELECT v FROM a UNION SELECT w FROM a
--     ^ v character varying null

SELECT v FROM a UNION ALL SELECT v FROM a
--     ^ v character varying(10) null

SELECT (SELECT v FROM a), max(v), max(n), min(t), n, t + '1 day', (SELECT n) FROM a GROUP BY n, t
--             ^ v character varying(10) null
--                        ^^^^^ max text
--                                ^^^^^ max numeric
--                                        ^^^^^ min timestamp without time zone
--                                                ^ n numeric(8,2) null
--                                                   ^^^^^^^^^^^ ?column? timestamp without time zone null
--                                                                        ^ n numeric(8,2) null

SELECT x.v, x.n FROM (SELECT v, n FROM a) x
--     ^^^ v character varying(10) null
--          ^^^ n numeric(8,2) null

WITH x AS (SELECT v, n FROM a) SELECT v, n FROM x
--                                    ^ v character varying(10) null
--                                       ^ n numeric(8,2) null

SELECT v::text, v::varchar, v::varchar(5), n::numeric, n::numeric(4), t::timestamp, t::timestamp(0), s::text FROM a
--     ^ v text null
--              ^ v character varying null
--                          ^ v character varying(5) null
--                                         ^ n numeric null
--                                                     ^ n numeric(4,0) null
--                                                                    ^ t timestamp without time zone null
--                                                                                  ^ t timestamp(0) without time zone null
--                                                                                                   ^ s text null

SELECT s = 'open', s = 'other' FROM va
--     ^^^^^^^^^^ ?column? boolean null
--                 ^^^^^^^^^^^ ?column? boolean null
--                     ^^^^^^^ error: enum-label-missing 22P02 enum `status` has no label `other`

SELECT nothing, lit || 'y' FROM va
--     ^^^^^^^ nothing text null
--              ^^^^^^^^^^ ?column? text not null

SELECT sum(double), avg(total) FROM va
--     ^^^^^^^^^^ sum numeric
--                  ^^^^^^^^^ avg numeric

SELECT '1 2'::int2vector AS v, '3 4'::oidvector AS o, '{1,2}'::int2[] AS a
--     ^^^^^ v int2vector not null
--                             ^^^^^ o oidvector not null
--                                                    ^^^^^^^ a smallint[] not null

SELECT '70000'::int2
--     ^^^^^^^ int2 smallint not null
--     ^^^^^^^ error: type-mismatch 22003 `'70000'` is not a value of type `smallint`

CALL counted(1, NULL)
-- more columns

CALL counted(1)
--   ^^^^^^^ error: missing-function 42883 procedure `counted` does not exist for these arguments

SELECT span('a', 'b')::multispan AS m
--     ^^^^^^^^^^^^^ m multispan
