-- name: read
SELECT id, x FROM a

-- name: xmin
SELECT xmin FROM a

-- name: ctid
DELETE FROM a WHERE ctid IN (SELECT ctid FROM a LIMIT 1)

-- name: tableoid
SELECT tableoid::regclass FROM a

-- name: group
SELECT id, x FROM a GROUP BY id

-- name: truncate
TRUNCATE a

-- name: insert
INSERT INTO a (id, x) VALUES ($1, $2)

-- name: upsert
INSERT INTO a (id, x) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET x = excluded.x

-- name: on-constraint
INSERT INTO a (id) VALUES ($1) ON CONFLICT ON CONSTRAINT a_pkey DO NOTHING

-- name: lock
SELECT id FROM a FOR UPDATE

-- name: whole
SELECT a FROM a
