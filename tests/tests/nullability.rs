//! The example shop's queries over rows with NULL wherever its schema allows it: no column that the checker calls never NULL is.

use std::path::Path;

use schemacheck_tests::nullability::measure;
use schemacheck_tests::server::Server;

#[test]
fn columns_called_never_null_never_are() {
    let server = Server::start().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop/v1");
    let tally = measure(&server, &folder, None).unwrap();
    assert_eq!(tally.unsound, 0, "{}\n{}", tally.notes.join("\n"), tally.text());
    assert!(tally.reached > 0 && tally.said[0] > 0, "{}", tally.text());
}
