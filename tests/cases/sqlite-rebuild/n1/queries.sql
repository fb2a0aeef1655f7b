-- name: insert
INSERT INTO a (x, z) VALUES (?, ?)
