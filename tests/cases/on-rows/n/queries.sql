-- name: read
SELECT id FROM a
