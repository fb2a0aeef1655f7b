-- name: columns
SELECT column_name FROM information_schema.columns WHERE table_name = 'a'

-- name: class
SELECT relname FROM pg_class WHERE oid = 'a'::regclass

-- name: activity
SELECT pid, query FROM pg_stat_activity WHERE datname = current_database()

-- name: settings
SELECT current_setting('server_version'), version(), now(), current_user

-- name: system-columns
SELECT ctid, xmin, tableoid::regclass, id FROM a

-- name: lock
SELECT pg_try_advisory_xact_lock($1)

-- name: series
SELECT n, n::text || 'x' FROM generate_series(1, 10) AS g (n)

-- name: json
SELECT j.key, j.value FROM jsonb_each_text($1) AS j

-- name: gone
SELECT pg_get_serial_sequence('a', 'id'), x FROM a
