CREATE TABLE a (id bigint, x text); CREATE TABLE b (id bigint, y text);
