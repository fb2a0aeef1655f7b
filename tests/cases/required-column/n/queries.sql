-- name: named
INSERT INTO a (id, x) VALUES ($1, $2)

-- name: positional
INSERT INTO a VALUES ($1, $2)

-- name: from-query
INSERT INTO a (id, x) SELECT id, x FROM b

-- name: cte
WITH new AS (INSERT INTO a (id) VALUES ($1) RETURNING id) SELECT id FROM new

-- name: upsert
INSERT INTO a (id, x) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET x = excluded.x

-- name: nothing
INSERT INTO a (id, x) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: merge
MERGE INTO a USING (SELECT $1::bigint AS id) s ON a.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)

-- name: update
UPDATE a SET x = $2 WHERE id = $1

-- name: default
INSERT INTO b (id, x) VALUES ($1, $2)

-- name: identity
INSERT INTO c (id, x) VALUES ($1, $2)

-- name: generated
INSERT INTO d VALUES ($1, $2)

-- name: trigger
INSERT INTO e (id, x) VALUES ($1, $2)

-- name: domain
INSERT INTO f (id, x) VALUES ($1, $2)
