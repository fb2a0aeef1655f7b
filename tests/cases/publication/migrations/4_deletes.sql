ALTER TABLE a REPLICA IDENTITY NOTHING; ALTER PUBLICATION case_changes SET (publish = 'insert, delete');
