//! Entities of sea-orm: a struct that derives `DeriveEntityModel` is selected with all columns that it declares.

use super::attributes::{derives, key};
use super::records;
use super::scope::Scope;
use super::text::SqlText;
use super::{HOLE, Read};
use crate::source::Span;

/// The statement that loads an entity, and what is read from its rows.
pub(super) fn select(item: &syn::ItemStruct, scope: &Scope<'_>) -> Option<(SqlText, Vec<Read>)> {
    if !derives(&item.attrs).iter().any(|name| name == "DeriveEntityModel") {
        return None;
    }
    let of_entity = |name: &str| key(&item.attrs, "sea_orm", name).flatten();
    let table = of_entity("table_name")?;
    let schema = of_entity("schema_name");
    let rename_all = of_entity("rename_all");
    let relation = match schema {
        Some(schema) => format!("{}.{}", quoted(&schema), quoted(&table)),
        None => quoted(&table),
    };
    let mut text = SqlText::new(scope.place(scope.span_of(&item.ident)));
    push(&mut text, "SELECT ");
    let mut reads = Vec::new();
    for field in &item.fields {
        let (Some(ident), false) = (&field.ident, is_no_column(field)) else { continue };
        let name = ident.to_string().trim_start_matches("r#").to_owned();
        let renamed = key(&field.attrs, "sea_orm", "column_name").flatten();
        let by_rule = || rename_all.as_deref().map_or_else(|| name.clone(), |rule| records::rename(&name, rule));
        let column = renamed.unwrap_or_else(by_rule);
        push(&mut text, if reads.is_empty() { "" } else { ", " });
        push(&mut text, &format!("{relation}.\""));
        push_name(&mut text, &column, scope, scope.span_of(ident));
        push(&mut text, "\"");
        reads.push(records::read(column, &field.ty, false));
    }
    push(&mut text, &format!(" FROM {relation}"));
    (!reads.is_empty() && !text.sql.contains(HOLE)).then_some((text, reads))
}

/// Whether a field is none of the table's columns: left out, or a relation.
fn is_no_column(field: &syn::Field) -> bool {
    let ty = records::spelled(&field.ty);
    let relation = ["HasMany<", "HasOne<", "BelongsTo<"].iter().any(|of| ty.contains(of));
    relation || key(&field.attrs, "sea_orm", "ignore").is_some()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn push(text: &mut SqlText, sql: &str) {
    sql.chars().for_each(|character| text.push_char(character));
}

/// A column's name, with its place where the field is written the same.
fn push_name(text: &mut SqlText, name: &str, scope: &Scope<'_>, span: Span) {
    let written = scope.source.slice(span);
    if written.trim_start_matches("r#") == name {
        text.push_exact(scope.source, span.end - name.len()..span.end);
    } else {
        push(text, &name.replace('"', "\"\""));
    }
}
