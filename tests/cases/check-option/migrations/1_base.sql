CREATE TABLE a (id bigint PRIMARY KEY, live boolean NOT NULL DEFAULT false); CREATE VIEW v AS SELECT id, live FROM a WHERE live;
