-- Contract: release 3 no longer uses the old column.
DROP TRIGGER users_names_in_step ON users;
DROP FUNCTION users_names_in_step();
ALTER TABLE users ALTER COLUMN full_name SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_full_name_not_null;
ALTER TABLE users DROP COLUMN name;
