CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN code AS text; CREATE TABLE a (id bigint PRIMARY KEY, x varchar(10), n numeric(6, 2), c code, m mood, r text NOT NULL);
