-- name: natural
SELECT id FROM a NATURAL JOIN b

-- name: using
SELECT id FROM a JOIN b USING (id)
