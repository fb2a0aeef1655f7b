CREATE TABLE t (id int PRIMARY KEY, email text NOT NULL, org int, name text, active boolean NOT NULL DEFAULT true, kind text, UNIQUE (org, name));
CREATE UNIQUE INDEX t_email_lower ON t (lower(email));
CREATE UNIQUE INDEX t_kind_active ON t (kind) WHERE active;
CREATE UNIQUE INDEX t_name_some ON t (name) WHERE org IS NOT NULL AND kind = 'x';
CREATE INDEX t_email ON t (email);
CREATE TABLE d (id int PRIMARY KEY, code text UNIQUE DEFERRABLE, other text, CONSTRAINT other_key UNIQUE (other));
CREATE TABLE r (id int, during tsrange, CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&));
CREATE TABLE p (id int NOT NULL, region int NOT NULL, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE ci (id int, name text COLLATE "C");
CREATE UNIQUE INDEX ci_name ON ci (name COLLATE "POSIX");
----

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (id) DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET email = excluded.email RETURNING id, email
--                                                                                                        ^^ id integer not null
--                                                                                                            ^^^^^ email text not null

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET email = EXCLUDED.nope
--                                                                                        ^^^^ error: missing-column 42703 column `excluded.nope` does not exist

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET nope = excluded.email
--                                                                       ^^^^ error: missing-column 42703 column `nope` of `t` does not exist

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET email = email
--                                                                               ^^^^^ error: ambiguous-column 42702 column `email` is ambiguous

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET email = t.email || excluded.email WHERE t.active AND excluded.name IS NULL

INSERT INTO t AS u (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET email = u.email WHERE t.id = 1
--                                                                                                  ^ error: missing-table 42P01 table `t` cannot be used from this part of the query, or has an alias

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (email) DO NOTHING
--                                                     ^^^^^ error: conflict-target-missing 42P10 no unique index of `t` fits `ON CONFLICT (email)`

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (nope) DO NOTHING
--                                                     ^^^^ error: missing-column 42703 column `nope` of `t` does not exist

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (org, name) DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (name, org) DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (org) DO NOTHING
--                                                     ^^^ error: conflict-target-missing 42P10 no unique index of `t` fits `ON CONFLICT (org)`

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (lower(email)) DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (upper(email)) DO NOTHING
--                                                    ^^^^^^^^^^^^^^ error: conflict-target-missing 42P10 no unique index of `t` fits `ON CONFLICT (upper(email))`

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (kind) DO NOTHING
--                                                     ^^^^ error: conflict-target-missing 42P10 no unique index of `t` fits `ON CONFLICT (kind)`

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (kind) WHERE active DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (kind) WHERE active AND org = 1 DO UPDATE SET name = 'y'

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (name) WHERE org IS NOT NULL AND kind = 'x' DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (name) WHERE kind = 'x' AND org = 3 DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (name) WHERE kind = 'x' DO NOTHING
--                                                    ^^^^^^^^^^^^^^^^^^^^^^^ error: conflict-target-missing 42P10 no unique index of `t` fits `ON CONFLICT (name)`

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT (id) WHERE active DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT t_org_name_key DO UPDATE SET name = 'z'

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT t_email_lower DO NOTHING
--                                                                  ^^^^^^^^^^^^^ error: conflict-target-missing 42704 constraint `t_email_lower` of `t` does not exist

INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT nope DO NOTHING
--                                                                  ^^^^ error: conflict-target-missing 42704 constraint `nope` of `t` does not exist

INSERT INTO d (id) VALUES (1) ON CONFLICT (id) DO NOTHING

INSERT INTO d (id) VALUES (1) ON CONFLICT (code) DO NOTHING
--                                         ^^^^ error: conflict-target-missing 55000 constraint `d_code_key` of `d` is deferrable, so it cannot decide about conflicts

INSERT INTO d (id) VALUES (1) ON CONFLICT ON CONSTRAINT d_code_key DO NOTHING
--                                                      ^^^^^^^^^^ error: conflict-target-missing 55000 constraint `d_code_key` of `d` is deferrable, so it cannot decide about conflicts

INSERT INTO d (id) VALUES (1) ON CONFLICT DO NOTHING
--          ^ error: conflict-target-missing 55000 constraint `d_code_key` of `d` is deferrable, so it cannot decide about conflicts

INSERT INTO d (id) VALUES (1) ON CONFLICT (other) DO UPDATE SET other = 'x'

INSERT INTO r (id) VALUES (1) ON CONFLICT ON CONSTRAINT no_overlap DO NOTHING

INSERT INTO r (id) VALUES (1) ON CONFLICT ON CONSTRAINT no_overlap DO UPDATE SET id = 2
--                                                      ^^^^^^^^^^ error: conflict-target-missing 42809 exclusion constraint `no_overlap` cannot decide about an update

INSERT INTO r (id) VALUES (1) ON CONFLICT (during) DO NOTHING
--                                         ^^^^^^ error: conflict-target-missing 42P10 no unique index of `r` fits `ON CONFLICT (during)`

INSERT INTO p (id, region) VALUES (1, 1) ON CONFLICT (id, region) DO NOTHING

INSERT INTO p (id, region) VALUES (1, 1) ON CONFLICT (id) DO NOTHING
--                                                    ^^ error: conflict-target-missing 42P10 no unique index of `p` fits `ON CONFLICT (id)`

INSERT INTO ci (id, name) VALUES (1, 'x') ON CONFLICT (name) DO NOTHING

WITH a AS (INSERT INTO t (id, email) VALUES (1, 'x') ON CONFLICT DO NOTHING RETURNING id), b AS (INSERT INTO t (id, email) VALUES (2, 'y') ON CONFLICT (lower(email)) DO NOTHING RETURNING id) SELECT a.id FROM a, b
--                                                                                                                                                                                                    ^^^^ id integer not null
