-- name: variable
SELECT by_limit(1)

-- name: qualified
SELECT qualified(1)

-- name: sql-set
SELECT id FROM all_a()

-- name: plpgsql-set
SELECT id FROM all_b()

-- name: star-set
SELECT id FROM all_c()
