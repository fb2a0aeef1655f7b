ALTER TABLE entries ADD COLUMN owner text;
UPDATE entries SET owner = name;
ALTER TABLE entries ALTER COLUMN owner SET NOT NULL;
