CREATE TABLE a (id bigint, x text); CREATE TABLE b (id bigint, x text); CREATE TABLE one (id bigint);
