-- name: cast
SELECT $1::mood

-- name: column
SELECT m FROM t

-- name: array
SELECT id FROM t WHERE m = ANY ($1::mood[])

-- name: row
SELECT (ROW(1, 2)::pair).a

-- name: literal
SELECT id FROM t WHERE m = 'ok'

-- name: domain
SELECT c::code FROM t

-- name: declares
-- declares: mood
SELECT id FROM t WHERE m = $1

-- name: undeclared
-- call: tokio_postgres::prepare_cached
SELECT id FROM t WHERE m = $1
