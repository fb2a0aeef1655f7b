-- name: read
SELECT id, name FROM users WHERE id = ?

-- name: insert
INSERT INTO users (name) VALUES (?)

-- name: update
UPDATE users SET name = ?

-- name: other
SELECT id, email FROM users

-- name: rowid
SELECT rowid, email FROM users

-- name: star
SELECT * FROM users

-- name: returning
DELETE FROM users RETURNING name

-- name: case-differs
SELECT ID, Email FROM USERS
