DROP TRIGGER tasks_done;
ALTER TABLE tasks DROP COLUMN done_at;
