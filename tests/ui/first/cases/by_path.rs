use schemacheck::sql;

fn main() {
    sql!("SELECT id FROM users");
}
