CREATE TABLE t (id int);
----

SELECT id FROM t
--     ^^ id INTEGER null
