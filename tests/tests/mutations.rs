//! A few hundred changes of the example shop's schema: checker and server agree on each query.

use std::path::Path;

use schemacheck_tests::mutate::{Settings, mutate};
use schemacheck_tests::server::Server;

#[test]
fn checker_and_server_agree_on_changed_schemas() {
    let server = Server::start().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop/v1");
    let settings = Settings { seed: 1, count: 300, only: None, database: None };
    let tally = mutate(&server, &folder, &settings, |_, _| {}).unwrap();
    let total = tally.total();
    let wrong = (total.missed, total.false_alarms, total.only_may_break, total.unknown, total.wrongly_refused);
    let notes = tally.notes.join("\n");
    assert_eq!(wrong, (0, 0, 0, 0, 0), "seed {}: {}\n{notes}", settings.seed, tally.text());
    assert_eq!(total.refused.0, total.refused.1, "seed {}: {notes}", settings.seed);
}
