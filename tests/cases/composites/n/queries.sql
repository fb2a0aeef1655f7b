-- name: row
SELECT (ROW(1, 2)::pair).a

-- name: table-row
SELECT (ROW(1, 'x')::a).id

-- name: aliases
SELECT p FROM a AS t (p, q)

-- name: alias
SELECT p FROM a AS t (p)

-- name: field
SELECT ($1::pair).b

-- name: declared
-- call: sqlx::query
-- declares: pair
SELECT ($1).a

-- name: whole
SELECT a FROM a
