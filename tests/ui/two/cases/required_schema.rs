// The package has two databases: which is meant must be said where it matters.
use schemacheck::{required_schema, sql};

const MAIN: &[i64] = required_schema!(i64, database = "main");
const AUDIT: &[&str] = required_schema!(database = "audit");

const _: () = assert!(MAIN.len() == 1 && MAIN[0] == 1 && AUDIT.len() == 2);

fn main() {
    sql!("SELECT name FROM users");
    sql!("SELECT who FROM events");
    sql!("SELECT who FROM users");
    let _: &[i64] = required_schema!(i64);
    let _: &[i64] = required_schema!(i64, database = "logs");
    let _: &[i64] = required_schema!(database = "main", i64, i64);
}
