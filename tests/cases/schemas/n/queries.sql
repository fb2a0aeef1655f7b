-- name: a
SELECT id FROM app.a

-- name: b
SELECT id FROM b

-- name: public-b
SELECT id FROM public.b

-- name: c
SELECT id FROM box.c
