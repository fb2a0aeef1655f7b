//! At least one row in every table of a state, made of the samples.

use std::collections::{HashMap, HashSet};

use postgres::Client;
use serde::{Deserialize, Serialize};

use crate::describe::ServerError;
use crate::samples::TypeFacts;
use crate::savepoint;

/// A table that stays empty, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptyTable {
    /// Schema-qualified, quoted where needed.
    pub table: String,
    /// The server's words for the last attempt.
    pub why: String,
}

/// What the columns of a row hold that may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// The sample of their type, like all others.
    Full,
    /// Null.
    Sparse,
}

/// Fills each table that is empty, parents of foreign keys first, with the session's triggers switched off.
///
/// # Errors
///
/// What the driver says when the catalogs cannot be read.
pub fn fill(client: &mut Client, types: &TypeFacts, rows: Rows) -> Result<Vec<EmptyTable>, postgres::Error> {
    client.batch_execute("SET LOCAL session_replication_role = replica")?;
    let mut tables = tables(client, types, rows)?;
    let mut empty = Vec::new();
    for oid in parents_first(&tables) {
        let Some(table) = tables.get_mut(&oid) else { continue };
        let has_rows: bool = client.query_one(&format!("SELECT EXISTS (SELECT FROM {})", table.name), &[])?.get(0);
        if !has_rows && let Err(error) = fill_table(client, table) {
            empty.push(EmptyTable { table: table.name.clone(), why: error.to_string() });
        }
    }
    client.batch_execute("SET LOCAL session_replication_role = origin")?;
    Ok(empty)
}

#[derive(Debug)]
struct Table {
    name: String,
    columns: Vec<Column>,
    parents: HashSet<u32>,
    checks: HashMap<String, Check>,
}

#[derive(Debug)]
struct Column {
    name: String,
    number: i16,
    domain: Option<String>,
    /// Of an enum.
    labels: Vec<String>,
    value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Sample(String),
    Null,
    /// A column of the first row of another table, or the sample where that has none.
    Of {
        table: String,
        column: String,
        sample: String,
    },
}

#[derive(Debug)]
struct Check {
    columns: Vec<i16>,
    definition: String,
}

/// How many combinations of values are tried for one table.
const ATTEMPTS: u32 = 400;

fn fill_table(client: &mut Client, table: &mut Table) -> Result<(), ServerError> {
    let mut attempts = ATTEMPTS;
    let mut error = match insert(client, table) {
        Ok(()) => return Ok(()),
        Err(failed) => failed,
    };
    let mut settled: HashSet<String> = HashSet::new();
    while let Some(constraint) = error.constraint.clone().filter(|name| settled.insert(name.clone())) {
        match satisfy(client, table, &constraint, &mut attempts) {
            Ok(()) => return Ok(()),
            Err(next) => error = next,
        }
    }
    Err(error.error)
}

struct InsertError {
    error: ServerError,
    /// The check constraint, or the domain's, that refused the row.
    constraint: Option<String>,
}

/// Changes one column after the other, then pairs of them, until the row passes or another constraint refuses it.
fn satisfy(client: &mut Client, table: &mut Table, constraint: &str, attempts: &mut u32) -> Result<(), InsertError> {
    let (columns, candidates) = choices(table, constraint);
    let original: Vec<Value> = table.columns.iter().map(|column| column.value.clone()).collect();
    let mut last = None;
    for pair in pairs(&columns) {
        for first in &candidates {
            for second in if pair.1.is_some() { candidates.as_slice() } else { &candidates[..1] } {
                *attempts = attempts.saturating_sub(1);
                if *attempts == 0 {
                    break;
                }
                set(table, pair.0, first);
                if let Some(other) = pair.1 {
                    set(table, other, second);
                }
                match insert(client, table) {
                    Ok(()) => return Ok(()),
                    Err(next) if next.constraint.as_deref().is_some_and(|name| name != constraint) => {
                        return Err(next);
                    }
                    Err(next) if next.constraint.is_some() => last = Some(next),
                    Err(_) => {}
                }
            }
        }
        for (column, value) in table.columns.iter_mut().zip(&original) {
            column.value = value.clone();
        }
    }
    Err(last.unwrap_or_else(|| InsertError {
        error: ServerError { sqlstate: "23514".into(), message: constraint.to_owned(), position: None },
        constraint: None,
    }))
}

fn set(table: &mut Table, index: usize, value: &Value) {
    if let Some(column) = table.columns.get_mut(index) {
        column.value = value.clone();
    }
}

/// Each column alone, then each two together.
fn pairs(columns: &[usize]) -> Vec<(usize, Option<usize>)> {
    let mut pairs: Vec<_> = columns.iter().map(|column| (*column, None)).collect();
    for (at, first) in columns.iter().enumerate() {
        pairs.extend(columns.iter().skip(at + 1).map(|second| (*first, Some(*second))));
    }
    pairs
}

/// The columns that a constraint looks at, and the values that its text mentions.
fn choices(table: &Table, constraint: &str) -> (Vec<usize>, Vec<Value>) {
    let mut columns = Vec::new();
    let mut text = String::new();
    if let Some(check) = table.checks.get(constraint) {
        text.clone_from(&check.definition);
        columns.extend(
            table.columns.iter().enumerate().filter(|(_, c)| check.columns.contains(&c.number)).map(|(i, _)| i),
        );
    } else {
        for (index, column) in table.columns.iter().enumerate() {
            if let Some(definition) = &column.domain {
                text.push_str(definition);
                columns.push(index);
            }
        }
    }
    let labels = columns.iter().filter_map(|index| table.columns.get(*index)).flat_map(|column| &column.labels);
    let values = candidates(&text, labels);
    (columns, values)
}

fn candidates<'a>(definition: &str, labels: impl Iterator<Item = &'a String>) -> Vec<Value> {
    let mut values = vec![Value::Null];
    let mut push = |text: String| {
        let value = Value::Sample(text);
        if values.len() < 60 && !values.contains(&value) {
            values.push(value);
        }
    };
    for label in labels {
        push(label.clone());
    }
    for literal in definition.split('\'').skip(1).step_by(2) {
        push(literal.to_owned());
    }
    for digits in definition.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()) {
        let Ok(number) = digits.parse::<i64>() else { continue };
        for near in [number, number + 1, number - 1] {
            push(near.to_string());
        }
        if let Some(length) = usize::try_from(number).ok().filter(|length| (1..=1000).contains(length)) {
            push("1".repeat(length));
            push("a".repeat(length));
            push(format!("\\x{}", "61".repeat(length)));
        }
    }
    for text in ["0", "a", "A", "a@a.a", "http://a.a", "aaaaaaaa", "-1", "f", "[]", "{}", "2020-01-02", ""] {
        push(text.to_owned());
    }
    values
}

fn insert(client: &mut Client, table: &Table) -> Result<(), InsertError> {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let values: Vec<String> = table.columns.iter().map(|column| value_sql(&column.value)).collect();
    let sql = if names.is_empty() {
        format!("INSERT INTO {} DEFAULT VALUES", table.name)
    } else {
        format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
            table.name,
            names.join(", "),
            values.join(", ")
        )
    };
    savepoint(client, false, |client| client.batch_execute(&sql)).map_err(|error| InsertError {
        error: ServerError::from(&error),
        constraint: error
            .as_db_error()
            .filter(|reported| reported.code().code() == "23514")
            .and_then(|reported| reported.constraint().map(str::to_owned)),
    })
}

fn value_sql(value: &Value) -> String {
    match value {
        Value::Sample(text) => literal(text),
        Value::Null => "NULL".to_owned(),
        Value::Of { table, column, sample } => {
            format!("COALESCE((SELECT {column} FROM {table} LIMIT 1), {})", literal(sample))
        }
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn tables(client: &mut Client, types: &TypeFacts, rows: Rows) -> Result<HashMap<u32, Table>, postgres::Error> {
    let mut tables: HashMap<u32, Table> = HashMap::new();
    for row in client.query(TABLES, &[])? {
        let (name, columns) = (row.get(1), Vec::new());
        let table = Table { name, columns, parents: HashSet::new(), checks: HashMap::new() };
        tables.insert(row.get(0), table);
    }
    for row in client.query(COLUMNS, &[])? {
        let Some(table) = tables.get_mut(&row.get(0)) else { continue };
        let value = match rows {
            Rows::Sparse if row.get(6) => Value::Null,
            _ => Value::Sample(types.sample(row.get(3), row.get(4))),
        };
        let (name, number, domain, labels) = (row.get(2), row.get(1), row.get(5), row.get(7));
        table.columns.push(Column { name, number, domain, labels, value });
    }
    for row in client.query(CHECKS, &[])? {
        let Some(table) = tables.get_mut(&row.get(0)) else { continue };
        table.checks.insert(row.get(1), Check { columns: row.get(2), definition: row.get(3) });
    }
    for row in client.query(FOREIGN_KEYS, &[])? {
        let (child, parent): (u32, u32) = (row.get(0), row.get(1));
        let parent_name: String = row.get(2);
        let Some(table) = tables.get_mut(&child).filter(|_| child != parent) else { continue };
        table.parents.insert(parent);
        let number: i16 = row.get(3);
        if let Some(column) = table.columns.iter_mut().find(|column| column.number == number)
            && let Value::Sample(sample) = &column.value
        {
            column.value = Value::Of { table: parent_name, column: row.get(4), sample: sample.clone() };
        }
    }
    Ok(tables)
}

/// Tables by identifier, each after the tables it references; circles are cut.
fn parents_first(tables: &HashMap<u32, Table>) -> Vec<u32> {
    let mut left: Vec<u32> = tables.keys().copied().collect();
    left.sort_unstable();
    let mut order: Vec<u32> = Vec::new();
    while !left.is_empty() {
        let placed: HashSet<u32> = order.iter().copied().collect();
        let ready = |oid: &u32| {
            tables.get(oid).is_none_or(|table| {
                table.parents.iter().all(|parent| placed.contains(parent) || !tables.contains_key(parent))
            })
        };
        let mut next: Vec<u32> = left.iter().copied().filter(ready).collect();
        if next.is_empty() {
            next.extend(left.first());
        }
        left.retain(|oid| !next.contains(oid));
        order.extend(next);
    }
    order
}

/// Ordinary and partitioned tables outside the system's schemas; a partition gets its rows through its parent.
const TABLES: &str = "
    SELECT c.oid, format('%I.%I', n.nspname, c.relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";

const COLUMNS: &str = "
    SELECT a.attrelid, a.attnum, quote_ident(a.attname), a.atttypid, a.atttypmod,
        (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_catalog.pg_constraint k
            WHERE k.contypid = a.atttypid),
        NOT a.attnotnull AND NOT t.typnotnull,
        ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = a.atttypid ORDER BY enumsortorder)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY a.attrelid, a.attnum";

const CHECKS: &str = "
    SELECT conrelid, conname::text, conkey, pg_get_constraintdef(oid)
    FROM pg_catalog.pg_constraint WHERE contype = 'c' AND conrelid <> 0 AND conkey IS NOT NULL";

const FOREIGN_KEYS: &str = "
    SELECT k.conrelid, k.confrelid, k.confrelid::regclass::text, pair.child, quote_ident(a.attname)
    FROM pg_catalog.pg_constraint k, unnest(k.conkey, k.confkey) AS pair (child, parent)
    JOIN pg_catalog.pg_attribute a ON true
    WHERE k.contype = 'f' AND a.attrelid = k.confrelid AND a.attnum = pair.parent";
