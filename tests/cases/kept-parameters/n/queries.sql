-- name: mood
-- call: tokio_postgres::prepare_cached
SELECT id FROM a WHERE m = $1

-- name: mood-fresh
-- call: tokio_postgres::query
SELECT id FROM a WHERE m = $1

-- name: number
-- call: tokio_postgres::prepare_cached
SELECT id FROM a WHERE n = $1

-- name: document
-- call: tokio_postgres::prepare_cached
UPDATE a SET d = $1
