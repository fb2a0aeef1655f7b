-- Reads all rows without blocking writers.
ALTER TABLE users VALIDATE CONSTRAINT users_full_name_not_null;
