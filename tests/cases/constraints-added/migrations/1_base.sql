CREATE TABLE owner (id bigint PRIMARY KEY); CREATE TABLE child (id bigint, owner_id bigint REFERENCES owner);
CREATE TABLE parent (id bigint PRIMARY KEY, code text UNIQUE); CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text, plan text DEFAULT 'free', parent_id bigint, span int4range, note text);
INSERT INTO a (email, plan, parent_id, note) VALUES ('x', 'old', 7, 'n');
CREATE TABLE made (id bigint, slug text);
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.slug := 'x'; RETURN NEW; END $$;
CREATE TRIGGER fill BEFORE INSERT ON made FOR EACH ROW EXECUTE FUNCTION fill();
