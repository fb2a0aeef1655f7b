-- name: insert
-- call: tokio_postgres::query
INSERT INTO a (id) VALUES ($1)

-- name: delete
DELETE FROM a

-- name: row
-- call: tokio_postgres::query
SELECT f()

-- name: plain
SELECT s()
