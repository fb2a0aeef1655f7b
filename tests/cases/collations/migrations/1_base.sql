CREATE TABLE a (id bigint, x text, y text COLLATE "C"); CREATE TABLE b (x text COLLATE "C");
