CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, total int NOT NULL DEFAULT 0, at timestamptz);
CREATE TABLE audit (id bigserial PRIMARY KEY, user_id int NOT NULL, what text NOT NULL, extra text);
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users (id) ON DELETE CASCADE, amount int NOT NULL);
CREATE TABLE quiet (id int PRIMARY KEY, note text);
CREATE FUNCTION good() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (user_id, what) VALUES (NEW.id, TG_OP); RETURN NEW; END $$;
CREATE FUNCTION bad_column() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (user_id, what, gone) VALUES (NEW.user_id, 'x', 1); RETURN NEW; END $$;
CREATE FUNCTION bad_field() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN PERFORM OLD.missing; RETURN OLD; END IF; RETURN NEW; END $$;
CREATE FUNCTION perhaps_bad() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.note IS NOT NULL THEN DELETE FROM nowhere; END IF; RETURN NEW; END $$;
CREATE FUNCTION caught() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN BEGIN DELETE FROM nowhere; EXCEPTION WHEN undefined_table THEN NULL; END; RETURN NEW; END $$;
CREATE FUNCTION dynamic() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('NOTIFY %I', TG_TABLE_NAME); RETURN NEW; END $$;
CREATE TRIGGER t_good AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION good();
CREATE TRIGGER t_bad AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION bad_column();
CREATE TRIGGER t_field AFTER UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION bad_field();
CREATE TRIGGER t_perhaps BEFORE INSERT ON quiet FOR EACH ROW EXECUTE FUNCTION perhaps_bad();
CREATE TRIGGER t_caught BEFORE UPDATE OF note ON quiet FOR EACH ROW EXECUTE FUNCTION caught();
CREATE TRIGGER t_dynamic AFTER DELETE ON quiet FOR EACH ROW EXECUTE FUNCTION dynamic();
SET check_function_bodies = off;
CREATE FUNCTION stale(u int) RETURNS text LANGUAGE sql AS 'SELECT nme FROM users WHERE id = u';
CREATE FUNCTION fine(u int) RETURNS text LANGUAGE sql AS 'SELECT name FROM users WHERE id = u AND total > $1';
CREATE FUNCTION short(u int) RETURNS TABLE (a int, b text) LANGUAGE sql AS 'SELECT id FROM users';
CREATE FUNCTION all_users() RETURNS SETOF users LANGUAGE sql AS 'SELECT * FROM users';
CREATE FUNCTION three_of_users() RETURNS SETOF users LANGUAGE sql AS 'SELECT id, name, total FROM users';
CREATE FUNCTION clash(name text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT id FROM users WHERE name = name); END $$;
CREATE FUNCTION use_column(name text) RETURNS int LANGUAGE plpgsql AS $$ #variable_conflict use_column
BEGIN RETURN (SELECT id FROM users WHERE name = name); END $$;
CREATE FUNCTION table_clash() RETURNS TABLE (id int) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT id FROM users; END $$;
CREATE FUNCTION typed() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x users.total%TYPE; y users%ROWTYPE; r record; BEGIN SELECT total INTO x FROM users; SELECT * INTO y FROM users; y.name := 'z'; FOR r IN SELECT id AS k FROM users LOOP x := x + r.k; END LOOP; FOR i IN 1..3 LOOP x := x + i; END LOOP; RETURN x + y.total; END $$;
CREATE FUNCTION bad_type() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x users.gone%TYPE; BEGIN RETURN 1; END $$;
CREATE FUNCTION temp_table() RETURNS int LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE scratch (a int); INSERT INTO scratch VALUES (1); RETURN (SELECT a FROM scratch); END $$;
CREATE FUNCTION literal_text() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM nowhere'; END $$;
CREATE FUNCTION nested() RETURNS text LANGUAGE sql AS 'SELECT stale(1)';
CREATE FUNCTION loops(n int) RETURNS int LANGUAGE sql AS 'SELECT loops(n - 1)';
CREATE PROCEDURE run(x int) LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET total = nope WHERE id = x; END $$;
CREATE PROCEDURE run_well(x int) LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET total = x WHERE id = x; END $$;
CREATE MATERIALIZED VIEW totals AS SELECT id, total FROM users;
CREATE UNIQUE INDEX totals_id ON totals (id);
CREATE MATERIALIZED VIEW without_index AS SELECT id FROM users;
CREATE FUNCTION refresh_well() RETURNS void LANGUAGE sql AS 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals';
CREATE FUNCTION refresh_missing() RETURNS void LANGUAGE sql AS 'REFRESH MATERIALIZED VIEW gone';
CREATE FUNCTION refresh_apart() RETURNS void LANGUAGE plpgsql AS $$ BEGIN REFRESH MATERIALIZED VIEW CONCURRENTLY without_index; END $$;
CREATE FUNCTION refresh_text() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'REFRESH MATERIALIZED VIEW gone'; END $$;
CREATE TABLE watched (id int PRIMARY KEY);
CREATE RULE also AS ON INSERT TO watched DO ALSO INSERT INTO audit (user_id, what) VALUES (1, 'w');
CREATE RULE never AS ON DELETE TO watched WHERE OLD.id = 1 DO INSTEAD NOTHING;
CREATE TABLE by_routine (id int PRIMARY KEY, code text DEFAULT stale(1));
----

INSERT INTO users (id, name) VALUES (1, 'x')

INSERT INTO orders (id, user_id, amount) VALUES (1, 1, 1)
--          ^^^^^^ error: routine-broken 42703 trigger `t_bad` of `orders` is broken: column `gone` of `audit` does not exist

UPDATE orders SET amount = 1

DELETE FROM orders
--          ^^^^^^ error: routine-broken 42703 trigger `t_field` of `orders` is broken: record `old` has no field `missing`

DELETE FROM users
--          ^^^^^ perhaps: routine-broken 42703 trigger `t_field` of `orders` is broken: record `old` has no field `missing`

INSERT INTO quiet (id) VALUES (1)
--          ^^^^^ perhaps: routine-broken 42P01 trigger `t_perhaps` of `quiet` is broken: relation `nowhere` does not exist

UPDATE quiet SET note = 'x'

UPDATE quiet SET id = 2

DELETE FROM quiet
--          ^^^^^ unknown: in trigger `t_dynamic` of `quiet`: it runs text that is only known at run time

SELECT stale(1)
--     ^^^^^^^ stale text
--     ^^^^^ error: routine-broken 42703 function `stale` is broken: column `nme` does not exist

SELECT fine(1)
--     ^^^^^^ fine text

SELECT * FROM short(1)
--     ^ a integer
--     ^ b text
--            ^^^^^ error: routine-broken 42P13 function `short` is broken: the last statement returns 1 columns, the function 2

SELECT id FROM all_users()
--     ^^ id integer

SELECT id FROM three_of_users()
--     ^^ id integer
--             ^^^^^^^^^^^^^^ error: routine-broken 42P13 function `three_of_users` is broken: the last statement returns 3 columns, the function 4

SELECT clash('x')
--     ^^^^^^^^^ clash integer
--     ^^^^^ error: routine-broken 42702 function `clash` is broken: `name` could be a variable of the routine or a column of a table

SELECT use_column('x')
--     ^^^^^^^^^^^^^^ use_column integer

SELECT * FROM table_clash()
--     ^ id integer
--            ^^^^^^^^^^^ error: routine-broken 42702 function `table_clash` is broken: `id` could be a variable of the routine or a column of a table

SELECT typed()
--     ^^^^^ typed integer

SELECT bad_type()
--     ^^^^^^^^ bad_type integer
--     ^^^^^^^^ error: routine-broken 42703 function `bad_type` is broken: column `gone` of relation `users` does not exist

SELECT temp_table()
--     ^^^^^^^^^^ temp_table integer

SELECT literal_text()
--     ^^^^^^^^^^^^ literal_text void
--     ^^^^^^^^^^^^ error: routine-broken 42P01 function `literal_text` is broken: relation `nowhere` does not exist

SELECT nested()
--     ^^^^^^ nested text
--     ^^^^^^ error: routine-broken 42703 function `nested` is broken: function `stale` is broken: column `nme` does not exist

SELECT loops(1)
--     ^^^^^^^ loops integer

SELECT name FROM users WHERE id = (SELECT length(stale(2)))
--     ^^^^ name text not null
--                                               ^^^^^ error: routine-broken 42703 function `stale` is broken: column `nme` does not exist

CALL run(1)
--   ^^^ error: routine-broken 42703 function `run` is broken: column `nope` does not exist

CALL run_well($1)
-- $1 integer, more columns

CALL run('x', 2)
--   ^^^ error: missing-function 42883 procedure `run` does not exist for these arguments

SELECT refresh_well()
--     ^^^^^^^^^^^^ refresh_well void

SELECT refresh_missing()
--     ^^^^^^^^^^^^^^^ refresh_missing void
--     ^^^^^^^^^^^^^^^ error: routine-broken 42P01 function `refresh_missing` is broken: relation `gone` does not exist

SELECT refresh_apart()
--     ^^^^^^^^^^^^^ refresh_apart void
--     ^^^^^^^^^^^^^ error: routine-broken 55000 function `refresh_apart` is broken: cannot refresh materialized view `without_index` concurrently

SELECT refresh_text()
--     ^^^^^^^^^^^^ refresh_text void
--     ^^^^^^^^^^^^ error: routine-broken 42P01 function `refresh_text` is broken: relation `gone` does not exist

WITH x AS (INSERT INTO watched (id) VALUES (1) RETURNING id) SELECT id FROM x
--                     ^^^^^^^ error: operation-refused 0A000 rules of `watched` make 2 queries of one, which cannot be in `WITH`
--                                                                  ^^ id integer not null

WITH x AS (SELECT 1 AS id) INSERT INTO watched (id) SELECT id FROM x
--                                     ^^^^^^^ error: operation-refused 0A000 rules of `watched` make 2 queries of one, which cannot have `WITH`

WITH x AS (DELETE FROM watched) SELECT 1
--                                     ^ ?column? integer not null

WITH x AS (SELECT 1 AS id) DELETE FROM watched USING x WHERE watched.id = x.id

DELETE FROM watched RETURNING id
--          ^^^^^^^ error: operation-refused 0A000 rule `never` of `watched` returns nothing for `RETURNING`
--                            ^^ id integer not null

MERGE INTO watched USING users ON users.id = watched.id WHEN MATCHED THEN DELETE
--         ^^^^^^^ error: operation-refused 0A000 `MERGE` cannot be used on `watched`, which has rule `also`

INSERT INTO orders (id, user_id, amount) VALUES (1, 1, 1) ON CONFLICT (id) DO NOTHING
--          ^^^^^^ perhaps: routine-broken 42703 trigger `t_bad` of `orders` is broken: column `gone` of `audit` does not exist

INSERT INTO by_routine (id) VALUES (1)
--          ^^^^^^^^^^ error: routine-broken 42703 function `stale` is broken: column `nme` does not exist

INSERT INTO by_routine (id, code) VALUES (1, 'x')

INSERT INTO by_routine (id) VALUES (1) RETURNING code
--          ^^^^^^^^^^ error: routine-broken 42703 function `stale` is broken: column `nme` does not exist
--                                               ^^^^ code text null
