//! Bytes as SQL: scripts and single queries of each dialect are read without a panic, and spans fit the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use schemacheck_checker::dialect::{postgres, sqlite};
use schemacheck_checker::sql;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for dialect in [&postgres::DIALECT, &sqlite::DIALECT] {
        let mut end = 0;
        for statement in sql::parse(&text, dialect) {
            assert!(statement.span.start >= end, "statements stand one after the other");
            assert!(text.get(statement.span.start..statement.span.end).is_some(), "a statement's span fits the text");
            end = statement.span.end;
        }
        // Either is fine, as long as it comes back.
        let _ = sql::parse_query(&text, dialect);
    }
});
