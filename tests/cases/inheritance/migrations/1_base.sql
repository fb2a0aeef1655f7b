CREATE TABLE base (id bigint, x text); CREATE TABLE child (y text) INHERITS (base); CREATE TABLE own (x text) INHERITS (base);
