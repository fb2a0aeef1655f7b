-- name: read
SELECT id, name FROM users WHERE id = $1

-- name: filter
SELECT id FROM users WHERE lower(name) = $1

-- name: order
SELECT id FROM users ORDER BY name

-- name: update
UPDATE users SET name = $2 WHERE id = $1

-- name: insert
INSERT INTO users (id, name) VALUES ($1, $2)

-- name: returning
DELETE FROM users WHERE id = $1 RETURNING users.name

-- name: subquery
SELECT id FROM pets WHERE owner IN (SELECT id FROM users WHERE users.name = $1)

-- name: excluded
INSERT INTO users AS u VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET email = excluded.name

-- name: join
SELECT p.name FROM pets p JOIN users u ON u.id = p.owner AND u.name <> p.name

-- name: merge
MERGE INTO users u USING pets p ON u.id = p.owner WHEN MATCHED THEN UPDATE SET email = u.name

-- name: other-columns
SELECT id, email FROM users WHERE id = $1

-- name: same-name-elsewhere
SELECT name FROM pets WHERE owner = $1

-- name: outer-name
SELECT id, (SELECT name FROM pets WHERE owner = users.id LIMIT 1) AS name FROM users ORDER BY name

-- name: captured-by-outer
SELECT (SELECT count(*) FROM users u WHERE name = 'x') FROM pets

-- name: cte-column
WITH users AS (SELECT id, owner, name FROM pets) SELECT name FROM users

-- name: own-alias
SELECT u.name FROM (SELECT id, email AS name FROM users) u
