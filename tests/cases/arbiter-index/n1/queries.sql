-- name: slug-constraint
INSERT INTO a (id, slug) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT a_slug_key DO NOTHING
