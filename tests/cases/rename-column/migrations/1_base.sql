CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text
);
CREATE TABLE pets (id bigint PRIMARY KEY, name text NOT NULL, owner bigint);
