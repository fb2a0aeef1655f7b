-- name: operator
SELECT id FROM a WHERE x % $1

-- name: function
SELECT similarity(x, 'x') FROM a

-- name: type
SELECT id FROM a WHERE x::citext = 'X'

-- name: plain
SELECT id FROM a WHERE x ILIKE 'x%'
