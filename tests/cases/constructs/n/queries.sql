-- name: lateral
SELECT u.id, o.total FROM users u CROSS JOIN LATERAL (SELECT total FROM orders WHERE buyer = u.id ORDER BY placed DESC LIMIT 1) o

-- name: lateral-function
SELECT u.id, t.tag, t.n FROM users u, unnest(u.tags) WITH ORDINALITY AS t (tag, n)

-- name: rows-from
SELECT a, b FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['x', 'y'])) AS r (a, b)

-- name: record-function
-- sends: []
SELECT x.a, x.b FROM jsonb_to_recordset($1) AS x (a int, b text)

-- name: record-populate
SELECT (jsonb_populate_record(NULL::pair, extra)).b FROM users

-- name: scalar-function-alias
SELECT day FROM generate_series(now(), now(), '1 day') AS day

-- name: scalar-function-table-alias
SELECT s.day::date FROM generate_series(now(), now(), '1 day') AS s (day)

-- name: out-arguments
SELECT s.first, s.rest FROM split($1) s

-- name: out-arguments-select
SELECT (split(name)).first FROM users

-- name: variadic
SELECT n, s FROM totals(1, 2, 3)

-- name: variadic-array
SELECT n FROM totals(VARIADIC $1)

-- name: setof-table
SELECT a.email, a FROM active() a WHERE a.name = $1

-- name: named-argument
SELECT id FROM active(since => now())

-- name: recursive
WITH RECURSIVE up AS (SELECT id, parent, 0 AS depth FROM nodes WHERE id = $1 UNION ALL SELECT n.id, n.parent, up.depth + 1 FROM nodes n JOIN up ON n.id = up.parent AND up.depth < 9) SELECT id, depth FROM up

-- name: recursive-columns
WITH RECURSIVE up (node, above) AS (SELECT id, parent FROM nodes UNION SELECT node, n.parent FROM up JOIN nodes n ON n.id = above) SELECT DISTINCT node FROM up

-- name: recursive-search
WITH RECURSIVE up AS (SELECT id, parent FROM nodes UNION ALL SELECT n.id, n.parent FROM nodes n, up WHERE n.id = up.parent) SEARCH DEPTH FIRST BY id SET ord CYCLE id SET looped USING trail SELECT id, ord, looped, trail FROM up

-- name: cte-insert
WITH new AS (INSERT INTO orders (buyer, total) VALUES ($1, $2) RETURNING id, total) SELECT new.id, u.name FROM new, users u

-- name: cte-update-delete
WITH gone AS (DELETE FROM orders WHERE note IS NULL RETURNING *), up AS (UPDATE users SET extra = '{}' RETURNING id) SELECT (SELECT count(*) FROM gone) AS gone, (SELECT count(*) FROM up) AS up

-- name: cte-shadow
WITH orders AS (SELECT id AS key, name FROM users) SELECT key, name FROM orders

-- name: cte-materialized
WITH x AS MATERIALIZED (SELECT name FROM users), y AS NOT MATERIALIZED (SELECT name FROM x) SELECT * FROM y

-- name: cte-nested
WITH a AS (WITH b AS (SELECT id FROM users) SELECT b.id + 1 AS next FROM b) SELECT next FROM a

-- name: window
SELECT id, rank() OVER w, sum(total) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM orders WINDOW w AS (PARTITION BY buyer ORDER BY placed)

-- name: window-filter
SELECT buyer, count(*) FILTER (WHERE total > 5) OVER (PARTITION BY buyer), lag(total, 1, 0) OVER (ORDER BY id) FROM orders

-- name: aggregates
SELECT buyer, count(*), count(DISTINCT note), array_agg(total ORDER BY placed DESC), string_agg(note, ', '), jsonb_object_agg(id, total), percentile_cont(0.5) WITHIN GROUP (ORDER BY total), bool_and(total > 0) FROM orders GROUP BY buyer HAVING sum(total) > $1

-- name: grouping-sets
SELECT buyer, placed, grouping(buyer, placed), sum(total) FROM orders GROUP BY GROUPING SETS ((buyer), (placed), ())

-- name: rollup
SELECT date_trunc('month', placed), buyer, sum(total) FROM orders GROUP BY ROLLUP (1, 2)

-- name: group-by-key
SELECT u.*, count(o.id) FROM users u LEFT JOIN orders o ON o.buyer = u.id GROUP BY u.id

-- name: group-by-output
SELECT lower(name) AS l, count(*) FROM users GROUP BY l ORDER BY l

-- name: order-expression
SELECT name AS n FROM users ORDER BY lower(name), n, 1

-- name: distinct-on
SELECT DISTINCT ON (buyer) buyer, total FROM orders ORDER BY buyer, placed DESC

-- name: union-order
SELECT name AS label FROM users UNION ALL SELECT label FROM nodes ORDER BY label LIMIT 5

-- name: intersect
(SELECT id FROM users) INTERSECT (SELECT buyer FROM orders) EXCEPT SELECT 1

-- name: values
SELECT v.a, v.b FROM (VALUES (1, 'x'), (2, 'y')) AS v (a, b)

-- name: values-alone
VALUES (1, 'x'), (2, NULL)

-- name: values-default-names
SELECT column1, column2 FROM (VALUES (1, 2)) v

-- name: using
SELECT id, u.name, total FROM users u JOIN orders o USING (id)

-- name: using-alias
SELECT j.id FROM users u JOIN orders o USING (id) AS j

-- name: natural-left
SELECT id FROM users NATURAL LEFT JOIN nodes

-- name: full-join
SELECT COALESCE(u.id, o.buyer) FROM users u FULL JOIN orders o ON o.buyer = u.id

-- name: join-alias
SELECT j.name, j.total FROM (users u JOIN orders o ON o.buyer = u.id) AS j (uid, name, e, t, x, m, p, d, c, oid, buyer, total)

-- name: nested-join
SELECT u.name FROM users u LEFT JOIN (orders o JOIN nodes n ON n.id = o.id) ON o.buyer = u.id

-- name: self-join
SELECT a.id, b.id FROM nodes a JOIN nodes b ON b.parent = a.id

-- name: exists
SELECT 1 FROM users u WHERE EXISTS (SELECT FROM orders WHERE buyer = u.id) AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.buyer = id + 1)

-- name: any-all
SELECT id FROM users WHERE id = ANY ($1) AND id <> ALL ($2::bigint[]) AND name LIKE ANY (ARRAY['a%', 'b%'])

-- name: row-compare
SELECT id FROM orders WHERE (placed, id) < ($1, $2) AND ROW (buyer, total) IS NOT NULL

-- name: row-in
SELECT id FROM orders WHERE (buyer, placed) IN (SELECT id, created::date FROM users)

-- name: array-subquery
SELECT ARRAY (SELECT total FROM orders WHERE buyer = users.id ORDER BY 1) AS totals FROM users

-- name: array-subscripts
SELECT tags[1], tags[1:2], tags[array_upper(tags, 1)] FROM users

-- name: json-operators
SELECT extra -> 'a' ->> 'b', extra #>> '{a,b}', extra ? 'a', extra @> '{"a": 1}', extra['a'] FROM users WHERE extra @? '$.a'

-- name: json-build
SELECT jsonb_build_object('id', id, 'tags', to_jsonb(tags)) || jsonb_build_array(1) FROM users

-- name: row-to-json
SELECT row_to_json(u), to_jsonb(u) - 'p' FROM users u

-- name: json-agg-row
SELECT json_agg(o) FROM orders o

-- name: whole-row-null
SELECT u IS NULL, o IS DISTINCT FROM NULL, u.* IS NOT NULL FROM users u LEFT JOIN orders o ON o.buyer = u.id

-- name: composite-fields
SELECT (p).a, (u.p).b, (p).* FROM users u

-- name: composite-build
SELECT ROW (1, 'x')::pair, (ROW (1, 'x')::pair).b

-- name: functional-notation
SELECT name(u), u.lower FROM (SELECT 'x'::text AS name, lower('X')) u

-- name: case
SELECT CASE mood WHEN 'ok' THEN 1 ELSE 2 END, CASE WHEN email IS NULL THEN 'none' ELSE email END FROM users

-- name: coalesce
SELECT COALESCE(email, name, '-'), NULLIF(name, ''), GREATEST(id, 5), LEAST(created, now()) FROM users

-- name: casts
SELECT '1'::int, CAST(id AS text), id::text::varchar(3), 'ok'::mood, '{a,b}'::text[], '5 days'::interval, date '2020-01-01', timestamp with time zone '2020-01-01' FROM users

-- name: intervals
SELECT created + interval '1 day', created - now(), extract(epoch FROM created), date_part('year', created), age(created) FROM users

-- name: at-time-zone
SELECT created AT TIME ZONE 'UTC', timezone('UTC', created) FROM users

-- name: special-forms
SELECT substring(name FROM 1 FOR 2), position('a' IN name), trim(BOTH ' ' FROM name), overlay(name PLACING 'x' FROM 1), substring(name SIMILAR 'a' ESCAPE '#') FROM users

-- name: like
SELECT id FROM users WHERE name ILIKE $1 ESCAPE '!' OR name ~* 'a' OR name SIMILAR TO 'a%' OR name NOT LIKE 'b%'

-- name: between
SELECT id FROM orders WHERE total BETWEEN $1 AND $2 AND placed NOT BETWEEN SYMMETRIC '2020-01-01' AND now()

-- name: ranges
SELECT id FROM users WHERE during @> now() AND during && tstzrange(now(), NULL) AND NOT isempty(during) AND upper(during) IS NULL

-- name: overlaps
SELECT (placed, placed) OVERLAPS (placed, interval '1 day') FROM orders

-- name: full-text
SELECT id, ts_rank(to_tsvector('english', name), q) FROM users, plainto_tsquery('english', $1) q WHERE to_tsvector('english', name) @@ q

-- name: is-tests
SELECT id FROM users WHERE (email IS NULL) IS NOT TRUE AND email IS DISTINCT FROM name AND (id = 1) IS UNKNOWN

-- name: parameters
SELECT id FROM users WHERE ($1::text IS NULL OR name = $1) AND id > $2 LIMIT $3 OFFSET $4

-- name: limit-expression
SELECT id FROM users ORDER BY id LIMIT $1::int + 1

-- name: fetch-first
SELECT id FROM users ORDER BY id OFFSET 2 ROWS FETCH FIRST 5 ROWS ONLY

-- name: locking
SELECT id FROM users ORDER BY id FOR UPDATE SKIP LOCKED

-- name: locking-of
SELECT u.id FROM users u JOIN orders o ON o.buyer = u.id FOR NO KEY UPDATE OF u NOWAIT

-- name: tablesample
SELECT id FROM users TABLESAMPLE BERNOULLI (50) REPEATABLE (1)

-- name: only
SELECT id FROM ONLY users

-- name: insert-default-values
INSERT INTO users (name) VALUES ($1) RETURNING id AS key, created::date, users.*

-- name: insert-multi
INSERT INTO orders (buyer, total, note) VALUES ($1, $2, DEFAULT), ($1, 5, 'x')

-- name: insert-unnest
INSERT INTO orders (buyer, total) SELECT * FROM unnest($1::bigint[], $2::numeric[])

-- name: insert-alias
INSERT INTO users AS u (name, email) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name || u.name, tags = excluded.tags WHERE u.name <> excluded.name RETURNING (xmax = 0) AS inserted

-- name: insert-conflict-expression
INSERT INTO users (name, email) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET (name, extra) = (SELECT u.name, u.extra FROM users u LIMIT 1)

-- name: insert-overriding
INSERT INTO users (id, name) OVERRIDING SYSTEM VALUE VALUES ($1, $2)

-- name: insert-select-conflict
INSERT INTO nodes (id, label) SELECT id, name FROM users ON CONFLICT DO NOTHING

-- name: insert-composite
INSERT INTO users (name, p.a, p.b) VALUES ($1, 1, 'x')

-- name: insert-array-element
INSERT INTO users (name, tags[1]) VALUES ($1, 'x')

-- name: update-from
UPDATE orders SET note = u.name FROM users u WHERE u.id = buyer AND orders.total > 1 RETURNING orders.id, u.name

-- name: update-alias
UPDATE orders AS o SET total = o.total + 1, note = DEFAULT WHERE o.id = $1

-- name: update-row
UPDATE orders SET (total, note) = ($1, $2), placed = placed + 1

-- name: update-row-subquery
UPDATE orders o SET (note) = (SELECT name FROM users WHERE users.id = o.buyer)

-- name: update-json
UPDATE users SET extra = jsonb_set(extra, '{a}', to_jsonb($1::text)) WHERE id = $2

-- name: update-array
UPDATE users SET tags = array_append(tags, $1)

-- name: update-array-element
UPDATE users SET tags[1] = $1

-- name: update-field
UPDATE users SET p.a = 5

-- name: update-join
UPDATE orders SET note = n.label FROM users u LEFT JOIN nodes n ON n.id = u.id WHERE u.id = orders.buyer

-- name: delete-using
DELETE FROM orders o USING users u, nodes WHERE u.id = o.buyer AND nodes.id = u.id RETURNING o.*, u.name

-- name: delete-in
DELETE FROM orders WHERE id IN (SELECT o.id FROM orders o WHERE o.buyer = buyer)

-- name: merge
MERGE INTO nodes t USING (SELECT id, label FROM nodes) s ON t.id = s.id WHEN MATCHED AND s.label IS NULL THEN DELETE WHEN MATCHED THEN UPDATE SET label = s.label WHEN NOT MATCHED THEN INSERT (id, label) VALUES (s.id, s.label)

-- name: quoted
SELECT "users"."name" AS "Some Name" FROM "public"."users"

-- name: qualified
SELECT public.users.name, public.users.* FROM public.users

-- name: case-folded
SELECT NAME, Users.Email FROM USERS

-- name: keywords
SELECT current_user, session_user, current_date, localtimestamp, current_schema

-- name: operator-syntax
SELECT 1 OPERATOR(pg_catalog.+) 2, name || id, -id, @ id, id % 2, id ^ 2 FROM users

-- name: collate
SELECT name FROM users ORDER BY name COLLATE "C"

-- name: unicode
SELECT 'naïve' AS "é", E'a\n', U&'\0061', $tag$x$tag$, B'101', X'1F'

-- name: comments
SELECT /* one /* two */ */ id -- name
FROM users -- and so on

-- name: system-columns
SELECT ctid, xmin, tableoid::regclass, u.ctid FROM users u

-- name: regclass
SELECT 'users'::regclass, to_regclass('nowhere'), pg_get_serial_sequence('orders', 'id'), nextval('orders_id_seq'), 'mood'::regtype

-- name: catalog
SELECT c.relname, a.attname FROM pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE c.relname = $1

-- name: information-schema
SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'public'

-- name: set-config
SELECT set_config('app.user', $1, true), current_setting('app.user', true)

-- name: advisory
SELECT pg_advisory_xact_lock(hashtext($1)), pg_notify('c', $2)

-- name: correlated-update
UPDATE users SET extra = (SELECT jsonb_agg(o.note) FROM orders o WHERE o.buyer = users.id) WHERE EXISTS (SELECT 1 FROM orders WHERE buyer = users.id)

-- name: subquery-select-list
SELECT u.id, (SELECT count(*) FROM orders WHERE buyer = u.id) AS n, EXISTS (SELECT 1) AS e FROM users u ORDER BY n DESC

-- name: aliased-subquery
SELECT s."total sum" FROM (SELECT sum(total) AS "total sum" FROM orders) s

-- name: unnamed-columns
SELECT s.count, s."?column?", s.lower FROM (SELECT count(*), 1 + 1, lower('X')) s

-- name: cast-name
SELECT s.int8, s.text FROM (SELECT '1'::int8, 'x'::text) s

-- name: case-name
SELECT s."case", s.coalesce, s.array, s.exists, s.row FROM (SELECT CASE WHEN true THEN 1 END, COALESCE(1, 2), ARRAY[1], EXISTS (SELECT 1), ROW (1, 2)) s

-- name: bool-where
SELECT id FROM users WHERE NOT (tags @> ARRAY['x']) AND cardinality(tags) > 0 AND 'x' = ANY (tags) AND tags && $1

-- name: xml-free
SELECT md5(name), encode(sha256(name::bytea), 'hex'), gen_random_uuid() FROM users

-- name: truncate
TRUNCATE nodes RESTART IDENTITY

-- name: empty-select
SELECT FROM users

-- name: between-cte-levels
WITH x AS (SELECT 1 AS id) SELECT u.name FROM users u WHERE u.id IN (SELECT x.id FROM x) AND EXISTS (WITH y AS (SELECT x.id FROM x) SELECT FROM y WHERE y.id = u.id)
