-- name: using
SELECT x FROM a JOIN b ON b.a_id = a.id JOIN c USING (k)

-- name: on
SELECT x FROM a JOIN b ON b.a_id = a.id JOIN c ON c.k = a.k

-- name: merged
SELECT k FROM a JOIN c USING (k)

-- name: full
SELECT k FROM a FULL JOIN c USING (k)
