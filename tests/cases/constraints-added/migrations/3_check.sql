ALTER TABLE a ADD CONSTRAINT a_plan CHECK (plan IN ('free', 'paid'));
