-- name: read
SELECT id FROM a

-- name: insert
INSERT INTO a (id) VALUES ($1)

-- name: update
UPDATE a SET id = $1

-- name: setting
SELECT id FROM b

-- name: open
INSERT INTO c (id) VALUES ($1)

-- name: setting-insert
INSERT INTO b (id, tenant) VALUES ($1, 'x')

-- name: delete
DELETE FROM a
