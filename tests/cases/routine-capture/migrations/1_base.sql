CREATE TABLE a (id bigint PRIMARY KEY, x text); CREATE TABLE wide (id bigint, x text);
 CREATE FUNCTION by_limit(n int) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE cutoff int := n; BEGIN RETURN (SELECT count(*) FROM a WHERE id < cutoff); END $$;
 CREATE FUNCTION qualified(n int) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE cutoff int := n; BEGIN RETURN (SELECT count(*) FROM a WHERE a.id < qualified.n); END $$;
 CREATE FUNCTION all_a() RETURNS SETOF wide LANGUAGE sql AS 'SELECT id, x FROM a';
 CREATE FUNCTION all_b() RETURNS SETOF wide LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT id, x FROM a; END $$;
 CREATE FUNCTION all_c() RETURNS SETOF wide LANGUAGE sql AS 'SELECT * FROM wide';
