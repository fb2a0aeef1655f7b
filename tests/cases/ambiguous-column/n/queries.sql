-- name: select
SELECT email FROM users JOIN teams ON lead = users.id

-- name: where
SELECT users.id FROM users, teams WHERE lead = users.id AND email = $1

-- name: update-from
UPDATE users SET name = email FROM teams WHERE lead = users.id

-- name: group
SELECT count(*) FROM users JOIN teams ON lead = users.id GROUP BY email

-- name: returning
DELETE FROM users USING teams WHERE lead = users.id RETURNING email

-- name: qualified
SELECT users.email FROM users JOIN teams ON lead = users.id

-- name: target
UPDATE users SET email = $1 FROM teams WHERE lead = users.id

-- name: order-output
SELECT users.email FROM users JOIN teams ON lead = users.id ORDER BY email

-- name: inner
SELECT id FROM teams WHERE lead IN (SELECT id FROM users WHERE email = $1)

-- name: aliased-columns
SELECT mail FROM users AS u (id, name, mail) JOIN teams ON lead = u.id
