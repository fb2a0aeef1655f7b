-- name: v
SELECT x FROM v

-- name: v-id
SELECT id FROM v

-- name: v-insert
INSERT INTO v (id) VALUES ($1)

-- name: v-lock
SELECT id FROM v FOR UPDATE

-- name: w
SELECT id FROM w

-- name: s
SELECT id FROM s

-- name: ok
SELECT key, x FROM ok

-- name: ok-update
UPDATE ok SET x = $1 WHERE key = $2
