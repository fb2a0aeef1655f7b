-- name: insert
INSERT INTO c (x) VALUES ($1)
