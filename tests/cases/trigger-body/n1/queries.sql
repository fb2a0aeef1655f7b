-- name: update
UPDATE a SET amount = $1
