//! `VALUES` as a table.

use std::sync::Arc;

use sqlparser::ast;

use super::cx::{Cx, Kind, Words};
use super::query::{self, RowColumn, Rows, Tail};
use super::scope::{Clause, Scope};
use super::tree::{Node, Typed, cover};
use super::types::{coerce, unify};
use super::{Stage, expr, sort};

const UNEQUAL: Kind = Kind("insert-arity", "42601", Stage::Parse);

/// Rows whose values count for types; after these only their number of columns does.
pub(super) const SAMPLE: usize = 200;

/// `VALUES (…), (…)` with what follows it.
pub(super) fn values(cx: &mut Cx, mut scope: Scope, written: &ast::Values, tail: &Tail) -> Rows {
    let width = written.rows.first().map_or(0, |row| row.content.len());
    check_widths(cx, written);
    let mut columns: Vec<Vec<Typed>> = vec![Vec::new(); width];
    for row in sampled(written) {
        for (column, value) in columns.iter_mut().zip(&row.content) {
            let typed = expr::expr(cx, scope.at(Clause::Values), value);
            column.push(typed);
        }
    }
    let whole = written.rows.len() <= SAMPLE;
    let keep = tail.unknowns == query::Unknowns::Keep && written.rows.len() == 1;
    let mut rows = Rows { complete: true, one_row: written.rows.len() == 1, ..Rows::default() };
    for (number, column) in (1..).zip(columns) {
        let name: Arc<str> = format!("column{number}").into();
        let typed = one_column(cx, column, keep, whole);
        rows.columns.push(RowColumn { name, typed });
    }
    if let Some(ast::OrderBy { kind: ast::OrderByKind::Expressions(keys), .. }) = tail.order_by {
        for key in keys {
            sort::sort_key(cx, &mut scope, &key.expr, &mut rows.columns, Clause::OrderBy);
        }
    }
    query::limits(cx, &mut scope, tail);
    query::resolve_unknowns(cx, &mut rows.columns, tail.unknowns);
    rows
}

/// The first rows, and the last one.
pub(super) fn sampled(written: &ast::Values) -> impl Iterator<Item = &ast::Parens<Vec<ast::Expr>>> {
    let last = written.rows.len().checked_sub(1).filter(|&last| last >= SAMPLE);
    written.rows.iter().take(SAMPLE).chain(last.and_then(|last| written.rows.get(last)))
}

/// All rows must have as many values as the first.
pub(super) fn check_widths(cx: &mut Cx, written: &ast::Values) {
    let width = written.rows.first().map_or(0, |row| row.content.len());
    if written.rows.iter().any(|row| row.content.len() != width) {
        let message = "the rows of `VALUES` must have the same number of values".to_string();
        cx.problem(UNEQUAL, Vec::new(), Words { span: cx.span, message, label: "rows of different lengths".into() });
    }
}

/// The values of one column as one expression.
fn one_column(cx: &mut Cx, values: Vec<Typed>, keep: bool, whole: bool) -> Typed {
    let span = cover(&values);
    if keep {
        return values.into_iter().next().unwrap_or_else(|| Typed::unsure(span));
    }
    let common = unify::common(cx, &values.iter().collect::<Vec<_>>(), "VALUES");
    let nullable = match whole {
        true => super::expr::any_nullable(&values),
        false => None,
    };
    let collation = super::collation::of(&values);
    for value in values {
        if common.id.is_sure() {
            coerce::to_type(cx, value, common.id, coerce::Context::Implicit);
        }
    }
    collation.put_on(cx, Typed::new(Node::Unsure, common, nullable, span))
}
