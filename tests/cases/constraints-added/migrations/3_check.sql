ALTER TABLE a ADD CONSTRAINT a_plan CHECK (plan IN ('free', 'paid'));
ALTER TABLE made ADD CONSTRAINT made_slug CHECK (slug IS NOT NULL);
