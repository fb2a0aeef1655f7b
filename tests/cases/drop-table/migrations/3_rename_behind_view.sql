ALTER TABLE events RENAME TO event_log;
CREATE VIEW events AS SELECT id, kind FROM event_log;
