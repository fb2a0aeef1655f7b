-- name: x
SELECT x FROM a

-- name: y
SELECT lower(y) FROM a
