-- # inherited columns and checks
CREATE TABLE p (id serial PRIMARY KEY, a int NOT NULL CHECK (a > 0), b text DEFAULT 'x');
CREATE TABLE c (b text, c int) INHERITS (p);
ALTER TABLE p ADD COLUMN d int;
ALTER TABLE p ADD CHECK (d > 0);
ALTER TABLE p ALTER b SET NOT NULL;
ALTER TABLE p RENAME COLUMN a TO z;
ALTER TABLE p DROP COLUMN b;
ALTER TABLE c DROP COLUMN d;
--> ! 8: 42P16 cannot drop inherited column `d`
--> table c
-->   id integer not null default inherited
-->   z integer not null inherited
-->   b text not null default
-->   c integer
-->   p_a_check (z) check inherited
--> table p
-->   id integer not null default
-->   z integer not null
-->   d integer
-->   p_a_check (z) check
-->   p_pkey (id) primary key
-->   p_d_check (d) check
--> sequence p_id_seq owned by p.id

-- # only the parent
CREATE TABLE p (a int, b int);
CREATE TABLE c () INHERITS (p);
ALTER TABLE ONLY p DROP COLUMN b;
ALTER TABLE c NO INHERIT p;
DROP TABLE p;
--> table c
-->   a integer
-->   b integer

-- # children stand in the way
CREATE TABLE p (a int);
CREATE TABLE c () INHERITS (p);
DROP TABLE p;
--> ! 3: 2BP01 cannot drop table `p` because table `c` depends on it

-- # partitions
CREATE TABLE p (id int, at date, a int DEFAULT 1 CHECK (a > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE ref (id int PRIMARY KEY);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX p_a ON p (a);
CREATE TABLE p2 PARTITION OF p DEFAULT;
ALTER TABLE p ADD COLUMN r int REFERENCES ref;
ALTER TABLE p ADD CONSTRAINT u UNIQUE (a, at);
DROP TABLE p1;
--> table p
-->   id integer not null
-->   at date not null
-->   a integer default
-->   r integer
-->   p_a_check (a) check
-->   p_pkey (id, at) primary key
-->   p_r_fkey (r) foreign key to ref (id)
-->   u (a, at) unique
-->   index p_a (a)
--> table p2
-->   id integer not null inherited
-->   at date not null inherited
-->   a integer default inherited
-->   r integer inherited
-->   p_a_check (a) check inherited
-->   p2_pkey (id, at) primary key inherited
-->   p_r_fkey (r) foreign key to ref (id) inherited
-->   p2_a_at_key (a, at) unique inherited
-->   index p2_a_idx (a)
--> table ref
-->   id integer not null
-->   ref_pkey (id) primary key

-- # partitions that are attached
CREATE TABLE p (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX p_id ON p (id);
CREATE TABLE q (id int, at date NOT NULL);
CREATE INDEX q_own ON q (id);
ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE r (id int, at date NOT NULL);
ALTER TABLE p ATTACH PARTITION r DEFAULT;
DROP INDEX p_id;
ALTER TABLE p DETACH PARTITION q;
--> table p
-->   id integer
-->   at date not null
--> table q
-->   id integer
-->   at date not null
--> table r
-->   id integer inherited
-->   at date not null inherited

-- # keys of partitioned tables
CREATE TABLE p (id int PRIMARY KEY, at date) PARTITION BY RANGE (at);
--> ! 1: 0A000 unique constraint on `p` must include all partitioning columns
--> table p
-->   id integer not null
-->   at date
-->   p_pkey (id) primary key

-- # dropping partitioned tables
CREATE TABLE p (id int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
DROP TABLE p;

-- # triggers of partitioned tables
CREATE TABLE p (id int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
--> table p
-->   id integer
-->   trigger tr calls f
--> table p1
-->   id integer inherited
-->   trigger tr calls f
--> table p2
-->   id integer inherited
-->   trigger tr calls f
--> routine f(): trigger

-- # a check of the parent, written once more
CREATE TABLE p (a int CONSTRAINT positive CHECK (a > 0));
CREATE TABLE c (a int CONSTRAINT positive CHECK (a > 0)) INHERITS (p);
CREATE TABLE d () INHERITS (p);
ALTER TABLE d ADD CONSTRAINT positive CHECK (a > 0);
ALTER TABLE d NO INHERIT p;
--> table c
-->   a integer merged
-->   positive (a) check inherited
--> table d
-->   a integer
-->   positive (a) check
--> table p
-->   a integer
-->   positive (a) check
