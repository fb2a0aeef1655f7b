CREATE TABLE a (id int NOT NULL, name varchar(10) NOT NULL, note text, at timestamptz NOT NULL, price numeric(10,2));
CREATE TABLE b (id bigint NOT NULL, name varchar(10), note varchar(20), at timestamp NOT NULL, price numeric(10,2));
----

SELECT id, name, note, at, price FROM a UNION SELECT id, name, note, at, price FROM b
--     ^^ id bigint not null
--         ^^^^ name character varying(10) null
--               ^^^^ note text null
--                     ^^ at timestamp with time zone not null
--                         ^^^^^ price numeric(10,2) null

SELECT id FROM a UNION ALL SELECT 1.5
--     ^^ id numeric not null

SELECT id FROM a UNION ALL SELECT NULL
--     ^^ id integer null

SELECT 'x' UNION SELECT 'y'
--     ^^^ ?column? text not null

SELECT NULL UNION SELECT NULL
--     ^^^^ ?column? text null

SELECT NULL UNION SELECT NULL UNION SELECT 1
--     ^^^^ ?column? ? null
--                                         ^ error: type-mismatch 42804 types `text` and `integer` in `UNION` cannot be matched

SELECT id FROM a UNION SELECT name FROM a
--     ^^ id ? not null
--                            ^^^^ error: type-mismatch 42804 types `integer` and `character varying` in `UNION` cannot be matched

SELECT id FROM a UNION SELECT 'x'
--     ^^ id integer not null
--                            ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `integer`

SELECT id FROM a UNION SELECT '12'
--     ^^ id integer not null

SELECT id, name FROM a UNION SELECT id FROM b
--     ^^ id integer not null
--         ^^^^ name character varying(10) not null
--                                  ^^ error: insert-arity 42601 each part of `UNION` must have the same number of columns, not 2 and 1

SELECT id AS x FROM a UNION SELECT id AS y FROM b ORDER BY x
--     ^^ x bigint not null

SELECT id AS x FROM a UNION SELECT id AS y FROM b ORDER BY y
--     ^^ x bigint not null
--                                                         ^ error: missing-column 42703 column `y` does not exist among the output columns

SELECT id AS x FROM a UNION SELECT id AS y FROM b ORDER BY 1, 2
--     ^^ x bigint not null
--                                                            ^ error: missing-column 42P10 `ORDER BY` position 2 is not an output column

SELECT id FROM a INTERSECT SELECT id FROM b
--     ^^ id bigint not null

SELECT name FROM a EXCEPT SELECT name FROM b
--     ^^^^ name character varying(10) not null

(SELECT id FROM a ORDER BY name LIMIT 1) UNION ALL (SELECT id FROM b LIMIT 2)
--      ^^ id bigint not null

VALUES (1, 'a', NULL), (2, 'b', 3.5)
--      ^^^^^^^^^^^^^^^^^ column1 integer not null
--         ^^^^^^^^^^^^^^^^^^^ column2 text not null
--              ^^^^^^^^^^^^^^^^^^^ column3 numeric null

VALUES (1, 'a'), (2)
--^^^^^^^^^^^^^^^^^^^^ error: insert-arity 42601 the rows of `VALUES` must have the same number of values
--      ^^^^^^^^^^^ column1 integer not null
--         ^^^ column2 text not null

VALUES (1), ('x')
--      ^^^^^^^^ column1 integer not null
--           ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `integer`

VALUES (1), ('2')
--      ^^^^^^^^ column1 integer not null

SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v (n, t)
--     ^ n integer not null
--     ^ t text null

SELECT column1, v.column2 FROM (VALUES (1, 'a'), (2, NULL)) v
--     ^^^^^^^ column1 integer not null
--              ^^^^^^^^^ column2 text null

SELECT ARRAY[1, 2.5, NULL], ARRAY['a', 'b'], ARRAY[[1, 2], [3, 4]], ARRAY[]::int[]
--^ array integer[] not null
--           ^^^^^^^^^^^^ array numeric[] not null
--                                ^^^^^^^^ array text[] not null
--                                                  ^^^^^^^^^^^^ array integer[] not null

SELECT ARRAY[]
--^^^^^^^^^^^^^^ array ?
--^^^^^^^^^^^^^^ error: type-mismatch 42P18 an empty array needs a type: `ARRAY[]::type[]`

SELECT ARRAY[1, 'x']
--           ^^^^^^ array integer[] not null
--              ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `integer`

SELECT CASE WHEN true THEN 1 ELSE 2.5 END, CASE WHEN true THEN 'x' END, CASE id WHEN 1 THEN name ELSE 'none' END FROM a
--               ^^^^^^^^^^^^^^^^^^^^ case numeric not null
--                                                   ^^^^^^^^^^^^^ case text null
--                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ case character varying not null

SELECT CASE WHEN id THEN 1 END FROM a
--               ^^^^^^^^^ case integer null
--               ^^ error: type-mismatch 42804 argument of `CASE/WHEN` must be of type `boolean`, not `integer`

SELECT CASE name WHEN 1 THEN 2 END FROM a
--          ^^^^^^^^^^^^^^^^^^ case integer null
--          ^^^^^^^^^^^ error: missing-function 42883 operator does not exist: `character varying = integer`

SELECT COALESCE(name, 'none'), COALESCE(note, name), COALESCE(note, 1::text), COALESCE(id, 2.5), COALESCE(NULL, NULL) FROM a
--     ^^^^^^^^^^^^^^^^^^^^^ coalesce character varying not null
--                             ^^^^^^^^^^^^^^^^^^^ coalesce text not null
--                                                   ^^^^^^^^^^^^^^^^ coalesce text not null
--                                                                            ^^^^^^^^^^^^^^^^ coalesce numeric not null
--                                                                                               ^^^^^^^^^^^^^^^^^^^ coalesce text null

SELECT COALESCE(note, 1) FROM a
--     ^^^^^^^^^^^^^^^^ coalesce ? not null
--                    ^ error: type-mismatch 42804 types `text` and `integer` in `COALESCE` cannot be matched

SELECT COALESCE(id, note) FROM a
--     ^^^^^^^^^^^^^^^^^ coalesce ? not null
--                  ^^^^ error: type-mismatch 42804 types `integer` and `text` in `COALESCE` cannot be matched

SELECT NULLIF(id, 1), NULLIF(name, ''), NULLIF(1, 2.5), GREATEST(id, 2, 3.5), LEAST(at, now()) FROM a
--     ^^^^^^^^^^^^ nullif integer null
--                    ^^^^^^^^^^^^^^^ nullif text null
--                                      ^^^^^^^^^^^^^ nullif numeric null
--                                                      ^^^^^^^^^^^^^^^^^^^ greatest numeric not null
--                                                                            ^^^^^^^^^^^^^ least timestamp with time zone not null

SELECT NULLIF(id, name) FROM a
--     ^^^^^^^^^^^^^^^ nullif ? null
--            ^^^^^^^^ error: missing-function 42883 operator does not exist: `integer = character varying`

SELECT COALESCE(a.price, b.price), a.price + 1, a.price * b.price, sum(a.price) FROM a, b GROUP BY a.price, b.price
--     ^^^^^^^^^^^^^^^^^^^^^^^^^ coalesce numeric(10,2) null
--                                 ^^^^^^^^^^^ ?column? numeric null
--                                              ^^^^^^^^^^^^^^^^^ ?column? numeric null
--                                                                 ^^^^^^^^^^^ sum numeric

TABLE a UNION TABLE a
--^^^^^ id integer not null
--^^^^^ name character varying(10) not null
--^^^^^ note text null
--^^^^^ at timestamp with time zone not null
--^^^^^ price numeric(10,2) null
