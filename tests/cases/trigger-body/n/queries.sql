-- name: insert
INSERT INTO a (id) VALUES ($1)

-- name: delete
DELETE FROM a WHERE id = $1

-- name: update-other
UPDATE a SET note = $1

-- name: plpgsql
SELECT sum_a()

-- name: sql
SELECT max_a()

-- name: sql-from
SELECT * FROM max_a()

-- name: other
SELECT count_a()

-- name: atomic
SELECT atomic_a()
