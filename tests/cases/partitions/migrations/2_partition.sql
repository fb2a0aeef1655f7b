DROP TABLE a; CREATE TABLE a (id bigint, day date NOT NULL, x text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
