-- name: a
INSERT INTO a (id, name) VALUES ($1, $2)

-- name: b
UPDATE b SET name = $1

-- name: c
UPDATE c SET name = $1
