-- name: filter
SELECT id FROM a WHERE m = 'glad'
