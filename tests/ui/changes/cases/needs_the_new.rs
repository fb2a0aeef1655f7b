// Each query runs on its own schema, and not on the one before; the migration that makes the difference is shown.
use schemacheck::sql;

fn main() {
    sql!("SELECT id FROM customers");
    sql!("SELECT 'red'::colour");
    sql!("SELECT twice(id) FROM users");
    sql!("INSERT INTO users (id, name) VALUES (1, 'a') ON CONFLICT (name) DO NOTHING");
    sql!("INSERT INTO users (id, name, full_name) VALUES (1, 'a', 'A')");
    sql!("SELECT users.id FROM users JOIN orders ON user_id = users.id WHERE name = 'a'");
    sql!("SELECT id, total FROM orders GROUP BY id");
    sql!("SELECT total + 1 FROM orders");
    sql!("SELECT id FROM notes WHERE mood = 'happy'");
    sql!("INSERT INTO orders SELECT id, id, 1 FROM users");
}
