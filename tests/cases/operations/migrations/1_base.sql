CREATE TABLE a (id bigint PRIMARY KEY, x text); CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint); CREATE TABLE p (id bigint PRIMARY KEY, x text);
CREATE TABLE g AS SELECT 1::bigint AS id; CREATE TABLE u AS SELECT 1::bigint AS id; CREATE TABLE m AS SELECT 1::bigint AS id; CREATE TABLE s AS SELECT 1::bigint AS id; CREATE TABLE gone (id bigint);
