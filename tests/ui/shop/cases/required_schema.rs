use schemacheck::required_schema;

const TEXT: &[&str] = required_schema!();
const NUMBERS: &[i64] = required_schema!(i64);

fn main() {
    assert_eq!(TEXT.len(), NUMBERS.len());
}
