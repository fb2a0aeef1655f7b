-- name: star
SELECT * FROM a

-- name: returning-star
UPDATE a SET r = 'r' RETURNING *

-- name: table
TABLE a

-- name: columns
SELECT id, r, m FROM a

-- name: typmod
SELECT x FROM a

-- name: numeric
SELECT n FROM a

-- name: domain
SELECT c FROM a

-- name: count
SELECT count(*) FROM a

-- name: exists
SELECT exists(SELECT * FROM a)

-- name: json
SELECT row_to_json(a) FROM a

-- name: whole-row
SELECT a FROM a

-- name: expression
SELECT lower(x) FROM a

-- name: insert
INSERT INTO a (id, r) VALUES ($1, $2)

-- name: subquery
SELECT q.id FROM (SELECT * FROM a) q

-- name: not-kept
-- call: tokio_postgres::query
SELECT * FROM a

-- name: collated
SELECT r FROM a WHERE id = $1
