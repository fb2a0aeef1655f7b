-- name: f
SELECT f()

-- name: g
SELECT g()
