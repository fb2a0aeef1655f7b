-- name: a
SELECT id FROM a

-- name: b
SELECT id FROM app.b
