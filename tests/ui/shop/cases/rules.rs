// One error for each cause, with its rule.
use schemacheck::sql;

fn main() {
    sql!("SELECT id FROM customers");
    sql!("SELECT naem, note FROM users JOIN orders ON users.id = orders.user_id");
    sql!("SELECT id FROM users JOIN orders ON user_id = users.id");
    sql!("SELECT id + email FROM users");
    sql!("SELECT no_such_function(id) FROM users");
    sql!("SELECT id::no_such_type FROM users");
    sql!("INSERT INTO users VALUES (1, 'a', 'b', 'c')");
    sql!("INSERT INTO users (id, email) VALUES (1, 'a')");
    sql!("INSERT INTO users (id, full_name, email) VALUES (1, 'a', 'b') ON CONFLICT (email) DO NOTHING");
    sql!("SELECT email FROM users GROUP BY full_name");
    sql!("SELECT priority FROM orders");
    sql!("SELECT '😀', \"näme\" FROM users");
    sql!("SELECT id,\n\t\"email\", note\r\n\tFROM orders");
}
