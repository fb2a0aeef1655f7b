CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text
);
CREATE TABLE sessions (id bigint PRIMARY KEY, user_id bigint REFERENCES users);
 CREATE TABLE old_logs (id bigint);
 CREATE TABLE events (id bigint PRIMARY KEY, kind text);
