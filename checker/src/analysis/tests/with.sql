CREATE TABLE nodes (id int PRIMARY KEY, parent int REFERENCES nodes (id), name text NOT NULL, weight bigint NOT NULL DEFAULT 0);
CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, node int NOT NULL, at timestamptz NOT NULL DEFAULT now());
----

WITH x AS (SELECT id, name FROM nodes) SELECT * FROM x
--                                            ^ id integer not null
--                                            ^ name text not null

WITH x (a, b) AS (SELECT id, name FROM nodes) SELECT a, b FROM x
--                                                   ^ a integer not null
--                                                      ^ b text not null

WITH x (a) AS (SELECT id, name FROM nodes) SELECT a, name, id FROM x
--                                                ^ a integer not null
--                                                   ^^^^ name text not null
--                                                         ^^ id ?
--                                                         ^^ error: missing-column 42703 column `id` does not exist

WITH x (a, b, c) AS (SELECT id, name FROM nodes) SELECT 1 FROM x
--            ^ error: missing-column 42P10 `WITH` query `x` has 2 columns, but 3 names
--                                                      ^ ?column? integer not null

WITH x AS MATERIALIZED (SELECT 1 AS one), y AS NOT MATERIALIZED (SELECT one + 1 AS two FROM x) SELECT one, two FROM x, y
--                                                                                                    ^^^ one integer not null
--                                                                                                         ^^^ two integer not null

WITH y AS (SELECT one FROM x), x AS (SELECT 1 AS one) SELECT * FROM y
--                         ^ error: missing-table 42P01 relation `x` does not exist
--                                                           ^ one ?

WITH RECURSIVE y AS (SELECT one FROM x), x AS (SELECT 1 AS one) SELECT * FROM y
--                                                                     ^ one integer not null

WITH x AS (SELECT 1), x AS (SELECT 2) SELECT * FROM x
--                    ^ error: ambiguous-column 42712 `WITH` query name `x` is there more than once
--                                           ^ ?column? integer not null

WITH nodes AS (SELECT 1 AS only) SELECT id FROM nodes
--                                      ^^ id ?
--                                      ^^ error: missing-column 42703 column `id` does not exist

WITH nodes AS (SELECT id FROM nodes) SELECT id FROM nodes
--                                          ^^ id integer not null

WITH RECURSIVE tree AS (
    SELECT id, parent, 0 AS depth FROM nodes WHERE parent IS NULL
    UNION ALL
    SELECT n.id, n.parent, t.depth + 1 FROM nodes n JOIN tree t ON n.parent = t.id
) SELECT * FROM tree
--       ^ id integer not null
--       ^ parent integer null
--       ^ depth integer not null

WITH RECURSIVE tree (a, b) AS (
    SELECT id, name FROM nodes WHERE parent IS NULL
    UNION ALL
    SELECT n.id, t.b || '/' || n.name FROM nodes n JOIN tree t ON n.parent = t.a
) SELECT a, b FROM tree
--       ^ a integer not null
--          ^ b text not null

WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1.5 FROM t WHERE n < 5) SELECT n FROM t
--                              ^ error: type-mismatch 42804 column `?column?` is `integer` in the first part of a recursive query, but `numeric` overall
--                                                                                    ^ n numeric not null

WITH RECURSIVE t (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t
--                                                                                    ^^^^^ sum bigint

WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT missing + 1 FROM t) SELECT n FROM t
--                                                  ^^^^^^^ error: missing-column 42703 column `missing` does not exist
--                                                                             ^ n ?

WITH RECURSIVE search_tree AS (
    SELECT id, parent FROM nodes
    UNION ALL
    SELECT n.id, n.parent FROM nodes n, search_tree st WHERE n.id = st.parent
) SEARCH DEPTH FIRST BY id SET ordercol SELECT id FROM search_tree ORDER BY ordercol
--                                             ^^ id integer not null

WITH moved AS (DELETE FROM nodes WHERE weight = 0 RETURNING id, name) INSERT INTO log (node) SELECT id FROM moved

WITH moved AS (DELETE FROM nodes WHERE weight = 0) SELECT * FROM moved
--                                                               ^^^^^ error: missing-table 0A000 `WITH` query `moved` does not have a `RETURNING` clause

WITH added AS (INSERT INTO nodes (id, name) VALUES (1, 'a') RETURNING *), logged AS (INSERT INTO log (node) SELECT id FROM added RETURNING node) SELECT a.name, l.node FROM added a, logged l
--                                                                                                                                                      ^^^^^^ name text not null
--                                                                                                                                                              ^^^^^^ node integer not null

WITH changed AS (UPDATE nodes SET nme = 'x' RETURNING id) SELECT id FROM changed
--                                ^^^ error: missing-column 42703 column `nme` of `nodes` does not exist
--                                                               ^^ id integer not null

WITH x AS (SELECT id FROM nodes) UPDATE nodes SET name = 'y' FROM x WHERE x.id = nodes.id RETURNING nodes.id, x.id
--                                                                                                  ^^^^^^^^ id integer not null
--                                                                                                            ^^^^ id integer not null

WITH x AS (SELECT id FROM nodes) DELETE FROM nodes USING x WHERE x.id = nodes.id

SELECT (WITH z AS (SELECT n.id AS i) SELECT i FROM z) FROM nodes n
--                                          ^ i integer null

SELECT * FROM nodes n WHERE EXISTS (WITH z AS (SELECT id FROM nodes) SELECT 1 FROM z WHERE z.id = n.parent)
--     ^ id integer not null
--     ^ parent integer null
--     ^ name text not null
--     ^ weight bigint not null

INSERT INTO log (node) WITH z AS (SELECT id FROM nodes) SELECT id FROM z
