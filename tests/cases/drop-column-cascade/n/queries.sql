-- name: view
SELECT id FROM contacts

-- name: other-view
SELECT id FROM ids

-- name: by-position
INSERT INTO users VALUES ($1, $2, $3)

-- name: fewer-values
INSERT INTO users VALUES ($1, $2)

-- name: whole-row
SELECT (u).name FROM users u

-- name: star
SELECT u.* FROM users u
