-- name: truncate
TRUNCATE a

-- name: truncate-both
TRUNCATE a, b, c

-- name: truncate-cascade
TRUNCATE a CASCADE

-- name: delete
DELETE FROM a WHERE id = $1

-- name: insert
INSERT INTO b (id, a_id) VALUES ($1, $2)

-- name: insert-without
INSERT INTO b (id) VALUES ($1)
