//! Changes of whole tables.

use super::{Draw, FRESH, quoted};
use crate::mutate::inventory::Column;

pub(super) fn drop_table(draw: &mut Draw<'_>) -> Option<String> {
    Some(format!("DROP TABLE {} CASCADE", draw.table()?.path))
}

pub(super) fn rename_table(draw: &mut Draw<'_>) -> Option<String> {
    Some(format!("ALTER TABLE {} RENAME TO {FRESH}", draw.table()?.path))
}

pub(super) fn move_table(draw: &mut Draw<'_>) -> Option<String> {
    Some(format!("CREATE SCHEMA {FRESH}; ALTER TABLE {} SET SCHEMA {FRESH}", draw.table()?.path))
}

pub(super) fn recreate_table(draw: &mut Draw<'_>) -> Option<String> {
    let table = draw.table()?;
    let (path, name) = (&table.path, quoted(&table.name));
    Some(format!(
        "CREATE TABLE {FRESH} (LIKE {path} INCLUDING ALL); DROP TABLE {path} CASCADE; ALTER TABLE {FRESH} RENAME TO {name}"
    ))
}

pub(super) fn reorder_table(draw: &mut Draw<'_>) -> Option<String> {
    let table = draw.table()?;
    let mut columns: Vec<String> = table.columns.iter().map(definition).collect();
    let half = columns.len() / 2;
    columns.rotate_left(half.max(1));
    let (path, name) = (&table.path, quoted(&table.name));
    let columns = columns.join(", ");
    Some(format!("CREATE TABLE {FRESH} ({columns}); DROP TABLE {path} CASCADE; ALTER TABLE {FRESH} RENAME TO {name}"))
}

fn definition(column: &Column) -> String {
    format!("{} {}{}", column.name, column.ty, if column.not_null { " NOT NULL" } else { "" })
}

pub(super) fn table_to_view(draw: &mut Draw<'_>) -> Option<String> {
    let table = draw.table()?;
    let kind = *draw.random.pick(&["SELECT *", "SELECT DISTINCT *"])?;
    let (path, name) = (&table.path, quoted(&table.name));
    let (schema, _) = path.split_once('.')?;
    Some(format!("ALTER TABLE {path} RENAME TO {FRESH}; CREATE VIEW {schema}.{name} AS {kind} FROM {schema}.{FRESH}"))
}

pub(super) fn partition_table(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(|column| ["integer", "bigint", "text"].contains(&column.ty.as_str()))?;
    let columns: Vec<String> = table.columns.iter().map(definition).collect();
    let (path, columns) = (&table.path, columns.join(", "));
    let rest = if draw.random.one_in(3) {
        String::new()
    } else {
        format!("; CREATE TABLE {FRESH} PARTITION OF {path} DEFAULT")
    };
    Some(format!(
        "DROP TABLE {path} CASCADE; CREATE TABLE {path} ({columns}) PARTITION BY LIST ({}){rest}",
        column.name
    ))
}
