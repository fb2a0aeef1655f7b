-- name: gone
SELECT gone(id) FROM t

-- name: renamed
SELECT renamed(id) FROM t

-- name: retyped
SELECT retyped(id) FROM t

-- name: widened
SELECT widened(id) FROM t

-- name: named
SELECT widened(a => id) FROM t

-- name: from
SELECT * FROM gone(1)

-- name: unknown-argument
SELECT overloaded('1')

-- name: preferred
SELECT preferred('1')

-- name: typed-argument
SELECT overloaded(id) FROM t

-- name: call
CALL job(1)

-- name: aggregate
SELECT total(id) FROM t

-- name: in-default
INSERT INTO t VALUES (gone(1))
