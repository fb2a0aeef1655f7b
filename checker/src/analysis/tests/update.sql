CREATE TYPE pair AS (a int, b text);
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(8) NOT NULL, n numeric(6,2), tags text[] NOT NULL, js jsonb, pr pair, doubled int GENERATED ALWAYS AS (1 * 2) STORED, at timestamptz);
CREATE TABLE s (id int PRIMARY KEY, t_id int REFERENCES t (id) ON DELETE CASCADE, label text NOT NULL, qty bigint);
CREATE VIEW v AS SELECT id, name, n FROM t;
CREATE VIEW agg AS SELECT max(id) AS m FROM t;
CREATE TABLE parts (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
----

UPDATE t SET name = 'x', n = 1, at = now() WHERE id = 1 RETURNING *
--                                                                ^ id integer not null
--                                                                ^ name character varying(8) not null
--                                                                ^ n numeric(6,2) null
--                                                                ^ tags text[] not null
--                                                                ^ js jsonb null
--                                                                ^ pr pair null
--                                                                ^ doubled integer null
--                                                                ^ at timestamp with time zone null

UPDATE t SET nme = 'x'
--           ^^^ error: missing-column 42703 column `nme` of `t` does not exist

UPDATE t SET name = nope
--                  ^^^^ error: missing-column 42703 column `nope` does not exist

UPDATE t SET name = NULL
--           ^^^^ error: required-column-omitted 23502 column `name` of `t` is `NOT NULL`

UPDATE t SET n = NULL, at = DEFAULT

UPDATE t SET name = 'x', name = 'y'
--                       ^^^^ error: insert-arity 42601 column `name` is assigned to more than once

UPDATE t SET id = 3
--           ^^ error: generated-column-written 428C9 column `id` of `t` is an identity column that is always generated

UPDATE t SET id = DEFAULT, doubled = DEFAULT

UPDATE t SET doubled = 3
--           ^^^^^^^ error: generated-column-written 428C9 column `doubled` of `t` is generated

UPDATE t SET name = id, n = '3.5', at = '2020-01-01'

UPDATE t SET n = 'x'
--               ^^^ error: type-mismatch 22P02 `'x'` is not a value of type `numeric`

UPDATE t SET n = at
--               ^^ error: type-mismatch 42804 column `n` of `t` is of type `numeric(6,2)`, but the value is of type `timestamp with time zone`

UPDATE t SET (name, n) = ('x', 1)

UPDATE t SET (name, n) = (SELECT label, qty FROM s WHERE s.t_id = t.id)

UPDATE t SET (name, n) = (SELECT label FROM s)
--            ^^^^ error: insert-arity 42601 2 columns are set to 1 values

UPDATE t SET (name, n) = ROW('x', DEFAULT)

UPDATE t SET (name, n) = ('x', 1, 2)
--            ^^^^ error: insert-arity 42601 2 columns are set to 3 values

UPDATE t SET tags[1] = 'x', tags[2:3] = '{a,b}', pr.a = 4, js['a'] = '1'

UPDATE t SET pr.nope = 4
--              ^^^^ error: missing-column 42703 `pair` has no field `nope`

UPDATE t AS u SET name = u.name || s.label FROM s WHERE s.t_id = u.id RETURNING u.id, s.label
--                                                                              ^^^^ id integer not null
--                                                                                    ^^^^^^^ label text not null

UPDATE t AS u SET name = 'x' WHERE t.id = 1
--                                 ^ error: missing-table 42P01 table `t` cannot be used from this part of the query, or has an alias

UPDATE t SET name = 'x' FROM s WHERE id = 1
--                                   ^^ error: ambiguous-column 42702 column `id` is ambiguous

UPDATE t SET name = label FROM s WHERE s.t_id = t.id RETURNING id
--                                                             ^^ id ?
--                                                             ^^ error: ambiguous-column 42702 column `id` is ambiguous

UPDATE t SET name = x.label FROM (SELECT * FROM s WHERE s.t_id = t.id) x
--                                                               ^ error: missing-table 42P01 table `t` cannot be used from this part of the query, or has an alias

UPDATE t SET name = x.label FROM s JOIN t AS u ON u.id = s.t_id, LATERAL (SELECT s.label) x WHERE u.id = t.id

UPDATE t SET name = 'x' FROM t AS u WHERE u.id = t.id

UPDATE t SET name = 'x' FROM t WHERE id = 1
--                           ^ error: ambiguous-column 42712 table name `t` is there more than once
--                                   ^^ error: ambiguous-column 42702 column `id` is ambiguous

UPDATE t SET t.name = 'x'
--           ^ error: missing-column 42703 column `t` of `t` does not exist

UPDATE missing SET x = y WHERE z = 1 RETURNING w
--     ^^^^^^^ error: missing-table 42P01 relation `missing` does not exist
--                                             ^ w ?

UPDATE v SET name = 'x' WHERE n > 1

UPDATE agg SET m = 1
--     ^^^ error: view-broken 55000 view `agg` cannot be written to

UPDATE ONLY t SET name = 'x'

UPDATE t SET name = count(*)
--                  ^^^^^ error: grouping-broken 42803 aggregate functions are not allowed in `UPDATE`

DELETE FROM t

DELETE FROM t WHERE id = 1 RETURNING id, name AS x, tags[1]
--                                   ^^ id integer not null
--                                       ^^^^ x character varying(8) not null
--                                                  ^^^^^^ tags text

DELETE FROM t AS u USING s WHERE s.t_id = u.id AND u.name = s.label RETURNING u.*, s.qty
--                                                                              ^ id integer not null
--                                                                              ^ name character varying(8) not null
--                                                                              ^ n numeric(6,2) null
--                                                                              ^ tags text[] not null
--                                                                              ^ js jsonb null
--                                                                              ^ pr pair null
--                                                                              ^ doubled integer null
--                                                                              ^ at timestamp with time zone null
--                                                                                 ^^^^^ qty bigint null

DELETE FROM t WHERE nope = 1
--                  ^^^^ error: missing-column 42703 column `nope` does not exist

DELETE FROM t USING s WHERE id = 1
--                          ^^ error: ambiguous-column 42702 column `id` is ambiguous

DELETE FROM t u WHERE t.id = 1
--                    ^ error: missing-table 42P01 table `t` cannot be used from this part of the query, or has an alias

DELETE FROM agg
--          ^^^ error: view-broken 55000 view `agg` cannot be written to

DELETE FROM v WHERE name = 'x'

DELETE FROM parts WHERE at < now() RETURNING ctid
--                                           ^^^^ ctid tid not null

MERGE INTO t USING s ON s.t_id = t.id WHEN MATCHED AND s.qty > 1 THEN UPDATE SET name = s.label WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (name, tags) VALUES (s.label, '{}')

MERGE INTO t USING s ON s.t_id = t.id WHEN NOT MATCHED THEN INSERT (name, tags) VALUES (t.name, '{}')
--                                                                                      ^ error: missing-table 42P01 missing `FROM` entry for table `t`

MERGE INTO t USING s ON s.t_id = t.id WHEN NOT MATCHED THEN INSERT (name) VALUES (s.label, 1)
--         ^ error: insert-arity 42601 `INSERT` has 2 values for 1 columns
--         ^ error: required-column-omitted 23502 column `tags` of `t` needs a value: it is `NOT NULL` without a default

MERGE INTO t USING (SELECT 1 AS k, 'x' AS l) s ON s.k = t.id WHEN MATCHED THEN UPDATE SET nope = s.l
--                                                                                        ^^^^ error: missing-column 42703 column `nope` of `t` does not exist

MERGE INTO t USING s ON s.t_id = t.id WHEN NOT MATCHED THEN INSERT (n) VALUES (1)
--         ^ error: required-column-omitted 23502 column `name` of `t` needs a value: it is `NOT NULL` without a default
--         ^ error: required-column-omitted 23502 column `tags` of `t` needs a value: it is `NOT NULL` without a default

MERGE INTO t AS x USING s AS y ON x.id = y.t_id WHEN MATCHED THEN DO NOTHING

EXPLAIN SELECT nope FROM t
--             ^^^^ error: missing-column 42703 column `nope` does not exist

UPDATE t SET tags[:2] = '{a,b}', tags[2:] = ARRAY['c'] WHERE id = 1

UPDATE t SET tags[1] = 'a'

MERGE INTO s USING t JOIN parts p ON p.id = t.id ON s.t_id = t.id WHEN MATCHED THEN UPDATE SET label = t.name

MERGE INTO t USING s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id, name, tags) OVERRIDING SYSTEM VALUE VALUES (s.id, s.label, '{}')
