-- name: by-key
SELECT id, x, count(*) FROM a JOIN b ON a_id = id GROUP BY a.id

-- name: by-all
SELECT id, x, count(*) FROM a JOIN b ON a_id = id GROUP BY id, x

-- name: having
SELECT id FROM a GROUP BY id HAVING x <> ''

-- name: alias
SELECT n + 1 AS total FROM b GROUP BY total

-- name: alias-ordinal
SELECT n + 1 AS total FROM b GROUP BY 1

-- name: order
SELECT n AS total FROM b ORDER BY total

-- name: distinct
SELECT DISTINCT ON (id) id, x FROM a
