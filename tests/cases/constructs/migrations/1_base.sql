CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TYPE pair AS (a int, b text);
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text UNIQUE,
    tags text[] NOT NULL DEFAULT '{}',
    extra jsonb NOT NULL DEFAULT '{}',
    mood mood NOT NULL DEFAULT 'ok',
    p pair,
    during tstzrange,
    created timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    buyer bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    total numeric(10, 2) NOT NULL,
    placed date NOT NULL DEFAULT current_date,
    note varchar(80)
);
CREATE TABLE nodes (id int PRIMARY KEY, parent int REFERENCES nodes, label text);
CREATE FUNCTION active(since timestamptz DEFAULT now()) RETURNS SETOF users LANGUAGE sql STABLE AS 'SELECT * FROM users WHERE created < since';
CREATE FUNCTION split(text, OUT first text, OUT rest text) LANGUAGE sql AS $$ SELECT split_part($1, ' ', 1), split_part($1, ' ', 2) $$;
CREATE FUNCTION totals(VARIADIC numeric[]) RETURNS TABLE (n bigint, s numeric) LANGUAGE sql AS 'SELECT count(*), sum(x) FROM unnest($1) AS x';
