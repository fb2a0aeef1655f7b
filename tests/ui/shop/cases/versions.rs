use schemacheck::{expects_schema, sql};

fn main() {
    sql!(since = "ful_name", "SELECT full_name FROM users");
    sql!(since = "20260507", "SELECT priority FROM orders");
    sql!(since = "20270101000000", "SELECT id FROM users");
    sql!(since = "drop_note", until = "full_name", "SELECT id FROM users");
}

#[expects_schema(since = "20260403080000")]
const A: &str = "SELECT id FROM users";

#[expects_schema(since = "prority")]
fn b() -> [&'static str; 2] {
    [sql!("SELECT id FROM users"), sql!("SELECT id FROM orders")]
}
