fn main() {
    let _: &[i64] = schemacheck::required_schema!(i64);
    let _: &[i32] = schemacheck::required_schema!(i32);
}
