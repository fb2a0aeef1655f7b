-- name: insert
INSERT INTO entries (id, kind, name) VALUES (($1::text)::uuid, ($2::text)::kind, $3)

-- name: unnest
INSERT INTO entries (id, kind) SELECT x::uuid, 'leaf' FROM unnest($1::text[]) AS x

-- name: read
SELECT id FROM entries WHERE kind = ($1::text)::kind
