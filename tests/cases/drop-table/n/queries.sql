-- name: read
SELECT id FROM sessions WHERE user_id = $1

-- name: join
SELECT u.id FROM users u LEFT JOIN sessions s ON s.user_id = u.id

-- name: exists
SELECT EXISTS (SELECT FROM public.sessions WHERE id = $1)

-- name: truncate
TRUNCATE old_logs

-- name: cte
WITH sessions AS (SELECT id AS user_id FROM users) SELECT user_id FROM sessions

-- name: read-events
SELECT id, kind FROM events WHERE id = $1

-- name: insert-events
INSERT INTO events (id, kind) VALUES ($1, $2)

-- name: upsert-events
INSERT INTO events (id, kind) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING

-- name: grouped-events
SELECT id, kind FROM events GROUP BY id
