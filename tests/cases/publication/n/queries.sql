-- name: update
UPDATE a SET x = $1

-- name: delete
DELETE FROM a

-- name: insert
INSERT INTO a (id) VALUES ($1)

-- name: with-key
UPDATE b SET x = $1

-- name: through-view
UPDATE va SET x = $1 WHERE id = $2

-- name: partitioned
DELETE FROM p WHERE id = $1

-- name: partition
UPDATE p1 SET x = $1

-- name: read
SELECT x FROM a
