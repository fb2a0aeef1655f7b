CREATE TABLE a (id bigint, k bigint); CREATE TABLE b (id bigint, a_id bigint); CREATE TABLE c (k bigint, x text);
