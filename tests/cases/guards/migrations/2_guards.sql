DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'z') THEN
        ALTER TABLE a ADD COLUMN z text;
    END IF;
    IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'x') THEN
        ALTER TABLE a RENAME COLUMN x TO w;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN
        ALTER TABLE a DROP COLUMN y;
    END IF;
 END $$;
 DO $$ BEGIN CREATE TYPE mood AS ENUM ('ok'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
 DO $do$ BEGIN EXECUTE 'ALTER TABLE a ADD COLUMN v int'; END $do$;
 ALTER TABLE IF EXISTS nowhere DROP COLUMN y; ALTER TABLE a ADD COLUMN IF NOT EXISTS y int; CREATE TABLE IF NOT EXISTS a (other int);
