ALTER TABLE a ADD COLUMN full_name text; UPDATE a SET full_name = name;
ALTER TABLE b ADD COLUMN full_name text; UPDATE b SET full_name = upper(b.name);
CREATE FUNCTION in_step() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.full_name := NEW.name; RETURN NEW; END';
CREATE TRIGGER in_step BEFORE INSERT OR UPDATE ON b FOR EACH ROW EXECUTE FUNCTION in_step();
ALTER TABLE c ADD COLUMN full_name text GENERATED ALWAYS AS (name) STORED;
