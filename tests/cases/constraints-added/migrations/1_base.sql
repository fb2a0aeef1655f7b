CREATE TABLE owner (id bigint PRIMARY KEY); CREATE TABLE child (id bigint, owner_id bigint REFERENCES owner);
CREATE TABLE parent (id bigint PRIMARY KEY, code text UNIQUE); CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text, plan text DEFAULT 'free', parent_id bigint, span int4range, note text);
INSERT INTO a (email, plan, parent_id, note) VALUES ('x', 'old', 7, 'n');
