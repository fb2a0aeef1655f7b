CREATE TABLE a (id int PRIMARY KEY, x int NOT NULL, name text NOT NULL);
CREATE TABLE b (id bigint PRIMARY KEY, a_id int, y int NOT NULL);
CREATE TABLE c (id int NOT NULL, x int, z int NOT NULL);
CREATE TABLE d (key text NOT NULL, id text NOT NULL);
----

SELECT * FROM a JOIN b ON b.a_id = a.id
--     ^ id integer not null
--     ^ x integer not null
--     ^ name text not null
--     ^ id bigint not null
--     ^ a_id integer not null
--     ^ y integer not null

SELECT * FROM a LEFT JOIN b ON b.a_id = a.id
--     ^ id integer not null
--     ^ x integer not null
--     ^ name text not null
--     ^ id bigint null
--     ^ a_id integer null
--     ^ y integer null

SELECT * FROM a RIGHT JOIN b ON b.a_id = a.id
--     ^ id integer null
--     ^ x integer null
--     ^ name text null
--     ^ id bigint not null
--     ^ a_id integer null
--     ^ y integer not null

SELECT * FROM a FULL JOIN b ON b.a_id = a.id
--     ^ id integer null
--     ^ x integer null
--     ^ name text null
--     ^ id bigint null
--     ^ a_id integer null
--     ^ y integer null

SELECT * FROM a JOIN b USING (id)
--     ^ id bigint not null
--     ^ x integer not null
--     ^ name text not null
--     ^ a_id integer null
--     ^ y integer not null

SELECT id, a.id, b.id FROM a JOIN b USING (id)
--     ^^ id bigint not null
--         ^^^^ id integer not null
--               ^^^^ id bigint not null

SELECT id, a.id, b.id FROM a LEFT JOIN b USING (id)
--     ^^ id bigint not null
--         ^^^^ id integer not null
--               ^^^^ id bigint null

SELECT id, a.id, b.id FROM a RIGHT JOIN b USING (id)
--     ^^ id bigint not null
--         ^^^^ id integer null
--               ^^^^ id bigint not null

SELECT id, a.id, b.id FROM a FULL JOIN b USING (id)
--     ^^ id bigint not null
--         ^^^^ id integer null
--               ^^^^ id bigint null

SELECT * FROM a NATURAL JOIN c
--     ^ id integer not null
--     ^ x integer not null
--     ^ name text not null
--     ^ z integer not null

SELECT * FROM a NATURAL LEFT JOIN c
--     ^ id integer not null
--     ^ x integer not null
--     ^ name text not null
--     ^ z integer null

SELECT * FROM a CROSS JOIN c WHERE x = 1
--     ^ id integer not null
--     ^ x integer not null
--     ^ name text not null
--     ^ id integer not null
--     ^ x integer null
--     ^ z integer not null
--                                 ^ error: ambiguous-column 42702 column `x` is ambiguous

SELECT 1 FROM a JOIN b USING (nope)
--     ^ ?column? integer not null
--                            ^^^^ error: missing-column 42703 column `nope` in `USING` does not exist in the left table
--                            ^^^^ error: missing-column 42703 column `nope` in `USING` does not exist in the right table

SELECT 1 FROM a JOIN b USING (name)
--     ^ ?column? integer not null
--                            ^^^^ error: missing-column 42703 column `name` in `USING` does not exist in the right table

SELECT 1 FROM a JOIN b USING (y)
--     ^ ?column? integer not null
--                            ^ error: missing-column 42703 column `y` in `USING` does not exist in the left table

SELECT 1 FROM a JOIN c ON true JOIN b USING (id)
--     ^ ?column? integer not null
--                                           ^^ error: ambiguous-column 42702 common column name `id` appears more than once in the left table

SELECT 1 FROM a JOIN d USING (id)
--     ^ ?column? integer not null
--                            ^^ error: type-mismatch 42804 types `integer` and `text` in `JOIN/USING` cannot be matched

SELECT * FROM (a JOIN b ON a.id = b.a_id) j
--     ^ id integer not null
--     ^ x integer not null
--     ^ name text not null
--     ^ id bigint not null
--     ^ a_id integer not null
--     ^ y integer not null

SELECT j.x, a.x FROM (a JOIN b ON a.id = b.a_id) j
--     ^^^ x integer not null
--          ^^^ x ?
--          ^ error: missing-table 42P01 missing `FROM` entry for table `a`

SELECT p, q FROM (a JOIN b USING (id)) j (p, q)
--     ^ p bigint not null
--        ^ q integer not null

SELECT a.name, b.y, c.z FROM a LEFT JOIN (b JOIN c ON c.id = b.a_id) ON b.a_id = a.id
--     ^^^^^^ name text not null
--             ^^^ y integer null
--                  ^^^ z integer null

SELECT a.name, b.y, c.z FROM a LEFT JOIN b ON b.a_id = a.id JOIN c ON c.id = b.a_id
--     ^^^^^^ name text not null
--             ^^^ y integer not null
--                  ^^^ z integer not null

SELECT 1 FROM a, b JOIN c ON c.id = a.id
--     ^ ?column? integer not null
--                                  ^ error: missing-table 42P01 missing `FROM` entry for table `a`

SELECT 1 FROM b JOIN c ON c.id = a.id, a
--     ^ ?column? integer not null
--                               ^ error: missing-table 42P01 missing `FROM` entry for table `a`

SELECT k.id, a.x FROM a JOIN c USING (id) AS k
--     ^^^^ id integer not null
--           ^^^ x integer not null

SELECT k.z FROM a JOIN c USING (id) AS k
--     ^^^ z ?
--       ^ error: missing-column 42703 column `k.z` does not exist

SELECT id FROM a JOIN c USING (id) JOIN b USING (id)
--     ^^ id bigint not null

SELECT x FROM a JOIN c USING (id)
--     ^ x ?
--     ^ error: ambiguous-column 42702 column `x` is ambiguous

SELECT count(*) FROM a JOIN b ON name
--     ^^^^^ count bigint not null
--                               ^^^^ error: type-mismatch 42804 argument of `JOIN/ON` must be of type `boolean`, not `text`

SELECT a FROM a LEFT JOIN b ON true
--     ^ a a not null

SELECT b FROM a LEFT JOIN b ON true
--     ^ b b null
