CREATE TYPE pair AS (a int, b text);
CREATE TABLE t (id int PRIMARY KEY, tags text[] NOT NULL, js jsonb, pairs pair[]);
CREATE FUNCTION one(x int) RETURNS int LANGUAGE sql AS 'SELECT x';
CREATE FUNCTION rows() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
CREATE FUNCTION cols(x int) RETURNS TABLE (k int, v text) LANGUAGE sql AS $$ SELECT 1, 'x' $$;
CREATE FUNCTION out_one(OUT sole int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION any_rows() RETURNS SETOF record LANGUAGE sql AS $$ SELECT 1, 'x' $$;
CREATE VIEW v AS SELECT id FROM t;
CREATE EXTENSION tsm_system_rows;
CREATE TABLE priced (id int, priced int);
----

SELECT * FROM one(1)
--     ^ one integer

SELECT * FROM one(1) AS o
--     ^ o integer

SELECT o, o.o FROM one(1) AS o
--     ^ o integer
--        ^^^ o integer

SELECT x FROM one(1) AS o (x)
--     ^ x integer

SELECT * FROM rows()
--     ^ id integer
--     ^ tags text[]
--     ^ js jsonb
--     ^ pairs pair[]

SELECT r.id, r FROM rows() r
--     ^^^^ id integer
--           ^ r t not null

SELECT k, v, c.k, cols FROM cols(1) c
--     ^ k integer
--        ^ v text
--           ^^^ k integer
--                ^^^^ cols ?
--                ^^^^ error: missing-column 42703 column `cols` does not exist

SELECT k, cols FROM cols(1)
--     ^ k integer
--        ^^^^ cols record not null

SELECT * FROM out_one()
--     ^ sole integer

SELECT * FROM out_one() AS z
--     ^ sole integer

SELECT * FROM any_rows() AS (a int, b text)
--     ^ a integer
--     ^ b text

SELECT a, x.b FROM any_rows() AS x (a int, b text)
--     ^ a integer
--        ^^^ b text

SELECT * FROM any_rows()
--            ^^^^^^^^ error: type-mismatch 42601 function `any_rows` needs a list of its columns: it returns `record`

SELECT * FROM generate_series(1, 3)
--     ^ generate_series integer

SELECT n FROM generate_series(1, 3) AS g (n)
--     ^ n integer

SELECT * FROM generate_series(1, 3) WITH ORDINALITY
--     ^ generate_series integer
--     ^ ordinality bigint not null

SELECT v, i FROM unnest(ARRAY['a']) WITH ORDINALITY AS u (v, i)
--     ^ v text
--        ^ i bigint not null

SELECT unnest FROM unnest(ARRAY[1])
--     ^^^^^^ unnest integer

SELECT * FROM unnest(ARRAY[1], ARRAY['x']) AS u (a, b)
--     ^ a integer
--     ^ b text

SELECT * FROM unnest(ARRAY[1], ARRAY['x'])
--     ^ unnest integer
--     ^ unnest text

SELECT t.id, tag FROM t, unnest(t.tags) AS tag
--     ^^^^ id integer not null
--           ^^^ tag text

SELECT t.id, tag FROM t CROSS JOIN LATERAL unnest(tags) tag WHERE tag = 'x'
--     ^^^^ id integer not null
--           ^^^ tag text not null

SELECT t.id, tag FROM t LEFT JOIN unnest(t.tags) tag ON true
--     ^^^^ id integer not null
--           ^^^ tag text null

SELECT p.a, p.b FROM t, unnest(t.pairs) p
--     ^^^ a integer
--          ^^^ b text

SELECT key, value FROM t, jsonb_each(js)
--     ^^^ key text
--          ^^^^^ value jsonb

SELECT e.key, e.value ->> 'x' FROM t, jsonb_each(t.js) e
--     ^^^^^ key text
--            ^^^^^^^^^^^^^^^ ?column? text

SELECT value FROM t, jsonb_array_elements(js)
--     ^^^^^ value jsonb

SELECT elem, elem ->> 'a' FROM t, jsonb_array_elements(js) AS elem
--     ^^^^ elem jsonb
--           ^^^^^^^^^^^^ ?column? text

SELECT elem FROM t, jsonb_array_elements_text(js -> 'x') elem
--     ^^^^ elem text

SELECT * FROM json_to_recordset('[]') AS x (a int, b text)
--     ^ a integer
--     ^ b text

SELECT * FROM jsonb_populate_record(NULL::pair, '{}')
--     ^ a integer
--     ^ b text

SELECT * FROM regexp_matches('a', 'b'), regexp_split_to_table('a', ',') s
--     ^ regexp_matches text[]
--     ^ s text

SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a'])) AS r (n, v)
--     ^ n integer
--     ^ v text

SELECT * FROM pg_get_keywords()
--     ^ word text
--     ^ catcode "char"
--     ^ barelabel boolean
--     ^ catdesc text
--     ^ baredesc text

SELECT * FROM current_date
--     ^ current_date date not null

SELECT * FROM nowhere(1)
--            ^^^^^^^ error: missing-function 42883 function `nowhere(integer)` does not exist

SELECT * FROM nowhere(1) AS n (a)
--     ^ a ?
--            ^^^^^^^ error: missing-function 42883 function `nowhere(integer)` does not exist

SELECT t.nope FROM t, unnest(t.nope) x
--     ^^^^^^ nope ?
--       ^^^^ error: missing-column 42703 column `t.nope` does not exist
--                             ^^^^ error: missing-column 42703 column `t.nope` does not exist

SELECT (jsonb_each(js)).key FROM t
--      ^^^^^^^^^^^^^^^^^^^ key text

SELECT generate_series(1, 2), unnest(tags) FROM t
--     ^^^^^^^^^^^^^^^^^^^^ generate_series integer
--                            ^^^^^^^^^^^ unnest text

SELECT id FROM t TABLESAMPLE BERNOULLI ($1) WHERE id > 1
--     ^^ id integer not null
-- $1 real

SELECT id FROM t TABLESAMPLE system_rows ($1)
--     ^^ id integer not null
-- $1 bigint

SELECT id FROM t TABLESAMPLE nothing_such (1)
--     ^^ id integer not null
--                           ^^^^^^^^^^^^ error: missing-function 42704 tablesample method `nothing_such` does not exist

SELECT x.id FROM v x TABLESAMPLE BERNOULLI (1)
--     ^^^^ id integer not null
--                 ^ error: operation-refused 0A000 `v` is a view, of which no sample can be taken

SELECT id FROM t TABLESAMPLE SYSTEM ('a')
--     ^^ id integer not null
--                                   ^^^ error: type-mismatch 22P02 `'a'` is not a value of type `real`

SELECT row_to_json(s.*), row_to_json(s) FROM generate_series(11, 14) WITH ORDINALITY s
--     ^^^^^^^^^^^^^ row_to_json json not null
--                       ^^^^^^^^^^^ row_to_json ?
--                       ^^^^^^^^^^^ error: missing-function 42883 function `row_to_json(integer)` does not exist

UPDATE priced SET id = i.id FROM unnest(ARRAY[(1, 2)]::priced[]) i WHERE row_to_json(priced.*)::text = row_to_json(i.*)::text

SELECT row_to_json(priced.*) FROM priced, priced i
--     ^^^^^^^^^^^^^^^^^^ row_to_json json not null
