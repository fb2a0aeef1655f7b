//! The common type of several expressions: `UNION`, `CASE`, `COALESCE`, `VALUES`, `ARRAY`.

use super::super::collation;
use super::super::cx::{Cx, Words};
use super::super::tree::Typed;
use super::coerce::{self, Context, MISMATCH, can};
use super::{TEXT, UNKNOWN, base, category, is_hazy, shown};
use crate::dialect::TypeId;
use crate::schema::{Schema, Type};
use crate::source::Span;

/// The common type of some types; `None` where they have none.
pub(in crate::analysis) fn of_types(schema: &Schema, types: &[TypeId]) -> Option<TypeId> {
    first_mismatch(schema, types).ok()
}

/// The common type; else the two types that do not match.
fn first_mismatch(schema: &Schema, types: &[TypeId]) -> Result<TypeId, (TypeId, TypeId)> {
    let Some(&first) = types.first() else { return Ok(TEXT) };
    if first != UNKNOWN && types.iter().all(|&id| id == first) {
        return Ok(first);
    }
    if types.iter().any(|&id| id != UNKNOWN && is_hazy(schema, id)) {
        return Ok(TypeId::UNSURE);
    }
    let mut best = base(schema, first);
    let mut best_category = category(schema, best);
    for &next in types.get(1..).unwrap_or(&[]) {
        let next = base(schema, next);
        if next == UNKNOWN || next == best {
            continue;
        }
        let next_category = category(schema, next);
        if best == UNKNOWN {
            (best, best_category) = (next, next_category);
        } else if next_category.0 != best_category.0 {
            return Err((best, next));
        } else if !best_category.1
            && can(schema, &[best], &[next], Context::Implicit)
            && !can(schema, &[next], &[best], Context::Implicit)
        {
            (best, best_category) = (next, next_category);
        }
    }
    Ok(if best == UNKNOWN { TEXT } else { best })
}

/// The common type of expressions; says so where they have none.
pub(in crate::analysis) fn common(cx: &mut Cx, expressions: &[&Typed], what: &str) -> Type {
    if !cx.rules().static_types {
        return Type::UNSURE;
    }
    // A long list mostly repeats its types: what is compared are the different ones, in order.
    let mut types: Vec<TypeId> = Vec::new();
    for typed in expressions {
        if !types.contains(&typed.ty.id) {
            types.push(typed.ty.id);
        }
    }
    match first_mismatch(cx.schema, &types) {
        Ok(id) => Type { id, modifier: modifier(expressions, id) },
        Err((a, b)) => {
            let span = expressions.iter().find(|typed| base(cx.schema, typed.ty.id) == b).map(|typed| typed.span);
            let (a, b) = (shown(cx.schema, Type::plain(a)), shown(cx.schema, Type::plain(b)));
            let message = format!("types `{a}` and `{b}` in `{what}` cannot be matched");
            let label = format!("`{b}`, not `{a}`");
            cx.problem(MISMATCH, Vec::new(), Words { span: span.unwrap_or(cx.span), message, label });
            Type::UNSURE
        }
    }
}

/// The modifier that all expressions have, where they are all of the type.
fn modifier(expressions: &[&Typed], id: TypeId) -> i32 {
    let mut modifiers = expressions.iter().map(|typed| if typed.ty.id == id { typed.ty.modifier } else { -1 });
    let first = modifiers.next().unwrap_or(-1);
    if modifiers.all(|modifier| modifier == first) { first } else { -1 }
}

/// Converts expressions to their common type.
pub(in crate::analysis) fn convert(cx: &mut Cx, expressions: Vec<Typed>, what: &str) -> (Vec<Typed>, Type) {
    let common = common(cx, &expressions.iter().collect::<Vec<_>>(), what);
    let message = |source: &str, target: &str| format!("`{source}` in `{what}` cannot be converted to `{target}`");
    let target = Type::plain(common.id);
    let converted =
        expressions.into_iter().map(|typed| coerce::to(cx, typed, target, Context::Implicit, &message)).collect();
    (converted, common)
}

/// The type of a column that two sides of a join share; `None` where nothing is known.
pub(in crate::analysis) fn merged(cx: &mut Cx, a: &Typed, b: &Typed, span: Span) -> Option<Type> {
    if !cx.rules().static_types {
        return (a.ty == b.ty).then_some(a.ty);
    }
    let common = common(cx, &[a, b], "JOIN/USING");
    if common.id.is_sure() {
        super::candidates::comparable(cx, a, b, span);
        collation::of_operator(cx, "=", &[a.clone(), b.clone()], span);
    }
    Some(common)
}
