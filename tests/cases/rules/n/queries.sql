-- name: returning
INSERT INTO a (id) VALUES ($1) RETURNING id

-- name: conflict
INSERT INTO a (id) VALUES ($1) ON CONFLICT DO NOTHING

-- name: plain
-- sends: 2
INSERT INTO a (id) VALUES ($1)

-- name: update
UPDATE a SET x = $1 RETURNING id

-- name: update-conflict
INSERT INTO b (id) VALUES ($1) ON CONFLICT DO NOTHING
