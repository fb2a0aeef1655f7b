// Without a build script the text is passed on unchecked.
use schemacheck::{expects_schema, sql};

#[expects_schema(since = "anything")]
const A: &str = sql!("SELECT 1");

fn main() {
    assert!(A.len() + sql!(until = "2", "SELECT name FROM users").len() > 0);
}
