//! What the server refuses, in its codes and our words.

use std::sync::Arc;

use crate::schema::{ApplyProblem, Key};
use crate::source::Span;
use crate::sql::Unparsed;
use crate::sql::ddl::{Name, ObjectKind, ObjectName};

/// The rule of statements that the server refuses.
pub(in crate::schema) const FAILS: &str = "migration-fails";

/// The rule of statements that the server refuses when a table has rows.
pub(super) const FAILS_ON_ROWS: &str = "migration-fails-on-rows";

/// A statement that the server refuses.
pub(super) fn fails(span: Span, sqlstate: &'static str, message: String, about: Vec<Key>) -> ApplyProblem {
    ApplyProblem { rule: FAILS, span, message, sqlstate: Some(sqlstate), about }
}

pub(super) fn unparsed(unparsed: &Unparsed) -> ApplyProblem {
    ApplyProblem {
        rule: "unparsed-statement",
        span: if unparsed.at.is_empty() { unparsed.span } else { unparsed.at },
        message: unparsed.reason.clone(),
        sqlstate: None,
        about: Vec::new(),
    }
}

pub(super) fn no_relation(name: &ObjectName) -> ApplyProblem {
    let about = vec![Key::Relation(name.name.text.clone())];
    fails(span(name), "42P01", format!("relation `{}` does not exist", shown(name)), about)
}

pub(super) fn relation_exists(name: &ObjectName) -> ApplyProblem {
    let about = vec![Key::Relation(name.name.text.clone())];
    fails(span(name), "42P07", format!("relation `{}` already exists", shown(name)), about)
}

pub(super) fn no_schema(name: &Name) -> ApplyProblem {
    let about = vec![Key::Schema(name.text.clone())];
    fails(name.span, "3F000", format!("schema `{}` does not exist", name.text), about)
}

pub(super) fn no_column(relation: &Arc<str>, column: &Arc<str>, span: Span) -> ApplyProblem {
    let about = vec![Key::Column(relation.clone(), column.clone()), Key::Relation(relation.clone())];
    fails(span, "42703", format!("column `{column}` of relation `{relation}` does not exist"), about)
}

pub(super) fn column_exists(relation: &Arc<str>, column: &Name) -> ApplyProblem {
    let about = vec![Key::Column(relation.clone(), column.text.clone())];
    let message = format!("column `{}` of relation `{relation}` already exists", column.text);
    fails(column.span, "42701", message, about)
}

pub(super) fn no_constraint(relation: &Arc<str>, name: &Name) -> ApplyProblem {
    let about = vec![Key::Constraint(relation.clone(), name.text.clone())];
    let message = format!("constraint `{}` of relation `{relation}` does not exist", name.text);
    fails(name.span, "42704", message, about)
}

pub(super) fn constraint_exists(relation: &Arc<str>, name: &Arc<str>, span: Span) -> ApplyProblem {
    let about = vec![Key::Constraint(relation.clone(), name.clone())];
    fails(span, "42710", format!("constraint `{name}` for relation `{relation}` already exists"), about)
}

pub(super) fn type_exists(name: &ObjectName) -> ApplyProblem {
    let about = vec![Key::Type(name.name.text.clone())];
    fails(span(name), "42710", format!("type `{}` already exists", shown(name)), about)
}

pub(super) fn no_type(name: &ObjectName) -> ApplyProblem {
    let about = vec![Key::Type(name.name.text.clone())];
    fails(span(name), "42704", format!("type `{}` does not exist", shown(name)), about)
}

/// An object other than a relation, column or type.
pub(super) fn exists(what: &str, name: &Arc<str>, span: Span, sqlstate: &'static str, about: Key) -> ApplyProblem {
    fails(span, sqlstate, format!("{what} `{name}` already exists"), vec![about])
}

/// An object other than a relation, column or type.
pub(super) fn missing(what: &str, name: &Arc<str>, span: Span, sqlstate: &'static str, about: Key) -> ApplyProblem {
    fails(span, sqlstate, format!("{what} `{name}` does not exist"), vec![about])
}

/// The span of a name with its schema.
pub(super) fn span(name: &ObjectName) -> Span {
    name.schema.as_ref().map_or(name.name.span, |schema| schema.span.to(name.name.span))
}

/// A name as messages show it.
pub(super) fn shown(name: &ObjectName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", schema.text, name.name.text),
        None => name.name.text.to_string(),
    }
}

/// A kind of object as messages call it.
pub(super) fn word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Schema => "schema",
        ObjectKind::Table => "table",
        ObjectKind::View => "view",
        ObjectKind::MaterializedView => "materialized view",
        ObjectKind::ForeignTable => "foreign table",
        ObjectKind::Index => "index",
        ObjectKind::Sequence => "sequence",
        ObjectKind::Column => "column",
        ObjectKind::Constraint => "constraint",
        ObjectKind::Type => "type",
        ObjectKind::Domain => "domain",
        ObjectKind::Function | ObjectKind::Routine => "function",
        ObjectKind::Procedure => "procedure",
        ObjectKind::Aggregate => "aggregate",
        ObjectKind::Trigger => "trigger",
        ObjectKind::Rule => "rule",
        ObjectKind::Policy => "policy",
        ObjectKind::Extension => "extension",
        ObjectKind::Operator => "operator",
        ObjectKind::Collation => "collation",
        ObjectKind::Role => "role",
        _ => "object",
    }
}
