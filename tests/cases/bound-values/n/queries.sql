-- name: optional
-- call: sqlx::query_as
-- declares: timestamptz, int8
SELECT id FROM a WHERE ($1 IS NULL OR at >= $1) AND id = $2

-- name: one-type-for-two-uses
-- call: sqlx::query_as
-- declares: int8
SELECT id FROM a WHERE id = $1 OR note = $1::text

-- name: not-unique
-- call: sqlx::query_scalar
-- declares: timestamptz, text
SELECT to_char($1, $2)

-- name: nothing
-- call: sqlx::query
-- declares: int4
SELECT 1 WHERE $1 IS NULL

-- name: polymorphic
-- call: sqlx::query
-- declares: int4
SELECT array_append(ARRAY[]::int[], $1), pg_typeof($1)

-- name: field
-- call: sqlx::query
-- declares: pair
SELECT ($1).a

-- name: wider
-- call: sqlx::query
-- declares: int4
SELECT id FROM a WHERE n = $1

-- name: note
-- call: sqlx::query
-- declares: text
SELECT id FROM a WHERE $1 IS NULL OR note = $1

-- name: at
-- call: sqlx::query
-- declares: timestamptz
SELECT id FROM a WHERE at >= $1

-- name: raw
-- call: tokio_postgres::query
SELECT id FROM a WHERE n = $1::int
