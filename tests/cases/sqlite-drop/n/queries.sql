-- name: b
SELECT id FROM b

-- name: v
SELECT id FROM v

-- name: upsert
INSERT INTO a (x) VALUES (?) ON CONFLICT (x) DO NOTHING

-- name: y
UPDATE a SET y = ?

-- name: indexed
SELECT id FROM a INDEXED BY a_x WHERE x = ?

-- name: read
SELECT id, x FROM a

-- name: any
INSERT INTO a (x) VALUES (?) ON CONFLICT DO NOTHING

-- name: quoted
SELECT "y" FROM a
