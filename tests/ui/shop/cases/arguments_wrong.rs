// After each of them the expansion still is a text, a list or the item as it was.
use schemacheck::{expects_schema, required_schema, rollout, sql};

fn main() {
    let texts: [&'static str; 9] = [
        sql!(since = 5, "SELECT id FROM users"),
        sql!(since),
        sql!(since "5", "SELECT id FROM users"),
        sql!("SELECT id" "FROM users"),
        sql!(file = "queries/by_name.sql", "SELECT id FROM users"),
        sql!(until = " ", "SELECT id FROM users"),
        sql!(since = "full_name", flag = "", "SELECT id FROM users"),
        sql!(file = "../shop/queries"),
        sql!(b"SELECT id FROM users"),
    ];
    let lists: [&'static [&'static str]; 2] = [required_schema!(database = 5), required_schema!(i64, u64)];
    assert!(texts.len() + lists.len() + a() > 0);
}

rollout!(database = "main");

#[expects_schema(since = "full_name", since = "priority")]
fn a() -> usize {
    sql!("SELECT id FROM users").len()
}

#[expects_schema(until = "")]
const B: &str = "";

#[expects_schema(until)]
const C: &str = "";

#[expects_schema("full_name")]
mod d {}
