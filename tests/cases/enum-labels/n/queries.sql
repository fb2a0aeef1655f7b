-- name: filter
SELECT id FROM a WHERE m = 'sad'

-- name: insert
INSERT INTO a (id, m) VALUES ($1, 'sad')

-- name: cast
SELECT 'sad'::mood

-- name: in
UPDATE a SET m = 'ok' WHERE m IN ('ok', 'sad')

-- name: array
SELECT id FROM a WHERE m = ANY ('{ok,sad}')

-- name: case
SELECT CASE WHEN m = 'ok' THEN 'sad' ELSE note END FROM a

-- name: text
SELECT id FROM a WHERE m::text = 'sad' OR note = 'sad'

-- name: parameter
SELECT id FROM a WHERE m = $1

-- name: star
SELECT * FROM a

-- name: other
SELECT id FROM a WHERE m <> 'ok'

-- name: array-quoted
SELECT id FROM a WHERE m = ANY ('{"ok", NULL}')
