INSERT INTO a (email, note) VALUES ('z', 'old'); ALTER TABLE a ADD CONSTRAINT a_note CHECK (length(note) < 3) NOT VALID;
