CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, Email TEXT UNIQUE, score REAL DEFAULT 0);
CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, author INTEGER NOT NULL REFERENCES users (id), title TEXT NOT NULL, body);
CREATE TABLE norow (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;
CREATE VIEW authors AS SELECT u.id, u.name, count(*) AS posts FROM users u JOIN posts p ON p.author = u.id GROUP BY u.id;
CREATE TABLE log (what TEXT NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TRIGGER users_log AFTER INSERT ON users BEGIN INSERT INTO log (what) VALUES (NEW.name); END;
CREATE TABLE seen (row INTEGER, name TEXT);
CREATE TRIGGER users_seen AFTER UPDATE ON users BEGIN INSERT INTO seen SELECT NEW.rowid, NEW.name WHERE OLD._rowid_ <> max(NEW.oid, 2); END;
CREATE TRIGGER norow_seen AFTER DELETE ON norow BEGIN INSERT INTO seen (row) VALUES (OLD.rowid); END;
CREATE TRIGGER posts_bad AFTER DELETE ON posts BEGIN UPDATE users SET nope = OLD.id; END;
----

SELECT id, NAME, email FROM Users
--     ^^ id INTEGER not null
--         ^^^^ name TEXT not null
--               ^^^^^ email TEXT null

SELECT * FROM users
--     ^ id INTEGER not null
--     ^ name TEXT not null
--     ^ email TEXT null
--     ^ score REAL null

SELECT rowid, _rowid_, oid, id FROM users
--     ^^^^^ rowid INTEGER not null
--            ^^^^^^^ _rowid_ INTEGER not null
--                     ^^^ oid INTEGER not null
--                          ^^ id INTEGER not null

SELECT rowid FROM norow
--     ^^^^^ rowid ?
--     ^^^^^ error: missing-column  column `rowid` does not exist

SELECT nope FROM users
--     ^^^^ nope ?
--     ^^^^ error: missing-column  column `nope` does not exist

SELECT u.nope FROM users u
--     ^^^^^^ nope ?
--       ^^^^ error: missing-column  column `u.nope` does not exist

SELECT "nope", 'x', "name" FROM users
--     ^^^^^^ nope ? not null
--             ^^^ 'x' ? not null
--                  ^^^^^^ name TEXT not null

SELECT id FROM users, posts
--     ^^ id ?
--     ^^ error: ambiguous-column  column `id` is ambiguous

SELECT name AS n FROM users WHERE n = 'x' GROUP BY n HAVING n <> 'y' ORDER BY n
--     ^^^^ n TEXT not null

SELECT name, max(score) FROM users
--     ^^^^ name TEXT not null
--           ^^^^^^^^^ max(score) ?

SELECT count(*), lower(name), u.name || 'x' FROM users u
--     ^^^^^ count(*) ? not null
--               ^^^^^^^^^^ lower(name) ? not null
--                            ^^^^^^^^^^^^^ u.name || 'x' ?

SELECT nowhere(1), abs(1, 2)
--     ^^^^^^^ nowhere(1) ?
--     ^^^^^^^ error: missing-function  function `nowhere with 1 arguments` does not exist
--                 ^^^ abs(1, 2) ?
--                 ^^^ error: missing-function  function `abs with 2 arguments` does not exist

SELECT * FROM authors
--     ^ id INTEGER not null
--     ^ name TEXT not null
--     ^ posts ? not null

SELECT a.posts FROM authors a JOIN users USING (id)
--     ^^^^^^^ posts ? not null

INSERT INTO users (name) VALUES ('x')

INSERT INTO users VALUES (NULL, 'x', NULL, 1)

INSERT INTO users VALUES ('x')
--          ^^^^^ error: insert-arity  `INSERT` has 1 values for the 4 columns of `users`
--          ^^^^^ error: required-column-omitted  column `name` of `users` needs a value: it is `NOT NULL` without a default

INSERT INTO users (email) VALUES ('x')
--          ^^^^^ error: required-column-omitted  column `name` of `users` needs a value: it is `NOT NULL` without a default

INSERT OR IGNORE INTO users (email) VALUES ('x')

INSERT INTO posts (id, title) VALUES (NULL, 'x')
--          ^^^^^ error: required-column-omitted  column `author` of `posts` needs a value: it is `NOT NULL` without a default

INSERT INTO users (name) VALUES (?), (?2), (:name), (@other)
-- $1 ?, $2 ?, $3 ?, $4 ?

INSERT INTO users (name, email) VALUES ('a', 'b') ON CONFLICT (email) DO UPDATE SET name = excluded.name, score = score + 1 RETURNING id
--                                                                                                                                    ^^ id INTEGER not null

INSERT INTO users (name, email) VALUES ('a', 'b') ON CONFLICT (name) DO NOTHING
--                                                             ^^^^ error: conflict-target-missing  no unique index of `users` fits `ON CONFLICT (name)`

INSERT INTO users (name, email) VALUES ('a', 'b') ON CONFLICT (id) DO NOTHING

UPDATE users SET nope = 1 WHERE id = ?
--               ^^^^ error: missing-column  column `nope` of `users` does not exist
-- $1 ?

UPDATE users SET name = p.title FROM posts p WHERE p.author = users.id

DELETE FROM posts WHERE rowid = 3
--          ^^^^^ error: routine-broken  trigger `posts_bad` of `posts` is broken: column `nope` of `users` does not exist

SELECT value FROM json_each('[1]')
--     ^^^^^ value ANY

SELECT j.value FROM users, json_each(users.name) j
--     ^^^^^^^ value ANY

SELECT date('now'), strftime('%s', 'now'), current_timestamp, coalesce(name, 'x'), ifnull(name, 1) FROM users
--     ^^^^^^^^^^ date('now') ?
--                  ^^^^^^^^^^^^^^^^^^^^ strftime('%s', 'now') ?
--                                         ^^^^^^^^^^^^^^^^^ current_timestamp ? not null
--                                                            ^^^^^^^^^^^^^^^^^^ coalesce(name, 'x') ? not null
--                                                                                 ^^^^^^^^^^^^^^ ifnull(name, 1) ?

WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 3) SELECT x FROM c
--                                                                              ^ x ?

SELECT id FROM users UNION SELECT id, name FROM users
--     ^^ id INTEGER not null
--                                ^^^^^^^^ error: insert-arity  each part of `UNION` must have the same number of columns, not 1 and 2

SELECT max(score, 1), min(score, id, 2), max(score) FROM users
--     ^^^^^^^^^^^^ max(score, 1) ? null
--                    ^^^^^^^^^^^^^^^^ min(score, id, 2) ? null
--                                       ^^^^^^^^^ max(score) ?

INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET score = max(score, excluded.score), name = min(name, excluded.name, 'z')
-- $1 ?, $2 ?

UPDATE users SET name = 'x' WHERE id = 1

DELETE FROM norow WHERE k = 'x'
--          ^^^^^ error: routine-broken  trigger `norow_seen` of `norow` is broken: record `old` has no field `rowid`
