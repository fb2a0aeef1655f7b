SELECT id, email
FROM users
WHERE full_name = $1;
