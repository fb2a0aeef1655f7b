-- name: read
SELECT id FROM a

-- name: star
SELECT * FROM a
