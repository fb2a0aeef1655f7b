// Each macro says so; the expansions are a text and a list.
use schemacheck::{required_schema, rollout, sql};

rollout!();

#[schemacheck::expects_schema(since = "1")]
fn marked() -> &'static str {
    sql!("SELECT id FROM users")
}

fn main() {
    let _: &'static str = sql!("SELECT name FROM users");
    let _: &'static [i64] = required_schema!(i64);
    marked();
}
