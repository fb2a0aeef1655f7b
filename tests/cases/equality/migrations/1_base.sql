CREATE TYPE pair AS (k text, d jsonb);
CREATE TABLE a (id bigint PRIMARY KEY, d jsonb, l jsonb[], p pair, x xid);
