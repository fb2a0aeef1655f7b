use schemacheck::sql;

fn main() {
    let _: &'static str = sql!("SELECT id, name FROM users WHERE id = $1");
}
