// On each kind of item; calls that say something themselves keep it, an attribute inside wins.
use schemacheck::{expects_schema, sql};

#[expects_schema(since = "full_name")]
fn a() -> &'static str {
    sql!("SELECT full_name FROM users")
}

#[expects_schema(until = "full_name")]
const B: &str = schemacheck::sql!("SELECT name FROM users");

#[expects_schema(since = "priority")]
static C: &str = sql! { "SELECT priority FROM orders" };

#[expects_schema(since = "full_name")]
mod inline {
    pub const D: &str = schemacheck::sql!("SELECT full_name FROM users");
    #[schemacheck::expects_schema(until = "full_name")]
    pub const E: &str = schemacheck::sql!("SELECT name FROM users");
    pub fn f() -> &'static str {
        schemacheck::sql!(until = "full_name", "SELECT name FROM users")
    }
}

trait Reads {
    fn text() -> &'static str;
}

struct Users;

#[expects_schema(since = "full_name")]
impl Reads for Users {
    fn text() -> &'static str {
        sql!("SELECT full_name FROM users")
    }
}

#[expects_schema(since = "full_name")]
#[allow(dead_code)]
trait Names {
    const G: &'static str = sql!("SELECT full_name FROM users");
}

impl Users {
    #[expects_schema(since = "full_name", flag = "names")]
    fn method(&self) -> &'static str {
        sql!("SELECT full_name FROM users")
    }
}

#[expects_schema(since = "full_name")]
#[derive(Debug, PartialEq)]
struct Row {
    full_name: String,
}

fn main() {
    let row = Row { full_name: [a(), B, C, inline::D, inline::E, inline::f(), Users::text(), Users.method()].concat() };
    assert_eq!(row, Row { full_name: row.full_name.clone() });
}
