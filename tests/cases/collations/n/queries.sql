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

-- name: lower
SELECT id FROM a WHERE lower(x) = lower(y)

-- name: concat
SELECT x || y AS z FROM a

-- name: union-all
SELECT x FROM a UNION ALL SELECT x FROM b

-- name: like
SELECT id FROM a WHERE x LIKE y || '%'

-- name: coalesce
SELECT id FROM a WHERE COALESCE(x COLLATE "C", y) = y

-- name: in-list
SELECT id FROM a WHERE x IN ('a', y)

-- name: join
SELECT a.id FROM a JOIN b USING (x)

-- name: other-literal
SELECT id FROM a WHERE y = 'x' AND x = 'y'
