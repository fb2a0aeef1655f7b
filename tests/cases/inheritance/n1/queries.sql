-- name: child-z
SELECT z FROM child

-- name: own-z
SELECT z FROM own
