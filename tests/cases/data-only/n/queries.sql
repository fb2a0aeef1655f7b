-- name: unique
-- sends: 2, 1
INSERT INTO a (id, x) VALUES ($1, $2)

-- name: unset
INSERT INTO a (id) VALUES ($1)

-- name: check
INSERT INTO a (id, n) VALUES ($1, $2)

-- name: check-literal
INSERT INTO a (id, n) VALUES ($1, 6)

-- name: nothing
INSERT INTO a (id, x) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: domain
INSERT INTO b (id, n) VALUES ($1, $2)
