ALTER TABLE teams ADD COLUMN email text;
