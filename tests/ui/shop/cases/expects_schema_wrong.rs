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

#[expects_schema(since = "full_name")]
#[expects_schema(until = "priority")]
fn e() {}

fn main() {
    e();
    a();
    b();
    c();
    d();
}
