-- name: insert
INSERT INTO a (id, day, x) VALUES ($1, $2, $3)

-- name: returning
INSERT INTO a (id, day) VALUES ($1, $2) RETURNING xmin

-- name: upsert
INSERT INTO a (id, day) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING

-- name: group
SELECT id, x FROM a GROUP BY id

-- name: read
SELECT id, x FROM a WHERE day = $1

-- name: upsert-pair
INSERT INTO a (id, day) VALUES ($1, $2) ON CONFLICT DO NOTHING
