-- no-transaction
CREATE UNIQUE INDEX CONCURRENTLY a_x ON a (x);
