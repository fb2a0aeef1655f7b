-- name: like
SELECT id FROM a WHERE n LIKE '1%'

-- name: literal
SELECT id FROM a WHERE n = 'one'

-- name: concat
SELECT id FROM a WHERE n || 'x' = $1

-- name: equal
SELECT id FROM a WHERE d = '{}'

-- name: distinct
SELECT DISTINCT d FROM a

-- name: group
SELECT count(*) FROM a GROUP BY d

-- name: contains
SELECT id FROM a WHERE d @> '{}'

-- name: arrow
SELECT id FROM a WHERE d ->> 'x' = $1

-- name: join
SELECT a.id FROM a JOIN b ON b.k = a.k

-- name: declared
-- declares: text
SELECT id FROM a WHERE k = $1

-- name: declared-write
-- declares: text
UPDATE a SET k = $1

-- name: undeclared
-- call: tokio_postgres::prepare_cached
SELECT id FROM a WHERE k = $1

-- name: cast
SELECT id FROM a WHERE k::text = $1

-- name: copy
UPDATE a SET n = b.k FROM b

-- name: insert
INSERT INTO a (id, n) SELECT 7, k FROM b

-- name: union
SELECT n FROM a UNION SELECT k FROM b

-- name: coalesce
SELECT COALESCE(n, 'none') FROM a

-- name: wider
SELECT i FROM a WHERE id = $1

-- name: wider-sum
SELECT i + 1 AS j FROM a

-- name: wider-filter
SELECT id FROM a WHERE i = $1

-- name: wider-declared
-- declares: int4
SELECT id FROM a WHERE i = $1

-- name: in-join
SELECT a.id FROM a JOIN b USING (i)

-- name: tokio-parameter
-- call: tokio_postgres::query
SELECT id FROM a WHERE i = $1

-- name: tokio-result
-- call: tokio_postgres::query
SELECT i FROM a

-- name: function-result
-- call: sqlx::query
SELECT i FROM a WHERE id = $1

-- name: scalar-result
-- call: sqlx::query_scalar
SELECT max(i) FROM a

-- name: scalar-macro-result
-- call: sqlx::query_scalar!
SELECT max(i) FROM a

-- name: struct-macro-result
-- call: sqlx::query_as!
SELECT max(i) AS i FROM a

-- name: simple
-- call: sqlx::raw_sql
SELECT id FROM a WHERE k = 'x'

-- name: array-literal
SELECT id FROM a WHERE n = ANY ('{one,two}')

-- name: json-word
UPDATE a SET d = '{"a": [1]}'

-- name: declared-twice
-- call: sqlx::query
-- declares: text
SELECT id FROM a WHERE k = $1 OR n = $1

-- name: declared-for-both
-- call: sqlx::query
-- declares: text
SELECT b.i FROM b WHERE b.k = $1 OR b.k || 'x' = $1
