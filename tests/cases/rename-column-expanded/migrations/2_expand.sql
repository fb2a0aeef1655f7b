ALTER TABLE users ADD COLUMN full_name text;
UPDATE users SET full_name = name;
CREATE FUNCTION users_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.name IS DISTINCT FROM OLD.name THEN
        NEW.full_name := COALESCE(NEW.name, NEW.full_name);
    END IF;
    NEW.name := NEW.full_name;
    RETURN NEW;
END $$;
CREATE TRIGGER users_names BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION users_names();
