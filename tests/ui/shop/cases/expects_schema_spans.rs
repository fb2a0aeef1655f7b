// What is wrong with the item itself stands where it would without the attribute.
use schemacheck::{expects_schema, sql};

#[expects_schema(since = "full_name")]
fn a() -> usize {
    let _text = "none of ours";
}

#[expects_schema(since = "full_name")]
fn b() -> usize {
    if a() > 1 {
        "one".len();
    }
    let two: usize = "two";
    sql!("SELECT full_name FROM users").len() + two
}

fn main() {
    a();
    b();
}
