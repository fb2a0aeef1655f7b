-- name: readded
SELECT x FROM a

-- name: positional
INSERT INTO p VALUES ($1, $2)

-- name: overload
SELECT f(1)
