-- name: truncate
TRUNCATE a

-- name: truncate-cascade
TRUNCATE a CASCADE

-- name: truncate-child
TRUNCATE b

-- name: truncate-view
TRUNCATE g

-- name: lock-rows
SELECT id FROM g FOR UPDATE

-- name: lock-union
SELECT id FROM u FOR SHARE

-- name: lock-nested
SELECT id FROM s FOR UPDATE

-- name: lock-other
SELECT a.id FROM a, g FOR UPDATE OF a

-- name: lock-matview
SELECT id FROM m FOR UPDATE

-- name: read-matview
SELECT id FROM m

-- name: lock-table
-- call: sqlx::raw_sql
LOCK TABLE a, gone IN SHARE MODE

-- name: insert-xmin
INSERT INTO p (id) VALUES ($1) RETURNING xmin

-- name: insert-tableoid
INSERT INTO p (id) VALUES ($1) RETURNING tableoid::int, id

-- name: update-xmin
UPDATE p SET x = $1 RETURNING xmin

-- name: delete-xmin
DELETE FROM p RETURNING xmin
