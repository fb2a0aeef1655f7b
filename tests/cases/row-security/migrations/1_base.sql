DO $$ BEGIN CREATE ROLE case_app; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
 CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY, tenant text); CREATE TABLE c (id bigint PRIMARY KEY); GRANT ALL ON a, b, c TO case_app;
