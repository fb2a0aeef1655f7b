-- name: z
SELECT z, w, v FROM a

-- name: mood
SELECT 'ok'::mood
