CREATE SCHEMA app;
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40) NOT NULL, email text, born date, address text COLLATE "C");
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users (id), title text NOT NULL, body text);
CREATE TABLE app.users (id int PRIMARY KEY, level int NOT NULL);
CREATE TABLE "Mixed" ("Id" int NOT NULL, "select" text);
CREATE TYPE point3 AS (x int, y int, z numeric(8,2));
CREATE TABLE shapes (id int NOT NULL, origin point3, corners point3[], tags text[] NOT NULL, attributes jsonb);
CREATE VIEW authors AS SELECT u.id, u.name, count(*) AS posts FROM users u JOIN posts p ON p.author = u.id GROUP BY u.id;
----

SELECT id, name, email FROM users
--     ^^ id bigint not null
--         ^^^^ name character varying(40) not null
--               ^^^^^ email text null

SELECT * FROM users
--     ^ id bigint not null
--     ^ name character varying(40) not null
--     ^ email text null
--     ^ born date null
--     ^ address text collate C null

SELECT u.*, u.id FROM users AS u
--       ^ id bigint not null
--       ^ name character varying(40) not null
--       ^ email text null
--       ^ born date null
--       ^ address text collate C null
--          ^^^^ id bigint not null

SELECT users.id FROM users u
--     ^^^^^^^^ id ?
--     ^^^^^ error: missing-table 42P01 table `users` cannot be used from this part of the query, or has an alias

SELECT u.id FROM users
--     ^^^^ id ?
--     ^ error: missing-table 42P01 missing `FROM` entry for table `u`

SELECT nme FROM users
--     ^^^ nme ?
--     ^^^ error: missing-column 42703 column `nme` does not exist

SELECT u.nme FROM users u
--     ^^^^^ nme ?
--       ^^^ error: missing-column 42703 column `u.nme` does not exist

SELECT id FROM missing
--     ^^ id ?
--             ^^^^^^^ error: missing-table 42P01 relation `missing` does not exist

SELECT public.users.name FROM users
--     ^^^^^^^^^^^^^^^^^ name character varying(40) not null

SELECT app.users.level FROM app.users
--     ^^^^^^^^^^^^^^^ level integer not null

SELECT app.users.level, public.users.name FROM app.users, users
--     ^^^^^^^^^^^^^^^ level integer not null
--                      ^^^^^^^^^^^^^^^^^ name character varying(40) not null

SELECT u.level FROM app.users u
--     ^^^^^^^ level integer not null

SELECT id FROM nowhere.users
--     ^^ id ?
--             ^^^^^^^^^^^^^ error: missing-table 42P01 relation `nowhere.users` does not exist

SELECT id FROM users, posts
--     ^^ id ?
--     ^^ error: ambiguous-column 42702 column `id` is ambiguous

SELECT users.id, title FROM users, posts WHERE author = users.id
--     ^^^^^^^^ id bigint not null
--               ^^^^^ title text not null

SELECT 1 FROM users, users
--     ^ ?column? integer not null
--                   ^^^^^ error: ambiguous-column 42712 table name `users` is there more than once

SELECT 1 FROM users u, posts u
--     ^ ?column? integer not null
--                           ^ error: ambiguous-column 42712 table name `u` is there more than once

SELECT Id, "Id", "select" FROM "Mixed"
--     ^^ id ?
--     ^^ error: missing-column 42703 column `id` does not exist
--         ^^^^ Id integer not null
--               ^^^^^^^^ select text null

SELECT "Id", "select" FROM "Mixed"
--     ^^^^ Id integer not null
--           ^^^^^^^^ select text null

SELECT "Id" FROM mixed
--     ^^^^ Id ?
--               ^^^^^ error: missing-table 42P01 relation `mixed` does not exist

SELECT ctid, xmin, tableoid FROM users
--     ^^^^ ctid tid not null
--           ^^^^ xmin xid not null
--                 ^^^^^^^^ tableoid oid not null

SELECT ctid FROM authors
--     ^^^^ ctid ?
--     ^^^^ error: missing-column 42703 column `ctid` does not exist

SELECT ctid FROM users JOIN posts ON true
--     ^^^^ ctid ?
--     ^^^^ error: missing-column 42703 column `ctid` does not exist

SELECT users FROM users
--     ^^^^^ users users not null

SELECT (users).name, (u2).email FROM users, users AS u2
--      ^^^^^^^^^^^ name character varying(40)
--                    ^^^^^^^^^ email text

SELECT (u).nothing FROM users u
--      ^^^^^^^^^^ nothing ?
--         ^^^^^^^ error: missing-column 42703 `users` has no field `nothing`

SELECT u.* , (origin).x, (s.origin).z, (corners[1]).y FROM shapes s, users u
--       ^ id bigint not null
--       ^ name character varying(40) not null
--       ^ email text null
--       ^ born date null
--       ^ address text collate C null
--            ^^^^^^^^^ x integer
--                        ^^^^^^^^^^^ z numeric(8,2)
--                                      ^^^^^^^^^^^^^ y integer

SELECT (origin).* FROM shapes
--      ^^^^^^ x integer
--      ^^^^^^ y integer
--      ^^^^^^ z numeric(8,2)

SELECT (origin).w FROM shapes
--      ^^^^^^^^^ w ?
--              ^ error: missing-column 42703 `point3` has no field `w`

SELECT (id).x FROM shapes
--      ^^^^^ x ?
--          ^ error: missing-column 42809 a value of type `integer` has no fields, so no `x`

SELECT tags[1], tags[1:2], corners[1], attributes['a']['b'], id[1] FROM shapes
--     ^^^^^^ tags text
--              ^^^^^^^^ tags text[]
--                         ^^^^^^^^^ corners point3
--                                     ^^^^^^^^^^^^^^^^^^^ attributes jsonb
--                                                           ^^^^ id ?
--                                                           ^^ error: type-mismatch 42804 a value of type `integer` takes no subscript

SELECT (SELECT name FROM users WHERE id = posts.author) FROM posts
--             ^^^^ name character varying(40) null

SELECT (SELECT title FROM users WHERE id = posts.author) AS t FROM posts
--             ^^^^^ t text null

SELECT (SELECT id, name FROM users) FROM posts
--             ^^^^^^^^ id ?
--             ^^^^^^^^ error: insert-arity 42601 a subquery that stands for a value must return one column, not 2

SELECT EXISTS (SELECT * FROM posts WHERE author = u.id) FROM users u
--                    ^ exists boolean not null

SELECT id FROM users WHERE id IN (SELECT author FROM posts)
--     ^^ id bigint not null

SELECT id FROM users WHERE id IN (SELECT id, author FROM posts)
--     ^^ id bigint not null
--                                       ^^^^^^^^^^ error: insert-arity 42601 1 values are compared with 2 columns

SELECT id FROM users WHERE (id, name) IN (SELECT author, title FROM posts)
--     ^^ id bigint not null

SELECT id FROM users WHERE id = ANY (SELECT author FROM posts WHERE nope)
--     ^^ id bigint not null
--                                                                  ^^^^ error: missing-column 42703 column `nope` does not exist

SELECT s.x FROM (SELECT id AS x FROM users) s
--     ^^^ x bigint not null

SELECT s.id FROM (SELECT id AS x FROM users) s
--     ^^^^ id ?
--       ^^ error: missing-column 42703 column `s.id` does not exist

SELECT a, b FROM (SELECT id, name FROM users) s (a, b)
--     ^ a bigint not null
--        ^ b character varying(40) not null

SELECT a, name FROM (SELECT id, name FROM users) s (a)
--     ^ a bigint not null
--        ^^^^ name character varying(40) not null

SELECT 1 FROM (SELECT id, name FROM users) s (a, b, c)
--     ^ ?column? integer not null
--                                                  ^ error: missing-column 42P10 `s` has 2 columns, but its alias names 3

SELECT 1 FROM users u, (SELECT * FROM posts WHERE author = u.id) p
--     ^ ?column? integer not null
--                                                         ^ error: missing-table 42P01 table `u` cannot be used from this part of the query, or has an alias

SELECT title FROM users u, LATERAL (SELECT * FROM posts WHERE author = u.id) p
--     ^^^^^ title text not null

SELECT title FROM users u LEFT JOIN LATERAL (SELECT * FROM posts WHERE author = u.id) p ON true
--     ^^^^^ title text null

SELECT title FROM users u RIGHT JOIN LATERAL (SELECT * FROM posts WHERE author = u.id) p ON true
--     ^^^^^ title text not null
--                                                                               ^ error: missing-table 42P10 `u` cannot be used from this part of the query

SELECT u.nope, other.id, missing FROM users u
--     ^^^^^^ nope ?
--       ^^^^ error: missing-column 42703 column `u.nope` does not exist
--             ^^^^^^^^ id ?
--             ^^^^^ error: missing-table 42P01 missing `FROM` entry for table `other`
--                       ^^^^^^^ missing ?
--                       ^^^^^^^ error: missing-column 42703 column `missing` does not exist

SELECT current_user, current_date, current_timestamp, localtime, CURRENT_SCHEMA
--     ^^^^^^^^^^^^ current_user name not null
--                   ^^^^^^^^^^^^ current_date date not null
--                                 ^^^^^^^^^^^^^^^^^ current_timestamp timestamp with time zone not null
--                                                    ^^^^^^^^^ localtime time without time zone not null
--                                                               ^^^^^^^^^^^^^^ current_schema name not null

SELECT relname, nspname FROM pg_catalog.pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
--     ^^^^^^^ relname name not null
--              ^^^^^^^ nspname name not null

SELECT table_name, is_nullable FROM information_schema.columns
--     ^^^^^^^^^^ table_name information_schema.sql_identifier
--                 ^^^^^^^^^^^ is_nullable information_schema.yes_or_no

SELECT last_value FROM pg_sequences
--     ^^^^^^^^^^ last_value bigint

SELECT schemacheck_hole, name FROM users WHERE schemacheck_hole
--     ^^^^^^^^^^^^^^^^ schemacheck_hole ?
--     ^^^^^^^^^^^^^^^^ unknown: part of the text is only known at run time
--                       ^^^^ name character varying(40) not null

SELECT id FROM schemacheck_hole WHERE anything = 1
--     ^^ id ?
--             ^^^^^^^^^^^^^^^^ unknown: part of the text is only known at run time

SELECT posts, name FROM authors
--     ^^^^^ posts bigint not null
--            ^^^^ name character varying(40) not null

SELECT name(u), upper(u.email), u.upper FROM users u
--     ^^^^^^ name character varying(40)
--              ^^^^^^^^^^^^^ upper text null
--                              ^^^^^^^ upper ?
--                                ^^^^^ error: missing-column 42703 column `u.upper` does not exist

TABLE users
--^^^^^ id bigint not null
--^^^^^ name character varying(40) not null
--^^^^^ email text null
--^^^^^ born date null
--^^^^^ address text collate C null

SELECT *
--     ^ error: missing-table 42601 `*` needs a table to stand for

SELECT FROM users

SELECT address, address || 'x', lower(address), email || address FROM users
--     ^^^^^^^ address text collate C null
--              ^^^^^^^^^^^^^^ ?column? text collate C null
--                              ^^^^^^^^^^^^^ lower text collate C null
--                                              ^^^^^^^^^^^^^^^^ ?column? text collate C null
