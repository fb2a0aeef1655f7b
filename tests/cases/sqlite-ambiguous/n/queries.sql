-- name: join
SELECT x FROM a JOIN b ON a_id = a.id

-- name: qualified
SELECT a.x FROM a JOIN b ON a_id = a.id

-- name: union
SELECT * FROM a UNION SELECT * FROM b
