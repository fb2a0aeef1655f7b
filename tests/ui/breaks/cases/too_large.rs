fn main() {
    let _: &[i32] = schemacheck::required_schema!(i32);
}
