-- name: named
INSERT INTO a (id, x, r) VALUES ($1, $2, $3)

-- name: explicit-default
INSERT INTO a (id, r) VALUES ($1, DEFAULT)
