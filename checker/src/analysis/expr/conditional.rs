//! `CASE`, `COALESCE`, `NULLIF`, `GREATEST`, `LEAST`.

use sqlparser::ast;

use super::super::cx::Cx;
use super::super::nullability::Follows;
use super::super::scope::Scope;
use super::super::tree::{Node, Typed, What, cover};
use super::super::types::{TEXT, UNKNOWN, coerce, unify};
use super::operators::{OperatorName, binary};
use super::{boolean, expr};
use crate::schema::Type;

pub(super) fn case(
    cx: &mut Cx,
    scope: &Scope,
    operand: Option<&ast::Expr>,
    conditions: &[ast::CaseWhen],
    otherwise: Option<&ast::Expr>,
) -> Typed {
    let operand = operand.map(|operand| {
        let typed = expr(cx, scope, operand);
        match typed.ty.id {
            UNKNOWN => coerce::to_type(cx, typed, TEXT, coerce::Context::Implicit),
            _ => typed,
        }
    });
    let mut guards = Vec::new();
    let mut results = Vec::new();
    for when in conditions {
        let condition = expr(cx, scope, &when.condition);
        guards.push(match &operand {
            Some(operand) => binary(cx, &OperatorName::plain("="), operand.clone(), condition),
            None => boolean(cx, condition, "CASE/WHEN"),
        });
        results.push(expr(cx, scope, &when.result));
    }
    let null = Typed::new(Node::Null, Type { id: null_type(cx), modifier: -1 }, Some(true), cover(&results));
    // The last result counts first when the common type is chosen.
    let otherwise = otherwise.map_or(null, |otherwise| expr(cx, scope, otherwise));
    results.insert(0, otherwise);
    let (results, ty) = unify::convert(cx, results, "CASE");
    let (nullable, follows) = (any_nullable(&results), Follows::Results(results.len()));
    let collation = super::super::collation::of(&results);
    let arguments: Vec<Typed> = operand.into_iter().chain(guards).chain(results).collect();
    let span = cover(&arguments);
    let node = Node::Call { what: What::Construct("case"), arguments };
    collation.put_on(cx, Typed { follows, ..Typed::new(node, ty, nullable, span) })
}

fn null_type(cx: &Cx) -> crate::dialect::TypeId {
    if cx.rules().static_types { UNKNOWN } else { crate::dialect::TypeId::UNSURE }
}

/// NULL is possible where it is for one of the values; ruled out where it is for all.
pub(in crate::analysis) fn any_nullable(values: &[Typed]) -> Option<bool> {
    if values.iter().any(|value| value.nullable == Some(true)) {
        return Some(true);
    }
    values.iter().all(|value| value.nullable == Some(false)).then_some(false)
}

/// `COALESCE(…)`.
pub(super) fn coalesce(cx: &mut Cx, values: Vec<Typed>) -> Typed {
    let (values, ty) = unify::convert(cx, values, "COALESCE");
    let nullable = if values.iter().any(|value| value.nullable == Some(false)) {
        Some(false)
    } else {
        values.iter().all(|value| value.nullable == Some(true)).then_some(true)
    };
    of_values(cx, "coalesce", ty, nullable, values)
}

/// `GREATEST(…)` and `LEAST(…)`: NULL only if all values are.
pub(super) fn extreme(cx: &mut Cx, name: &'static str, values: Vec<Typed>) -> Typed {
    let place = if name == "greatest" { "GREATEST" } else { "LEAST" };
    let (values, ty) = unify::convert(cx, values, place);
    let nullable = if values.iter().any(|value| value.nullable == Some(false)) { Some(false) } else { None };
    of_values(cx, name, ty, nullable, values)
}

fn of_values(cx: &Cx, name: &'static str, ty: Type, nullable: Option<bool>, values: Vec<Typed>) -> Typed {
    let collation = super::super::collation::of(&values);
    let span = cover(&values);
    let node = Node::Call { what: What::Construct(name), arguments: values };
    collation.put_on(cx, Typed::new(node, ty, nullable, span))
}

/// `NULLIF(a, b)`: of the type that the comparison gives `a`.
pub(super) fn null_if(cx: &mut Cx, values: Vec<Typed>) -> Typed {
    let span = cover(&values);
    let mut values = values.into_iter();
    let (Some(a), Some(b)) = (values.next(), values.next()) else { return Typed::unsure(span) };
    let compared = binary(cx, &OperatorName::plain("="), a, b);
    let first = compared.children().get(..1).unwrap_or_default();
    let collation = super::super::collation::of(first);
    let ty = first.first().map_or(Type::UNSURE, |first| first.ty);
    let node = Node::Call { what: What::Construct("nullif"), arguments: vec![compared] };
    collation.put_on(cx, Typed::new(node, ty, Some(true), span))
}
