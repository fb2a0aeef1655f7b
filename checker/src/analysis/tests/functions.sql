CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN label AS varchar(20) NOT NULL;
CREATE TYPE pair AS (a int, b text);
CREATE TABLE t (id int PRIMARY KEY, n smallint NOT NULL, big bigint, r real, d double precision NOT NULL, num numeric(6,2) NOT NULL, name text NOT NULL, code char(4), vc varchar(8) NOT NULL, at timestamptz NOT NULL, day date, span interval, m mood NOT NULL, ms mood[], p positive, l label, js json, jb jsonb NOT NULL, tags text[] NOT NULL, u uuid, raw bytea, flag boolean, pr pair, ip inet, rng int4range, ts tsvector, bits bit(3), vb varbit(5), clock time(3), c "char", nm name);
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql AS 'SELECT x * 2';
CREATE FUNCTION twice(x text) RETURNS text LANGUAGE sql AS 'SELECT x || x';
CREATE FUNCTION named(first int, second text DEFAULT 'x', third int DEFAULT 3) RETURNS text LANGUAGE sql AS 'SELECT second';
CREATE FUNCTION many(VARIADIC all_of int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION either(anyelement, anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION listed(anyarray) RETURNS SETOF anyelement LANGUAGE sql AS 'SELECT unnest($1)';
CREATE FUNCTION t_label(t) RETURNS text LANGUAGE sql AS 'SELECT $1.name';
CREATE FUNCTION two(OUT a int, OUT b text) LANGUAGE sql AS $$ SELECT 1, 'x' $$;
CREATE PROCEDURE do_it(x int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE FUNCTION least_of(VARIADIC anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT min($1[i]) FROM generate_subscripts($1, 1) g(i)';
CREATE FUNCTION list_of(VARIADIC anycompatiblearray) RETURNS anycompatiblearray LANGUAGE sql AS 'SELECT $1';
----

SELECT id + n, n + n, big + id, r + 1, d * 2, num + 1, num / 2, id / 2, id % 2, -id, @ id, id ^ 2, 2 ^ 3 FROM t
--     ^^^^^^ ?column? integer not null
--             ^^^^^ ?column? smallint not null
--                    ^^^^^^^^ ?column? bigint null
--                              ^^^^^ ?column? double precision null
--                                     ^^^^^ ?column? double precision not null
--                                            ^^^^^^^ ?column? numeric not null
--                                                     ^^^^^^^ ?column? numeric not null
--                                                              ^^^^^^ ?column? integer not null
--                                                                      ^^^^^^ ?column? integer not null
--                                                                               ^^ ?column? integer not null
--                                                                                     ^^ ?column? integer
--                                                                                         ^^^^^^ ?column? double precision not null
--                                                                                                 ^^^^^ ?column? double precision not null

SELECT name || 'x', name || id, code || name, vc || vc, vc || 'x', tags || '{x}', tags || tags, '{x}' || tags, jb || '{}', 1 || 'x' FROM t
--     ^^^^^^^^^^^ ?column? text not null
--                  ^^^^^^^^^^ ?column? text
--                              ^^^^^^^^^^^^ ?column? text null
--                                            ^^^^^^^^ ?column? text not null
--                                                      ^^^^^^^^^ ?column? text not null
--                                                                 ^^^^^^^^^^^^^ ?column? text[]
--                                                                                ^^^^^^^^^^^^ ?column? text[]
--                                                                                              ^^^^^^^^^^^^^ ?column? text[]
--                                                                                                             ^^^^^^^^^^ ?column? jsonb not null
--                                                                                                                         ^^^^^^^^ ?column? text not null

SELECT id || tags FROM t
--     ^^^^^^^^^^ ?column? ?
--     ^^^^^^^^^^ error: missing-function 42883 operator does not exist: `integer || text[]`

SELECT id = 1, id = '1', name = 'x', vc = 'x', code = 'x', at > now(), at > day, day = at, day + 1, day - day, at - at, at + '1 day', day + span, now() - '1 hour'::interval, span * 2 FROM t
--     ^^^^^^ ?column? boolean not null
--             ^^^^^^^^ ?column? boolean not null
--                       ^^^^^^^^^^ ?column? boolean not null
--                                   ^^^^^^^^ ?column? boolean not null
--                                             ^^^^^^^^^^ ?column? boolean null
--                                                         ^^^^^^^^ ?column? boolean not null
--                                                                     ^^^^^^^^ ?column? boolean null
--                                                                               ^^^^^^^^ ?column? boolean null
--                                                                                         ^^^^^^^ ?column? date null
--                                                                                                  ^^^^^^^^^ ?column? integer null
--                                                                                                             ^^^^^^^ ?column? interval not null
--                                                                                                                      ^^^^^^^^^^^^ ?column? timestamp with time zone not null
--                                                                                                                                    ^^^^^^^^^^ ?column? timestamp without time zone null
--                                                                                                                                                ^^^^^^^^^^^^^^^^ ?column? timestamp with time zone not null
--                                                                                                                                                                            ^^^^^^^^ ?column? interval null

SELECT id = 'x' FROM t
--     ^^^^^^^^ ?column? boolean not null
--          ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `integer`

SELECT id = name FROM t
--     ^^^^^^^^^ ?column? ?
--     ^^^^^^^^^ error: missing-function 42883 operator does not exist: `integer = text`

SELECT id = ms FROM t
--     ^^^^^^^ ?column? ?
--     ^^^^^^^ error: missing-function 42883 operator does not exist: `integer = mood[]`

SELECT m = 'ok', m IN ('sad', 'happy'), m > 'sad', m::text = 'nope', 'sad' = m, m = ANY('{sad}'), m = ANY($1), m <> ALL(ms) FROM t
--     ^^^^^^^^ ?column? boolean not null
--               ^^^^^^^^^^^^^^^^^^^^ ?column? boolean
--                                      ^^^^^^^^^ ?column? boolean not null
--                                                 ^^^^^^^^^^^^^^^^ ?column? boolean not null
--                                                                   ^^^^^^^^^ ?column? boolean not null
--                                                                              ^^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                ^^^^^^^^^^ ?column? boolean
--                                                                                                             ^^^^^^^^^^^ ?column? boolean
-- $1 mood[]

SELECT m = 'angry' FROM t
--     ^^^^^^^^^^^ ?column? boolean not null
--         ^^^^^^^ error: enum-label-missing 22P02 enum `mood` has no label `angry`

SELECT m IN ('sad', 'angry') FROM t
--     ^^^^^^^^^^^^^^^^^^^^ ?column? boolean
--                  ^^^^^^^ error: enum-label-missing 22P02 enum `mood` has no label `angry`

SELECT CASE m WHEN 'angry' THEN 1 END, COALESCE(m, 'furious') FROM t
--          ^^^^^^^^^^^^^^^^^^^^^ case integer null
--                 ^^^^^^^ error: enum-label-missing 22P02 enum `mood` has no label `angry`
--                                     ^^^^^^^^^^^^^^^^^^^^^ coalesce mood not null
--                                                 ^^^^^^^^^ error: enum-label-missing 22P02 enum `mood` has no label `furious`

SELECT m = 'sad'::text FROM t
--     ^^^^^^^^^ ?column? ?
--     ^^^^^^^^^ error: missing-function 42883 operator does not exist: `mood = text`

SELECT 'angry'::mood, 'sad'::mood, 'sad'::public.mood, CAST('ok' AS mood), '{sad,ok}'::mood[]
--     ^^^^^^^ mood mood not null
--     ^^^^^^^ error: enum-label-missing 22P02 enum `mood` has no label `angry`
--                    ^^^^^ mood mood not null
--                                 ^^^^^ mood mood not null
--                                                          ^^^^ mood mood not null
--                                                                         ^^^^^^^^^^ mood mood[] not null

SELECT lower(name), lower(vc), lower(code), lower(id) FROM t
--     ^^^^^^^^^^ lower text not null
--                  ^^^^^^^^ lower text not null
--                             ^^^^^^^^^^ lower text null
--                                          ^^^^^ lower ?
--                                          ^^^^^ error: missing-function 42883 function `lower(integer)` does not exist

SELECT length(name), length(raw), length('x'), upper('x'), substring(name from 1 for 2), substring(name, 2), position('x' in name), trim(name), trim(both 'x' from name), ltrim(name), overlay(name placing 'x' from 1), replace(name, 'a', 'b'), split_part(name, ',', 1), left(name, 2), concat(name, id, at), concat_ws(',', name, id), format('%s', id), md5(name), starts_with(name, 'x') FROM t
--     ^^^^^^^^^^^ length integer not null
--                   ^^^^^^^^^^ length integer null
--                                ^^^^^^^^^^ length integer not null
--                                             ^^^^^^^^^ upper text not null
--                                                                   ^^^^^^^^^^^^^^^^^ substring text
--                                                                                                 ^^^^^^^ substring text
--                                                                                                                    ^^^^^^^^^^^ position integer not null
--                                                                                                                                       ^^^^ btrim text not null
--                                                                                                                                                        ^^^^^^^^^^^^^ btrim text not null
--                                                                                                                                                                        ^^^^^^^^^^ ltrim text not null
--                                                                                                                                                                                             ^^^^^^^^^^^^^^^^^^^^^^^ overlay text
--                                                                                                                                                                                                                       ^^^^^^^^^^^^^^^^^^^^^^ replace text not null
--                                                                                                                                                                                                                                                ^^^^^^^^^^^^^^^^^^^^^^^ split_part text not null
--                                                                                                                                                                                                                                                                          ^^^^^^^^^^^^ left text not null
--                                                                                                                                                                                                                                                                                         ^^^^^^^^^^^^^^^^^^^ concat text not null
--                                                                                                                                                                                                                                                                                                               ^^^^^^^^^^^^^^^^^^^^^^^ concat_ws text not null
--                                                                                                                                                                                                                                                                                                                                         ^^^^^^^^^^^^^^^ format text
--                                                                                                                                                                                                                                                                                                                                                           ^^^^^^^^ md5 text not null
--                                                                                                                                                                                                                                                                                                                                                                      ^^^^^^^^^^^^^^^^^^^^^ starts_with boolean not null

SELECT extract(epoch from at), date_part('year', at), date_trunc('day', at), age(at), to_char(at, 'YYYY'), to_timestamp(1), make_interval(days => 1), at AT TIME ZONE 'UTC', (at AT TIME ZONE 'UTC') AT TIME ZONE 'CET', now()::date, current_date - 1, justify_days(span) FROM t
--                        ^^ extract numeric not null
--                             ^^^^^^^^^^^^^^^^^^^^ date_part double precision not null
--                                                    ^^^^^^^^^^^^^^^^^^^^ date_trunc timestamp with time zone not null
--                                                                           ^^^^^^ age interval not null
--                                                                                    ^^^^^^^^^^^^^^^^^^ to_char text
--                                                                                                         ^^^^^^^^^^^^^^ to_timestamp timestamp with time zone not null
--                                                                                                                          ^^^^^^^^^^^^^^^^^^^^^^^ make_interval interval not null
--                                                                                                                                                    ^^^^^^^^^^^^^^^^^^^^^ timezone timestamp without time zone not null
--                                                                                                                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ timezone timestamp with time zone not null
--                                                                                                                                                                                                                       ^^^ now date not null
--                                                                                                                                                                                                                                    ^^^^^^^^^^^^^^^^ ?column? date not null
--                                                                                                                                                                                                                                                      ^^^^^^^^^^^^^^^^^ justify_days interval null

SELECT abs(id), abs(num), ceil(d), floor(num), round(num, 1), round(d), trunc(num), sqrt(2), power(2, 3), mod(id, 2), greatest(id, big), random(), sign(d), div(9, 4) FROM t
--     ^^^^^^ abs integer not null
--              ^^^^^^^ abs numeric not null
--                        ^^^^^^ ceil double precision not null
--                                 ^^^^^^^^^ floor numeric not null
--                                             ^^^^^^^^^^^^ round numeric not null
--                                                            ^^^^^^^ round double precision not null
--                                                                      ^^^^^^^^^ trunc numeric not null
--                                                                                  ^^^^^^ sqrt double precision not null
--                                                                                           ^^^^^^^^^^ power double precision not null
--                                                                                                        ^^^^^^^^^ mod integer not null
--                                                                                                                    ^^^^^^^^^^^^^^^^ greatest bigint not null
--                                                                                                                                       ^^^^^^ random double precision not null
--                                                                                                                                                 ^^^^^^ sign double precision not null
--                                                                                                                                                          ^^^^^^^^ div numeric

SELECT js -> 'a', js ->> 'a', jb -> 'a' -> 0, jb ->> 'a', jb #> '{a,b}', jb #>> '{a}', jb @> '{}', jb ? 'a', jb ?| array['a'], jb - 'a', jb - 0, jb #- '{a}', (jb ->> 'n')::int, jb['a'], jsonb_set(jb, '{a}', '1'), jsonb_array_length(jb), jsonb_typeof(jb), to_jsonb(t), row_to_json(t), json_build_object('a', id), jsonb_agg(id), jb @@ '$.a == 1' FROM t GROUP BY t.id
--     ^^^^^^^^^ ?column? json null
--                ^^^^^^^^^^ ?column? text null
--                            ^^^^^^^^^^^^^^ ?column? jsonb
--                                            ^^^^^^^^^^ ?column? text
--                                                        ^^^^^^^^^^^^^ ?column? jsonb
--                                                                       ^^^^^^^^^^^^ ?column? text
--                                                                                     ^^^^^^^^^^ ?column? boolean not null
--                                                                                                 ^^^^^^^^ ?column? boolean not null
--                                                                                                           ^^^^^^^^^^^^^^^ ?column? boolean not null
--                                                                                                                             ^^^^^^^^ ?column? jsonb not null
--                                                                                                                                       ^^^^^^ ?column? jsonb not null
--                                                                                                                                               ^^^^^^^^^^^ ?column? jsonb
--                                                                                                                                                             ^^^^^^^^^^ int4 integer
--                                                                                                                                                                               ^^^^^^ jb jsonb
--                                                                                                                                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^ jsonb_set jsonb
--                                                                                                                                                                                                                   ^^^^^^^^^^^^^^^^^^^^^ jsonb_array_length integer not null
--                                                                                                                                                                                                                                           ^^^^^^^^^^^^^^^ jsonb_typeof text
--                                                                                                                                                                                                                                                             ^^^^^^^^^^ to_jsonb jsonb not null
--                                                                                                                                                                                                                                                                          ^^^^^^^^^^^^^ row_to_json json not null
--                                                                                                                                                                                                                                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^ json_build_object json not null
--                                                                                                                                                                                                                                                                                                                      ^^^^^^^^^^^^ jsonb_agg jsonb not null
--                                                                                                                                                                                                                                                                                                                                     ^^^^^^^^^^^^^^^^ ?column? boolean

SELECT array_length(tags, 1), cardinality(tags), array_append(tags, 'x'), array_position(tags, 'x'), unnest(tags), array_to_string(tags, ','), string_to_array(name, ','), tags @> array['x'], tags && '{a}', 'x' = ANY(tags), array_agg(id) OVER (), array_remove(tags, 'x'), ARRAY(SELECT id FROM t), array_cat(tags, tags), tags[1], tags[1:2], ms[1] FROM t
--     ^^^^^^^^^^^^^^^^^^^^ array_length integer
--                            ^^^^^^^^^^^^^^^^ cardinality integer not null
--                                               ^^^^^^^^^^^^^^^^^^^^^^ array_append text[]
--                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^ array_position integer
--                                                                                                   ^^^^^^^^^^^ unnest text
--                                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^ array_to_string text
--                                                                                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^ string_to_array text[]
--                                                                                                                                                                         ^^^^^^^^^^^^^^^^^ ?column? boolean not null
--                                                                                                                                                                                             ^^^^^^^^^^^^^ ?column? boolean not null
--                                                                                                                                                                                                            ^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                                                                                                                                             ^^^^^^^^^^^^ array_agg integer[]
--                                                                                                                                                                                                                                                    ^^^^^^^^^^^^^^^^^^^^^^ array_remove text[]
--                                                                                                                                                                                                                                                                                          ^^ array integer[] not null
--                                                                                                                                                                                                                                                                                                      ^^^^^^^^^^^^^^^^^^^^ array_cat text[]
--                                                                                                                                                                                                                                                                                                                             ^^^^^^ tags text
--                                                                                                                                                                                                                                                                                                                                      ^^^^^^^^ tags text[]
--                                                                                                                                                                                                                                                                                                                                                 ^^^^ ms mood

SELECT twice(1), twice('x'), twice(id), twice(name), twice(n), twice(vc) FROM t
--     ^^^^^^^ twice integer
--               ^^^^^^^^^ twice text
--                           ^^^^^^^^ twice integer
--                                      ^^^^^^^^^^ twice text
--                                                   ^^^^^^^ twice integer
--                                                             ^^^^^^^^ twice text

SELECT twice(big) FROM t
--     ^^^^^ twice ?
--     ^^^^^ error: missing-function 42883 function `twice(bigint)` does not exist

SELECT twice(at) FROM t
--     ^^^^^ twice ?
--     ^^^^^ error: missing-function 42883 function `twice(timestamp with time zone)` does not exist

SELECT twice() FROM t
--     ^^^^^ twice ?
--     ^^^^^ error: missing-function 42883 function `twice()` does not exist

SELECT twice(NULL), twice($1)
--     ^^^^^^^^^^ twice text
--                  ^^^^^^^^ twice text
-- $1 text

SELECT named(1), named(1, 'a'), named(first => 1, third => 2), named(1, third => 4), named(second => 'x', first => 3)
--     ^^^^^^^ named text
--               ^^^^^^^^^^^^ named text
--                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ named text
--                                                             ^^^^^^^^^^^^^^^^^^^ named text
--                                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ named text

SELECT named(fourth => 1)
--     ^^^^^ named ?
--     ^^^^^ error: missing-function 42883 function `named(integer)` does not exist

SELECT named('x')
--     ^^^^^^^^^ named text
--           ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `integer`

SELECT many(1, 2, 3), many(VARIADIC ARRAY[1, 2]), many(VARIADIC $1)
--     ^^^^^^^^^^^^ many integer
--                    ^^^^^^^^^^^^^^^^^^^^^^^^ many integer
--                                                ^^^^^^^^^^^^^^^^ many integer
-- $1 integer[]

SELECT many(), many('x')
--     ^^^^ many ?
--     ^^^^ error: missing-function 42883 function `many()` does not exist
--             ^^^^^^^^ many integer
--                  ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `integer`

SELECT either(id, 1), either(name, 'x'), either(id, big), either(m, 'ok') FROM t
--     ^^^^^^^^^^^^ either integer
--                    ^^^^^^^^^^^^^^^^ either text
--                                       ^^^^^^ either ?
--                                       ^^^^^^ error: missing-function 42883 function `either(integer, bigint)` does not exist
--                                                        ^^^^^^^^^^^^^^ either mood

SELECT either(1, 'x')
--     ^^^^^^^^^^^^^ either integer
--               ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `integer`

SELECT either('a', 'b')
--     ^^^^^^^^^^^^^^^ either ?
--     ^^^^^^ error: type-mismatch 42804 the arguments do not tell what the function's polymorphic type is

SELECT listed(tags), listed(ms), listed(ARRAY[1,2]) FROM t
--     ^^^^^^^^^^^ listed text
--                   ^^^^^^^^^ listed mood
--                               ^^^^^^^^^^^^^^^^ listed integer

SELECT t_label(t), t.t_label FROM t
--     ^^^^^^^^^ t_label text
--                 ^^^^^^^^^ t_label text

SELECT two(), (two()).b, (two()).*
--     ^^^ two record
--             ^^^^^^^^ b text
--                        ^^^ a integer
--                        ^^^ b text

SELECT do_it(1)
--     ^^^^^ do_it ?
--     ^^^^^ error: missing-function 42809 `do_it(integer)` is a procedure, which only `CALL` calls

SELECT total(id), total(DISTINCT id) FROM t
--     ^^^^^^^^ total integer
--                ^^^^^^^^^^^^^^^^^ total integer

SELECT nowhere(1)
--     ^^^^^^^ nowhere ?
--     ^^^^^^^ error: missing-function 42883 function `nowhere(integer)` does not exist

SELECT pg_catalog.lower('X'), public.twice(2), nowhere.lower('x')
--                ^^^^^^^^^ lower text not null
--                                   ^^^^^^^ twice integer
--                                                     ^^^^^ lower ?
--                                                     ^^^^^ error: missing-function 3F000 function `nowhere.lower(unknown)` does not exist

SELECT count(*), count(id), sum(id), sum(n), sum(big), sum(num), sum(d), sum(r), avg(id), avg(d), max(at), min(m), max(name), max(vc), string_agg(name, ','), array_agg(m), array_agg(tags), bool_and(flag), stddev(id), every(flag), json_agg(t), jsonb_object_agg(id, name) FROM t
--     ^^^^^ count bigint not null
--               ^^^^^^^^ count bigint not null
--                          ^^^^^^ sum bigint
--                                   ^^^^^ sum bigint
--                                           ^^^^^^^ sum numeric
--                                                     ^^^^^^^ sum numeric
--                                                               ^^^^^ sum double precision
--                                                                       ^^^^^ sum real
--                                                                               ^^^^^^ avg numeric
--                                                                                        ^^^^^ avg double precision
--                                                                                                ^^^^^^ max timestamp with time zone
--                                                                                                         ^^^^^ min mood
--                                                                                                                 ^^^^^^^^ max text
--                                                                                                                            ^^^^^^ max text
--                                                                                                                                     ^^^^^^^^^^^^^^^^^^^^ string_agg text
--                                                                                                                                                            ^^^^^^^^^^^ array_agg mood[]
--                                                                                                                                                                          ^^^^^^^^^^^^^^ array_agg text[]
--                                                                                                                                                                                           ^^^^^^^^^^^^^ bool_and boolean
--                                                                                                                                                                                                           ^^^^^^^^^ stddev numeric
--                                                                                                                                                                                                                       ^^^^^^^^^^ every boolean
--                                                                                                                                                                                                                                    ^^^^^^^^^^ json_agg json
--                                                                                                                                                                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^ jsonb_object_agg jsonb

SELECT sum(name) FROM t
--     ^^^ sum ?
--     ^^^ error: missing-function 42883 function `sum(text)` does not exist

SELECT max(jb) FROM t
--     ^^^ max ?
--     ^^^ error: missing-function 42883 function `max(jsonb)` does not exist

SELECT int4(d), text(id), date(at), float8(id), mood('sad'), name(vc) FROM t
--     ^^^^^^ int4 integer not null
--              ^^^^^^^ text text not null
--                        ^^^^^^^ date date
--                                  ^^^^^^^^^ float8 double precision not null
--                                              ^^^^^^^^^^ mood mood not null
--                                                           ^^^^^^^ name name

SELECT p + 1, l || 'x', lower(l), p = 3, coalesce(p, 0), p::int FROM t
--     ^^^^^ ?column? integer null
--            ^^^^^^^^ ?column? text null
--                      ^^^^^^^ lower text null
--                                ^^^^^ ?column? boolean null
--                                       ^^^^^^^^^^^^^ coalesce integer not null
--                                                       ^ p integer null

SELECT id BETWEEN 1 AND 2, at BETWEEN '2020-01-01' AND now(), name LIKE 'x%', name ILIKE $1, name NOT LIKE 'x' ESCAPE '!', name SIMILAR TO 'x', name ~ 'x', name !~* 'y', vc ^@ 'x' FROM t
--     ^^^^^^^^^^^^^^^^^^ ?column? boolean not null
--                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ?column? boolean not null
--                                                            ^^^^^^^^^^^^^^ ?column? boolean not null
--                                                                            ^^^^^^^^^^^^^ ?column? boolean
--                                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                                         ^^^^^^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                                                              ^^^^^^^^^^ ?column? boolean not null
--                                                                                                                                                          ^^^^^^^^^^^^ ?column? boolean not null
--                                                                                                                                                                        ^^^^^^^^^ ?column? boolean not null
-- $1 text

SELECT id LIKE 'x' FROM t
--     ^^^^^^^^^^^ ?column? ?
--     ^^^^^^^^^^^ error: missing-function 42883 operator does not exist: `integer ~~ unknown`

SELECT id IS NULL, id IS NOT NULL, flag IS TRUE, flag IS NOT FALSE, flag IS UNKNOWN, id IS DISTINCT FROM 1, (id, n) IS NULL, NOT flag, flag AND NOT flag OR true FROM t
--     ^^ ?column? boolean not null
--                 ^^ ?column? boolean not null
--                                 ^^^^ ?column? boolean not null
--                                               ^^^^ ?column? boolean not null
--                                                                  ^^^^ ?column? boolean not null
--                                                                                   ^^^^^^^^^^^^^^^^^^^^^ ?column? boolean not null
--                                                                                                           ^^^^^ ?column? boolean not null
--                                                                                                                               ^^^^ ?column? boolean null
--                                                                                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^ ?column? boolean null

SELECT id IS TRUE FROM t
--     ^^ ?column? boolean not null
--     ^^ error: type-mismatch 42804 argument of `IS TRUE` must be of type `boolean`, not `integer`

SELECT NOT id FROM t
--         ^^ ?column? boolean not null
--         ^^ error: type-mismatch 42804 argument of `NOT` must be of type `boolean`, not `integer`

SELECT flag AND name FROM t
--     ^^^^^^^^^^^^^ ?column? boolean null
--              ^^^^ error: type-mismatch 42804 argument of `AND` must be of type `boolean`, not `text`

SELECT (id, name) = (1, 'x'), (id, n) < (1, 2), ROW(id, name), ROW(1, 'x')::pair, (ROW(1, 'x')::pair).b, ROW(t.*) FROM t
--      ^^^^^^^^^^^^^^^^^^^ ?column? boolean not null
--                             ^^^^^^^^^^^^^^ ?column? boolean not null
--                                              ^^^^^^^^^^^^ row record not null
--                                                             ^^^^^^^^^^ row pair not null
--                                                                                 ^^^^^^^^^^^^^^^^^^^^ b text
--                                                                                                       ^^^^^ row record not null

SELECT ROW(1)::pair
--     ^^^^^ row pair not null
--     ^^^^^ error: type-mismatch 42846 a row of 1 values cannot be cast to `pair`, which has 2

SELECT ROW(1, 2, 3)::pair
--     ^^^^^^^^^^^ row pair not null
--     ^^^^^^^^^^^ error: type-mismatch 42846 a row of 3 values cannot be cast to `pair`, which has 2

SELECT (id, name) = (1, 2, 3) FROM t
--^ ?column? boolean
--      ^^^^^^^^^^^^^^^^^^^^ error: insert-arity 42601 2 values are compared with 3 columns

SELECT rng @> 3, lower(rng), upper(rng), int4range(1, 2), rng && '[1,2)', isempty(rng), '[1,2)'::int4range * rng FROM t
--     ^^^^^^^^ ?column? boolean null
--               ^^^^^^^^^ lower integer null
--                           ^^^^^^^^^ upper integer null
--                                       ^^^^^^^^^^^^^^ int4range int4range
--                                                        ^^^^^^^^^^^^^^ ?column? boolean null
--                                                                        ^^^^^^^^^^^ isempty boolean null
--                                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^ ?column? int4range null

SELECT ip << '10.0.0.0/8', host(ip), ip + 1, ts @@ to_tsquery('x'), to_tsvector('english', name) @@ plainto_tsquery('x'), ts_rank(ts, to_tsquery('x')) FROM t
--     ^^^^^^^^^^^^^^^^^^ ?column? boolean null
--                         ^^^^^^^ host text null
--                                   ^^^^^^ ?column? inet null
--                                           ^^^^^^^^^^^^^^^^^^^^ ?column? boolean null
--                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^ ts_rank real null

SELECT u = '6f5ac5a0-0000-0000-0000-000000000000', u::text, gen_random_uuid(), raw || '\x00', encode(raw, 'hex'), decode('00', 'hex'), bits & B'101', vb || bits FROM t
--     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ?column? boolean null
--                                                 ^ u text null
--                                                          ^^^^^^^^^^^^^^^ gen_random_uuid uuid not null
--                                                                             ^^^^^^^^^^^^^ ?column? bytea null
--                                                                                            ^^^^^^^^^^^^^^^^^ encode text null
--                                                                                                                ^^^^^^^^^^^^^^^^^^ decode bytea not null
--                                                                                                                                     ^^^^^^^^^^^^^ ?column? "bit" null
--                                                                                                                                                    ^^^^^^^^^^ ?column? bit varying null

SELECT u = 'not-a-uuid' FROM t
--     ^^^^^^^^^^^^^^^^ ?column? boolean null
--         ^^^^^^^^^^^^ error: type-mismatch 22P02 `'not-a-uuid'` is not a value of type `uuid`

SELECT id::text, id::bigint, name::int, name::varchar(3), num::numeric(4,1), num::int, at::date, at::time, '2020-01-01'::timestamptz(3), d::numeric, flag::int, flag::text, jb::text, name::jsonb, tags::varchar[], tags::text, '{1,2}'::int[], code::text, span::text FROM t
--     ^^ id text not null
--               ^^ id bigint not null
--                           ^^^^ name integer not null
--                                      ^^^^ name character varying(3) not null
--                                                        ^^^ num numeric(4,1) not null
--                                                                           ^^^ num integer not null
--                                                                                     ^^ at date not null
--                                                                                               ^^ at time without time zone not null
--                                                                                                         ^^^^^^^^^^^^ timestamptz timestamp(3) with time zone not null
--                                                                                                                                       ^ d numeric not null
--                                                                                                                                                   ^^^^ flag integer null
--                                                                                                                                                              ^^^^ flag text null
--                                                                                                                                                                          ^^ jb text not null
--                                                                                                                                                                                    ^^^^ name jsonb not null
--                                                                                                                                                                                                 ^^^^ tags character varying[] not null
--                                                                                                                                                                                                                  ^^^^ tags text not null
--                                                                                                                                                                                                                              ^^^^^^^ int4 integer[] not null
--                                                                                                                                                                                                                                              ^^^^ code text null
--                                                                                                                                                                                                                                                          ^^^^ span text null

SELECT at::int FROM t
--     ^^ at integer not null
--     ^^ error: type-mismatch 42846 cannot cast type `timestamp with time zone` to `integer`

SELECT jb::date FROM t
--     ^^ jb date not null
--     ^^ error: type-mismatch 42846 cannot cast type `jsonb` to `date`

SELECT id::nowhere FROM t
--     ^^ id ? not null
--         ^^^^^^^ error: missing-type 42704 type `nowhere` does not exist

SELECT name::mood, m::text, m::varchar, ms::text[], name::positive, 5::positive, id::label FROM t
--     ^^^^ name mood not null
--                 ^ m text not null
--                          ^ m character varying not null
--                                      ^^ ms text[] null
--                                                  ^^^^ name positive not null
--                                                                  ^ positive positive not null
--                                                                               ^^ id label not null

SELECT interval '1 day', interval '1' day, date '2020-01-01', timestamp '2020-01-01 00:00', time '10:00', bool 'true', int4 '1'
--              ^^^^^^^ interval interval not null
--                                ^^^ interval interval day not null
--                                              ^^^^^^^^^^^^ date date not null
--                                                                      ^^^^^^^^^^^^^^^^^^ timestamp timestamp without time zone not null
--                                                                                               ^^^^^^^ time time without time zone not null
--                                                                                                             ^^^^^^ bool boolean not null
--                                                                                                                          ^^^ int4 integer not null

SELECT 1, 1.5, 1e3, 2147483648, 99999999999999999999, -2147483648, 'x', E'\n', $$x$$, true, NULL, B'101', X'1F', 0.5::real, '1'::money
--     ^ ?column? integer not null
--        ^^^ ?column? numeric not null
--             ^^^ ?column? numeric not null
--                  ^^^^^^^^^^ ?column? bigint not null
--                              ^^^^^^^^^^^^^^^^^^^^ ?column? numeric not null
--                                                     ^^^^^^^^^^ ?column? integer not null
--                                                                 ^^^ ?column? text not null
--                                                                      ^^^^^ ?column? text not null
--                                                                             ^^^^^ ?column? text not null
--                                                                                    ^^^^ ?column? boolean not null
--                                                                                          ^^^^ ?column? text null
--                                                                                                ^^^^^^ ?column? "bit" not null
--                                                                                                        ^^^^^ ?column? "bit" not null
--                                                                                                               ^^^ float4 real not null
--                                                                                                                          ^^^ money money not null

SELECT generate_series(1, 3), generate_series(now(), now(), '1 day')
--     ^^^^^^^^^^^^^^^^^^^^ generate_series integer
--                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ generate_series timestamp with time zone

SELECT exists(SELECT 1), (SELECT 1), (SELECT max(id) FROM t), (SELECT count(*) FROM t), (SELECT id FROM t LIMIT 1), ARRAY(SELECT name FROM t)
--                   ^ exists boolean not null
--                               ^ ?column? integer not null
--                                           ^^^^^^ max integer
--                                                                    ^^^^^ count bigint not null
--                                                                                              ^^ id integer null
--                                                                                                                               ^^^^ array text[] not null

SELECT version(), pg_backend_pid(), txid_current(), pg_column_size(1), current_setting('x'), set_config('a', 'b', true), pg_advisory_lock(1), pg_try_advisory_xact_lock($1)
--     ^^^^^^^ version text not null
--                ^^^^^^^^^^^^^^ pg_backend_pid integer
--                                  ^^^^^^^^^^^^ txid_current bigint not null
--                                                  ^^^^^^^^^^^^^^^^ pg_column_size integer
--                                                                     ^^^^^^^^^^^^^^^^^^^ current_setting text
--                                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^ set_config text
--                                                                                                                       ^^^^^^^^^^^^^^^^^^ pg_advisory_lock void
--                                                                                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pg_try_advisory_xact_lock boolean
-- $1 bigint

SELECT name COLLATE "C", name COLLATE "C" < 'x', lower(name COLLATE "POSIX") FROM t
--     ^^^^ name text collate C not null
--                       ^^^^^^^^^^^^^^^^^^^^^^ ?column? boolean not null
--                                               ^^^^^^^^^^ lower text collate POSIX not null

SELECT pr, (pr).a, (pr).b, pr = ROW(1, 'x'), pr::text FROM t
--     ^^ pr pair null
--          ^^^^^ a integer
--                  ^^^^^ b text
--                         ^^^^^^^^^^^^^^^ ?column? boolean null
--                                           ^^ pr text null

SELECT clock, code, vc, vb, bits, num, c, nm, c = 'x', nm = 'y', nm || 'z', c::text FROM t
--     ^^^^^ clock time(3) without time zone null
--            ^^^^ code character(4) null
--                  ^^ vc character varying(8) not null
--                      ^^ vb bit varying(5) null
--                          ^^^^ bits bit(3) null
--                                ^^^ num numeric(6,2) not null
--                                     ^ c "char" null
--                                        ^^ nm name null
--                                            ^^^^^^^ ?column? boolean null
--                                                     ^^^^^^^^ ?column? boolean null
--                                                               ^^^^^^^^^ ?column? text null
--                                                                          ^ c text null

SELECT xmlelement(name foo, 'x'), xmlforest(name) FROM t
--     ^^^^^^^^^^^^^^^^^^^^^^^^ xmlelement xml
--                                ^^^^^^^^^^^^^^ xmlforest xml

SELECT count(id, name) FROM t
--     ^^^^^ count ?
--     ^^^^^ error: missing-function 42883 function `count(integer, text)` does not exist

SELECT row_number() FROM t
--     ^^^^^^^^^^ row_number bigint not null
--     ^^^^^^^^^^ error: missing-function 42809 a window function needs `OVER`

SELECT count(DISTINCT lower(name)) FROM t
--     ^^^^^^^^^^^^^^^^^^^^^^^^^ count bigint not null

SELECT operator_less(1), 1 <=> 2
--     ^^^^^^^^^^^^^ operator_less ?
--     ^^^^^^^^^^^^^ error: missing-function 42883 function `operator_less(integer)` does not exist
--                       ^^^^^^^ ?column? ?
--                       ^^^^^^^ error: missing-function 42883 operator does not exist: `integer <=> integer`

SELECT 1 OPERATOR(pg_catalog.+) 2, 3 OPERATOR(public.+) 4
--     ^^^^^^^^^^^^^^^^^^^^^^^^^^ ?column? integer not null
--                                 ^^^^^^^^^^^^^^^^^^^^^^ ?column? ?
--                                 ^^^^^^^^^^^^^^^^^^^^^^ error: missing-function 42883 operator does not exist: `integer + integer`

SELECT tags || 'x' FROM t
--     ^^^^^^^^^^^ ?column? text[]
--             ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `text[]`

SELECT nextval('nowhere'), 't'::regclass, 'public.t'::regclass::oid, 'nowhere'::regclass
--     ^^^^^^^^^^^^^^^^^ nextval bigint not null
--             ^^^^^^^^^ error: missing-table 42P01 relation `nowhere` does not exist
--                         ^^^ regclass regclass not null
--                                        ^^^^^^^^^^ oid oid not null
--                                                                   ^^^^^^^^^ regclass regclass not null
--                                                                   ^^^^^^^^^ error: missing-table 42P01 relation `nowhere` does not exist

SELECT least_of(10, 1, 20), least_of(1.1, 0.22), least_of('z'::text)
--     ^^^^^^^^^^^^^^^^^^ least_of integer
--                          ^^^^^^^^^^^^^^^^^^ least_of numeric
--                                               ^^^^^^^^^^^^ least_of text

SELECT least_of(1, 'a'::text)
--     ^^^^^^^^ least_of ?
--     ^^^^^^^^ error: missing-function 42883 function `least_of(integer, text)` does not exist

SELECT list_of(11, 12.2), list_of(1, '2')
--     ^^^^^^^^^^^^^^^^ list_of numeric[]
--                        ^^^^^^^^^^^^^^ list_of integer[]

SELECT least_of(VARIADIC ARRAY[1, 2])
--     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ least_of integer
