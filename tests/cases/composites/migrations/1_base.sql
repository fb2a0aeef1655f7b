CREATE TABLE a (id bigint, x text); CREATE TYPE pair AS (a int, b int);
