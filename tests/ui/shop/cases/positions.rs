// Expression and const position, and what is passed on after an error is a text.
use schemacheck::sql;

const A: &str = sql!("SELECT id FROM users");
static B: &str = sql!("SELECT email FROM users",);

struct Queries;

impl Queries {
    const C: &'static str = sql!("SELECT id FROM orders");
}

const fn d() -> &'static str {
    sql!("SELECT user_id FROM orders")
}

fn main() {
    const LENGTH: usize = sql!("SELECT 1").len();
    let all: [&'static str; 4] = [A, B, Queries::C, d()];
    assert_eq!(LENGTH, all.len() + 4);
}
