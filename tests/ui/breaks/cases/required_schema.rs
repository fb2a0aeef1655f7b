// Counted from an empty database, with the queries of the whole package.
use schemacheck::{required_schema, sql};

const NUMBERS: [i64; 2] = [20260105090000, 20260402080000];

const _: () = {
    let required = required_schema!(i64);
    assert!(required.len() == 2 && required[0] == NUMBERS[0] && required[1] == NUMBERS[1]);
    assert!(required_schema!()[1].len() == 14);
};

fn main() {
    sql!("SELECT full_name FROM users");
}
