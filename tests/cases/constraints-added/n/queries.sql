-- name: email
INSERT INTO a (email) VALUES ($1)

-- name: email-null
INSERT INTO a (email) VALUES (NULL)

-- name: email-conflict
INSERT INTO a (email) VALUES ($1) ON CONFLICT DO NOTHING

-- name: note-only
INSERT INTO a (note) VALUES ('n')

-- name: plan
-- sends: gold
INSERT INTO a (plan) VALUES ($1)

-- name: plan-good
INSERT INTO a (plan) VALUES ('paid')

-- name: plan-bad
INSERT INTO a (plan) VALUES ('gold')

-- name: plan-update
-- sends: gold
UPDATE a SET plan = $1

-- name: plan-update-bad
UPDATE a SET plan = 'gold'

-- name: parent
-- sends: 77
INSERT INTO a (parent_id) VALUES ($1)

-- name: parent-null
INSERT INTO a (parent_id) VALUES (NULL)

-- name: parent-delete
DELETE FROM parent WHERE id = $1

-- name: parent-code
UPDATE parent SET code = $1

-- name: span
INSERT INTO a (span) VALUES ($1)

-- name: email-update
UPDATE a SET email = email WHERE id = $1

-- name: note-update
UPDATE a SET email = NULL WHERE note = 'old'

-- name: owner-delete
DELETE FROM owner WHERE id = $1

-- name: made-by-trigger
INSERT INTO made (id) VALUES ($1)
