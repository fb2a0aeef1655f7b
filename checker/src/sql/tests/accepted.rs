//! Lists of statements that real engines take: each must be understood as a whole.

use super::*;

fn all_understood(script: &str, dialect: &'static Dialect) {
    for statement in parse(script, dialect) {
        let text = slice(script, statement.span);
        assert!(!format!("{:?}", statement.kind).contains("Unparsed {"), "{text}\n{:#?}", statement.kind);
        if let StatementKind::Query(query) = &statement.kind {
            assert_eq!(slice(script, query.span), text);
        }
    }
}

#[test]
fn postgres_queries() {
    all_understood(include_str!("accepted/postgres_queries.sql"), &postgres::DIALECT);
}

#[test]
fn postgres_definitions() {
    all_understood(include_str!("accepted/postgres_definitions.sql"), &postgres::DIALECT);
}

#[test]
fn sqlite_statements() {
    all_understood(include_str!("accepted/sqlite.sql"), &sqlite::DIALECT);
}
