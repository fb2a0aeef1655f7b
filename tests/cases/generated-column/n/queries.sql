-- name: insert-id
INSERT INTO a (id, x) VALUES ($1, $2)

-- name: overriding
INSERT INTO a (id, x) OVERRIDING SYSTEM VALUE VALUES ($1, $2)

-- name: user-value
INSERT INTO a (id, x) OVERRIDING USER VALUE VALUES ($1, $2)

-- name: update-id
UPDATE a SET id = $1 WHERE id = $2

-- name: default-id
INSERT INTO a (id, x) VALUES (DEFAULT, $1)

-- name: insert-y
INSERT INTO a (x, y) VALUES ($1, $2)

-- name: update-y
UPDATE a SET y = $1

-- name: default-y
INSERT INTO a (x, y) VALUES ($1, DEFAULT)

-- name: read
SELECT y FROM a WHERE id = $1
