//! Annotated SQL: each file is a schema, a line of dashes, and queries with what analysis finds of them.
//!
//! Under each line of a query stand carets with what is found where they point: the output column that starts there with its
//! name, type and nullability, an error with its rule and code, what is unknown. Parameters follow the query. The texts are
//! written by analysis itself when `SCHEMACHECK_BLESS` is set; the tests package holds them against a real server.

#![expect(clippy::disallowed_methods, reason = "its cases are files, written anew when asked")]

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use super::{Analysis, Context, analyze_rows};
use crate::dialect::{Dialect, postgres, sqlite};
use crate::schema::{Schema, apply};
use crate::source::{Source, Span};
use crate::sql;

#[test]
fn names_of_columns_and_tables() {
    check("names", &postgres::DIALECT);
}

#[test]
fn joins() {
    check("joins", &postgres::DIALECT);
}

#[test]
fn set_operations_and_values() {
    check("sets", &postgres::DIALECT);
}

#[test]
fn common_table_expressions() {
    check("with", &postgres::DIALECT);
}

#[test]
fn grouping_and_sorting() {
    check("grouping", &postgres::DIALECT);
}

#[test]
fn functions_and_operators() {
    check("functions", &postgres::DIALECT);
}

#[test]
fn types_of_expressions() {
    check("types", &postgres::DIALECT);
}

#[test]
fn parameters() {
    check("parameters", &postgres::DIALECT);
}

#[test]
fn inserts() {
    check("insert", &postgres::DIALECT);
}

#[test]
fn updates_and_deletes() {
    check("update", &postgres::DIALECT);
}

#[test]
fn conflict_targets() {
    check("conflict", &postgres::DIALECT);
}

#[test]
fn routines_and_triggers() {
    check("routines", &postgres::DIALECT);
}

#[test]
fn nullability() {
    check("nullability", &postgres::DIALECT);
}

#[test]
fn functions_in_from() {
    check("from_functions", &postgres::DIALECT);
}

#[test]
fn sqlite_names() {
    check("sqlite", &sqlite::DIALECT);
}

/// Holds the annotations of a file against what analysis finds.
fn check(name: &str, dialect: &'static Dialect) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis/tests").join(format!("{name}.sql"));
    let text = std::fs::read_to_string(&path).expect("the test's text");
    let (prelude, queries) = text.split_once("\n----\n").expect("a line of dashes after the schema");
    let schema = schema_of(prelude, dialect);
    let mut found = format!("{prelude}\n----\n");
    for (at, query) in queries.trim().split("\n\n").enumerate() {
        let _ = write!(found, "{}{}", if at > 0 { "\n\n" } else { "\n" }, annotated(&schema, &plain(query)));
    }
    found.push('\n');
    if std::env::var_os("SCHEMACHECK_BLESS").is_some() {
        std::fs::write(&path, &found).expect("the test's text can be written");
        return;
    }
    for (line, (wanted, found)) in text.lines().zip(found.lines()).enumerate() {
        assert_eq!(found, wanted, "{name}.sql, line {}", line + 1);
    }
    assert_eq!(found, text, "{name}.sql");
}

fn schema_of(prelude: &str, dialect: &'static Dialect) -> Schema {
    let source = Source::new("schema.sql", prelude);
    let mut schema = Schema::new(dialect, None);
    for statement in sql::parse(prelude, dialect) {
        let applied = apply(&mut schema, &statement, &source);
        if let Some(problem) = applied.problems.first() {
            panic!("{}: {}", source.slice(statement.span), problem.message);
        }
    }
    schema
}

/// A query without its annotations; remarks stay.
fn plain(query: &str) -> String {
    let is_annotation = |line: &&str| !line.starts_with("--") || line.starts_with("-- |");
    query.lines().filter(is_annotation).collect::<Vec<_>>().join("\n")
}

fn annotated(schema: &Schema, query: &str) -> String {
    let context = Context { text: Arc::from(query), ..Context::default() };
    let mut notes: Vec<(Span, String)> = Vec::new();
    let mut last = String::new();
    match sql::parse_query(query, schema.dialect) {
        Err(unparsed) => notes.push((unparsed.at, format!("unparsed: {}", unparsed.reason))),
        Ok(parsed) => {
            let (found, spans) = analyze_rows(schema, &parsed, &context);
            notes_of(schema, &found, &spans, &mut notes);
            let parameter = |(number, ty): (i32, &crate::schema::Type)| format!("${number} {}", shown(schema, *ty));
            last = (1..).zip(&found.shape.parameters).map(parameter).collect::<Vec<_>>().join(", ");
            if !found.shape.complete && found.problems.is_empty() {
                let _ = write!(last, "{}more columns", if last.is_empty() { "" } else { ", " });
            }
        }
    }
    notes.sort_by_key(|(span, _)| span.start);
    let mut text = String::new();
    let mut offset = 0;
    for line in query.lines() {
        let _ = writeln!(text, "{line}");
        for (span, note) in notes.iter().filter(|(span, _)| (offset..=offset + line.len()).contains(&span.start)) {
            let before = line.get(..span.start - offset).map_or(0, |before| before.chars().count());
            let carets = span.end.min(offset + line.len()).saturating_sub(span.start).max(1);
            let _ = writeln!(text, "--{}{} {note}", " ".repeat(before.saturating_sub(2)), "^".repeat(carets));
        }
        offset += line.len() + 1;
    }
    if !last.is_empty() {
        let _ = writeln!(text, "-- {last}");
    }
    text.trim_end().to_string()
}

fn notes_of(schema: &Schema, found: &Analysis, spans: &[Span], notes: &mut Vec<(Span, String)>) {
    for (column, span) in found.shape.columns.iter().zip(spans) {
        let nullable = match column.nullable {
            Some(true) => " null",
            Some(false) => " not null",
            None => "",
        };
        let collation = column.collation.as_ref().map(|name| format!(" collate {name}")).unwrap_or_default();
        notes.push((*span, format!("{} {}{collation}{nullable}", column.name, shown(schema, column.ty))));
    }
    for problem in &found.problems {
        let perhaps = if problem.certain { "error" } else { "perhaps" };
        notes.push((problem.span, format!("{perhaps}: {} {} {}", problem.rule, problem.sqlstate, problem.message)));
    }
    for unknown in &found.unknowns {
        notes.push((unknown.span, format!("unknown: {}", unknown.reason)));
    }
}

fn shown(schema: &Schema, ty: crate::schema::Type) -> String {
    if ty.id.is_sure() { schema.format_type(ty) } else { "?".to_string() }
}

/// A statement that only another engine has is no statement that changes nothing.
#[test]
fn statements_of_other_engines_are_not_understood() {
    let text = "PRAGMA foreign_keys = on";
    let schema = Schema::new(&postgres::DIALECT, None);
    let doubt = match sql::parse_query(text, schema.dialect) {
        Ok(parsed) => super::analyze(&schema, &parsed, &Context::default()).unknowns.len(),
        Err(unparsed) => usize::from(unparsed.reason != "not a query"),
    };
    assert_eq!(doubt, 1);
}

/// The grammar of a version before the newest one.
#[test]
fn subqueries_needed_names_once() {
    for (version, query, refused) in [
        (15, "SELECT * FROM (SELECT 1 AS a)", true),
        (15, "SELECT * FROM (VALUES (1), (2))", true),
        (15, "SELECT (SELECT a FROM (SELECT 1 AS a) s) FROM (SELECT 1) AS s", false),
        (16, "SELECT * FROM (SELECT 1 AS a)", false),
    ] {
        let schema = Schema::new(&postgres::DIALECT, Some(version));
        let parsed = sql::parse_query(query, schema.dialect).expect("a query");
        let found = super::analyze(&schema, &parsed, &Context { text: Arc::from(query), ..Context::default() });
        let codes: Vec<&str> = found.problems.iter().map(|problem| problem.sqlstate).collect();
        assert_eq!(codes, if refused { &["42601"][..] } else { &[] }, "{version} {query}");
    }
}

/// Text that nests as deep as the parser lets it, or goes on for very long, on the stack of a test's thread.
#[test]
fn depth_and_length_are_harmless() {
    let schema = schema_of("CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL);", &postgres::DIALECT);
    let repeat = |open: &str, inside: &str, close: &str, times: usize| {
        format!("{}{inside}{}", open.repeat(times), close.repeat(times))
    };
    let texts = [
        format!("SELECT {} FROM t", repeat("(", "id", ")", 55)),
        format!("SELECT {} FROM t", repeat("lower(", "name", ")", 55)),
        format!("SELECT {} FROM t", repeat("COALESCE(NULL, ", "name", ")", 55)),
        format!("SELECT {} FROM t", repeat("CASE WHEN true THEN ", "name", " END", 55)),
        format!("SELECT {} FROM t", repeat("ARRAY[", "1", "]", 55)),
        format!("SELECT {}", repeat("(SELECT ", "1", ")", 55)),
        format!("SELECT * FROM {}", repeat("(SELECT * FROM ", "t", ") s", 55)),
        format!("SELECT 1 WHERE {}", repeat("EXISTS (SELECT 1 FROM t WHERE ", "true", ")", 55)),
        repeat("WITH x AS (", "SELECT 1", ") SELECT * FROM x", 55),
        format!("SELECT 1{}", " + 1".repeat(390)),
        format!("SELECT id FROM t WHERE id = 1{}", " OR id = 1".repeat(190)),
        format!("SELECT 1{}", " UNION SELECT 1".repeat(190)),
        format!("SELECT {} FROM t", repeat("(1 + ", "id", ")", 55)),
        format!("SELECT id FROM t WHERE id IN (1{})", ", 1".repeat(20_000)),
        format!("INSERT INTO t (id, name) VALUES (1, 'x'){}", ", ($1, $2)".repeat(20_000)),
        format!("SELECT * FROM t{}", " JOIN t AS u ON true".repeat(190)),
    ];
    for text in texts {
        let shown: String = text.chars().take(60).collect();
        let start = std::time::Instant::now();
        if let Ok(query) = sql::parse_query(&text, schema.dialect) {
            let parsed = start.elapsed();
            super::analyze(&schema, &query, &Context::default());
            let whole = start.elapsed();
            assert!(whole - parsed < std::time::Duration::from_secs(5), "{shown}: {:?}", whole - parsed);
        }
    }
}
