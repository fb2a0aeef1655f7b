//! The cases of the schema model for SQLite, statement by statement, beside the real engine.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::Connection;
use schemacheck_checker::dialect::sqlite;
use schemacheck_checker::schema::{ConstraintKind, RelationKind, Schema, apply};
use schemacheck_checker::source::Source;
use schemacheck_checker::sql;
use schemacheck_tests::catalog::Cells;
use schemacheck_tests::sqlite::sqlite_cells;

#[test]
fn model_and_engine_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../checker/src/schema/tests/sqlite");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut differences = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for case in text.split("-- # ").skip(1) {
            let (name, statements) = case.split_once('\n').unwrap_or((case, ""));
            let found = differing(statements);
            if !found.is_empty() {
                writeln!(differences, "{} # {name}\n{found}", file.display()).unwrap();
            }
        }
    }
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
    let (engine, model) = (sqlite_cells(&connection).unwrap(), cells(&schema));
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

/// The cells of the model, as far as the engine's have them.
fn cells(schema: &Schema) -> Cells {
    let mut cells = Cells::new();
    let shown = [RelationKind::Table, RelationKind::View];
    for (_, relation) in schema.relations.iter().filter(|(_, it)| shown.contains(&it.kind)) {
        let path = format!("main.{}", relation.name);
        let table = relation.kind == RelationKind::Table;
        cells.insert(format!("relation {path}: kind"), relation.kind.word().to_owned());
        for (position, column) in relation.columns.iter().enumerate() {
            cells.insert(format!("column {path} position {}", position + 1), column.name.to_string());
            if table {
                let cell = format!("column {path}.{}", column.name);
                cells.insert(format!("{cell}: nullable"), (!column.not_null).to_string());
                cells.insert(format!("{cell}: default"), column.default.is_some().to_string());
                cells.insert(format!("{cell}: generated"), column.generated.is_some().to_string());
            }
        }
        for index in relation.indexes.iter().filter(|index| index.constraint.is_none()) {
            let cell = format!("index {path} {}", index.name);
            let keys =
                index.keys.iter().map(|key| match key.column.and_then(|number| relation.column_numbered(number)) {
                    Some(column) => column.name.to_string(),
                    None => "(expression)".to_owned(),
                });
            cells.insert(format!("{cell}: keys"), keys.collect::<Vec<_>>().join(", "));
            cells.insert(format!("{cell}: unique"), index.unique.to_string());
            cells.insert(format!("{cell}: predicate"), index.predicate.is_some().to_string());
        }
        let keys = relation.constraints.iter().filter(|it| matches!(it.kind, ConstraintKind::PrimaryKey));
        assert!(keys.count() <= 1, "{path} has two primary keys");
    }
    cells
}
