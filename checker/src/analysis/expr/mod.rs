//! Expressions: names, operators, functions, types, nullability.

pub(super) mod access;
mod arithmetic;
mod comparison;
pub(super) mod conditional;
pub(super) mod functions;
mod grammar;
mod literals;
pub(super) mod names;
pub(super) mod operators;
mod subqueries;

use sqlparser::ast;

use super::cx::Cx;
use super::scope::Scope;
use super::tree::Typed;
use super::types::{self, BOOL};
use crate::source::Span;
use types::coerce::Context;

pub(super) use conditional::any_nullable;
pub(super) use literals::string_of;

/// An expression.
pub(super) fn expr(cx: &mut Cx, scope: &Scope, written: &ast::Expr) -> Typed {
    cx.deeper(|cx| dispatch(cx, scope, written)).unwrap_or_else(|| Typed::unsure(cx.span))
}

/// An expression of an output column.
pub(super) fn target(cx: &mut Cx, scope: &Scope, written: &ast::Expr) -> Typed {
    expr(cx, scope, written)
}

/// Expressions in order.
pub(super) fn all<'e>(cx: &mut Cx, scope: &Scope, written: impl IntoIterator<Item = &'e ast::Expr>) -> Vec<Typed> {
    written.into_iter().map(|written| expr(cx, scope, written)).collect()
}

/// A condition; `place` is what the server calls its place.
pub(super) fn condition(cx: &mut Cx, scope: &Scope, written: &ast::Expr, place: &str) -> Typed {
    let typed = expr(cx, scope, written);
    boolean(cx, typed, place)
}

/// Converts a value to a truth value.
pub(super) fn boolean(cx: &mut Cx, typed: Typed, place: &str) -> Typed {
    let message = |source: &str, _: &str| format!("argument of `{place}` must be of type `boolean`, not `{source}`");
    types::coerce::to(cx, typed, crate::schema::Type::plain(BOOL), Context::Assignment, &message)
}

fn dispatch(cx: &mut Cx, scope: &Scope, written: &ast::Expr) -> Typed {
    use ast::Expr;
    match written {
        Expr::Identifier(name) => names::identifier(cx, scope, name),
        Expr::CompoundIdentifier(parts) => names::compound(cx, scope, parts),
        Expr::Value(value) => literals::value(cx, value),
        Expr::Nested(inner) => expr(cx, scope, inner),
        Expr::BinaryOp { .. } => operators::chain(cx, scope, written),
        Expr::UnaryOp { op, expr: operand } => operators::unary(cx, scope, *op, operand),
        Expr::Function(function) => functions::function(cx, scope, function),
        Expr::Cast { expr: inner, data_type, .. } => literals::cast(cx, scope, inner, data_type),
        Expr::TypedString(string) => literals::typed_string(cx, string),
        Expr::Interval(interval) => literals::interval(cx, scope, interval),
        Expr::Case { operand, conditions, else_result, .. } => {
            conditional::case(cx, scope, operand.as_deref(), conditions, else_result.as_deref())
        }
        Expr::Subquery(query) => subqueries::scalar(cx, scope, query),
        Expr::Exists { subquery, .. } => subqueries::exists(cx, scope, subquery),
        Expr::InSubquery { expr: left, subquery, negated } => {
            subqueries::in_subquery(cx, scope, *negated, left, subquery)
        }
        Expr::InList { expr: left, list, .. } => comparison::in_list(cx, scope, left, list),
        Expr::AnyOp { left, compare_op, right, .. } => subqueries::any_all(cx, scope, false, left, compare_op, right),
        Expr::AllOp { left, compare_op, right } => subqueries::any_all(cx, scope, true, left, compare_op, right),
        Expr::Tuple(items) => grammar::row(cx, scope, items),
        Expr::Array(array) => grammar::array(cx, scope, &array.elem),
        Expr::CompoundFieldAccess { root, access_chain } => access::chain(cx, scope, root, access_chain),
        _ => comparison::dispatch(cx, scope, written),
    }
}

/// The span of an expression, or of the whole statement.
fn or_whole(cx: &Cx, span: Span) -> Span {
    if span.is_empty() { cx.span } else { span }
}
