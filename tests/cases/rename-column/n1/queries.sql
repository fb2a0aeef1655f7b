-- name: read
SELECT id, full_name FROM users WHERE id = $1

-- name: keeps-name
SELECT id, full_name AS name FROM users ORDER BY name
