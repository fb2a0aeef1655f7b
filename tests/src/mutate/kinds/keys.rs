//! Changes of constraints and indexes.

use super::{Draw, FRESH, any};
use crate::mutate::inventory::{Column, Constraint};

pub(super) fn drop_constraint(draw: &mut Draw<'_>) -> Option<String> {
    let (table, constraint) = draw.constraint("pufcx")?;
    Some(format!("ALTER TABLE {} DROP CONSTRAINT {} CASCADE", table.path, constraint.name))
}

pub(super) fn rename_constraint(draw: &mut Draw<'_>) -> Option<String> {
    let (table, constraint) = draw.constraint("pufcx")?;
    Some(format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {FRESH}", table.path, constraint.name))
}

pub(super) fn make_deferrable(draw: &mut Draw<'_>) -> Option<String> {
    let (table, Constraint { name, kind, columns }) = draw.constraint("pu")?;
    let kind = if kind == "p" { "PRIMARY KEY" } else { "UNIQUE" };
    let (path, columns) = (&table.path, columns.join(", "));
    Some(format!(
        "ALTER TABLE {path} DROP CONSTRAINT {name} CASCADE; \
         ALTER TABLE {path} ADD CONSTRAINT {name} {kind} ({columns}) DEFERRABLE"
    ))
}

pub(super) fn add_unique(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(any)?;
    Some(format!("ALTER TABLE {} ADD CONSTRAINT {FRESH} UNIQUE ({})", table.path, column.name))
}

pub(super) fn add_check(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(any)?;
    let (valid, name) = (if draw.random.one_in(2) { " NOT VALID" } else { "" }, &column.name);
    Some(format!("ALTER TABLE {} ADD CONSTRAINT {FRESH} CHECK ({name} IS NOT NULL){valid}", table.path))
}

pub(super) fn add_foreign_key(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(any)?;
    let parent = draw.table()?;
    let key = parent.constraints.iter().find(|it| it.kind == "p" && it.columns.len() == 1)?;
    let same = |other: &&Column| key.columns.first() == Some(&other.name) && other.ty == column.ty;
    parent.columns.iter().find(same)?;
    Some(format!(
        "ALTER TABLE {} ADD CONSTRAINT {FRESH} FOREIGN KEY ({}) REFERENCES {}",
        table.path, column.name, parent.path
    ))
}

pub(super) fn drop_index(draw: &mut Draw<'_>) -> Option<String> {
    Some(format!("DROP INDEX {}", draw.index(false)?.0))
}

pub(super) fn make_partial(draw: &mut Draw<'_>) -> Option<String> {
    let (name, _, definition) = draw.index(true)?;
    let column = draw.names.last().and_then(|name| draw.inventory.tables.iter().find(|table| table.name == *name));
    let column = &column?.columns.first()?.name;
    let definition = definition.split(" WHERE ").next()?;
    Some(format!("DROP INDEX {name}; {definition} WHERE {column} IS NOT NULL"))
}

pub(super) fn add_unique_index(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(any)?;
    Some(format!("CREATE UNIQUE INDEX {FRESH} ON {} ({})", table.path, column.name))
}
