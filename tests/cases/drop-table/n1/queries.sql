-- name: read-events
SELECT id, kind FROM event_log WHERE id = $1
