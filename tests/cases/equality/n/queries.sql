-- name: group
SELECT count(*) FROM a GROUP BY d

-- name: group-list
SELECT count(*) FROM a GROUP BY l

-- name: group-row
SELECT count(*) FROM a GROUP BY p

-- name: distinct
-- call: sqlx::raw_sql
SELECT DISTINCT d FROM a

-- name: distinct-on
SELECT DISTINCT ON (d) id FROM a ORDER BY d

-- name: order
SELECT id FROM a ORDER BY d

-- name: union
SELECT id FROM a WHERE id IN (SELECT id FROM (SELECT id, d FROM a UNION SELECT id, d FROM a) u)

-- name: union-all
SELECT id FROM (SELECT id, d FROM a UNION ALL SELECT id, d FROM a) u

-- name: except-all
SELECT id FROM (SELECT id, d FROM a EXCEPT ALL SELECT id, d FROM a) u

-- name: partition
SELECT id, row_number() OVER (PARTITION BY d) FROM a

-- name: window-order
SELECT id, row_number() OVER (ORDER BY d) FROM a

-- name: count-distinct
SELECT count(DISTINCT d) FROM a

-- name: agg-order
SELECT array_agg(id ORDER BY d) FROM a

-- name: agg
SELECT count(d) FROM a

-- name: group-text
SELECT count(*) FROM a GROUP BY d::text

-- name: group-xid
SELECT count(*) FROM a GROUP BY x

-- name: group-id
SELECT id, d FROM a GROUP BY id
