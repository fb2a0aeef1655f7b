ALTER TABLE notes RENAME TO pages;
ALTER TABLE pages RENAME COLUMN body TO text;
-- For v1, which may open a file that v2 has migrated.
CREATE VIEW notes AS SELECT id, text AS body FROM pages;
CREATE TRIGGER notes_insert INSTEAD OF INSERT ON notes
BEGIN
    INSERT INTO pages (text) VALUES (NEW.body);
END;
