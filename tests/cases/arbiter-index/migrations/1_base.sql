CREATE TABLE a (id bigint PRIMARY KEY, email text, slug text, code text, tag text, k1 int, k2 int,
    CONSTRAINT a_email UNIQUE (email), CONSTRAINT a_slug UNIQUE (slug), CONSTRAINT a_code UNIQUE (code), CONSTRAINT a_pair UNIQUE (k1, k2));
 CREATE UNIQUE INDEX a_tag ON a (tag) WHERE k1 > 0;
 CREATE UNIQUE INDEX a_lower ON a (lower(slug));
