-- name: base
SELECT x FROM base

-- name: child
SELECT x FROM child

-- name: own
SELECT x FROM own

-- name: child-id
SELECT id, y FROM child
