ALTER FUNCTION f() SET search_path = one, two;
