CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, full_name text GENERATED ALWAYS AS (upper(name)) STORED, code text NOT NULL);
CREATE TABLE orders (id bigint, user_id bigint NOT NULL REFERENCES users, name text, total text);
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE notes (id bigint PRIMARY KEY, mood mood NOT NULL);
