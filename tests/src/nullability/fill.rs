//! Rows that differ: NULL in some of them wherever the schema allows it, children for some parents only, values at the ends
//! of their types.

use std::collections::BTreeMap;

use postgres::Client;

use super::values::{Kinds, literal};
use crate::Result;
use crate::rows::{self, Rows};
use crate::samples::TypeFacts;
use crate::savepoint;

/// How many rows a table gets.
pub(super) const ROWS: usize = 6;

/// What rows are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Each row has values of its own, and NULL in some columns.
    Plain,
    /// Some rows hold the ends of their types: infinity, empty texts and arrays, JSON's null.
    Extreme,
}

/// Fills all tables. The session's triggers are off meanwhile, and so are foreign keys: children name rows that are there.
///
/// # Errors
///
/// What the driver says when the catalogs cannot be read.
pub(super) fn fill(client: &mut Client, values: Values, hints: &Hints) -> Result<()> {
    client.batch_execute("BEGIN")?;
    let types = TypeFacts::load(client)?;
    rows::fill(client, &types, Rows::Full)?;
    client.batch_execute("SET LOCAL session_replication_role = replica")?;
    let kinds = Kinds::load(client)?;
    let tables = tables(client)?;
    for table in tables.values() {
        for number in 1..ROWS {
            if let Some(row) = add(client, &kinds, table, number, values, hints) {
                thin(client, table, number, row);
            }
        }
    }
    Ok(client.batch_execute("COMMIT")?)
}

#[derive(Debug, Default)]
struct Table {
    name: String,
    columns: Vec<Column>,
    /// Columns, the table that they name, its columns.
    foreign: Vec<(Vec<i16>, String, Vec<String>)>,
    /// Columns of each constraint that looks at several.
    checks: Vec<Vec<i16>>,
}

#[derive(Debug)]
struct Column {
    number: i16,
    name: String,
    ty: u32,
    nullable: bool,
    unique: bool,
}

/// Values that queries compare columns with, by the columns' names.
#[derive(Clone, Debug, Default)]
pub struct Hints(BTreeMap<String, Vec<String>>);

impl Hints {
    /// Those in a query's text: `name = 'value'`.
    pub fn read(&mut self, sql: &str) {
        for (at, _) in sql.match_indices('=') {
            let (before, after) = (sql[..at].trim_end(), sql[at + 1..].trim_start());
            let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
            let value = match after.strip_prefix('\'') {
                Some(quoted) => quoted.split('\'').next(),
                None => after.split(|c: char| !c.is_ascii_digit()).next().filter(|digits| !digits.is_empty()),
            };
            if let (Some(name), Some(value)) = (before.get(start..).filter(|name| !name.is_empty()), value) {
                let values = self.0.entry(name.to_lowercase()).or_default();
                if !values.iter().any(|other| other == value) {
                    values.push(value.to_owned());
                }
            }
        }
    }

    fn of(&self, column: &str, number: usize) -> Option<&String> {
        let values = self.0.get(column)?;
        values.get(number % values.len().max(1)).filter(|_| number.is_multiple_of(2))
    }
}

/// Where a row is: it has no name of its own.
type Place = (String, u32);

/// Adds a row: with as many values of its own as the table's constraints let it have.
fn add(
    client: &mut Client,
    kinds: &Kinds,
    table: &Table,
    number: usize,
    values: Values,
    hints: &Hints,
) -> Option<Place> {
    let nothing = Hints::default();
    // Children of few parents first, so that some have none; then of one each, for the sake of unique keys.
    for (hints, only_unique, parent) in [
        (hints, false, number / 2),
        (hints, false, number),
        (&nothing, false, number / 2),
        (&nothing, false, number),
        (&nothing, true, number / 2),
        (&nothing, true, number),
    ] {
        let like = Like { kinds, table, number, parent, only_unique, values, hints };
        let expressions: Vec<String> = table.columns.iter().map(|column| like.expression(column)).collect();
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let sql = format!(
            "INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {2} FROM {0} AS base LIMIT 1 RETURNING ctid::text, tableoid",
            table.name,
            names.join(", "),
            expressions.join(", ")
        );
        if let Ok(Some(row)) = savepoint(client, false, |client| client.query_opt(&sql, &[])) {
            return Some((row.get(0), row.get(1)));
        }
    }
    None
}

/// What a new row is to be like.
struct Like<'a> {
    kinds: &'a Kinds,
    table: &'a Table,
    number: usize,
    /// The number of the row that foreign keys name.
    parent: usize,
    /// Whether all but unique columns are those of the first row.
    only_unique: bool,
    values: Values,
    hints: &'a Hints,
}

impl Like<'_> {
    fn expression(&self, column: &Column) -> String {
        let Like { kinds, number, .. } = *self;
        let foreign = self.table.foreign.iter().find_map(|(columns, name, theirs)| {
            let at = columns.iter().position(|other| *other == column.number)?;
            Some((name, theirs.get(at)?))
        });
        let own = || format!("base.{}", column.name);
        let name = kinds.name(column.ty);
        if let Some((parent, theirs)) = foreign {
            let offset = format!("{} % greatest((SELECT count(*) FROM {parent}), 1)", self.parent);
            let row = format!("SELECT {theirs} FROM {parent} ORDER BY ctid OFFSET {offset} LIMIT 1");
            return format!("coalesce(({row}), {})", own());
        }
        if let Some(value) = self.hints.of(&column.name, number) {
            return format!("{}::{name}", literal(value));
        }
        if self.only_unique && !column.unique {
            return own();
        }
        let extreme = self.values == Values::Extreme && number >= ROWS / 2;
        match kinds.text(column.ty, number, extreme) {
            Some(text) => format!("{}::{name}", literal(&text)),
            None => own(),
        }
    }
}

/// Takes values out of a row: all that may be NULL of the first, none of the second, some of the others.
fn thin(client: &mut Client, table: &Table, number: usize, mut place: Place) {
    let nullable: Vec<&Column> = table.columns.iter().filter(|column| column.nullable).collect();
    let chosen: Vec<&Column> = nullable
        .iter()
        .enumerate()
        .filter(|(at, _)| match number {
            1 => true,
            2 => false,
            3 => at % 2 == 0,
            4 => at % 2 == 1,
            _ => (at * 7 + number * 3) % 5 < 2,
        })
        .map(|(_, column)| *column)
        .collect();
    let together = |columns: &[i16]| -> Vec<&str> {
        chosen.iter().filter(|column| columns.contains(&column.number)).map(|column| column.name.as_str()).collect()
    };
    let all: Vec<&str> = chosen.iter().map(|column| column.name.as_str()).collect();
    if !all.is_empty() && set_null(client, table, &all, &mut place) {
        return;
    }
    for columns in &table.checks {
        set_null(client, table, &together(columns), &mut place);
    }
    for name in all {
        set_null(client, table, &[name], &mut place);
    }
}

fn set_null(client: &mut Client, table: &Table, columns: &[&str], place: &mut Place) -> bool {
    if columns.is_empty() {
        return false;
    }
    let assignments: Vec<String> = columns.iter().map(|column| format!("{column} = NULL")).collect();
    let sql = format!(
        "UPDATE {} SET {} WHERE ctid = '{}' AND tableoid = {} RETURNING ctid::text, tableoid",
        table.name,
        assignments.join(", "),
        place.0,
        place.1
    );
    let Ok(Some(row)) = savepoint(client, false, |client| client.query_opt(&sql, &[])) else { return false };
    *place = (row.get(0), row.get(1));
    true
}

fn tables(client: &mut Client) -> Result<BTreeMap<u32, Table>> {
    let mut tables: BTreeMap<u32, Table> = BTreeMap::new();
    for row in client.query(COLUMNS, &[])? {
        let table = tables.entry(row.get(0)).or_insert_with(|| Table { name: row.get(1), ..Table::default() });
        table.columns.push(Column {
            number: row.get(2),
            name: row.get(3),
            ty: row.get(4),
            nullable: row.get(5),
            unique: row.get(6),
        });
    }
    for row in client.query(FOREIGN_KEYS, &[])? {
        if let Some(table) = tables.get_mut(&row.get(0)) {
            table.foreign.push((row.get(1), row.get(2), row.get(3)));
        }
    }
    for row in client.query(CHECKS, &[])? {
        if let Some(table) = tables.get_mut(&row.get(0)) {
            table.checks.push(row.get(1));
        }
    }
    Ok(tables)
}

/// Of ordinary and partitioned tables that hold a row.
const COLUMNS: &str = "
    SELECT c.oid, format('%I.%I', n.nspname, c.relname), a.attnum, quote_ident(a.attname), a.atttypid,
        NOT a.attnotnull AND NOT t.typnotnull,
        EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey))
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY c.oid, a.attnum";

const FOREIGN_KEYS: &str = "
    SELECT k.conrelid, k.conkey, k.confrelid::regclass::text,
        ARRAY(SELECT quote_ident(a.attname) FROM unnest(k.confkey) WITH ORDINALITY AS pair (number, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = pair.number ORDER BY pair.place)
    FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0";

const CHECKS: &str = "
    SELECT conrelid, conkey FROM pg_catalog.pg_constraint
    WHERE contype = 'c' AND conrelid <> 0 AND array_length(conkey, 1) > 1";
