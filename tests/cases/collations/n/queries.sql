-- name: compare
SELECT id FROM a WHERE x < y

-- name: equal
SELECT id FROM a WHERE x = y

-- name: order
SELECT x FROM a UNION SELECT x FROM b ORDER BY 1

-- name: literal
SELECT id FROM a WHERE x = 'x'

-- name: explicit
SELECT id FROM a WHERE x < y COLLATE "C"
