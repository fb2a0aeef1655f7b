-- name: update
UPDATE a SET x = $1

-- name: delete
DELETE FROM a

-- name: insert
INSERT INTO a (id) VALUES ($1)

-- name: with-key
UPDATE b SET x = $1
