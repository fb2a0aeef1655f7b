-- # new columns
CREATE TABLE t (a int);
ALTER TABLE t ADD COLUMN b int NOT NULL;
SELECT 'next run';
ALTER TABLE t ADD COLUMN c int NOT NULL;
ALTER TABLE t ADD COLUMN d int NOT NULL DEFAULT 0;
ALTER TABLE t ADD COLUMN e serial;
ALTER TABLE t ADD COLUMN f int GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t ADD COLUMN g int NOT NULL GENERATED ALWAYS AS (1) STORED;
ALTER TABLE t ADD COLUMN h int PRIMARY KEY;
TRUNCATE t;
ALTER TABLE t ADD COLUMN i int NOT NULL;
--> ! 4: rows 23502 column `c` is added to `t` as NOT NULL without a default, which fails if the table has rows
--> ! 9: rows 23502 column `h` is added to `t` as NOT NULL without a default, which fails if the table has rows
--> table t
-->   a integer
-->   b integer not null
-->   c integer not null
-->   d integer not null default
-->   e integer not null default
-->   f integer not null identity
-->   g integer not null generated
-->   h integer not null
-->   i integer not null
-->   t_pkey (h) primary key
--> sequence t_e_seq owned by t.e
--> sequence t_f_seq identity of t.f

-- # columns that refuse null
CREATE TABLE t (a int, b int, c int, d int, e int DEFAULT 1, f int);
SELECT 'next run';
ALTER TABLE t ALTER a SET NOT NULL;
UPDATE t SET b = 0 WHERE b IS NULL;
ALTER TABLE t ALTER b SET NOT NULL;
ALTER TABLE t ADD CONSTRAINT c_set CHECK (c IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT c_set;
ALTER TABLE t ALTER c SET NOT NULL;
DELETE FROM t WHERE d IS NULL;
ALTER TABLE t ALTER d SET NOT NULL;
ALTER TABLE t ADD COLUMN g int DEFAULT 5;
ALTER TABLE t ALTER g SET NOT NULL;
ALTER TABLE t ADD PRIMARY KEY (f);
--> ! 3: rows 23502 column `a` of `t` becomes NOT NULL, which fails if a row holds NULL in it
--> ! 13: rows 23502 column `f` of `t` becomes NOT NULL, which fails if a row holds NULL in it
--> table t
-->   a integer not null
-->   b integer not null
-->   c integer not null
-->   d integer not null
-->   e integer default
-->   f integer not null
-->   g integer not null default
-->   c_set (c) check
-->   t_pkey (f) primary key

-- # tables that were just made
CREATE TABLE t (a int, b int);
ALTER TABLE t ALTER a SET NOT NULL;
INSERT INTO t (a) VALUES (1);
ALTER TABLE t ALTER b SET NOT NULL;
ALTER TABLE t ADD COLUMN c int NOT NULL;
--> ! 4: rows 23502 column `b` of `t` becomes NOT NULL, which fails if a row holds NULL in it
--> ! 5: rows 23502 column `c` is added to `t` as NOT NULL without a default, which fails if the table has rows
--> table t
-->   a integer not null
-->   b integer not null
-->   c integer not null

-- # rows that are added later
CREATE TABLE t (a int, b int, c int, d int DEFAULT 1);
INSERT INTO t (a, b, c) VALUES (1, 1, 1);
INSERT INTO t (a, c) VALUES (2, NULL);
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ALTER b SET NOT NULL;
ALTER TABLE t ALTER c SET NOT NULL;
ALTER TABLE t ALTER d SET NOT NULL;
--> ! 5: rows 23502 column `b` of `t` becomes NOT NULL, which fails if a row holds NULL in it
--> ! 6: rows 23502 column `c` of `t` becomes NOT NULL, which fails if a row holds NULL in it
--> table t
-->   a integer not null
-->   b integer not null
-->   c integer not null
-->   d integer not null default
