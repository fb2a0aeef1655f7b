//! The names that the server gives to objects that are created without one.
//!
//! Postgres source: `makeObjectName`, `ChooseRelationName` and `ChooseIndexNameAddition` in `indexcmds.c`,
//! `ChooseConstraintName` in `pg_constraint.c`, `makeArrayTypeName` in `pg_type.c`, `FigureIndexColname` in `parse_target.c`.

use std::sync::Arc;

use sqlparser::ast::{AccessExpr, DataType, Expr, FunctionArguments, ObjectName};

use super::Schema;

/// A name for an index, sequence or other relation, which no relation of the schema has; nor a constraint, where the
/// index is for one.
pub(super) fn relation_name(
    schema: &Schema,
    namespace: &str,
    table: &str,
    addition: &str,
    label: &str,
    constraint: bool,
) -> Arc<str> {
    first_free(schema, table, addition, label, |name| {
        schema.has_relation_name(namespace, name) || constraint && schema.has_constraint_name(namespace, name)
    })
}

/// A name for a check or foreign key, which no constraint of the schema has.
pub(super) fn constraint_name(schema: &Schema, namespace: &str, table: &str, addition: &str, label: &str) -> Arc<str> {
    first_free(schema, table, addition, label, |name| schema.has_constraint_name(namespace, name))
}

/// The name of the array type that comes with a type.
pub(super) fn array_type_name(schema: &Schema, namespace: &str, element: &str) -> Arc<str> {
    let limit = schema.dialect.max_identifier_bytes.unwrap_or(usize::MAX);
    let plain = format!("_{}", cut(element, limit.saturating_sub(1)));
    if schema.type_in(namespace, &plain).is_none() {
        return plain.into();
    }
    let numbered = |pass: u32| object_name("", element, &pass.to_string(), limit);
    (1..).map(numbered).find(|name| schema.type_in(namespace, name).is_none()).unwrap_or(plain).into()
}

/// The name of the multirange type that comes with a range type.
pub(super) fn multirange_name(range: &str, limit: usize) -> String {
    match range.find("range") {
        Some(at) => cut(&format!("{}multi{}", &range[..at], &range[at..]), limit).to_owned(),
        None => format!("{}_multirange", cut(range, limit.saturating_sub(11))),
    }
}

/// The part of an index's name that its keys give: their names, joined, as far as they fit.
pub(super) fn keys_addition(keys: &[String], limit: usize) -> String {
    let mut addition = String::new();
    for (position, key) in keys.iter().enumerate() {
        if position > 0 {
            addition.push('_');
        }
        addition.push_str(key);
        if addition.len() > limit {
            break;
        }
    }
    cut(&addition, limit).to_owned()
}

/// The names of an index's keys, each different from those before it.
pub(super) fn key_names(keys: impl Iterator<Item = String>, limit: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for key in keys {
        let numbered = |pass: u32| {
            let number = pass.to_string();
            format!("{}{number}", cut(&key, limit.saturating_sub(number.len())))
        };
        let name = std::iter::once(key.clone()).chain((1..).map(numbered)).find(|name| !names.contains(name));
        names.extend(name);
    }
    names
}

/// The name of an index key that is an expression.
pub(super) fn expression_name(expr: &Expr) -> String {
    column_name(expr).map_or_else(|| "expr".to_owned(), |(name, _)| name)
}

/// The name that the server derives from an expression, and whether it is a good one.
fn column_name(expr: &Expr) -> Option<(String, bool)> {
    match expr {
        Expr::Identifier(ident) => Some((ident.value.clone(), true)),
        Expr::CompoundIdentifier(idents) => idents.last().map(|ident| (ident.value.clone(), true)),
        Expr::Function(function) => match &function.args {
            FunctionArguments::None | FunctionArguments::List(_) => last_part(&function.name).map(|name| (name, true)),
            FunctionArguments::Subquery(_) => None,
        },
        Expr::Cast { expr, data_type, .. } => match column_name(expr) {
            Some((name, true)) => Some((name, true)),
            weaker => type_name(data_type).map(|name| (name, false)).or(weaker),
        },
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => column_name(inner),
        Expr::Case { else_result, .. } => match else_result.as_deref().and_then(column_name) {
            Some((name, true)) => Some((name, true)),
            _ => Some(("case".to_owned(), false)),
        },
        Expr::CompoundFieldAccess { root, access_chain } => {
            let field = access_chain.iter().rev().find_map(|access| match access {
                AccessExpr::Dot(Expr::Identifier(ident)) => Some((ident.value.clone(), true)),
                _ => None,
            });
            field.or_else(|| column_name(root))
        }
        Expr::Array(_) => Some(("array".to_owned(), true)),
        Expr::AtTimeZone { .. } => Some(("timezone".to_owned(), true)),
        Expr::Extract { .. } => Some(("extract".to_owned(), true)),
        Expr::Substring { .. } => Some(("substring".to_owned(), true)),
        Expr::Position { .. } => Some(("position".to_owned(), true)),
        Expr::Overlay { .. } => Some(("overlay".to_owned(), true)),
        Expr::Trim { .. } => Some(("btrim".to_owned(), true)),
        Expr::Ceil { .. } => Some(("ceil".to_owned(), true)),
        Expr::Floor { .. } => Some(("floor".to_owned(), true)),
        Expr::Tuple(_) => Some(("row".to_owned(), true)),
        _ => None,
    }
}

fn last_part(name: &ObjectName) -> Option<String> {
    name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.to_lowercase())
}

fn type_name(ty: &DataType) -> Option<String> {
    let text = ty.to_string().to_lowercase();
    text.split(['(', '[']).next().map(|name| name.trim().to_owned())
}

/// The first name made of these parts that is not taken.
pub(super) fn first_free(
    schema: &Schema,
    table: &str,
    addition: &str,
    label: &str,
    taken: impl Fn(&str) -> bool,
) -> Arc<str> {
    let limit = schema.dialect.max_identifier_bytes.unwrap_or(usize::MAX);
    let plain = object_name(table, addition, label, limit);
    if !taken(&plain) {
        return plain.into();
    }
    let numbered = |pass: u32| object_name(table, addition, &format!("{label}{pass}"), limit);
    (1..).map(numbered).find(|name| !taken(name)).unwrap_or(plain).into()
}

/// `table_addition_label`, the longer of the first two cut until it fits.
fn object_name(table: &str, addition: &str, label: &str, limit: usize) -> String {
    let overhead = label.len() + 1 + usize::from(!addition.is_empty());
    let available = limit.saturating_sub(overhead);
    let (mut first, mut second) = (table.len(), addition.len());
    if first.saturating_add(second) > available {
        let excess = first + second - available;
        let level = first.abs_diff(second).min(excess);
        let rest = excess - level;
        let (longer, shorter) = if first > second { (&mut first, &mut second) } else { (&mut second, &mut first) };
        *longer -= level;
        *shorter -= rest / 2;
        *longer -= rest / 2;
        // Equally long: the second gives way.
        second -= rest % 2;
    }
    let mut name = cut(table, first).to_owned();
    if !addition.is_empty() {
        name.push('_');
        name.push_str(cut(addition, second));
    }
    name.push('_');
    name + label
}

/// The longest start of a text that has at most so many bytes and ends between characters.
fn cut(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_the_longer_part() {
        assert_eq!(object_name("t", "a_b", "key", 63), "t_a_b_key");
        assert_eq!(object_name("t", "", "pkey", 63), "t_pkey");
        let long = object_name(&"t".repeat(40), &"c".repeat(40), "key", 63);
        assert_eq!(long, format!("{}_{}_key", "t".repeat(29), "c".repeat(29)));
        let uneven = object_name(&"t".repeat(10), &"c".repeat(80), "idx", 63);
        assert_eq!(uneven, format!("{}_{}_idx", "t".repeat(10), "c".repeat(48)));
        assert_eq!(object_name(&"t".repeat(62), "", "pkey", 63), format!("{}_pkey", "t".repeat(58)));
        let odd = object_name(&"t".repeat(40), &"c".repeat(40), "fkey", 63);
        assert_eq!(odd, format!("{}_{}_fkey", "t".repeat(29), "c".repeat(28)));
    }

    #[test]
    fn keys_have_different_names() {
        let keys = ["lower", "a", "lower"].map(str::to_owned);
        assert_eq!(key_names(keys.into_iter(), 63), ["lower", "a", "lower1"]);
        assert_eq!(multirange_name("float8range", 63), "float8multirange");
        assert_eq!(multirange_name("span", 63), "span_multirange");
    }
}
