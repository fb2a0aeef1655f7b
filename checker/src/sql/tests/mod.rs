//! Tests of the SQL front end.

mod accepted;
mod definitions;
mod hostile;
mod splitting;
mod trees;

use super::{Statement, StatementKind, parse};
use crate::dialect::{Dialect, postgres, sqlite};
use crate::source::Span;

/// The texts of the statements of a script.
fn texts<'a>(script: &'a str, dialect: &'static Dialect) -> Vec<&'a str> {
    parse(script, dialect).iter().map(|statement| slice(script, statement.span)).collect()
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or("<no such bytes>")
}

/// Why statements are not understood.
fn problems(statements: &[Statement]) -> Vec<String> {
    statements
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Unparsed(unparsed) => Some(unparsed.reason.clone()),
            _ => None,
        })
        .collect()
}
