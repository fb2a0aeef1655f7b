//! Fields of rows and elements of arrays.

use std::sync::Arc;

use sqlparser::ast::{self, AccessExpr, Subscript};

use super::super::Stage;
use super::super::cx::{Cx, Kind, Words};
use super::super::scope::{Item, Scope};
use super::super::tree::{Node, Typed, What};
use super::super::types::{self, INT4, JSONB, TEXT, coerce};
use super::{expr, names};
use crate::dialect::catalog;
use crate::schema::{Column, ColumnNumber, Key, Type};
use crate::source::Span;

const NO_FIELD: Kind = Kind("missing-column", "42703", Stage::Parse);
const NOT_A_ROW: Kind = Kind("missing-column", "42809", Stage::Parse);
const NOT_AN_ARRAY: Kind = Kind("type-mismatch", "42804", Stage::Parse);

/// `root.field[subscript]…`.
pub(super) fn chain(cx: &mut Cx, scope: &Scope, root: &ast::Expr, steps: &[AccessExpr]) -> Typed {
    let (mut typed, rest) = start(cx, scope, root, steps);
    let mut rest = rest.iter().peekable();
    while let Some(step) = rest.next() {
        typed = match step {
            AccessExpr::Dot(field) => dot(cx, typed, field),
            AccessExpr::Subscript(first) => {
                let mut subscripts = vec![first];
                while let Some(AccessExpr::Subscript(next)) = rest.peek() {
                    subscripts.push(next);
                    rest.next();
                }
                subscript(cx, scope, typed, &subscripts)
            }
        };
    }
    typed
}

/// The root with the parts of its name that follow as steps: `table.column[1]`.
fn start<'s>(cx: &mut Cx, scope: &Scope, root: &ast::Expr, steps: &'s [AccessExpr]) -> (Typed, &'s [AccessExpr]) {
    let mut parts = match root {
        ast::Expr::Identifier(name) => vec![name.clone()],
        ast::Expr::CompoundIdentifier(parts) => parts.clone(),
        _ => return (expr(cx, scope, root), steps),
    };
    let mut rest = steps;
    while let [AccessExpr::Dot(ast::Expr::Identifier(name)), after @ ..] = rest {
        parts.push(name.clone());
        rest = after;
    }
    let typed = match parts.as_slice() {
        [name] => names::identifier(cx, scope, name),
        parts => names::compound(cx, scope, parts),
    };
    (typed, rest)
}

fn dot(cx: &mut Cx, row: Typed, field: &ast::Expr) -> Typed {
    match field {
        ast::Expr::Identifier(name) => {
            let (name, span) = (cx.fold(name), cx.span_of(name));
            field_named(cx, row, &name, span)
        }
        _ => {
            cx.unknown(row.span, "this way to name a field is not understood");
            Typed::unsure(row.span)
        }
    }
}

/// `(row).name`.
pub(in crate::analysis) fn field_named(cx: &mut Cx, row: Typed, name: &Arc<str>, span: Span) -> Typed {
    if cx.is_hole(name, span) {
        return Typed::unsure(span);
    }
    if let Some(key) = coerce::type_key(cx.schema, row.ty.id).pop() {
        cx.depend(key);
    }
    let Some(fields) = types::fields_of(cx, &row) else {
        let known = row.ty.id.is_sure() && row.ty.id != types::RECORD && !types::is_composite(cx.schema, row.ty.id);
        if known {
            let shown = types::shown(cx.schema, row.ty);
            let message = format!("a value of type `{shown}` has no fields, so no `{name}`");
            cx.problem(NOT_A_ROW, Vec::new(), Words { span, message, label: "not a row".into() });
        }
        return Typed::unsure(row.span.to(span));
    };
    match fields.iter().find(|field| field.name == *name) {
        Some(field) => {
            let field = field_of(&row, field);
            Typed { span: row.span.to(span), ..field }
        }
        None => {
            let shown = types::shown(cx.schema, row.ty);
            let about = types::info(cx.schema, row.ty.id).map(|info| Arc::<str>::from(&*info.name));
            let about =
                about.map(|ty| vec![Key::Column(ty.clone(), name.clone()), Key::Relation(ty.clone()), Key::Type(ty)]);
            let message = format!("`{shown}` has no field `{name}`");
            cx.problem(NO_FIELD, about.unwrap_or_default(), Words { span, message, label: "unknown field".into() });
            Typed::unsure(row.span.to(span))
        }
    }
}

/// A field of a row as an expression.
pub(in crate::analysis) fn field_of(row: &Typed, field: &Column) -> Typed {
    let node = Node::Call { what: What::Field(field.name.clone()), arguments: vec![row.clone()] };
    Typed { collation: field.collation.clone(), ..Typed::new(node, field.ty, None, row.span) }
}

/// The columns of an item as fields of its row.
pub(super) fn columns_as_fields(item: &Item) -> Arc<[Column]> {
    let shown = item.columns.iter().filter(|column| !column.hidden);
    let fields = (1..).zip(shown).map(|(number, column)| Column {
        collation: column.collation.clone(),
        ..Column::new(column.origin.map_or(ColumnNumber(number), |(_, number)| number), column.name.clone(), column.ty)
    });
    fields.collect()
}

/// `value[…]…`.
pub(in crate::analysis) fn subscript(cx: &mut Cx, scope: &Scope, value: Typed, subscripts: &[&Subscript]) -> Typed {
    let base = types::base(cx.schema, value.ty.id);
    let takes = types::info(cx.schema, base).map(|info| (info.subscript, info.element));
    let slice = subscripts.iter().any(|subscript| matches!(subscript, Subscript::Slice { .. }));
    let (index_type, result) = match takes {
        _ if !cx.rules().static_types => (None, Type::UNSURE),
        Some((catalog::Subscript::Array | catalog::Subscript::Fixed, Some(_))) if slice => {
            (Some(INT4), Type::plain(base))
        }
        Some((catalog::Subscript::Array, Some(element))) => {
            (Some(INT4), Type { id: element, modifier: cx.schema.base_type(value.ty).modifier })
        }
        Some((catalog::Subscript::Fixed, Some(element))) => (Some(INT4), Type::plain(element)),
        Some((catalog::Subscript::Own, _)) if base == JSONB => (Some(TEXT), Type::plain(JSONB)),
        Some((catalog::Subscript::None, _)) if value.ty.id != types::UNKNOWN => {
            let shown = types::shown(cx.schema, value.ty);
            let message = format!("a value of type `{shown}` takes no subscript");
            let words = Words { span: value.span, message, label: "not an array".into() };
            cx.problem(NOT_AN_ARRAY, Vec::new(), words);
            (None, Type::UNSURE)
        }
        _ => (None, Type::UNSURE),
    };
    let mut arguments = vec![value];
    for subscript in subscripts {
        let bounds: Vec<&ast::Expr> = match subscript {
            Subscript::Index { index } => vec![index],
            Subscript::Slice { lower_bound, upper_bound, stride } => {
                [lower_bound, upper_bound, stride].into_iter().flatten().collect()
            }
        };
        for bound in bounds {
            let bound = expr(cx, scope, bound);
            arguments.push(match index_type {
                // A number selects an element of a JSON array as it is.
                Some(TEXT) if bound.ty.id != types::UNKNOWN => bound,
                Some(index_type) => coerce::to_type(cx, bound, index_type, coerce::Context::Assignment),
                None => bound,
            });
        }
    }
    let span = super::super::tree::cover(&arguments);
    let what = What::Construct(if slice { "slice" } else { "subscript" });
    Typed::new(Node::Call { what, arguments }, result, None, span)
}
