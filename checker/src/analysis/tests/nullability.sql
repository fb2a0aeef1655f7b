CREATE TYPE state AS ENUM ('open', 'closed');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN required AS int NOT NULL;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE parent (id int PRIMARY KEY, name text NOT NULL, note text, at timestamptz NOT NULL, span interval NOT NULL, doc jsonb NOT NULL, tags text[] NOT NULL, flag boolean NOT NULL, range int4range NOT NULL, amount numeric NOT NULL);
CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent, must_id int NOT NULL REFERENCES parent, label text, state state NOT NULL, size int);
CREATE TABLE checked (id int PRIMARY KEY, a int CHECK (a IS NOT NULL), b int, c int, d int, e int, CONSTRAINT b_there CHECK (b IS NOT NULL AND b > 0), CONSTRAINT d_positive CHECK (d > 0), CONSTRAINT e_or CHECK (e IS NOT NULL OR id > 3));
ALTER TABLE checked ADD CONSTRAINT c_there CHECK (c IS NOT NULL) NOT VALID;
CREATE TABLE made (id int PRIMARY KEY, a int NOT NULL, b int, whole int GENERATED ALWAYS AS (a + 1) STORED, half int GENERATED ALWAYS AS (b + 1) STORED, named int GENERATED ALWAYS AS (b + 1) STORED);
CREATE TABLE domains (id int PRIMARY KEY, r required, p positive);
CREATE TABLE above (id int NOT NULL, v int NOT NULL);
CREATE TABLE below () INHERITS (above);
DO $$ BEGIN ALTER TABLE below ALTER v DROP NOT NULL; EXCEPTION WHEN OTHERS THEN NULL; END $$; -- newer servers refuse it
CREATE TABLE parts (id int NOT NULL, v int, k int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE part_one PARTITION OF parts FOR VALUES IN (1, 2, 3, 4, 5, 6);
CREATE VIEW plain_view AS SELECT id, name, note, note IS NOT NULL AS has_note FROM parent;
CREATE VIEW filtered_view AS SELECT id, note FROM parent WHERE note IS NOT NULL;
CREATE VIEW outer_view AS SELECT p.id, c.id AS child, c.label FROM parent p LEFT JOIN child c ON c.parent_id = p.id;
CREATE TABLE loose (id int NOT NULL, v int NOT NULL);
CREATE VIEW over_loose AS SELECT id, v FROM loose;
ALTER TABLE loose ALTER v DROP NOT NULL;
CREATE VIEW instead AS SELECT id, name FROM parent;
CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := NULL; RETURN NEW; END $$;
CREATE TRIGGER take INSTEAD OF INSERT ON instead FOR EACH ROW EXECUTE FUNCTION take();
CREATE TABLE written (id int PRIMARY KEY, v text, w text NOT NULL DEFAULT 'w');
CREATE FUNCTION wipe() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.v := NULL; RETURN NEW; END $$;
CREATE TRIGGER wipe BEFORE INSERT OR UPDATE ON written FOR EACH ROW EXECUTE FUNCTION wipe();
CREATE FUNCTION odd(x int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT CASE WHEN x % 2 = 1 THEN x END';
CREATE FUNCTION never_odd(x int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION same(x int, y int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same);
CREATE FUNCTION some_rows() RETURNS TABLE (a int, b text) LANGUAGE sql AS 'SELECT id, note FROM parent';
----

-- | Outer joins
SELECT p.id, p.note, c.id, c.label, c.must_id FROM parent p LEFT JOIN child c ON c.parent_id = p.id
--     ^^^^ id integer not null
--           ^^^^^^ note text null
--                   ^^^^ id integer null
--                         ^^^^^^^ label text null
--                                  ^^^^^^^^^ must_id integer null

SELECT p.id, c.id FROM parent p RIGHT JOIN child c ON c.parent_id = p.id
--     ^^^^ id integer null
--           ^^^^ id integer not null

SELECT p.id, c.id, p.name FROM parent p FULL JOIN child c ON c.parent_id = p.id
--     ^^^^ id integer null
--           ^^^^ id integer null
--                 ^^^^^^ name text null

SELECT p.id, l.n, l.id FROM parent p LEFT JOIN LATERAL (SELECT count(*) AS n, c.id FROM child c WHERE c.parent_id = p.id GROUP BY c.id) l ON true
--     ^^^^ id integer not null
--           ^^^ n bigint null
--                ^^^^ id integer null

SELECT p.id, l.n FROM parent p CROSS JOIN LATERAL (SELECT count(*) AS n FROM child c WHERE c.parent_id = p.id) l
--     ^^^^ id integer not null
--           ^^^ n bigint not null

SELECT a.id, b.id, c.id FROM parent a LEFT JOIN (child b JOIN parent c ON c.id = b.must_id) ON b.parent_id = a.id
--     ^^^^ id integer not null
--           ^^^^ id integer null
--                 ^^^^ id integer null

SELECT a.id, b.id, c.id FROM parent a LEFT JOIN child b ON b.parent_id = a.id JOIN parent c ON c.id = a.id
--     ^^^^ id integer not null
--           ^^^^ id integer null
--                 ^^^^ id integer not null

SELECT a.id, b.id, c.id FROM parent a LEFT JOIN child b ON b.parent_id = a.id JOIN parent c ON c.id = b.must_id
--     ^^^^ id integer not null
--           ^^^^ id integer not null
--                 ^^^^ id integer not null

SELECT a.id, b.id, c.id FROM parent a JOIN child b ON b.parent_id = a.id RIGHT JOIN parent c ON c.id = b.must_id
--     ^^^^ id integer null
--           ^^^^ id integer null
--                 ^^^^ id integer not null

SELECT s.id, s.child FROM (SELECT p.id, c.id AS child FROM parent p LEFT JOIN child c ON c.parent_id = p.id) s
--     ^^^^ id integer not null
--           ^^^^^^^ child integer null

SELECT p.id, c AS whole, p AS other FROM parent p LEFT JOIN child c ON c.parent_id = p.id
--     ^^^^ id integer not null
--           ^ whole child null
--                       ^ other parent not null

SELECT (c).id, (p).id FROM parent p LEFT JOIN child c ON c.parent_id = p.id
--      ^^^^^ id integer
--              ^^^^^ id integer

-- | Merged columns
SELECT id, name, label FROM parent FULL JOIN child USING (id)
--     ^^ id integer not null
--         ^^^^ name text null
--               ^^^^^ label text null

SELECT id, name, label FROM parent LEFT JOIN child USING (id)
--     ^^ id integer not null
--         ^^^^ name text not null
--               ^^^^^ label text null

SELECT id, name, label FROM parent RIGHT JOIN child USING (id)
--     ^^ id integer not null
--         ^^^^ name text null
--               ^^^^^ label text null

SELECT id, parent.id, child.id FROM parent NATURAL FULL JOIN child
--     ^^ id integer not null
--         ^^^^^^^^^ id integer null
--                    ^^^^^^^^ id integer null

SELECT note FROM parent JOIN (SELECT label AS note FROM child) c USING (note)
--     ^^^^ note text not null

SELECT note FROM parent LEFT JOIN (SELECT label AS note FROM child) c USING (note)
--     ^^^^ note text null

SELECT note FROM parent FULL JOIN (SELECT label AS note FROM child) c USING (note)
--     ^^^^ note text

SELECT x.id FROM parent FULL JOIN child USING (id) RIGHT JOIN made x USING (id)
--     ^^^^ id integer not null

SELECT id FROM (parent FULL JOIN child USING (id)) LEFT JOIN made USING (id)
--     ^^ id integer not null

SELECT j.id FROM parent JOIN child USING (id) AS j
--     ^^^^ id integer not null

SELECT made.id, j.id FROM made LEFT JOIN (parent JOIN child USING (id) AS j) ON j.id = made.b
--     ^^^^^^^ id integer not null
--              ^^^^ id integer null

-- | Aggregates over no rows
SELECT count(*), count(note), sum(id), max(name), min(at), array_agg(id), string_agg(name, ','), bool_and(flag), avg(amount) FROM parent
--     ^^^^^ count bigint not null
--               ^^^^^^^^^^ count bigint not null
--                            ^^^^^^ sum bigint
--                                     ^^^^^^^^ max text
--                                                ^^^^^^ min timestamp with time zone
--                                                         ^^^^^^^^^^^^ array_agg integer[]
--                                                                        ^^^^^^^^^^^^^^^^^^^^ string_agg text
--                                                                                               ^^^^^^^^^^^^^ bool_and boolean
--                                                                                                               ^^^^^^^^^^ avg numeric

SELECT coalesce(sum(id), 0), coalesce(max(note), 'x') FROM parent
--     ^^^^^^^^^^^^^^^^^^^ coalesce bigint not null
--                           ^^^^^^^^^^^^^^^^^^^^^^^ coalesce text not null

SELECT flag, count(*), sum(id), max(name), max(note), array_agg(note), string_agg(name, ','), string_agg(note, ','), avg(id), json_agg(note), bool_or(flag), stddev(id) FROM parent GROUP BY flag
--     ^^^^ flag boolean not null
--           ^^^^^ count bigint not null
--                     ^^^^^^ sum bigint not null
--                              ^^^^^^^^ max text not null
--                                         ^^^^^^^^ max text
--                                                    ^^^^^^^^^^^^^^ array_agg text[] not null
--                                                                     ^^^^^^^^^^^^^^^^^^^^ string_agg text not null
--                                                                                            ^^^^^^^^^^^^^^^^^^^^ string_agg text
--                                                                                                                   ^^^^^^ avg numeric not null
--                                                                                                                            ^^^^^^^^^^^^^ json_agg json not null
--                                                                                                                                            ^^^^^^^^^^^^ bool_or boolean not null
--                                                                                                                                                           ^^^^^^^^^ stddev numeric

SELECT flag, sum(id) FILTER (WHERE id > 3), count(*) FILTER (WHERE id > 3) FROM parent GROUP BY flag
--     ^^^^ flag boolean not null
--           ^^^^^^ sum bigint
--                                          ^^^^^ count bigint not null

SELECT sum(id) FROM parent HAVING count(*) > 0
--     ^^^^^^ sum bigint

SELECT sum(id) FROM parent GROUP BY ()
--     ^^^^^^ sum bigint

SELECT flag, sum(id), count(*), grouping(flag) FROM parent GROUP BY ROLLUP (flag)
--     ^^^^ flag boolean
--           ^^^^^^ sum bigint
--                    ^^^^^ count bigint
--                              ^^^^^^^^^^^^^ grouping integer

SELECT flag, name, count(*) FROM parent GROUP BY GROUPING SETS ((flag), (name))
--     ^^^^ flag boolean
--           ^^^^ name text
--                 ^^^^^ count bigint

SELECT flag, name FROM parent GROUP BY flag, CUBE (name)
--     ^^^^ flag boolean
--           ^^^^ name text

SELECT s.flag FROM (SELECT flag FROM parent GROUP BY ROLLUP (flag)) s
--     ^^^^^^ flag boolean

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id), mode() WITHIN GROUP (ORDER BY name) FROM parent
--     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ percentile_cont double precision
--                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mode text

SELECT rank(1) WITHIN GROUP (ORDER BY id) FROM parent
--     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rank bigint not null

-- | Conditional expressions
SELECT COALESCE(note, name), COALESCE(note, 'x'), COALESCE(note, NULL), NULLIF(name, 'x'), GREATEST(note, name), GREATEST(note, note), LEAST(id, 3) FROM parent
--     ^^^^^^^^^^^^^^^^^^^ coalesce text not null
--                           ^^^^^^^^^^^^^^^^^^ coalesce text not null
--                                                ^^^^^^^^^^^^^^^^^^^ coalesce text null
--                                                                      ^^^^^^^^^^^^^^^^ nullif text null
--                                                                                         ^^^^^^^^^^^^^^^^^^^ greatest text not null
--                                                                                                               ^^^^^^^^^^^^^^^^^^^ greatest text
--                                                                                                                                     ^^^^^^^^^^^ least integer not null

SELECT CASE WHEN flag THEN 1 END, CASE WHEN flag THEN 1 ELSE 2 END, CASE WHEN flag THEN note ELSE name END, CASE id WHEN 1 THEN name ELSE 'x' END FROM parent
--               ^^^^^^^^^^^ case integer null
--                                          ^^^^^^^^^^^^^^^^^^ case integer not null
--                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^ name text null
--                                                                                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ case text not null

SELECT id + 1, id + NULL, note || 'x', name || 'x', lower(name), lower(note), id = 1, note = 'x', note IS NULL, note IS DISTINCT FROM name, NOT flag, flag AND note = 'x', flag OR id > 1 FROM parent
--     ^^^^^^ ?column? integer not null
--             ^^^^^^^^^ ?column? integer null
--                        ^^^^^^^^^^^ ?column? text null
--                                     ^^^^^^^^^^^ ?column? text not null
--                                                  ^^^^^^^^^^ lower text not null
--                                                               ^^^^^^^^^^ lower text null
--                                                                            ^^^^^^ ?column? boolean not null
--                                                                                    ^^^^^^^^^^ ?column? boolean null
--                                                                                                ^^^^ ?column? boolean not null
--                                                                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^ ?column? boolean not null
--                                                                                                                                              ^^^^ ?column? boolean not null
--                                                                                                                                                    ^^^^^^^^^^^^^^^^^^^ ?column? boolean null
--                                                                                                                                                                         ^^^^^^^^^^^^^^ ?column? boolean not null

SELECT odd(id), never_odd(id), id === id, odd(NULL), odd(size) FROM child
--     ^^^^^^ odd integer
--              ^^^^^^^^^^^^ never_odd boolean
--                             ^^^^^^^^^ ?column? boolean
--                                        ^^^^^^^^ odd integer null
--                                                   ^^^^^^^^ odd integer null

SELECT id IN (1, 2), size IN (1, 2), id IN (1, NULL), size NOT IN (1, 2), id BETWEEN 1 AND 3, size BETWEEN 1 AND 3, id = ANY (ARRAY[1, 2]), id = ANY ('{NULL}'::int[]), id IN (SELECT parent_id FROM child), name LIKE 'x%', note LIKE 'x%' FROM child JOIN parent USING (id)
--     ^^^^^^^^^^^ ?column? boolean
--                   ^^^^^^^^^^^^^ ?column? boolean
--                                   ^^^^^^^^^^^^^^ ?column? boolean
--                                                    ^^^^^^^^^^^^^^^^^ ?column? boolean
--                                                                        ^^^^^^^^^^^^^^^^^^ ?column? boolean not null
--                                                                                            ^^^^^^^^^^^^^^^^^^^^ ?column? boolean null
--                                                                                                                  ^^^^^^^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                                                          ^^^^^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                                                                                      ^^^^^^^^^^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                                                                                                                           ^^^^^^^^^^^^^^ ?column? boolean not null
--                                                                                                                                                                                                                           ^^^^^^^^^^^^^^ ?column? boolean null

SELECT (1, 2) = (3, 4), (id, note) = (1, 'x'), ROW(id, note) IS NULL, ROW(id, note) FROM parent
--      ^^^^^^^^^^^^^ ?column? boolean not null
--                       ^^^^^^^^^^^^^^^^^^^ ?column? boolean null
--                                             ^^^^^^^^^^^^ ?column? boolean not null
--                                                                    ^^^^^^^^^^^^ row record not null

SELECT concat(note), concat(VARIADIC NULL::text[]), num_nulls(VARIADIC NULL::int[]), concat_ws(note, 'a'), concat_ws(',', note), format('%s', note), jsonb_build_object('a', note), jsonb_build_array(VARIADIC NULL::text[]) FROM parent
--     ^^^^^^^^^^^ concat text not null
--                   ^^^^^^^^^^^^^^^^^^^^ concat text
--                                                  ^^^^^^^^^^^^^^^^^^^^^^^ num_nulls integer
--                                                                                   ^^^^^^^^^^^^^^^^^^^ concat_ws text null
--                                                                                                         ^^^^^^^^^^^^^^^^^^^ concat_ws text not null
--                                                                                                                               ^^^^^^^^^^^^^^^^^ format text
--                                                                                                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ jsonb_build_object jsonb not null
--                                                                                                                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ jsonb_build_array jsonb

-- | The ends of types
SELECT extract(month FROM at), extract(epoch FROM at), extract(year FROM at), date_part('day', at), to_char(at, 'YYYY'), to_char(id, '999'), to_char(amount, ''), lower(range), upper(range), lower(name), date_trunc('day', at), at::date, extract(day FROM span), extract(hour FROM span) FROM parent
--                        ^^ extract numeric
--                                                ^^ extract numeric not null
--                                                                       ^^ extract numeric not null
--                                                                            ^^^^^^^^^^^^^^^^^^^ date_part double precision
--                                                                                                  ^^^^^^^^^^^^^^^^^^ to_char text
--                                                                                                                       ^^^^^^^^^^^^^^^^^ to_char text not null
--                                                                                                                                           ^^^^^^^^^^^^^^^^^^ to_char text not null
--                                                                                                                                                                ^^^^^^^^^^^ lower integer
--                                                                                                                                                                              ^^^^^^^^^^^ upper integer
--                                                                                                                                                                                            ^^^^^^^^^^ lower text not null
--                                                                                                                                                                                                         ^^^^^^^^^^^^^^^^^^^^ date_trunc timestamp with time zone not null
--                                                                                                                                                                                                                                ^^ at date not null
--                                                                                                                                                                                                                                                           ^^^^ extract numeric
--                                                                                                                                                                                                                                                                                    ^^^^ extract numeric

SELECT isempty(range), range * range, range @> 1, lower_inc(range), at + span, at - at, age(at) FROM parent
--     ^^^^^^^^^^^^^ isempty boolean
--                     ^^^^^^^^^^^^^ ?column? int4range
--                                    ^^^^^^^^^^ ?column? boolean not null
--                                                ^^^^^^^^^^^^^^^ lower_inc boolean
--                                                                  ^^^^^^^^^ ?column? timestamp with time zone not null
--                                                                             ^^^^^^^ ?column? interval not null
--                                                                                      ^^^^^^ age interval not null

-- | JSON, arrays, rows
SELECT doc -> 'a', doc ->> 'a', doc #> '{a}', doc #>> '{a}', doc ? 'a', doc || '{}', doc - 'a', doc @> '{}', doc @? '$.a', doc @@ '$.a == 1', jsonb_typeof(doc), doc['a'], jsonb_array_length('[]'), jsonb_path_query_first(doc, '$.a'), jsonb_set(doc, '{a}', '1'), to_jsonb(note), (doc -> 'a') IS NULL FROM parent
--     ^^^^^^^^^^ ?column? jsonb
--                 ^^^^^^^^^^^ ?column? text
--                              ^^^^^^^^^^^^ ?column? jsonb
--                                            ^^^^^^^^^^^^^ ?column? text
--                                                           ^^^^^^^^^ ?column? boolean not null
--                                                                      ^^^^^^^^^^^ ?column? jsonb not null
--                                                                                   ^^^^^^^^^ ?column? jsonb not null
--                                                                                              ^^^^^^^^^^^ ?column? boolean not null
--                                                                                                           ^^^^^^^^^^^^ ?column? boolean
--                                                                                                                         ^^^^^^^^^^^^^^^^^ ?column? boolean
--                                                                                                                                            ^^^^^^^^^^^^^^^^ jsonb_typeof text
--                                                                                                                                                               ^^^^^^^ doc jsonb
--                                                                                                                                                                         ^^^^^^^^^^^^^^^^^^^^^^^ jsonb_array_length integer not null
--                                                                                                                                                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ jsonb_path_query_first jsonb
--                                                                                                                                                                                                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^ jsonb_set jsonb
--                                                                                                                                                                                                                                                                   ^^^^^^^^^^^^^ to_jsonb jsonb null
--                                                                                                                                                                                                                                                                                    ^^^^^^^^^^ ?column? boolean not null

SELECT tags[1], tags[1:2], cardinality(tags), array_length(tags, 1), tags || 'x'::text, array_append(tags, note), array_position(tags, 'x'), array_to_string(tags, ','), ARRAY[note], array_remove(tags, 'x'), tags && '{x}', string_to_array(name, ','), array_upper(tags, 1) FROM parent
--     ^^^^^^ tags text
--              ^^^^^^^^ tags text[]
--                         ^^^^^^^^^^^^^^^^ cardinality integer not null
--                                            ^^^^^^^^^^^^^^^^^^^^ array_length integer
--                                                                   ^^^^^^^^^^^ ?column? text[]
--                                                                                      ^^^^^^^^^^^^^^^^^^^^^^^ array_append text[]
--                                                                                                                ^^^^^^^^^^^^^^^^^^^^^^^^ array_position integer
--                                                                                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^ array_to_string text
--                                                                                                                                                                             ^^^^ array text[] not null
--                                                                                                                                                                                    ^^^^^^^^^^^^^^^^^^^^^^ array_remove text[]
--                                                                                                                                                                                                             ^^^^^^^^^^^^^ ?column? boolean not null
--                                                                                                                                                                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^^ string_to_array text[]
--                                                                                                                                                                                                                                                        ^^^^^^^^^^^^^^^^^^^ array_upper integer

SELECT (ROW(1, NULL)::pair).a, (ROW(1, NULL)::pair).b, ROW(1, NULL)::pair
--      ^^^^^^^^^^^^^^^^^^^^^ a integer
--                              ^^^^^^^^^^^^^^^^^^^^^ b text
--                                                     ^^^^^^^^^^^ row pair not null

SELECT ('{"a": null}'::jsonb -> 'a')::text, 'null'::jsonb::text, doc::text FROM parent
--      ^^^^^^^^^^^^^^^^^^^^^^^^^^^ text text
--                                          ^^^^^^ text text not null
--                                                               ^^^ doc text not null

-- | Subqueries
SELECT (SELECT name FROM parent LIMIT 1), (SELECT count(*) FROM parent), (SELECT max(id) FROM parent), EXISTS (SELECT 1 FROM parent), ARRAY(SELECT note FROM parent), (SELECT count(*) FROM parent HAVING false), (SELECT count(*) FROM parent LIMIT 0), (SELECT 1), (SELECT 1 WHERE false), (SELECT count(*) FROM parent GROUP BY id LIMIT 1), (SELECT count(*) FROM parent OFFSET 1)
--             ^^^^ name text null
--                                                ^^^^^ count bigint not null
--                                                                               ^^^^^^ max integer
--                                                                                                                    ^ exists boolean not null
--                                                                                                                                                 ^^^^ array text[] not null
--                                                                                                                                                                            ^^^^^ count bigint null
--                                                                                                                                                                                                                        ^^^^^ count bigint null
--                                                                                                                                                                                                                                                               ^ ?column? integer not null
--                                                                                                                                                                                                                                                                           ^ ?column? integer null
--                                                                                                                                                                                                                                                                                                   ^^^^^ count bigint null
--                                                                                                                                                                                                                                                                                                                                                      ^^^^^ count bigint null

SELECT (SELECT p.name), (SELECT p.note), (SELECT c.label FROM child c WHERE c.must_id = p.id LIMIT 1) FROM parent p
--             ^^^^^^ name text not null
--                              ^^^^^^ note text null
--                                               ^^^^^^^ label text null

SELECT (SELECT generate_series(1, 0)), (SELECT unnest('{NULL}'::int[]) LIMIT 1)
--             ^^^^^^^^^^^^^^^^^^^^ generate_series integer
--                                             ^^^^^^^^^^^^^^^ unnest integer null

-- | Set operations and VALUES
SELECT id, name FROM parent UNION SELECT id, label FROM child
--     ^^ id integer not null
--         ^^^^ name text null

SELECT name FROM parent UNION ALL SELECT 'x'
--     ^^^^ name text not null

SELECT note FROM parent INTERSECT SELECT name FROM parent
--     ^^^^ note text not null

SELECT note FROM parent EXCEPT SELECT name FROM parent
--     ^^^^ note text null

SELECT name FROM parent EXCEPT SELECT note FROM parent
--     ^^^^ name text not null

SELECT x, y FROM (VALUES (1, 'a'), (2, NULL)) AS v (x, y)
--     ^ x integer not null
--        ^ y text null

VALUES (1, NULL), (2, 'x')
--      ^^^^^^^^^^^^ column1 integer not null
--         ^^^^^^^^^^^^^^ column2 text null

SELECT id FROM parent UNION SELECT NULL
--     ^^ id integer null

-- | Predicates
SELECT note FROM parent WHERE note IS NOT NULL
--     ^^^^ note text not null

SELECT note FROM parent WHERE note = 'x'
--     ^^^^ note text not null

SELECT note FROM parent WHERE note = 'x' OR id = 1
--     ^^^^ note text null

SELECT note FROM parent WHERE (note = 'x' AND id = 1) OR note > 'y'
--     ^^^^ note text not null

SELECT note, upper(note), coalesce(note, NULL), note || 'x' FROM parent WHERE NOT (note IS NULL)
--     ^^^^ note text not null
--           ^^^^^^^^^^ upper text not null
--                        ^^^^^^^^^^^^^^^^^^^ coalesce text not null
--                                              ^^^^^^^^^^^ ?column? text not null

SELECT note FROM parent WHERE note LIKE 'x%'
--     ^^^^ note text not null

SELECT note FROM parent WHERE note NOT LIKE 'x%'
--     ^^^^ note text not null

SELECT note FROM parent WHERE lower(note) = 'x'
--     ^^^^ note text not null

SELECT note FROM parent WHERE coalesce(note, name) = '1'
--     ^^^^ note text null

SELECT note FROM parent WHERE note IN ('1', '2')
--     ^^^^ note text not null

SELECT note FROM parent WHERE note NOT IN ('1', '2')
--     ^^^^ note text not null

SELECT note FROM parent WHERE note IN (SELECT label FROM child)
--     ^^^^ note text not null

SELECT note FROM parent WHERE note NOT IN (SELECT label FROM child WHERE false)
--     ^^^^ note text null

SELECT note FROM parent WHERE note = ANY ($1)
--     ^^^^ note text not null
-- $1 text[]

SELECT note FROM parent WHERE note <> ALL ($1::text[])
--     ^^^^ note text null
-- $1 text[]

SELECT size FROM child WHERE size BETWEEN 1 AND 9
--     ^^^^ size integer not null

SELECT size FROM child WHERE size NOT BETWEEN 4 AND 9
--     ^^^^ size integer not null

SELECT size, parent_id FROM child WHERE 4 BETWEEN size AND parent_id
--     ^^^^ size integer not null
--           ^^^^^^^^^ parent_id integer not null

SELECT size, parent_id FROM child WHERE 4 NOT BETWEEN size AND parent_id
--     ^^^^ size integer null
--           ^^^^^^^^^ parent_id integer null

SELECT size FROM child WHERE size === 1
--     ^^^^ size integer null

SELECT size FROM child WHERE never_odd(size)
--     ^^^^ size integer null

SELECT size FROM child WHERE odd(size) = 1
--     ^^^^ size integer not null

SELECT size FROM child WHERE (size, id) = (1, 1)
--     ^^^^ size integer not null

SELECT size, id FROM child WHERE (id, size) < (5, 5)
--     ^^^^ size integer null
--           ^^ id integer not null

SELECT size FROM child WHERE size IS DISTINCT FROM 3
--     ^^^^ size integer null

SELECT size FROM child WHERE (size = 1) IS NOT TRUE
--     ^^^^ size integer null

SELECT size FROM child WHERE (size = 1) IS TRUE
--     ^^^^ size integer null

SELECT size FROM child WHERE (size > 1) IS NOT NULL
--     ^^^^ size integer not null

SELECT size FROM child WHERE NOT (size = 1 OR parent_id = 1)
--     ^^^^ size integer not null

SELECT size, parent_id FROM child WHERE NOT (size = 1 AND parent_id = 1)
--     ^^^^ size integer null
--           ^^^^^^^^^ parent_id integer null

SELECT size FROM child WHERE CASE WHEN size = 1 THEN true ELSE true END
--     ^^^^ size integer null

SELECT size FROM child WHERE size + parent_id > 0
--     ^^^^ size integer not null

SELECT c.label, c.id, c.must_id FROM parent p LEFT JOIN child c ON c.parent_id = p.id WHERE c.label IS NOT NULL
--     ^^^^^^^ label text not null
--              ^^^^ id integer not null
--                    ^^^^^^^^^ must_id integer not null

SELECT c.id, c.must_id, c.label FROM parent p LEFT JOIN child c ON c.parent_id = p.id WHERE c.id > 0
--     ^^^^ id integer not null
--           ^^^^^^^^^ must_id integer not null
--                      ^^^^^^^ label text null

SELECT c.parent_id, c.id FROM parent p LEFT JOIN child c ON c.parent_id = p.id
--     ^^^^^^^^^^^ parent_id integer null
--                  ^^^^ id integer null

SELECT c.parent_id, c.size FROM parent p JOIN child c ON c.parent_id = p.id
--     ^^^^^^^^^^^ parent_id integer not null
--                  ^^^^^^ size integer null

SELECT c.parent_id, c.size FROM parent p JOIN child c ON c.parent_id = p.id AND c.size > 0
--     ^^^^^^^^^^^ parent_id integer not null
--                  ^^^^^^ size integer not null

SELECT c.parent_id, d.id FROM parent p JOIN child c ON c.parent_id = p.id FULL JOIN child d ON d.id = c.size
--     ^^^^^^^^^^^ parent_id integer null
--                  ^^^^ id integer null

SELECT c.parent_id FROM parent p, child c WHERE c.parent_id = p.id
--     ^^^^^^^^^^^ parent_id integer not null

SELECT b.id, c.id, c.must_id FROM parent a LEFT JOIN (child b LEFT JOIN child c ON c.id = b.size) ON b.parent_id = a.id WHERE b.size > 0
--     ^^^^ id integer not null
--           ^^^^ id integer null
--                 ^^^^^^^^^ must_id integer null

SELECT note FROM (SELECT note FROM parent WHERE note > '') s
--     ^^^^ note text not null

SELECT note, count(*) FROM parent GROUP BY note HAVING note IS NOT NULL
--     ^^^^ note text not null
--           ^^^^^ count bigint not null

SELECT note, count(*) FROM parent GROUP BY ROLLUP (note) HAVING note IS NOT NULL
--     ^^^^ note text
--           ^^^^^ count bigint

SELECT note FROM parent WHERE note IS NOT NULL GROUP BY ROLLUP (note)
--     ^^^^ note text

SELECT max(note) FROM parent WHERE note IS NOT NULL
--     ^^^^^^^^ max text

SELECT flag, max(note) FROM parent WHERE note IS NOT NULL GROUP BY flag
--     ^^^^ flag boolean not null
--           ^^^^^^^^ max text not null

SELECT p.note, (SELECT max(c.size) FROM child c WHERE c.label = p.note) FROM parent p
--     ^^^^^^ note text null
--                     ^^^^^^^^^^ max integer

SELECT note FROM parent p WHERE EXISTS (SELECT 1 FROM child c WHERE c.label = p.note)
--     ^^^^ note text null

-- | Checks, generated columns, domains, inheritance, partitions
SELECT a, b, c, d, e FROM checked
--     ^ a integer not null
--        ^ b integer not null
--           ^ c integer null
--              ^ d integer null
--                 ^ e integer null

SELECT id, whole, half FROM made
--     ^^ id integer not null
--         ^^^^^ whole integer null
--                ^^^^ half integer null

SELECT r, p, r + 1 FROM domains
--     ^ r required null
--        ^ p positive null
--           ^^^^^ ?column? integer null

SELECT d.r, d.id FROM parent LEFT JOIN domains d ON d.id = parent.id + 100
--     ^^^ r required null
--          ^^^^ id integer null

SELECT 1::required, NULL::positive, (SELECT r FROM domains LIMIT 1)
--     ^ required required not null
--                  ^^^^ positive positive null
--                                          ^ r required null

SELECT id, v FROM above
--     ^^ id integer not null
--         ^ v integer null

SELECT id, v FROM ONLY above
--     ^^ id integer not null
--         ^ v integer null

SELECT id, v, k, tableoid FROM parts
--     ^^ id integer not null
--         ^ v integer null
--            ^ k integer not null
--               ^^^^^^^^ tableoid oid not null

-- | Views
SELECT * FROM plain_view
--     ^ id integer not null
--     ^ name text not null
--     ^ note text null
--     ^ has_note boolean not null

SELECT * FROM filtered_view
--     ^ id integer not null
--     ^ note text not null

SELECT * FROM outer_view
--     ^ id integer not null
--     ^ child integer null
--     ^ label text null

SELECT * FROM over_loose
--     ^ id integer not null
--     ^ v integer null

-- | Writes
INSERT INTO instead (name) VALUES ('x') RETURNING id, name
--                                                ^^ id integer
--                                                    ^^^^ name text

INSERT INTO written (id, v) VALUES (100, 'x') RETURNING id, v, w
--                                                      ^^ id integer not null
--                                                          ^ v text null
--                                                             ^ w text not null

INSERT INTO written (id, v) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET v = excluded.v, w = excluded.w RETURNING v, w
--                                                                                                                  ^ v text null
--                                                                                                                     ^ w text not null

INSERT INTO written (id) SELECT id + 100 FROM parent RETURNING id, v
--                                                             ^^ id integer not null
--                                                                 ^ v text null

UPDATE child SET size = NULL WHERE size IS NOT NULL RETURNING size, id
--                                                            ^^^^ size integer null
--                                                                  ^^ id integer not null

UPDATE child SET label = 'x' WHERE size IS NOT NULL RETURNING size, label
--                                                            ^^^^ size integer null
--                                                                  ^^^^^ label text null

UPDATE child SET label = p.note FROM parent p WHERE p.id = child.must_id AND p.note IS NOT NULL RETURNING p.note, child.label
--                                                                                                        ^^^^^^ note text not null
--                                                                                                                ^^^^^^^^^^^ label text null

UPDATE child SET label = 'x' FROM parent p LEFT JOIN made m ON m.id = p.id + 3 WHERE p.id = child.must_id RETURNING p.id, m.id
--                                                                                                                  ^^^^ id integer not null
--                                                                                                                        ^^^^ id integer null

DELETE FROM child WHERE size IS NOT NULL RETURNING size, label
--                                                 ^^^^ size integer not null
--                                                       ^^^^^ label text null

DELETE FROM child USING parent p WHERE p.note = child.label RETURNING p.note, child.label, child.size
--                                                                    ^^^^^^ note text not null
--                                                                            ^^^^^^^^^^^ label text not null
--                                                                                         ^^^^^^^^^^ size integer null

WITH gone AS (DELETE FROM child RETURNING id, label) SELECT id, label FROM gone
--                                                          ^^ id integer not null
--                                                              ^^^^^ label text null

-- | Functions in FROM
SELECT a, b FROM some_rows()
--     ^ a integer
--        ^ b text

SELECT x FROM unnest(ARRAY[1, NULL]) AS x
--     ^ x integer

SELECT x FROM unnest($1::int[]) AS x
--     ^ x integer
-- $1 integer[]

SELECT g FROM generate_series(1, 3) AS g
--     ^ g integer

SELECT a, b FROM unnest(ARRAY[1, 2], ARRAY['x']) AS u (a, b)
--     ^ a integer
--        ^ b text

SELECT a, b FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) AS r (a, b)
--     ^ a integer
--        ^ b integer

SELECT a, b, o FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) WITH ORDINALITY AS r (a, b, o)
--     ^ a integer
--        ^ b integer
--           ^ o bigint not null

SELECT x, o FROM unnest(ARRAY['a', NULL]) WITH ORDINALITY AS u (x, o)
--     ^ x text
--        ^ o bigint not null

SELECT f FROM unnest('{NULL}'::int[]) AS f (x)
--     ^ f integer

SELECT key, value FROM jsonb_each('{"a": null}')
--     ^^^ key text
--          ^^^^^ value jsonb

SELECT key, value FROM jsonb_each_text('{"a": null}')
--     ^^^ key text
--          ^^^^^ value text

SELECT generate_series(1, 3), unnest(tags) FROM parent
--     ^^^^^^^^^^^^^^^^^^^^ generate_series integer
--                            ^^^^^^^^^^^ unnest text

SELECT generate_series(1, 2), generate_series(1, 3)
--     ^^^^^^^^^^^^^^^^^^^^ generate_series integer
--                            ^^^^^^^^^^^^^^^^^^^^ generate_series integer

SELECT a, b FROM jsonb_to_record('{"a": 1}') AS r (a int, b text)
--     ^ a integer
--        ^ b text

-- | Windows
SELECT id, row_number() OVER (), rank() OVER (ORDER BY id), lag(id) OVER (ORDER BY id), lead(id, 1, 0) OVER (ORDER BY id), first_value(id) OVER (ORDER BY id), last_value(note) OVER (ORDER BY id), nth_value(id, 9) OVER (ORDER BY id), ntile(2) OVER (), count(*) OVER (), sum(id) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING), sum(id) OVER () FROM parent
--     ^^ id integer not null
--         ^^^^^^^^^^ row_number bigint not null
--                               ^^^^ rank bigint not null
--                                                          ^^^^^^ lag integer
--                                                                                      ^^^^^^^^^^^^^ lead integer
--                                                                                                                         ^^^^^^^^^^^^^^ first_value integer
--                                                                                                                                                             ^^^^^^^^^^^^^^^ last_value text
--                                                                                                                                                                                                  ^^^^^^^^^^^^^^^ nth_value integer
--                                                                                                                                                                                                                                       ^^^^^^^ ntile integer
--                                                                                                                                                                                                                                                         ^^^^^ count bigint not null
--                                                                                                                                                                                                                                                                           ^^^^^^ sum bigint
--                                                                                                                                                                                                                                                                                                                                                ^^^^^^ sum bigint

-- | Common table expressions
WITH RECURSIVE r (a, b) AS (SELECT 1, 2 UNION ALL SELECT a + 1, b FROM r WHERE a < 5) SELECT a, b FROM r
--                                                                                           ^ a integer not null
--                                                                                              ^ b integer not null

WITH RECURSIVE r (a, b) AS (SELECT 1, NULL::int UNION ALL SELECT a + 1, b FROM r WHERE a < 5) SELECT a, b FROM r
--                                                                                                   ^ a integer not null
--                                                                                                      ^ b integer null

WITH RECURSIVE r (n, a, b) AS (SELECT 1, 2, 3 UNION ALL SELECT n + 1, b, NULL FROM r WHERE n < 5) SELECT n, a, b FROM r
--                                                                                                       ^ n integer
--                                                                                                          ^ a integer
--                                                                                                             ^ b integer null

WITH RECURSIVE r (n, a, b) AS (SELECT 1, 2, 3 UNION SELECT n + 1, b, NULLIF(b, 3) FROM r WHERE n < 5) SELECT n, a, b FROM r
--                                                                                                           ^ n integer
--                                                                                                              ^ a integer
--                                                                                                                 ^ b integer null

WITH x AS (SELECT id, note FROM parent) SELECT x.id, x.note, y.id FROM x LEFT JOIN x AS y ON y.id = x.id + 3
--                                             ^^^^ id integer not null
--                                                   ^^^^^^ note text null
--                                                           ^^^^ id integer null

-- | The rest
SELECT DISTINCT note, name FROM parent
--              ^^^^ note text null
--                    ^^^^ name text not null

SELECT DISTINCT ON (note) note, id FROM parent ORDER BY note
--                        ^^^^ note text null
--                              ^^ id integer not null

SELECT $1::int, $2 || 'x', coalesce($3::int, 1)
--     ^^ int4 integer
--              ^^^^^^^^^ ?column? text
--                         ^^^^^^^^^^^^^^^^^^^ coalesce integer not null
-- $1 integer, $2 text, $3 integer

SELECT NULL, 'x', 1, true, current_date, current_user, ARRAY[]::int[], '{}'::int[]
--^ array integer[] not null
--     ^^^^ ?column? text null
--           ^^^ ?column? text not null
--                ^ ?column? integer not null
--                   ^^^^ ?column? boolean not null
--                         ^^^^^^^^^^^^ current_date date not null
--                                       ^^^^^^^^^^^^ current_user name not null
--                                                                     ^^^^ int4 integer[] not null

SELECT * FROM (SELECT NULL AS a, 1 AS b) s
--     ^ a text null
--     ^ b integer not null

SELECT name COLLATE "C", note COLLATE "C", name::varchar(3), note::varchar, id::text::int, at AT TIME ZONE 'UTC', name::bytea FROM parent
--     ^^^^ name text collate C not null
--                       ^^^^ note text collate C null
--                                         ^^^^ name character varying(3) not null
--                                                           ^^^^ note character varying null
--                                                                          ^^ id integer not null
--                                                                                         ^^^^^^^^^^^^^^^^^^^^^ timezone timestamp without time zone not null
--                                                                                                                ^^^^ name bytea not null
