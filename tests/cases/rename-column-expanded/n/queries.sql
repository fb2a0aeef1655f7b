-- name: read
SELECT id, name FROM users WHERE id = $1

-- name: insert
INSERT INTO users (id, name, email) VALUES ($1, $2, $3)

-- name: update
UPDATE users SET name = $2 WHERE id = $1
