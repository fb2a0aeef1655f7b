-- name: without
INSERT INTO a (id) VALUES ($1)

-- name: with
INSERT INTO a (id, c) VALUES ($1, $2)

-- name: default
INSERT INTO b (id) VALUES ($1)

-- name: null
INSERT INTO b (id, c) VALUES ($1, NULL)
