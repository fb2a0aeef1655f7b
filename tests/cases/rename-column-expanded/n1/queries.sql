-- name: read
SELECT id, full_name FROM users WHERE id = $1

-- name: insert
INSERT INTO users (id, full_name, email) VALUES ($1, $2, $3)
