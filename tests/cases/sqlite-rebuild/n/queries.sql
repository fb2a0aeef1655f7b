-- name: y
SELECT y FROM a

-- name: positional
INSERT INTO a VALUES (?, ?, ?)

-- name: insert
INSERT INTO a (x) VALUES (?)

-- name: upsert
INSERT INTO a (x) VALUES (?) ON CONFLICT (x) DO NOTHING

-- name: id-upsert
INSERT INTO a (id, x) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET x = excluded.x

-- name: read
SELECT x FROM a WHERE id = ?
