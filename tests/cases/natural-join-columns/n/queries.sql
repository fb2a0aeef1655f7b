-- name: natural
SELECT x, y FROM a NATURAL JOIN b

-- name: natural-derived
SELECT x FROM a NATURAL JOIN (SELECT id, y FROM b) s

-- name: using
SELECT x, y FROM a JOIN b USING (id)
