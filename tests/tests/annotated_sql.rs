//! The annotated SQL of the analysis' tests, on a real server: it must refuse what is marked as an error, with the same code,
//! and accept the rest, with the same names and types of columns and parameters.

use std::path::Path;
use std::sync::Arc;

use postgres::Client;
use schemacheck_checker::analysis::{Analysis, Context, Stage, analyze};
use schemacheck_checker::dialect::postgres::DIALECT;
use schemacheck_checker::schema::{Schema, apply};
use schemacheck_checker::source::Source;
use schemacheck_checker::sql;
use schemacheck_tests::describe::{Declared, Shape, TypeNames, prepare, shape};
use schemacheck_tests::nullability::{Executor, Hints, Values, fill_tables};
use schemacheck_tests::script::shape_difference;
use schemacheck_tests::server::Server;

/// Files whose engine is another one.
const OTHER_ENGINES: &[&str] = &["sqlite"];

#[test]
fn the_server_agrees() {
    let server = Server::start().expect("a private server");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../checker/src/analysis/tests");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut differences = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "sql")) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !OTHER_ENGINES.contains(&name.as_str()) {
            let text = std::fs::read_to_string(file).expect("the file");
            compare_file(&server, &name, &text, &mut differences);
        }
    }
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
}

fn compare_file(server: &Server, name: &str, text: &str, differences: &mut Vec<String>) {
    let (prelude, queries) = text.split_once("\n----\n").expect("a line of dashes after the schema");
    let database = server.create_database(None).expect("a database");
    let mut client = server.connect(&database).expect("a session");
    client.batch_execute(prelude).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let version = server.major_version().expect("the version");
    let schema = schema_of(prelude, version);
    let mut all = Vec::new();
    for query in queries.trim().split("\n\n") {
        let lines = query.lines().filter(|line| !line.starts_with("--") || line.starts_with("-- |"));
        let query = lines.collect::<Vec<_>>().join("\n");
        let Ok(parsed) = sql::parse_query(&query, schema.dialect) else { continue };
        let context = Context { text: Arc::from(query.as_str()), ..Context::default() };
        let found = analyze(&schema, &parsed, &context);
        if let Some(difference) = compare(&mut client, &schema, &query, &found) {
            differences.push(format!("{name}: {query}\n    {difference}"));
        }
        all.push((query, found));
    }
    differences.extend(nulls(server, name, client, &database, &all));
}

/// Runs the queries over empty tables, and over rows that hold NULL wherever the schema allows it: columns that are NULL
/// although the checker calls them never NULL.
fn nulls(server: &Server, name: &str, client: Client, database: &str, queries: &[(String, Analysis)]) -> Vec<String> {
    drop(client);
    let mut wrong = Vec::new();
    for values in [None, Some(Values::Plain), Some(Values::Extreme)] {
        let copy = server.create_database(Some(database)).expect("a copy");
        let mut client = server.connect(&copy).expect("a session");
        if let Some(values) = values {
            fill_tables(&mut client, values, &Hints::default()).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
        let executor = Executor::load(&mut client).expect("the types");
        for (query, found) in queries {
            let Some(seen) = executor.observe(&mut client, query).expect("a session") else { continue };
            for (column, null) in found.shape.columns.iter().zip(&seen.nulls) {
                if let (Some(false), Some(arguments)) = (column.nullable, null) {
                    wrong.push(format!("{name}: {query}\n    `{}` is NULL for ({arguments})", column.name));
                }
            }
        }
    }
    wrong
}

fn schema_of(prelude: &str, version: u32) -> Schema {
    let source = Source::new("schema.sql", prelude);
    let mut schema = Schema::new(&DIALECT, Some(version));
    for statement in sql::parse(prelude, schema.dialect) {
        apply(&mut schema, &statement, &source);
    }
    schema
}

fn compare(client: &mut Client, schema: &Schema, query: &str, found: &Analysis) -> Option<String> {
    let mut early = found.problems.iter().filter(|problem| problem.stage != Stage::Execute);
    match (describe(client, query), early.clone().next()) {
        (Ok(_), Some(problem)) => Some(format!("accepted, but {}", problem.message)),
        // Some routines are looked into when the statement is planned.
        (Err(error), None) if found.problems.iter().any(|problem| error.starts_with(problem.sqlstate)) => None,
        (Err(error), None) if found.unknowns.is_empty() => Some(format!("refused: {error}")),
        (Err(error), Some(_)) if !early.any(|problem| error.starts_with(problem.sqlstate)) => {
            Some(format!("refused for another reason: {error}"))
        }
        (Ok(real), None) => shape_difference(schema, found, &real),
        _ => None,
    }
}

/// Prepares and plans a query.
fn describe(client: &mut Client, query: &str) -> Result<Shape, String> {
    let said = |error: &postgres::Error| match error.as_db_error() {
        Some(error) => format!("{} {}", error.code().code(), error.message()),
        None => error.to_string(),
    };
    client.batch_execute("BEGIN").map_err(|error| said(&error))?;
    let outcome = (|| {
        let prepared = prepare(client, query, &Declared::Nothing)
            .map_err(|error| format!("{} {}", error.sqlstate, error.message))?;
        let shape = shape(client, &prepared, &mut TypeNames::default()).map_err(|error| said(&error))?;
        if query.trim_start().to_ascii_lowercase().starts_with(['s', 'i', 'u', 'd', 'w', 'm', 'v', 't']) {
            let nulls = vec!["NULL"; shape.parameters.len()].join(", ");
            let arguments = if nulls.is_empty() { nulls } else { format!("({nulls})") };
            let plan = format!("PREPARE planned AS {query}; EXPLAIN EXECUTE planned{arguments}");
            client.batch_execute("SET LOCAL plan_cache_mode = force_generic_plan").map_err(|error| said(&error))?;
            client.batch_execute(&plan).map_err(|error| said(&error))?;
        }
        Ok(shape)
    })();
    let _ = client.batch_execute("ROLLBACK");
    let _ = client.batch_execute("DEALLOCATE planned");
    outcome
}
