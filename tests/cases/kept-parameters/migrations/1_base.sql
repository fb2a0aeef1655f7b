CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE TABLE a (id bigint PRIMARY KEY, d jsonb, m mood, n int);
