schemacheck::rollout!();

fn main() {
    let _: &[&str] = schemacheck::required_schema!();
    let _: &[i64] = schemacheck::required_schema!(i64);
}
