CREATE TABLE a (id bigint PRIMARY KEY, total int, note text); CREATE TABLE log (a_id bigint, total int);
 CREATE FUNCTION log_a() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log (a_id, total) VALUES (NEW.id, NEW.total); RETURN NEW; END $$;
 CREATE TRIGGER log_a AFTER INSERT OR UPDATE OF total ON a FOR EACH ROW EXECUTE FUNCTION log_a();
 CREATE FUNCTION sum_a() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT sum(total) FROM a); END $$;
 CREATE FUNCTION max_a() RETURNS int LANGUAGE sql AS 'SELECT max(total) FROM a';
 CREATE FUNCTION count_a() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM a';
 CREATE FUNCTION atomic_a() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(total) FROM a; END;
