use schemacheck::required_schema;

fn main() {
    let _: &[&str] = required_schema!("i64");
    let _: &[&str] = required_schema!(f64);
    let _: &[&str] = required_schema!(i64 u64);
    let _: &[i32] = required_schema!(i32);
}
