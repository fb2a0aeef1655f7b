CREATE TABLE a (id bigint, x text, old text); CREATE TABLE b (id bigint, y text, old text); INSERT INTO a VALUES (1, 'x', 'o'); INSERT INTO b VALUES (1, 'y', 'o');
