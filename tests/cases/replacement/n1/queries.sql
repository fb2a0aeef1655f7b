-- name: a
SELECT full_name FROM a

-- name: b
SELECT full_name FROM b

-- name: c
SELECT full_name FROM c
