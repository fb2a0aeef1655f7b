-- name: next
SELECT nextval('s')

-- name: regclass
SELECT setval('a_id_seq'::regclass, 7)

-- name: last
SELECT last_value FROM s
