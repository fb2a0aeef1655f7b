//! `ORDER BY`, `DISTINCT ON`, and the output columns that they and `GROUP BY` may name.

use std::sync::Arc;

use sqlparser::ast::{self, Expr, OrderByKind, Value, ValueWithSpan};

use super::cx::{Cx, Kind, Words};
use super::query::RowColumn;
use super::scope::{Clause, ColumnFound, Scope, column_at_level};
use super::tree::Typed;
use super::types::order::{self, Comparison};
use super::types::{TEXT, UNKNOWN, coerce};
use super::{Stage, expr};
use crate::source::Span;
use crate::sql::byte_span;

const AMBIGUOUS: Kind = Kind("ambiguous-column", "42702", Stage::Parse);
const NO_POSITION: Kind = Kind("missing-column", "42P10", Stage::Parse);
const NOT_IN_LIST: Kind = Kind("missing-column", "42P10", Stage::Parse);

/// The keys of `ORDER BY`.
pub(super) fn order_by(
    cx: &mut Cx,
    scope: &mut Scope,
    written: Option<&ast::OrderBy>,
    columns: &mut [RowColumn],
) -> Vec<Typed> {
    let Some(OrderByKind::Expressions(keys)) = written.map(|written| &written.kind) else { return Vec::new() };
    let mut sorted = Vec::with_capacity(keys.len());
    for key in keys {
        let typed = sort_key(cx, scope, &key.expr, columns, Clause::OrderBy);
        order::check(cx, &typed, Comparison::Order, "ORDER BY");
        sorted.push(typed);
    }
    sorted
}

/// The keys of `DISTINCT ON`, which must be the first of `ORDER BY`.
pub(super) fn distinct_on(
    cx: &mut Cx,
    scope: &mut Scope,
    written: &[Expr],
    columns: &mut [RowColumn],
    sorted: &[Typed],
) -> Vec<Typed> {
    let keys: Vec<Typed> = written.iter().map(|key| sort_key(cx, scope, key, columns, Clause::OrderBy)).collect();
    for key in &keys {
        order::check(cx, key, Comparison::Equality, "DISTINCT ON");
    }
    let first = sorted.iter().take(keys.len());
    for key in first.filter(|key| !keys.iter().any(|distinct| distinct.same(key))) {
        if !is_known(key) || !keys.iter().all(is_known) {
            continue;
        }
        let message = "the expressions of `DISTINCT ON` must be the first of `ORDER BY`".to_string();
        cx.problem(NOT_IN_LIST, Vec::new(), Words { span: key.span, message, label: "not in `DISTINCT ON`".into() });
        break;
    }
    keys
}

/// With `DISTINCT` only output columns can be sorted by.
pub(super) fn check_distinct(cx: &mut Cx, columns: &[RowColumn], order: &[Typed], complete: bool) {
    if !complete || !cx.rules().static_types || columns.iter().any(|column| !is_known(&column.typed)) {
        return;
    }
    let listed = |key: &Typed| columns.iter().any(|column| column.typed.same(key));
    if let Some(key) = order.iter().find(|key| is_known(key) && !listed(key)) {
        let message = "with `DISTINCT`, what is sorted by must be an output column".to_string();
        cx.problem(NOT_IN_LIST, Vec::new(), Words { span: key.span, message, label: "no output column".into() });
    }
}

/// Whether the whole expression is understood.
pub(super) fn is_known(typed: &Typed) -> bool {
    !matches!(typed.node, super::tree::Node::Unsure | super::tree::Node::Subquery { .. })
        && typed.children().iter().all(is_known)
}

/// A sort key: an output column by name or position, else an expression over the input.
pub(super) fn sort_key(
    cx: &mut Cx,
    scope: &mut Scope,
    written: &Expr,
    columns: &mut [RowColumn],
    clause: Clause,
) -> Typed {
    if let Expr::Identifier(name) = written {
        let (folded, span) = (cx.fold(name), cx.span_of(name));
        // For GROUP BY a column of the input comes first.
        let hidden = clause == Clause::GroupBy && !matches!(column_at_level(scope, &folded), ColumnFound::None);
        if !hidden && let Some(typed) = by_name(cx, &folded, span, columns) {
            return typed;
        }
    }
    if let Some((position, span)) = position(cx, written) {
        return by_position(cx, position, span, columns, clause);
    }
    let typed = expr::expr(cx, scope.at(clause), written);
    let typed = output_like(typed, columns);
    if typed.ty.id == UNKNOWN {
        return coerce::to_type(cx, typed, TEXT, coerce::Context::Implicit);
    }
    typed
}

/// An expression that is the same as an output column is that column.
fn output_like(typed: Typed, columns: &[RowColumn]) -> Typed {
    match columns.iter().find(|column| column.typed.same(&typed)) {
        Some(column) => Typed { ty: column.typed.ty, ..typed },
        None => typed,
    }
}

fn by_name(cx: &mut Cx, name: &Arc<str>, span: Span, columns: &mut [RowColumn]) -> Option<Typed> {
    let matches: Vec<usize> = (0..columns.len()).filter(|&at| columns[at].name == *name).collect();
    let first = *matches.first()?;
    let differ = matches.iter().any(|&at| !columns[at].typed.same(&columns[first].typed));
    let known = matches.iter().all(|&at| is_known(&columns[at].typed));
    if differ && known && cx.rules().static_types {
        let message = format!("`{name}` could be any of {} output columns", matches.len());
        cx.problem(AMBIGUOUS, Vec::new(), Words { span, message, label: "ambiguous column".into() });
    }
    settle(cx, &mut columns[first]);
    Some(Typed { span, ..columns[first].typed.clone() })
}

/// An output column that is sorted or grouped by is text if nothing else gives it a type.
fn settle(cx: &mut Cx, column: &mut RowColumn) {
    if column.typed.ty.id == UNKNOWN {
        let typed = std::mem::replace(&mut column.typed, Typed::unsure(Span::default()));
        column.typed = coerce::to_type(cx, typed, TEXT, coerce::Context::Implicit);
    }
}

fn position(cx: &Cx, written: &Expr) -> Option<(usize, Span)> {
    let Expr::Value(ValueWithSpan { value: Value::Number(digits, _), span }) = written else { return None };
    Some((digits.parse().ok()?, byte_span(*span).unwrap_or(cx.span)))
}

fn by_position(cx: &mut Cx, position: usize, span: Span, columns: &mut [RowColumn], clause: Clause) -> Typed {
    let place = if clause == Clause::GroupBy { "GROUP BY" } else { "ORDER BY" };
    match position.checked_sub(1).and_then(|at| columns.get_mut(at)) {
        Some(column) => {
            settle(cx, column);
            Typed { span, ..column.typed.clone() }
        }
        None => {
            let message = format!("`{place}` position {position} is not an output column");
            cx.problem(NO_POSITION, Vec::new(), Words { span, message, label: "no such output column".into() });
            Typed::unsure(span)
        }
    }
}
