CREATE TABLE items (id int PRIMARY KEY, shop int NOT NULL, name text NOT NULL, price numeric(8,2), tags json);
CREATE TABLE shops (id int, name text NOT NULL, city text, UNIQUE (id));
CREATE VIEW cheap AS SELECT * FROM items WHERE price < 1;
----

SELECT shop, count(*), sum(price), max(name), avg(price), array_agg(name), bool_or(price > 1), min(id) FROM items GROUP BY shop
--     ^^^^ shop integer not null
--           ^^^^^ count bigint not null
--                     ^^^^^^^^^ sum numeric
--                                 ^^^^^^^^ max text not null
--                                            ^^^^^^^^^ avg numeric
--                                                        ^^^^^^^^^^^^^^ array_agg text[] not null
--                                                                         ^^^^^^^^^^^^^^^^^ bool_or boolean
--                                                                                             ^^^^^^ min integer not null

SELECT shop, name FROM items GROUP BY shop
--     ^^^^ shop integer not null
--           ^^^^ name text not null
--           ^^^^ error: grouping-broken 42803 column `name` must be grouped by, or used in an aggregate function

SELECT id, name, price FROM items GROUP BY id
--     ^^ id integer not null
--         ^^^^ name text not null
--               ^^^^^ price numeric(8,2) null

SELECT i.id, i.name, s.name FROM items i JOIN shops s ON s.id = i.shop GROUP BY i.id
--     ^^^^ id integer not null
--           ^^^^^^ name text not null
--                   ^^^^^^ name text not null
--                   ^^^^^^ error: grouping-broken 42803 column `name` must be grouped by, or used in an aggregate function

SELECT i.id, i.name, s.name FROM items i JOIN shops s ON s.id = i.shop GROUP BY i.id, s.name
--     ^^^^ id integer not null
--           ^^^^^^ name text not null
--                   ^^^^^^ name text not null

SELECT id, city FROM shops GROUP BY id
--     ^^ id integer null
--         ^^^^ city text null
--         ^^^^ error: grouping-broken 42803 column `city` must be grouped by, or used in an aggregate function

SELECT id, name FROM cheap GROUP BY id
--     ^^ id integer not null
--         ^^^^ name text not null
--         ^^^^ error: grouping-broken 42803 column `name` must be grouped by, or used in an aggregate function

SELECT name, count(*) FROM items
--     ^^^^ name text not null
--     ^^^^ error: grouping-broken 42803 column `name` must be grouped by, or used in an aggregate function
--           ^^^^^ count bigint not null

SELECT count(*) FROM items HAVING max(price) > 1
--     ^^^^^ count bigint not null

SELECT count(*) FROM items HAVING price > 1
--     ^^^^^ count bigint not null
--                                ^^^^^ error: grouping-broken 42803 column `price` must be grouped by, or used in an aggregate function

SELECT lower(name), count(*) FROM items GROUP BY lower(name)
--     ^^^^^^^^^^ lower text not null
--                  ^^^^^ count bigint not null

SELECT lower(name) || 'x', count(*) FROM items GROUP BY lower(name)
--     ^^^^^^^^^^^^^^^^^^ ?column? text not null
--                         ^^^^^ count bigint not null

SELECT lower(name) AS l, count(*) FROM items GROUP BY l
--     ^^^^^^^^^^ l text not null
--                       ^^^^^ count bigint not null

SELECT upper(name) AS name, count(*) FROM items GROUP BY name
--     ^^^^^^^^^^ name text not null
--                          ^^^^^ count bigint not null

SELECT price + 1, count(*) FROM items GROUP BY 1
--     ^^^^^^^^^ ?column? numeric null
--                ^^^^^ count bigint not null

SELECT price + 1, count(*) FROM items GROUP BY 3
--     ^^^^^^^^^ ?column? numeric null
--                ^^^^^ count bigint not null
--                                             ^ error: missing-column 42P10 `GROUP BY` position 3 is not an output column

SELECT shop FROM items GROUP BY shop ORDER BY name
--     ^^^^ shop integer not null
--                                            ^^^^ error: grouping-broken 42803 column `name` must be grouped by, or used in an aggregate function

SELECT shop FROM items GROUP BY shop ORDER BY count(*) DESC, shop
--     ^^^^ shop integer not null

SELECT shop, (SELECT name FROM shops WHERE id = items.shop) FROM items GROUP BY shop
--     ^^^^ shop integer not null
--                   ^^^^ name text null

SELECT shop, (SELECT name FROM shops WHERE id = items.id) FROM items GROUP BY shop
--     ^^^^ shop integer not null
--                   ^^^^ name text null
--                                              ^^^^^^^^ error: grouping-broken 42803 column `id` must be grouped by, or used in an aggregate function

SELECT shop, name, count(*) FROM items GROUP BY ROLLUP (shop, name)
--     ^^^^ shop integer
--           ^^^^ name text
--                 ^^^^^ count bigint

SELECT shop, name, price, count(*) FROM items GROUP BY GROUPING SETS ((shop), (name), ())
--     ^^^^ shop integer
--           ^^^^ name text
--                 ^^^^^ price numeric(8,2) null
--                 ^^^^^ error: grouping-broken 42803 column `price` must be grouped by, or used in an aggregate function
--                        ^^^^^ count bigint

SELECT shop, GROUPING(shop) FROM items GROUP BY CUBE (shop)
--     ^^^^ shop integer
--           ^^^^^^^^^^^^^ grouping integer

SELECT name FROM items WHERE count(*) > 1
--     ^^^^ name text not null
--     ^^^^ error: grouping-broken 42803 column `name` must be grouped by, or used in an aggregate function
--                           ^^^^^ error: grouping-broken 42803 aggregate functions are not allowed in `WHERE`

SELECT name FROM items ORDER BY nope
--     ^^^^ name text not null
--                              ^^^^ error: missing-column 42703 column `nope` does not exist

SELECT name AS n FROM items ORDER BY n, price, 1
--     ^^^^ n text not null

SELECT name AS n, id AS n FROM items ORDER BY n
--     ^^^^ n text not null
--                ^^ n integer not null
--                                            ^ error: ambiguous-column 42702 `n` could be any of 2 output columns

SELECT name AS n FROM items ORDER BY n || 'x'
--     ^^^^ n text not null
--                                   ^ error: missing-column 42703 column `n` does not exist

SELECT name AS price FROM items ORDER BY price
--     ^^^^ price text not null

SELECT DISTINCT name FROM items ORDER BY price
--              ^^^^ name text not null
--                                       ^^^^^ error: missing-column 42P10 with `DISTINCT`, what is sorted by must be an output column

SELECT DISTINCT name FROM items ORDER BY name, lower(name)
--              ^^^^ name text not null
--                                             ^^^^^^^^^^ error: missing-column 42P10 with `DISTINCT`, what is sorted by must be an output column

SELECT DISTINCT name, price FROM items ORDER BY price, name
--              ^^^^ name text not null
--                    ^^^^^ price numeric(8,2) null

SELECT DISTINCT ON (shop) shop, name FROM items ORDER BY shop, price
--                        ^^^^ shop integer not null
--                              ^^^^ name text not null

SELECT DISTINCT ON (shop) shop, name FROM items ORDER BY price
--                        ^^^^ shop integer not null
--                              ^^^^ name text not null
--                                                       ^^^^^ error: missing-column 42P10 the expressions of `DISTINCT ON` must be the first of `ORDER BY`

SELECT DISTINCT ON (name, shop) shop FROM items ORDER BY shop, name
--                              ^^^^ shop integer not null

SELECT shop, row_number() OVER (PARTITION BY shop ORDER BY price), rank() OVER w, sum(price) OVER (ORDER BY id) FROM items WINDOW w AS (PARTITION BY shop)
--     ^^^^ shop integer not null
--           ^^^^^^^^^^ row_number bigint not null
--                                                                 ^^^^ rank bigint not null
--                                                                                ^^^^^^^^^ sum numeric

SELECT rank() OVER nowhere FROM items
--     ^^^^ rank bigint not null
--                 ^^^^^^^ error: missing-column 42704 window `nowhere` does not exist

SELECT shop, sum(count(*)) OVER (ORDER BY shop) FROM items GROUP BY shop
--     ^^^^ shop integer not null
--           ^^^^^^^^^ sum numeric

SELECT shop, sum(price) OVER (ORDER BY id) FROM items GROUP BY shop
--     ^^^^ shop integer not null
--           ^^^^^^^^^ sum numeric
--               ^^^^^ error: grouping-broken 42803 column `price` must be grouped by, or used in an aggregate function
--                                     ^^ error: grouping-broken 42803 column `id` must be grouped by, or used in an aggregate function

SELECT lag(name) OVER (ORDER BY id), first_value(price) OVER (ORDER BY id), ntile(4) OVER () FROM items
--     ^^^^^^^^ lag text
--                                   ^^^^^^^^^^^^^^^^^ first_value numeric
--                                                                          ^^^^^^^ ntile integer

SELECT count(*) FILTER (WHERE price > 1), string_agg(name, ', ' ORDER BY id), percentile_cont(0.5) WITHIN GROUP (ORDER BY price), mode() WITHIN GROUP (ORDER BY name) FROM items
--     ^^^^^ count bigint not null
--                                        ^^^^^^^^^^^^^^^^^^^^^ string_agg text
--                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ percentile_cont double precision
--                                                                                                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mode text

SELECT count(DISTINCT name), json_agg(items), json_object_agg(name, price) FROM items
--     ^^^^^^^^^^^^^^^^^^^ count bigint not null
--                           ^^^^^^^^^^^^^^ json_agg json
--                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ json_object_agg json

SELECT items FROM items GROUP BY id
--     ^^^^^ items items not null

SELECT items.* FROM items GROUP BY shop
--           ^ id integer not null
--           ^ shop integer not null
--           ^ name text not null
--           ^ price numeric(8,2) null
--           ^ tags json null
--           ^ error: grouping-broken 42803 column `id` must be grouped by, or used in an aggregate function
--           ^ error: grouping-broken 42803 column `name` must be grouped by, or used in an aggregate function
--           ^ error: grouping-broken 42803 column `price` must be grouped by, or used in an aggregate function
--           ^ error: grouping-broken 42803 column `tags` must be grouped by, or used in an aggregate function

SELECT i.shop FROM items i GROUP BY i.shop HAVING count(*) > (SELECT avg(id) FROM shops)
--     ^^^^^^ shop integer not null

SELECT s.name, (SELECT count(s.id)) FROM shops s GROUP BY s.name
--     ^^^^^^ name text not null
--                     ^^^^^^^^^^ count bigint not null

SELECT name FROM items LIMIT 10 OFFSET 5
--     ^^^^ name text not null

SELECT name FROM items LIMIT price
--     ^^^^ name text not null
--                           ^^^^^ error: missing-column 42P10 `LIMIT` and `OFFSET` cannot depend on column `price`

SELECT name FROM items FETCH FIRST 3 ROWS ONLY
--     ^^^^ name text not null

SELECT name FROM items FOR UPDATE
--     ^^^^ name text not null

SELECT name FROM items i FOR UPDATE OF i SKIP LOCKED
--     ^^^^ name text not null

SELECT name FROM items i FOR UPDATE OF items
--     ^^^^ name text not null
--                                     ^^^^^ error: missing-table 42P01 relation `items` to be locked is not in `FROM`

SELECT shop FROM items GROUP BY shop FOR UPDATE
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: grouping-broken 0A000 rows that are grouped, aggregated or made distinct cannot be locked
--     ^^^^ shop integer not null

SELECT id, name FROM items GROUP BY GROUPING SETS ((id, shop), (id, price))
--     ^^ id integer
--         ^^^^ name text

SELECT id, name FROM items GROUP BY GROUPING SETS ((id), (shop))
--     ^^ id integer
--         ^^^^ name text
--         ^^^^ error: grouping-broken 42803 column `name` must be grouped by, or used in an aggregate function

SELECT name, id FROM items GROUP BY id, ROLLUP (shop)
--     ^^^^ name text
--           ^^ id integer

SELECT id FROM items i LEFT JOIN (SELECT 1::bigint AS id) s USING (id) GROUP BY i.id
--     ^^ id bigint not null

SELECT name FROM items ORDER BY shop::text::varchar(3) COLLATE "C", lower(name)::text COLLATE "C"
--     ^^^^ name text not null
