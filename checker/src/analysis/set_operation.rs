//! `UNION`, `INTERSECT`, `EXCEPT`.

use std::sync::Arc;

use sqlparser::ast::{self, OrderByKind, SetExpr};

use super::cx::{Cx, Kind, Words};
use super::query::{self, RowColumn, Rows, Tail, Unknowns};
use super::scope::{Clause, CteState, Scope};
use super::tree::{Node, Typed};
use super::types::order::{self, Comparison};
use super::types::{self, coerce, unify};
use super::{Stage, collation, expr, sort, with};
use crate::schema::Type;

const COLUMN_COUNT: Kind = Kind("insert-arity", "42601", Stage::Parse);
const NO_OUTPUT: Kind = Kind("missing-column", "42703", Stage::Parse);
const RECURSIVE_TYPE: Kind = Kind("type-mismatch", "42804", Stage::Parse);

/// A set operation with what follows it.
pub(super) fn set_operation(cx: &mut Cx, mut scope: Scope, written: &SetExpr, tail: &Tail) -> Rows {
    // The left side may be very deep: it is taken apart without recursion.
    let mut steps = Vec::new();
    let mut first = written;
    while let SetExpr::SetOperation { left, right, op, set_quantifier } = first {
        let all = matches!(set_quantifier, ast::SetQuantifier::All | ast::SetQuantifier::AllByName);
        steps.push((Operation { op: *op, keeps_all: all && *op == ast::SetOperator::Union }, right.as_ref()));
        first = left;
    }
    let recursive = scope.recursive.take();
    let mut rows = cx.weighing(steps.len(), |cx| part(cx, &scope, first));
    let last = steps.len() == 1;
    if let Some((cte, names)) = recursive.as_ref().filter(|_| last) {
        settle(cx, &mut rows);
        cte.state.replace(CteState::Recursive(with::named_columns(&rows, names), rows.complete));
    }
    while let Some((op, right)) = steps.pop() {
        // Only the last operation of a recursive query is the recursive one.
        if let Some((cte, names)) = recursive.as_ref().filter(|_| steps.is_empty() && !last) {
            settle(cx, &mut rows);
            cte.state.replace(CteState::Recursive(with::named_columns(&rows, names), rows.complete));
        }
        let right = part(cx, &scope, right);
        let unifying = recursive.is_some() && steps.is_empty();
        let assumed: Vec<Option<bool>> = rows.columns.iter().map(|column| column.typed.nullable).collect();
        rows = combine(cx, rows, right, op, unifying);
        if unifying {
            doubt(&mut rows, &assumed);
        }
    }
    order_by(cx, &mut scope, tail.order_by, &rows);
    query::limits(cx, &mut scope, tail);
    query::resolve_unknowns(cx, &mut rows.columns, tail.unknowns);
    rows
}

/// The recursive part was analysed as if its own rows were those of the first part. Where one of its columns turns out to be
/// NULL, others may become so in the next round.
fn doubt(rows: &mut Rows, assumed: &[Option<bool>]) {
    let never = |nullable: Option<bool>| nullable == Some(false);
    let differs = rows.columns.iter().zip(assumed).any(|(column, was)| never(*was) && !never(column.typed.nullable));
    if differs || rows.columns.len() != assumed.len() {
        for column in rows.columns.iter_mut().filter(|column| never(column.typed.nullable)) {
            column.typed.nullable = None;
        }
    }
}

/// One side: a query of its own.
fn part(cx: &mut Cx, scope: &Scope, written: &SetExpr) -> Rows {
    let inner = Scope::inside(Some(scope));
    let tail = Tail { order_by: None, limit: None, fetch: None, locks: &[], unknowns: Unknowns::Keep };
    cx.deeper(|cx| query::body(cx, inner, written, tail)).unwrap_or_default()
}

/// Output columns that nothing gives a type are text.
fn settle(cx: &mut Cx, rows: &mut Rows) {
    query::resolve_unknowns(cx, &mut rows.columns, Unknowns::ToText);
}

/// What is done with the rows of two sides.
#[derive(Clone, Copy)]
struct Operation {
    op: ast::SetOperator,
    /// Rows are not compared.
    keeps_all: bool,
}

fn combine(cx: &mut Cx, left: Rows, right: Rows, operation: Operation, recursive: bool) -> Rows {
    let op = operation.op;
    let complete = left.complete && right.complete;
    if complete && left.columns.len() != right.columns.len() {
        let span = super::tree::cover(&right.columns.iter().map(|column| column.typed.clone()).collect::<Vec<_>>());
        let message = format!(
            "each part of `{op}` must have the same number of columns, not {} and {}",
            left.columns.len(),
            right.columns.len()
        );
        let label = format!("{} columns", right.columns.len());
        cx.problem(
            COLUMN_COUNT,
            Vec::new(),
            Words { span: if span.is_empty() { cx.span } else { span }, message, label },
        );
        return Rows { complete: false, simple: false, ..left };
    }
    if !complete {
        return Rows { complete: false, one_row: false, simple: false, ..left };
    }
    let pairs = left.columns.into_iter().zip(right.columns);
    let columns = pairs.map(|(left, right)| merge(cx, left, right, operation, recursive)).collect();
    Rows { columns, complete, ..Rows::default() }
}

fn merge(cx: &mut Cx, left: RowColumn, right: RowColumn, operation: Operation, recursive: bool) -> RowColumn {
    let op = operation.op;
    let what = op.to_string();
    let common = unify::common(cx, &[&left.typed, &right.typed], &what);
    let first = left.typed.ty;
    if recursive && common.id.is_sure() && first.id.is_sure() && (common.id != first.id) {
        let (base, overall) = (types::shown(cx.schema, first), types::shown(cx.schema, common));
        let message = format!(
            "column `{}` is `{base}` in the first part of a recursive query, but `{overall}` overall",
            left.name
        );
        let label = format!("`{overall}` overall");
        cx.problem(RECURSIVE_TYPE, Vec::new(), Words { span: left.typed.span, message, label });
    }
    let target = Type::plain(common.id);
    let convert = |cx: &mut Cx, typed: Typed| match common.id.is_sure() {
        true => coerce::to_type(cx, typed, target.id, coerce::Context::Implicit),
        false => typed,
    };
    let (a, b) = (convert(cx, left.typed), convert(cx, right.typed));
    let nullable = match op {
        // The rows that stay are rows of the left side.
        ast::SetOperator::Except | ast::SetOperator::Minus => a.nullable,
        ast::SetOperator::Intersect if a.nullable == Some(false) || b.nullable == Some(false) => Some(false),
        _ => match (a.nullable, b.nullable) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
    };
    let sides = [a, b];
    let [a, _] = &sides;
    let typed = collation::of(&sides).put_on(cx, Typed::new(Node::Unsure, common, nullable, a.span));
    if !operation.keeps_all {
        collation::of_set_operation(cx, &sides, &what);
        order::check(cx, &Typed { origin: a.origin, ..typed.clone() }, Comparison::Equality, &what);
    }
    RowColumn { name: left.name, typed }
}

/// `ORDER BY` after a set operation sees output columns only.
fn order_by(cx: &mut Cx, scope: &mut Scope, written: Option<&ast::OrderBy>, rows: &Rows) {
    let Some(OrderByKind::Expressions(keys)) = written.map(|written| &written.kind) else { return };
    for key in keys {
        let ast::Expr::Identifier(name) = &key.expr else {
            if !matches!(key.expr, ast::Expr::Value(_)) {
                outputs_as_names(scope, rows);
                expr::expr(cx, scope.at(Clause::OrderBy), &key.expr);
            } else {
                sort::sort_key(cx, scope, &key.expr, &mut rows.columns.clone(), Clause::OrderBy);
            }
            continue;
        };
        let (name, span): (Arc<str>, _) = (cx.fold(name), cx.span_of(name));
        let known = rows.columns.iter().any(|column| column.name == name);
        if !known && rows.complete && !cx.is_hole(&name, span) {
            let message = format!("column `{name}` does not exist among the output columns");
            cx.problem(NO_OUTPUT, Vec::new(), Words { span, message, label: "unknown column".into() });
        }
    }
}

/// Lets an expression name output columns, as engines do that allow it.
fn outputs_as_names(scope: &mut Scope, rows: &Rows) {
    scope.outputs = rows.columns.iter().map(|column| (column.name.clone(), column.typed.clone())).collect();
}
