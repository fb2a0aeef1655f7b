-- name: email
INSERT INTO a (id, email) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING

-- name: email-update
INSERT INTO a (id, email) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET slug = excluded.slug

-- name: slug
INSERT INTO a (id, slug) VALUES ($1, $2) ON CONFLICT (slug) DO NOTHING

-- name: slug-constraint
INSERT INTO a (id, slug) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT a_slug DO NOTHING

-- name: code
INSERT INTO a (id, code) VALUES ($1, $2) ON CONFLICT (code) DO NOTHING

-- name: code-constraint
INSERT INTO a (id, code) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT a_code DO NOTHING

-- name: pair
INSERT INTO a (id, k1, k2) VALUES ($1, $2, $3) ON CONFLICT (k2, k1) DO NOTHING

-- name: pair-constraint
INSERT INTO a (id, k1, k2) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT a_pair DO NOTHING

-- name: tag
INSERT INTO a (id, tag, k1) VALUES ($1, $2, 5) ON CONFLICT (tag) WHERE k1 > 0 DO NOTHING

-- name: tag-stronger
INSERT INTO a (id, tag, k1) VALUES ($1, $2, 5) ON CONFLICT (tag) WHERE k1 > 7 DO NOTHING

-- name: lower
INSERT INTO a (id, slug) VALUES ($1, $2) ON CONFLICT (lower(slug)) DO NOTHING

-- name: primary
INSERT INTO a (id) VALUES ($1) ON CONFLICT (id) DO NOTHING

-- name: any
INSERT INTO a (id, email) VALUES ($1, $2) ON CONFLICT DO NOTHING
