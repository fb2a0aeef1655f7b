//! Predicates and functions that the grammar spells in its own way.

use sqlparser::ast;

use super::super::cx::Cx;
use super::super::nullability;
use super::super::scope::Scope;
use super::super::tree::{Node, Typed, What};
use super::super::types::{self, TEXT, UNKNOWN, coerce, unify};
use super::operators::{OperatorName, apply, binary, boolean_type};
use super::{arithmetic, boolean, expr, functions, grammar, subqueries};
use crate::dialect::TypeId;
use crate::schema::Type;

pub(super) fn dispatch(cx: &mut Cx, scope: &Scope, written: &ast::Expr) -> Typed {
    use ast::Expr;
    match written {
        Expr::IsNull(inner) | Expr::IsNotNull(inner) => {
            let name = if matches!(written, Expr::IsNull(_)) { "is null" } else { "is not null" };
            let typed = expr(cx, scope, inner);
            cx.asks_for_no_type(&typed);
            Typed::construct(name, boolean_type(cx), Some(false), vec![typed])
        }
        Expr::IsTrue(inner) | Expr::IsFalse(inner) | Expr::IsUnknown(inner) => truth(cx, scope, inner, "IS TRUE"),
        Expr::IsNotTrue(inner) | Expr::IsNotFalse(inner) | Expr::IsNotUnknown(inner) => {
            truth(cx, scope, inner, "IS NOT TRUE")
        }
        Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
            let (left, right) = (expr(cx, scope, left), expr(cx, scope, right));
            let equal = binary(cx, &OperatorName::plain("="), left, right);
            Typed { nullable: Some(false), ..Typed::construct("is distinct", boolean_type(cx), None, vec![equal]) }
        }
        Expr::Between { expr: value, low, high, negated } => between(cx, scope, *negated, value, low, high),
        Expr::Like { negated, any, expr, pattern, escape_char } => {
            let name = if *negated { "!~~" } else { "~~" };
            like(cx, scope, (name, *any), expr, pattern, escape_char.as_deref())
        }
        Expr::ILike { negated, any, expr, pattern, escape_char } => {
            let name = if *negated { "!~~*" } else { "~~*" };
            like(cx, scope, (name, *any), expr, pattern, escape_char.as_deref())
        }
        Expr::SimilarTo { negated, expr: value, pattern, escape_char } => {
            let value = expr(cx, scope, value);
            let mut arguments = vec![expr(cx, scope, pattern)];
            arguments.extend(escape_char.as_ref().map(|escape| expr(cx, scope, escape)));
            let pattern = functions::system(cx, "similar_to_escape", arguments);
            apply(cx, &OperatorName::plain(if *negated { "!~" } else { "~" }), Some(value), pattern)
        }
        Expr::RLike { expr: value, pattern, .. } => loose(cx, scope, "rlike", [&**value, &**pattern]),
        Expr::InUnnest { expr: value, array_expr, .. } => loose(cx, scope, "in unnest", [&**value, &**array_expr]),
        Expr::Collate { expr: inner, collation } => grammar::collate(cx, scope, inner, collation),
        Expr::IsJson { expr: inner, .. } | Expr::IsNormalized { expr: inner, .. } => {
            let typed = expr(cx, scope, inner);
            let typed = if typed.ty.id == UNKNOWN { as_text(cx, typed) } else { typed };
            let nullable = typed.nullable;
            Typed::construct("is of form", boolean_type(cx), nullable, vec![typed])
        }
        Expr::Subquery(query) => subqueries::scalar(cx, scope, query),
        _ => arithmetic::dispatch(cx, scope, written),
    }
}

pub(super) fn as_text(cx: &mut Cx, typed: Typed) -> Typed {
    coerce::to_type(cx, typed, TEXT, coerce::Context::Implicit)
}

fn truth(cx: &mut Cx, scope: &Scope, inner: &ast::Expr, place: &'static str) -> Typed {
    let typed = expr(cx, scope, inner);
    let typed = boolean(cx, typed, place);
    Typed::construct(place, boolean_type(cx), Some(false), vec![typed])
}

/// A construct of which only the operands matter.
pub(super) fn loose<'e>(
    cx: &mut Cx,
    scope: &Scope,
    name: &'static str,
    operands: impl IntoIterator<Item = &'e ast::Expr>,
) -> Typed {
    let arguments = super::all(cx, scope, operands);
    Typed::construct(name, TypeId::UNSURE, None, arguments)
}

fn between(cx: &mut Cx, scope: &Scope, negated: bool, value: &ast::Expr, low: &ast::Expr, high: &ast::Expr) -> Typed {
    let value = expr(cx, scope, value);
    let low = expr(cx, scope, low);
    let high = expr(cx, scope, high);
    // A parameter that the first comparison decides is decided in the second.
    let lower = binary(cx, &OperatorName::plain(">="), value, low);
    let value = match lower.children() {
        [value, _] => value.clone(),
        _ => Typed::unsure(lower.span),
    };
    let upper = binary(cx, &OperatorName::plain("<="), value, high);
    let name = if negated { "not between" } else { "between" };
    nullability::total(Typed::construct(name, boolean_type(cx), None, vec![lower, upper]))
}

fn like(
    cx: &mut Cx,
    scope: &Scope,
    (operator, any): (&str, bool),
    value: &ast::Expr,
    pattern: &ast::Expr,
    escape: Option<&ast::Expr>,
) -> Typed {
    let value = expr(cx, scope, value);
    if any {
        let array = expr(cx, scope, pattern);
        return super::operators::over_array(cx, "any", &OperatorName::plain(operator), value, array);
    }
    let mut pattern = expr(cx, scope, pattern);
    if let Some(escape) = escape {
        let escape = expr(cx, scope, escape);
        pattern = functions::system(cx, "like_escape", vec![pattern, escape]);
    }
    apply(cx, &OperatorName::plain(operator), Some(value), pattern)
}

/// `value IN (list)`.
pub(super) fn in_list(cx: &mut Cx, scope: &Scope, value: &ast::Expr, list: &[ast::Expr]) -> Typed {
    let value = expr(cx, scope, value);
    let items = super::all(cx, scope, list);
    let equal = OperatorName::plain("=");
    let is_row = matches!(value.node, Node::Call { what: What::Construct("row"), .. });
    if !cx.rules().static_types || is_row {
        return one_by_one(cx, value, items);
    }
    let (columns, others): (Vec<Typed>, Vec<Typed>) =
        items.into_iter().partition(|item| matches!(item.node, Node::Column(_)));
    let mut all: Vec<&Typed> = vec![&value];
    all.extend(&others);
    let common = types_in_common(cx, &all);
    let array = common.filter(|_| others.len() > 1).and_then(|common| cx.schema.array_of(common));
    let (Some(common), Some(_)) = (common, array) else {
        return one_by_one(cx, value, others.into_iter().chain(columns).collect());
    };
    let converted: Vec<Typed> =
        others.into_iter().map(|item| coerce::to_type(cx, item, common, coerce::Context::Implicit)).collect();
    let mut arguments = converted;
    let first = Typed { span: value.span, ..Typed::new(Node::Unsure, Type::plain(common), None, value.span) };
    let found = binary(cx, &equal, value, first);
    arguments.insert(0, found);
    for column in columns {
        let value = arguments.first().and_then(|found| found.children().first()).cloned();
        let value = value.unwrap_or_else(|| Typed::unsure(column.span));
        let found = binary(cx, &equal, value, column);
        arguments.push(found);
    }
    Typed::construct("in", boolean_type(cx), None, arguments)
}

/// The common type of a list with its left side, where the server makes an array of the list.
fn types_in_common(cx: &Cx, all: &[&Typed]) -> Option<TypeId> {
    let mut types: Vec<TypeId> = Vec::new();
    for typed in all {
        if !types.contains(&typed.ty.id) {
            types.push(typed.ty.id);
        }
    }
    unify::of_types(cx.schema, &types).filter(|id| id.is_sure())
}

fn one_by_one(cx: &mut Cx, value: Typed, items: Vec<Typed>) -> Typed {
    let mut value = value;
    let mut arguments = Vec::with_capacity(items.len());
    // What the first comparison decides holds for the rest; a long list repeats the same comparison.
    for (at, item) in items.into_iter().enumerate() {
        let plain = matches!(item.node, Node::Constant(_) | Node::Unsure) && at > 64;
        if plain {
            arguments.push(item);
            continue;
        }
        let found = binary(cx, &OperatorName::plain("="), value.clone(), item);
        if at == 0
            && types::info(cx.schema, value.ty.id).is_some()
            && value.ty.id == UNKNOWN
            && let Some(decided) = found.children().first()
        {
            value = decided.clone();
        }
        arguments.push(found);
    }
    Typed::construct("in", boolean_type(cx), None, arguments)
}
