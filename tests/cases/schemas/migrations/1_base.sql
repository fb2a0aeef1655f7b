CREATE SCHEMA app; CREATE TABLE app.a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY); CREATE SCHEMA box; CREATE TABLE box.c (id bigint);
