//! Changes of columns.

use super::{Draw, FRESH, TYPES, any, quoted};
use crate::mutate::inventory::Column;

pub(super) fn drop_column(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(any)?;
    Some(format!("ALTER TABLE {} DROP COLUMN {} CASCADE", table.path, column.name))
}

pub(super) fn rename_column(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(any)?;
    Some(format!("ALTER TABLE {} RENAME COLUMN {} TO {FRESH}", table.path, column.name))
}

pub(super) fn swap_columns(draw: &mut Draw<'_>) -> Option<String> {
    let (table, one) = draw.column(any)?;
    let other = draw.random.pick(&table.columns).filter(|other| other.name != one.name)?;
    let (path, one, other) = (&table.path, &one.name, &other.name);
    let rename = |from: &str, to: &str| format!("ALTER TABLE {path} RENAME COLUMN {from} TO {to}");
    Some([rename(one, FRESH), rename(other, one), rename(FRESH, other)].join("; "))
}

pub(super) fn rename_and_add(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(any)?;
    let (path, name, ty) = (&table.path, &column.name, &column.ty);
    Some(format!("ALTER TABLE {path} RENAME COLUMN {name} TO {FRESH}; ALTER TABLE {path} ADD COLUMN {name} {ty}"))
}

pub(super) fn add_column(draw: &mut Draw<'_>) -> Option<String> {
    Some(format!("ALTER TABLE {} ADD COLUMN {FRESH} text", draw.table()?.path))
}

pub(super) fn add_required(draw: &mut Draw<'_>) -> Option<String> {
    Some(format!("ALTER TABLE {} ADD COLUMN {FRESH} integer NOT NULL", draw.table()?.path))
}

pub(super) fn add_same_named(draw: &mut Draw<'_>) -> Option<String> {
    let (other, column) = draw.column(any)?;
    let table = draw.table().filter(|table| table.path != other.path)?;
    if table.columns.iter().any(|known| known.name == column.name) {
        return None;
    }
    Some(format!("ALTER TABLE {} ADD COLUMN {} {}", table.path, column.name, column.ty))
}

pub(super) fn add_captured(draw: &mut Draw<'_>) -> Option<String> {
    let table = draw.table()?;
    let word = quoted(draw.random.pick(&draw.inventory.words)?);
    if table.columns.iter().any(|known| known.name == word) {
        return None;
    }
    let (ty, _) = *draw.random.pick(TYPES)?;
    Some(format!("ALTER TABLE {} ADD COLUMN {word} {ty}", table.path))
}

pub(super) fn add_default(draw: &mut Draw<'_>) -> Option<String> {
    Some(format!("ALTER TABLE {} ADD COLUMN {FRESH} text NOT NULL DEFAULT 'a'", draw.table()?.path))
}

pub(super) fn retype(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(any)?;
    let (ty, value) = *draw.random.pick(TYPES)?;
    let (path, name) = (&table.path, &column.name);
    let drop =
        if column.default { format!("ALTER TABLE {path} ALTER COLUMN {name} DROP DEFAULT; ") } else { String::new() };
    let using = if draw.random.one_in(2) { format!(" USING '{value}'::{ty}") } else { String::new() };
    Some(format!("{drop}ALTER TABLE {path} ALTER COLUMN {name} TYPE {ty}{using}"))
}

pub(super) fn relength(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(|column| column.ty.starts_with("character") || column.ty == "text")?;
    let length = *draw.random.pick(&["varchar(64)", "varchar(2048)", "text", "char(8)", "varchar"])?;
    Some(format!("ALTER TABLE {} ALTER COLUMN {} TYPE {length}", table.path, column.name))
}

pub(super) fn recollate(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(|column| column.ty.starts_with("character") || column.ty == "text")?;
    Some(format!("ALTER TABLE {} ALTER COLUMN {} TYPE {} COLLATE \"C\"", table.path, column.name, column.ty))
}

pub(super) fn set_not_null(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(|column| !column.not_null)?;
    Some(format!("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", table.path, column.name))
}

pub(super) fn drop_not_null(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(|column| column.not_null)?;
    Some(format!("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", table.path, column.name))
}

pub(super) fn set_default(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(|column| !column.special)?;
    Some(format!("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT NULL", table.path, column.name))
}

pub(super) fn drop_default(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(|column| column.default && !column.special)?;
    Some(format!("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", table.path, column.name))
}

pub(super) fn make_generated(draw: &mut Draw<'_>) -> Option<String> {
    let (table, column) = draw.column(|column| !column.special)?;
    let (path, name, ty) = (&table.path, &column.name, &column.ty);
    Some(format!(
        "ALTER TABLE {path} DROP COLUMN {name} CASCADE; \
         ALTER TABLE {path} ADD COLUMN {name} {ty} GENERATED ALWAYS AS (NULL::{ty}) STORED"
    ))
}

pub(super) fn make_identity(draw: &mut Draw<'_>) -> Option<String> {
    let integer = |column: &Column| ["integer", "bigint", "smallint"].contains(&column.ty.as_str()) && !column.special;
    let (table, column) = draw.column(integer)?;
    let (path, name) = (&table.path, &column.name);
    let kind = *draw.random.pick(&["ALWAYS", "BY DEFAULT"])?;
    let drop =
        if column.default { format!("ALTER TABLE {path} ALTER COLUMN {name} DROP DEFAULT; ") } else { String::new() };
    Some(format!(
        "{drop}ALTER TABLE {path} ALTER COLUMN {name} SET NOT NULL; \
         ALTER TABLE {path} ALTER COLUMN {name} ADD GENERATED {kind} AS IDENTITY"
    ))
}
