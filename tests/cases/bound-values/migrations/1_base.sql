CREATE TYPE pair AS (a int, b int);
CREATE TABLE a (id bigint PRIMARY KEY, at timestamptz, n int, note text, extra json);
