//! The cases of the schema model for SQLite, statement by statement, beside the real engine.

use std::fmt::Write as _;

use rusqlite::Connection;
use schemacheck_checker::dialect::sqlite;
use schemacheck_checker::schema::{Schema, apply};
use schemacheck_checker::source::Source;
use schemacheck_checker::sql;
use schemacheck_tests::model::{document, sqlite_document_cells};
use schemacheck_tests::sqlite::sqlite_cells;
use schemacheck_tests::statement_cases::differences;

#[test]
fn model_and_engine_agree() {
    let differences = differences("sqlite", differing).unwrap();
    assert!(differences.is_empty(), "{differences}");
}

/// Where model and engine differ after the same statements. What either refuses has no effect on either.
fn differing(statements: &str) -> String {
    let connection = Connection::open_in_memory().unwrap();
    let source = Source::new("case.sql", statements);
    let mut schema = Schema::new(&sqlite::DIALECT, None);
    let mut differences = String::new();
    for statement in sql::parse(statements, &sqlite::DIALECT) {
        let text = source.slice(statement.span);
        let refused = connection.execute_batch(text).err();
        let before = schema.clone();
        let problem = apply(&mut schema, &statement, &source).problems.into_iter().next();
        if refused.is_some() != problem.is_some() {
            writeln!(differences, "  engine {refused:?}, model {:?}: {text}", problem.as_ref().map(|it| &it.message))
                .unwrap();
        }
        if refused.is_some() || problem.is_some() {
            schema = before;
        }
    }
    let (engine, model) = (sqlite_cells(&connection).unwrap(), sqlite_document_cells(&document(&schema)));
    for (cell, value) in &engine {
        if model.get(cell) != Some(value) {
            writeln!(differences, "  {cell}: engine {value:?}, model {:?}", model.get(cell)).unwrap();
        }
    }
    for (cell, value) in model.iter().filter(|(cell, _)| !engine.contains_key(*cell)) {
        writeln!(differences, "  {cell}: engine has none, model {value:?}").unwrap();
    }
    differences
}
