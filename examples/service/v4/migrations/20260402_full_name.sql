-- Expand: the new column beside the old one, kept in step by a trigger until no release uses the old one.
ALTER TABLE users ADD COLUMN full_name text;

CREATE FUNCTION users_names_in_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.name := coalesce(NEW.name, NEW.full_name);
        NEW.full_name := coalesce(NEW.full_name, NEW.name);
    ELSIF NEW.name IS DISTINCT FROM OLD.name THEN
        NEW.full_name := NEW.name;
    ELSE
        NEW.name := NEW.full_name;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER users_names_in_step BEFORE INSERT OR UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION users_names_in_step();

UPDATE users SET full_name = name;

ALTER TABLE users ADD CONSTRAINT users_full_name_not_null CHECK (full_name IS NOT NULL) NOT VALID;
