ALTER TABLE a DROP CONSTRAINT a_slug_key; CREATE UNIQUE INDEX a_slug_key ON a (slug);
