CREATE TABLE t (id int);
----

SELECT id FROM t
--     ^^ id integer null
