//! Types whose values cannot be compared: what `GROUP BY`, `DISTINCT`, `UNION` and `ORDER BY` refuse.

use super::super::cx::{Cx, Words};
use super::super::expr::operators;
use super::super::tree::Typed;
use super::candidates::NO_FUNCTION;
use super::{UNKNOWN, base, element, info, is_composite, is_hazy, shown};
use crate::dialect::TypeId;
use crate::dialect::catalog::TypeKind;
use crate::schema::{Key, Schema, Type};

/// What has to be decided of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Comparison {
    /// Whether they are the same.
    Equality,
    /// Which comes first.
    Order,
}

/// Says so where values of an expression cannot be compared; `place` is what needs it.
pub(in crate::analysis) fn check(cx: &mut Cx, typed: &Typed, comparison: Comparison, place: &str) {
    let id = typed.ty.id;
    if !cx.rules().static_types || id == UNKNOWN || !lacks(cx.schema, id, comparison, 0) {
        return;
    }
    let shown = shown(cx.schema, Type::plain(base(cx.schema, id)));
    let what = match comparison {
        Comparison::Equality => "compared for equality",
        Comparison::Order => "put in order",
    };
    let message = format!("values of type `{shown}` cannot be {what}, as `{place}` does");
    let about = info(cx.schema, id).map(|info| Key::Type((*info.name).into())).into_iter().collect();
    let span = if typed.span.is_empty() { cx.span } else { typed.span };
    cx.problem(NO_FUNCTION, about, Words { span, message, label: format!("`{shown}`") });
    operators::about_columns(cx, [typed].into_iter());
}

/// Whether a type is known to lack the operators: what extensions create may have them.
fn lacks(schema: &Schema, id: TypeId, comparison: Comparison, depth: usize) -> bool {
    let id = base(schema, id);
    if depth > 32 || is_hazy(schema, id) {
        return false;
    }
    if let Some(element) = element(schema, id) {
        return lacks(schema, element, comparison, depth + 1);
    }
    if is_composite(schema, id) {
        let fields = schema.attributes(id).unwrap_or_default();
        return fields.iter().any(|field| lacks(schema, field.ty.id, comparison, depth + 1));
    }
    let Some(ty) = info(schema, id).filter(|info| info.kind == TypeKind::Base && !id.is_user()) else { return false };
    let has = |method| schema.catalog.default_operator_class(method, ty).is_some();
    !has("btree") && (comparison == Comparison::Order || !has("hash"))
}
