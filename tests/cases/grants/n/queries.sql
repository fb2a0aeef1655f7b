-- name: read
SELECT id FROM a

-- name: write
UPDATE a SET x = $1

-- name: view
SELECT id FROM v

-- name: sequence
SELECT nextval('s')

-- name: kept
SELECT id FROM kept

-- name: behind-view
SELECT id FROM renamed

-- name: schema
SELECT id FROM box.t

-- name: routine
SELECT f()

-- name: view-regranted
SELECT id FROM r

-- name: insert-only
INSERT INTO log (id) VALUES ($1)

-- name: insert-returning
INSERT INTO log (id) VALUES ($1) RETURNING id
