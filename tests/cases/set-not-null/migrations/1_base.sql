CREATE TABLE a (id bigint PRIMARY KEY, x text, y text NOT NULL DEFAULT 'y', z text, w text);
