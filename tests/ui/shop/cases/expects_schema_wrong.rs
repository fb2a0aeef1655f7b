use schemacheck::{expects_schema, sql};

#[expects_schema]
fn a() {}

#[expects_schema(from = "full_name")]
fn b() {}

#[expects_schema(flag = "x")]
fn c() {}

#[expects_schema(since = "priority")]
fn d() -> &'static str {
    sql!("SELECT name FROM users")
}

fn main() {
    a();
    b();
    c();
    d();
}
