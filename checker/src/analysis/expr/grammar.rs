//! Constructors and collations.

use sqlparser::ast;

use super::super::Stage;
use super::super::collation::Strength;
use super::super::cx::{Cx, Kind, Words};
use super::super::scope::Scope;
use super::super::tree::{Node, Typed, What, cover};
use super::super::types::{self, RECORD, coerce, unify};
use super::{all, expr};
use crate::dialect::TypeId;
use crate::schema::Type;

const NO_TYPE: Kind = Kind("missing-type", "42704", Stage::Parse);

/// `ROW(…)` and `(a, b)`.
pub(super) fn row(cx: &mut Cx, scope: &Scope, items: &[ast::Expr]) -> Typed {
    let arguments = all(cx, scope, items);
    row_of(cx, arguments)
}

pub(super) fn row_of(cx: &Cx, arguments: Vec<Typed>) -> Typed {
    let id = if cx.rules().static_types { RECORD } else { TypeId::UNSURE };
    Typed::construct("row", id, Some(false), arguments)
}

/// `ARRAY[…]`.
pub(super) fn array(cx: &mut Cx, scope: &Scope, items: &[ast::Expr]) -> Typed {
    let (nested, items) = elements(cx, scope, items, None);
    if items.is_empty() {
        let message = "an empty array needs a type: `ARRAY[]::type[]`".to_string();
        let words = Words { span: cx.span, message, label: "empty array".into() };
        cx.problem(Kind("type-mismatch", "42P18", Stage::Parse), Vec::new(), words);
        return Typed::unsure(cx.span);
    }
    let (items, common) = unify::convert(cx, items, "ARRAY");
    let array = if nested { Some(common.id) } else { cx.schema.array_of(common.id) };
    if array.is_none() && common.id.is_sure() && !types::is_hazy(cx.schema, common.id) {
        let shown = types::shown(cx.schema, common);
        let message = format!("there is no array type for `{shown}`");
        cx.problem(NO_TYPE, Vec::new(), Words { span: cover(&items), message, label: "no array type".into() });
    }
    let collation = super::super::collation::of(&items);
    let ty = Type { id: array.unwrap_or(TypeId::UNSURE), modifier: common.modifier };
    let span = cover(&items);
    let node = Node::Call { what: What::Construct("array"), arguments: items };
    collation.put_on(cx, Typed::new(node, ty, Some(false), span))
}

/// `ARRAY[…]` whose element type is known from a cast around it.
pub(super) fn array_of(cx: &mut Cx, scope: &Scope, items: &[ast::Expr], element: Type) -> Typed {
    let (_, items) = elements(cx, scope, items, Some(element));
    let array = cx.schema.array_of(element.id).unwrap_or(TypeId::UNSURE);
    let span = cover(&items);
    let node = Node::Call { what: What::Construct("array"), arguments: items };
    Typed::new(node, Type { id: array, modifier: element.modifier }, Some(false), span)
}

/// The elements, and whether they are arrays themselves.
fn elements(cx: &mut Cx, scope: &Scope, items: &[ast::Expr], element: Option<Type>) -> (bool, Vec<Typed>) {
    let mut nested = false;
    let mut typed = Vec::with_capacity(items.len());
    for item in items {
        match (item, element) {
            (ast::Expr::Array(inner), Some(element)) => {
                nested = true;
                let inner = cx.deeper(|cx| array_of(cx, scope, &inner.elem, element));
                typed.extend(inner);
            }
            (ast::Expr::Array(inner), None) => {
                nested = true;
                let inner = cx.deeper(|cx| array(cx, scope, &inner.elem));
                typed.extend(inner);
            }
            (_, Some(element)) => {
                let value = expr(cx, scope, item);
                typed.push(super::literals::explicit(cx, value, element));
            }
            (_, None) => {
                let value = expr(cx, scope, item);
                // The elements of an array may be arrays without being written as such.
                nested |= types::element(cx.schema, value.ty.id).is_some();
                typed.push(value);
            }
        }
    }
    (nested, typed)
}

/// `value COLLATE collation`.
pub(super) fn collate(cx: &mut Cx, scope: &Scope, inner: &ast::Expr, collation: &ast::ObjectName) -> Typed {
    let typed = expr(cx, scope, inner);
    let typed = if typed.ty.id == types::UNKNOWN {
        coerce::to_type(cx, typed, types::TEXT, coerce::Context::Implicit)
    } else {
        typed
    };
    let name = cx.names(collation).pop().map(|(name, _)| name);
    Typed { collation: name, strength: Strength::Explicit, origin: None, ..typed }
}
