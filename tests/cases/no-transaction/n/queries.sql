-- name: upsert
INSERT INTO a (id, x) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING
