//! Statements in, the schema out, as compact text.
//!
//! Each file in the folder of a dialect holds cases: a line `-- # name`, statements, and the expected schema in lines that
//! start with `--> `. With `UPDATE_EXPECTED=1` the expectations are written anew. The same files are held against real
//! servers by the tests package.

#![expect(clippy::disallowed_methods, reason = "the cases are files")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{ConstraintKind, Index, Relation, RelationKind, Schema, Type, apply};
use crate::dialect::catalog::TypeKind;
use crate::dialect::{self, Dialect};
use crate::source::Source;
use crate::sql;

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/tests");
    let mut failures = String::new();
    for dialect in dialect::ALL {
        for file in sql_files(&folder.join(dialect.name)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let actual = with_expectations(&text, dialect);
            if actual == text {
                continue;
            }
            if std::env::var_os("UPDATE_EXPECTED").is_some() {
                std::fs::write(&file, &actual).unwrap();
            }
            writeln!(failures, "{}:\n{}", file.display(), difference(&text, &actual)).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn sql_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The lines that differ, with the case that they are in.
fn difference(expected: &str, actual: &str) -> String {
    let cases = |text: &str| -> Vec<String> { text.split("-- # ").map(str::to_owned).collect() };
    let (expected, actual) = (cases(expected), cases(actual));
    let changed = expected.iter().zip(&actual).filter(|(expected, actual)| expected != actual);
    changed.map(|(_, actual)| format!("-- # {actual}")).collect()
}

/// The text of a file with the expectations as the model has them.
fn with_expectations(text: &str, dialect: &'static Dialect) -> String {
    let mut made = String::new();
    let mut cases = text.split("-- # ");
    made.push_str(cases.next().unwrap_or(""));
    for case in cases {
        let sql: String =
            case.lines().filter(|line| !line.starts_with("-->")).map(|line| format!("{line}\n")).collect();
        let (name, statements) = sql.split_once('\n').unwrap_or((&sql, ""));
        let statements = statements.trim_end();
        write!(made, "-- # {name}\n{statements}\n{}\n", outcome(statements, dialect)).unwrap();
    }
    made.trim_end().to_owned() + "\n"
}

/// What statements lead to: the problems, and the schema.
fn outcome(statements: &str, dialect: &'static Dialect) -> String {
    let source = Source::new("case.sql", statements);
    let mut schema = Schema::new(dialect, None);
    schema.begin_run();
    let mut lines = Vec::new();
    for statement in sql::parse(statements, dialect) {
        // Between two runs of the migrations, rows may come.
        if source.slice(statement.span).contains("next run") {
            schema.begin_run();
        }
        for problem in apply(&mut schema, &statement, &source).problems {
            let code = problem.sqlstate.unwrap_or(problem.rule);
            let kind = if problem.rule == "migration-fails-on-rows" { "rows " } else { "" };
            let (line, _) = source.line_column(problem.span.start);
            lines.push(format!("! {line}: {kind}{code} {}", problem.message));
        }
    }
    lines.extend(dump(&schema));
    lines.iter().map(|line| format!("--> {line}\n")).collect()
}

/// A schema in a few lines.
fn dump(schema: &Schema) -> Vec<String> {
    let mut lines = Vec::new();
    let mut relations: Vec<_> = schema.relations.values().filter(|relation| relation.extension.is_none()).collect();
    relations.sort_by_key(|relation| (relation.schema.clone(), relation.name.clone()));
    for relation in relations {
        lines.extend(relation_lines(schema, relation));
    }
    for ty in schema.types.values().filter(|ty| ty.extension.is_none()) {
        let name = &ty.info.name;
        match ty.info.kind {
            TypeKind::Enum => lines.push(format!("enum {name}: {}", ty.labels.join(", "))),
            TypeKind::Domain => {
                let base = ty.info.base.map(|(id, modifier)| schema.format_type(Type { id, modifier }));
                let not_null = if ty.info.not_null { " not null" } else { "" };
                let checks: Vec<&str> = ty.checks.iter().map(|check| &*check.name).collect();
                lines.push(format!("domain {name}: {}{not_null} [{}]", base.unwrap_or_default(), checks.join(", ")));
            }
            TypeKind::Range => lines.push(format!("range {name}")),
            _ => {}
        }
    }
    for routine in schema.routines.values().filter(|routine| routine.extension.is_none()) {
        let arguments = routine.signature.arguments.iter().map(|argument| schema.format_type(Type::plain(argument.ty)));
        let arguments: Vec<String> = arguments.collect();
        let result = schema.format_type(Type::plain(routine.signature.result));
        let set = if routine.signature.returns_set { "setof " } else { "" };
        lines.push(format!("routine {}({}): {set}{result}", routine.signature.name, arguments.join(", ")));
    }
    lines.extend(schema.clouds.keys().map(|name| format!("cloud {name}")));
    lines.extend(schema.overcast.iter().map(|cloud| format!("overcast: {}", cloud.reason)));
    lines
}

fn relation_lines(schema: &Schema, relation: &Relation) -> Vec<String> {
    let default = schema.dialect.default_schema == Some(&*relation.schema);
    let namespace = if default { String::new() } else { format!("{}.", relation.schema) };
    let mut lines = vec![format!("{} {namespace}{}", relation.kind.word(), relation.name)];
    let name = |number| relation.column_numbered(number).map_or("?".to_owned(), |column| column.name.to_string());
    let names =
        |numbers: &[super::ColumnNumber]| numbers.iter().map(|&number| name(number)).collect::<Vec<_>>().join(", ");
    if relation.kind == RelationKind::Sequence {
        if let Some((table, column, identity)) = relation.owned_by {
            let table = schema.relation(table);
            let owner = table
                .as_ref()
                .and_then(|table| Some(format!("{}.{}", table.name, table.column_numbered(column)?.name)));
            let how = if identity { "identity of" } else { "owned by" };
            lines[0] += &format!(" {how} {}", owner.unwrap_or_default());
        }
        return lines;
    }
    for column in &relation.columns {
        let ty =
            column.declared.as_ref().map_or_else(|| schema.format_type(column.ty), |declared| declared.to_string());
        let mut line = format!("  {} {ty}", column.name);
        let facts = [
            (column.not_null, " not null"),
            (column.default.is_some(), " default"),
            (column.generated.is_some(), " generated"),
            (column.identity.is_some(), " identity"),
            (column.auto_number, " auto"),
            (column.inherited > 0 && column.local, " merged"),
            (column.inherited > 0 && !column.local, " inherited"),
            (column.hidden, " hidden"),
        ];
        facts.iter().filter(|(holds, _)| *holds).for_each(|(_, word)| line += word);
        lines.push(line);
    }
    for constraint in &relation.constraints {
        let rest = match &constraint.kind {
            ConstraintKind::PrimaryKey => "primary key".to_owned(),
            ConstraintKind::Unique { .. } => "unique".to_owned(),
            ConstraintKind::Exclude => "exclude".to_owned(),
            ConstraintKind::Check(_) => "check".to_owned(),
            ConstraintKind::ForeignKey { table, referenced, awaits, .. } => match (schema.relation(*table), awaits) {
                (Some(table), _) => {
                    let columns = referenced.iter().filter_map(|number| table.column_numbered(*number));
                    let columns: Vec<&str> = columns.map(|column| &*column.name).collect();
                    format!("foreign key to {} ({})", table.name, columns.join(", "))
                }
                (None, Some((table, _))) => format!("foreign key to missing {table}"),
                (None, None) => "foreign key to nothing".to_owned(),
            },
        };
        let name = if constraint.unnamed { "" } else { &*constraint.name };
        let mut line = format!("  {name} ({}) {rest}", names(&constraint.columns));
        let facts = [
            (!constraint.valid, " not valid"),
            (constraint.deferrable, " deferrable"),
            (constraint.inherited > 0, " inherited"),
        ];
        facts.iter().filter(|(holds, _)| *holds).for_each(|(_, word)| line += word);
        lines.push(line);
    }
    lines.extend(
        relation.indexes.iter().filter(|index| index.constraint.is_none()).map(|index| index_line(index, &names)),
    );
    for trigger in &relation.triggers {
        let routine =
            trigger.routine.and_then(|id| schema.routines.get(&id)).map(|it| format!(" calls {}", it.signature.name));
        lines.push(format!("  trigger {}{}", trigger.name, routine.unwrap_or_default()));
    }
    lines.extend(relation.rules.iter().map(|rule| format!("  rule {}", rule.name)));
    lines.extend(relation.policies.iter().map(|policy| format!("  policy {}", policy.name)));
    lines.extend(relation.grants.iter().map(|right| format!("  {} to {}", right.privilege, right.grantee)));
    lines.extend(relation.opaque.iter().map(|cloud| format!("  unknown columns: {}", cloud.reason)));
    lines
}

fn index_line(index: &Index, names: &dyn Fn(&[super::ColumnNumber]) -> String) -> String {
    let key = |key: &super::IndexKey| match (key.column, &key.expr) {
        (Some(number), _) => names(&[number]),
        (None, Some(expr)) => format!("[{}]", expr.text),
        (None, None) => "?".to_owned(),
    };
    let keys: Vec<String> = index.keys.iter().map(key).collect();
    let mut line = format!("  index {} ({})", index.name, keys.join(", "));
    let predicate = index.predicate.as_ref().map(|predicate| format!(" where {}", predicate.text));
    line += if index.unique { " unique" } else { "" };
    line += &predicate.unwrap_or_default();
    line += if index.valid { "" } else { " not valid" };
    line
}
