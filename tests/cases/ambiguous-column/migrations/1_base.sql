CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text
);
CREATE TABLE teams (id bigint PRIMARY KEY, lead bigint);
