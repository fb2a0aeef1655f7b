// Without a release file nothing is pending: the newest schema counts.
use schemacheck::sql;

fn main() {
    sql!("SELECT id, name FROM users WHERE id = ?1");
    sql!("SELECT id, email FROM users");
    sql!("SELECT id FROM customers");
}
