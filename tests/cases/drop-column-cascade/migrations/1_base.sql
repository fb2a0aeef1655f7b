CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text
);
CREATE VIEW contacts AS SELECT id, email FROM users WHERE email IS NOT NULL;
CREATE VIEW ids AS SELECT id FROM users;
CREATE UNIQUE INDEX users_email ON users (email);
