-- name: union
SELECT * FROM a UNION ALL SELECT * FROM b

-- name: except
SELECT * FROM a EXCEPT TABLE b

-- name: insert
INSERT INTO a SELECT * FROM b

-- name: in
SELECT id FROM a WHERE id IN (SELECT * FROM one)

-- name: scalar
SELECT (SELECT * FROM one LIMIT 1) FROM a

-- name: any
SELECT id FROM a WHERE id = ANY (SELECT o.* FROM one o)

-- name: row
SELECT id FROM a WHERE (id, x) IN (SELECT * FROM b)

-- name: exists
SELECT id FROM a WHERE EXISTS (SELECT * FROM one)

-- name: named
INSERT INTO a SELECT id, x FROM b

-- name: count
SELECT count(*) FROM b

-- name: reverse
INSERT INTO b SELECT * FROM a

-- name: union-named
SELECT id FROM a UNION SELECT id FROM one
