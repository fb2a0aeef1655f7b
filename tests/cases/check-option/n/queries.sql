-- name: dead
INSERT INTO v (id) VALUES ($1)

-- name: live
INSERT INTO v (id, live) VALUES ($1, true)

-- name: parameter
INSERT INTO v (id, live) VALUES ($1, $2)
