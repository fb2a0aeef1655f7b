-- # columns, keys and automatic indexes
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL UNIQUE, b varchar(20) DEFAULT 'x', c, d DECIMAL(10, 2) CHECK (d > 0),
    e INT GENERATED ALWAYS AS (d * 2) VIRTUAL, UNIQUE (b, c)
);
CREATE TABLE w (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE k (a TEXT PRIMARY KEY, b INT);
CREATE TABLE s (a INTEGER NOT NULL, b ANY) STRICT;
CREATE UNIQUE INDEX i ON t (b, lower(a)) WHERE d > 1;
--> table k
-->   a TEXT
-->   b INT
-->   sqlite_autoindex_k_1 (a) primary key
--> table s
-->   a INTEGER not null
-->   b ANY
--> table t
-->   id INTEGER auto
-->   a TEXT not null
-->   b varchar(20) default
-->   c 
-->   d DECIMAL(10, 2)
-->   e INT generated
-->    (d) check
-->    (id) primary key
-->   sqlite_autoindex_t_1 (a) unique
-->   sqlite_autoindex_t_2 (b, c) unique
-->   index i (b, [lower(a)]) unique where d > 1
--> table w
-->   a TEXT not null
-->   b INT not null
-->    (a, b) primary key

-- # foreign keys may come before their table
CREATE TABLE c (p INT REFERENCES p (id), q INT REFERENCES nosuch);
CREATE TABLE p (id INTEGER PRIMARY KEY);
--> table c
-->   p INT
-->   q INT
-->    (p) foreign key to p (id)
-->    (q) foreign key to missing nosuch
--> table p
-->   id INTEGER auto
-->    (id) primary key

-- # the rebuild
CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE c (p INT REFERENCES p (id));
CREATE INDEX p_name ON p (name);
PRAGMA foreign_keys = OFF;
CREATE TABLE new_p (id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent INT REFERENCES p (id));
INSERT INTO new_p (id, name) SELECT id, name FROM p;
DROP TABLE p;
ALTER TABLE new_p RENAME TO p;
CREATE INDEX p_name ON p (name);
PRAGMA foreign_keys = ON;
--> table c
-->   p INT
-->    (p) foreign key to p (id)
--> table p
-->   id INTEGER auto
-->   name TEXT not null
-->   parent INT
-->    (id) primary key
-->    (parent) foreign key to p (id)
-->   index p_name (name)

-- # what add column refuses
CREATE TABLE t (a INT);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN b INT UNIQUE;
ALTER TABLE t ADD COLUMN c INT PRIMARY KEY;
ALTER TABLE t ADD COLUMN d INT NOT NULL;
ALTER TABLE t ADD COLUMN e INT NOT NULL DEFAULT 0;
ALTER TABLE t ADD COLUMN f TEXT DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE t ADD COLUMN a INT;
--> ! 3: HY000 cannot add a UNIQUE column
--> ! 4: HY000 cannot add a PRIMARY KEY column
--> ! 4: rows 23502 column `c` is added to `t` as NOT NULL without a default, which fails if the table has rows
--> ! 5: rows 23502 column `d` is added to `t` as NOT NULL without a default, which fails if the table has rows
--> ! 7: HY000 cannot add a column with non-constant default
--> ! 8: 42701 column `a` of relation `t` already exists
--> table t
-->   b INT
-->   c INT
-->   d INT not null
-->   e INT not null default
-->   f TEXT default
-->   a INT
-->   sqlite_autoindex_t_1 (b) unique
-->   sqlite_autoindex_t_2 (c) primary key

-- # what drop column refuses
CREATE TABLE t (a INTEGER PRIMARY KEY, b INT UNIQUE, c INT, d INT CHECK (d > 0), e INT);
CREATE INDEX i ON t (c);
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t DROP COLUMN d;
ALTER TABLE t DROP COLUMN e;
--> ! 3: HY000 cannot drop column `a`: it is a PRIMARY KEY column
--> ! 4: HY000 cannot drop column `b`: it is a column that a constraint mentions
--> ! 5: HY000 cannot drop column `c`: it is a column that an index mentions
--> table t

-- # names that are there
CREATE TABLE t (a INT);
CREATE TABLE T (b INT);
CREATE INDEX i ON t (a);
CREATE INDEX i ON t (a);
CREATE INDEX IF NOT EXISTS i ON t (a);
DROP TABLE nosuch;
DROP TABLE IF EXISTS nosuch;
--> ! 2: 42P07 relation `t` already exists
--> ! 3: 42703 column `a` does not exist
--> ! 4: 42703 column `a` does not exist
--> ! 5: 42703 column `a` does not exist
--> ! 6: 42P01 relation `nosuch` does not exist
--> table t
-->   b INT

-- # renames rewrite views and triggers
CREATE TABLE t (a INT, b INT);
CREATE TABLE log (a INT);
CREATE VIEW v AS SELECT a, t.b FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log SELECT new.a FROM t WHERE t.b = new.b; END;
ALTER TABLE t RENAME COLUMN a TO z;
ALTER TABLE t RENAME TO u;
DROP TRIGGER tr;
--> table log
-->   a INT
--> table u
-->   z INT
-->   b INT
--> view v
-->   z INTEGER
-->   b INTEGER

-- # full text tables
CREATE VIRTUAL TABLE f USING fts5(title, body UNINDEXED, tokenize = 'porter');
DROP TABLE f;

-- # of the constraints without a name only a dropped column's own fall
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (a INT PRIMARY KEY REFERENCES p (id), b TEXT CHECK (b IN ('x')), c TEXT CHECK (c <> ''));
ALTER TABLE t DROP COLUMN b;
--> table p
-->   id INTEGER auto
-->    (id) primary key
--> table t
-->   a INT
-->   c TEXT
-->    (c) check
-->   sqlite_autoindex_t_1 (a) primary key
-->    (a) foreign key to p (id)

-- # words for truth values
CREATE TABLE t (a INTEGER NOT NULL DEFAULT FALSE CHECK (a IN (TRUE, FALSE)));
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT TRUE;
ALTER TABLE t ADD COLUMN c TEXT DEFAULT word;
--> table t
-->   a INTEGER not null default
-->   b INTEGER not null default
-->   c TEXT default
-->    (a) check

-- # texts in double quotes
CREATE TABLE t (a TEXT DEFAULT "x" CHECK (a IN ("x", "y")));
INSERT INTO t VALUES ('x');
ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT "z";
--> table t
-->   a TEXT default
-->   b TEXT not null default
-->    (a) check

-- # a unique constraint on the key
CREATE TABLE t (a INTEGER, UNIQUE (a), PRIMARY KEY (a));
CREATE TABLE u (a INT, b INT, UNIQUE (a, b), UNIQUE (a, b), UNIQUE (b, a), PRIMARY KEY (a, b));
--> table t
-->   a INTEGER auto
-->    (a) primary key
--> table u
-->   a INT
-->   b INT
-->   sqlite_autoindex_u_1 (a, b) primary key
-->   sqlite_autoindex_u_2 (b, a) unique
