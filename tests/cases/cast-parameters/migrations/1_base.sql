CREATE TYPE kind AS ENUM ('root', 'leaf');
CREATE TABLE entries (id uuid PRIMARY KEY, kind kind NOT NULL, name text);
