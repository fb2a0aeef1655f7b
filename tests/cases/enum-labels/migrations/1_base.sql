CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE TABLE a (id bigint PRIMARY KEY, m mood NOT NULL DEFAULT 'ok', note text);
