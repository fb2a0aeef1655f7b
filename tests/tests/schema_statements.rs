//! The cases of the schema model, statement by statement, beside a real Postgres: which statements fail and with which
//! code, and what the catalogs hold in the end.

use std::fmt::Write as _;

use schemacheck_checker::dialect::postgres;
use schemacheck_checker::schema::{ApplyProblem, Schema, apply};
use schemacheck_checker::source::Source;
use schemacheck_checker::sql;
use schemacheck_tests::catalog::{compare, server_cells};
use schemacheck_tests::model::{document, document_cells};
use schemacheck_tests::server::Server;
use schemacheck_tests::statement_cases::differences;

#[test]
fn model_and_server_agree() {
    let server = Server::start().unwrap();
    let differences = differences("postgres", |statements| differing(&server, statements)).unwrap();
    assert!(differences.is_empty(), "{differences}");
}

/// Where model and server differ after the same statements. What either refuses has no effect on either.
fn differing(server: &Server, statements: &str) -> String {
    let version = server.major_version().unwrap();
    let database = server.create_database(None).unwrap();
    let mut client = server.connect(&database).unwrap();
    let source = Source::new("case.sql", statements);
    let mut schema = Schema::new(&postgres::DIALECT, Some(version));
    let mut differences = String::new();
    for statement in sql::parse(statements, &postgres::DIALECT) {
        let text = source.slice(statement.span);
        let refused = client.batch_execute(text).err().map(|error| match error.as_db_error() {
            Some(reported) => format!("{} {}", reported.code().code(), reported.message()),
            None => error.to_string(),
        });
        let before = schema.clone();
        let problems = apply(&mut schema, &statement, &source).problems;
        // What fails on rows fails where the case has some.
        let on_rows = |problem: &&ApplyProblem| problem.rule == "migration-fails-on-rows";
        let expected = refused.as_deref().is_some_and(|words| words.starts_with("23502"));
        let problem = problems.into_iter().find(|problem| !on_rows(&problem) || expected);
        let (server_code, model_code) = (
            refused.as_deref().and_then(|words| words.split(' ').next()).unwrap_or("works"),
            problem.as_ref().map_or("works", |problem| problem.sqlstate.unwrap_or(problem.rule)),
        );
        if server_code != model_code {
            let (line, _) = source.line_column(statement.span.start);
            let says = problem.as_ref().map(|problem| &problem.message);
            writeln!(
                differences,
                "  {line}: server {server_code} ({refused:?}), model {model_code} ({says:?}): {text}"
            )
            .unwrap();
        }
        if refused.is_some() || problem.is_some() {
            schema = before;
        }
    }
    let mut other = server.connect(&database).unwrap();
    let comparison = compare(&server_cells(&mut other).unwrap(), &document_cells(&document(&schema)));
    for difference in comparison.differences {
        writeln!(differences, "  {}: server {:?}, model {:?}", difference.cell, difference.server, difference.model)
            .unwrap();
    }
    drop((client, other));
    server.drop_database(&database).unwrap();
    differences
}
