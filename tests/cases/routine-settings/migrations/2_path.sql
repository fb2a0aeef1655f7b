ALTER FUNCTION f() SET search_path = two;
ALTER FUNCTION g() SET search_path = two;
