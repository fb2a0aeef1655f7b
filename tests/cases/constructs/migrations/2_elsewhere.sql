CREATE TABLE other (id int, name text); ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'x'; CREATE INDEX ON orders (buyer);
