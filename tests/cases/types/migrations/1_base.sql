CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE TYPE pair AS (a int, b int); CREATE DOMAIN code AS text; CREATE TABLE t (id bigint, c code, m mood);
