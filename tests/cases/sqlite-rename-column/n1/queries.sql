-- name: read
SELECT full_name FROM users

-- name: view
SELECT id FROM names
