DROP TABLE sessions, old_logs;
