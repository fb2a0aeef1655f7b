-- # guards that look before they leap
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN
        CREATE TYPE mood AS ENUM ('ok');
    END IF;
    IF NOT EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE typname = 'mood' AND nspname = 'public') THEN
        CREATE TYPE mood AS ENUM ('wrong');
    END IF;
    IF to_regclass('public.t') IS NULL AND to_regtype('mood') IS NOT NULL THEN
        CREATE TABLE t (m mood);
    END IF;
    IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a') THEN
        ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0;
    END IF;
    IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a' AND is_nullable = 'NO') THEN
        ALTER TABLE t ALTER a DROP NOT NULL;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 't_a_positive' AND conrelid = 't'::regclass) THEN
        ALTER TABLE t ADD CONSTRAINT t_a_positive CHECK (a > 0);
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 't_a' AND c.relkind = 'i' AND n.nspname = current_schema()) THEN
        CREATE INDEX t_a ON t (a);
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE schemaname = 'public' AND tablename = 't' AND indexname = 't_a') THEN
        CREATE INDEX t_a_again ON t (a);
    ELSIF (SELECT count(*) FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = 'mood' AND e.enumlabel = 'bad') = 0 THEN
        ALTER TABLE t ADD COLUMN b int;
    END IF;
END $$;
--> table t
-->   m mood
-->   a integer default
-->   b integer
-->   t_a_positive (a) check
-->   index t_a (a)
--> enum mood: ok

-- # errors that are caught
CREATE TABLE t (a int);
CREATE TYPE mood AS ENUM ('ok');
DO $$ BEGIN
    ALTER TABLE t ADD COLUMN b int;
    CREATE TYPE mood AS ENUM ('wrong');
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
DO $$ BEGIN
    ALTER TABLE t ADD COLUMN a int;
EXCEPTION WHEN duplicate_column THEN RAISE NOTICE 'there';
END $$;
DO $$ BEGIN
    BEGIN
        DROP TABLE nosuch;
    EXCEPTION WHEN OTHERS THEN
        ALTER TABLE t ADD COLUMN c int;
    END;
    ALTER TABLE t ADD COLUMN d int;
END $$;
--> table t
-->   a integer
-->   c integer
-->   d integer
--> enum mood: ok

-- # errors that are not caught
CREATE TABLE t (a int);
DO $$ BEGIN
    ALTER TABLE t ADD COLUMN a int;
EXCEPTION WHEN duplicate_table THEN NULL;
END $$;
--> ! 3: 42701 column `a` of relation `t` already exists
--> table t
-->   a integer

-- # raised errors
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 'needed') THEN
        RAISE EXCEPTION 'needed is missing';
    END IF;
END $$;
--> ! 3: P0001 an exception is raised

-- # computed statements
CREATE TABLE a (x int);
CREATE TABLE b (x int);
CREATE TABLE "C d" (x int);
DO $$
DECLARE
    r record;
    name text;
    names text[] := ARRAY['a', 'b'];
    columns constant text := 'y int';
BEGIN
    FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN z int', r.tablename);
    END LOOP;
    FOREACH name IN ARRAY names LOOP
        EXECUTE 'ALTER TABLE ' || quote_ident(name) || ' ADD COLUMN ' || columns;
    END LOOP;
    FOR i IN 1..2 LOOP
        EXECUTE 'CREATE TABLE n' || i || ' (x int)';
    END LOOP;
    FOR name IN SELECT conname FROM pg_constraint WHERE contype = 'x' LOOP
        EXECUTE 'DROP TABLE a';
    END LOOP;
    SELECT string_agg(format('DROP TABLE %I', tablename), '; ' ORDER BY tablename) INTO name FROM pg_tables WHERE tablename LIKE 'n_';
    EXECUTE name;
END $$;
--> table C d
-->   x integer
-->   z integer
--> table a
-->   x integer
-->   z integer
-->   y integer
--> table b
-->   x integer
-->   z integer
-->   y integer

-- # helper functions
CREATE FUNCTION manage(_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER set_updated_at BEFORE UPDATE ON %s FOR EACH ROW EXECUTE PROCEDURE set_updated_at()', _table);
END $$;
CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (a int);
SELECT manage('t');
CREATE FUNCTION add_audit(name text, extra text DEFAULT 'by') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'ALTER TABLE ' || name || ' ADD COLUMN created_' || extra || ' text';
    PERFORM add_index(name);
END $$;
CREATE FUNCTION add_index(text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE INDEX ON ' || $1 || ' (a)'; END $$;
SELECT add_audit('t', 'at');
--> table t
-->   a integer
-->   created_at text
-->   index t_a_idx (a)
-->   trigger set_updated_at calls set_updated_at
--> routine manage(regclass): void
--> routine set_updated_at(): trigger
--> routine add_audit(text, text): void
--> routine add_index(text): void

-- # what depends on rows
CREATE TABLE t (a int);
CREATE TABLE u (a int);
INSERT INTO u VALUES (1);
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM u WHERE a = 2) THEN
        ALTER TABLE t ADD COLUMN b int;
    END IF;
END $$;
--> table t
-->   a integer
--> table u
-->   a integer
--> cloud t

-- # loops over rows
CREATE TABLE t (a int);
CREATE TABLE u (a int);
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a FROM u LOOP
        UPDATE t SET a = r.a;
    END LOOP;
END $$;
--> table t
-->   a integer
--> table u
-->   a integer

-- # names that are partly known
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE TABLE log_1 (a int);
CREATE INDEX t_old_a ON t (a);
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT a FROM u LOOP
        EXECUTE format('ALTER TABLE log_%s ADD COLUMN b int', r.a);
        EXECUTE 'DROP INDEX IF EXISTS t_old_' || r.a;
    END LOOP;
END $$;
--> table log_1
-->   a integer
--> table t
-->   a integer
-->   index t_old_a (a)
--> table u
-->   a integer
--> cloud log_1
--> cloud t

-- # constraints by their text
CREATE TABLE t (a int, b int, UNIQUE (a, b), UNIQUE (b));
DO $$ DECLARE name text; BEGIN
    SELECT conname INTO name FROM pg_constraint
    WHERE conrelid = 't'::regclass AND contype = 'u' AND pg_get_constraintdef(oid) LIKE 'UNIQUE (a, b)%';
    IF name IS NOT NULL THEN
        EXECUTE format('ALTER TABLE t DROP CONSTRAINT %I', name);
    END IF;
END $$;
--> table t
-->   a integer
-->   b integer
-->   t_b_key (b) unique
