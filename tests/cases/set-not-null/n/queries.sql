-- name: none
INSERT INTO a (id) VALUES ($1)

-- name: x
INSERT INTO a (id, x) VALUES ($1, 'x')

-- name: xy
INSERT INTO a (id, x, y) VALUES ($1, 'x', 'y')

-- name: null-literal
INSERT INTO a (id, x, y, z) VALUES ($1, NULL, 'y', 'z')

-- name: update-null
UPDATE a SET x = NULL WHERE id = $1

-- name: all
INSERT INTO a (id, x, y, z) VALUES ($1, $2, $3, $4)

-- name: null-update
UPDATE a SET x = NULL

-- name: from-nullable
UPDATE a SET x = w

-- name: from-literal
UPDATE a SET x = 'x'
