//! Literals, parameters and casts.

use std::sync::Arc;

use sqlparser::ast::{self, DataType, Value, ValueWithSpan};

use super::super::Stage;
use super::super::cx::{Cx, Kind, Words};
use super::super::nullability;
use super::super::scope::Scope;
use super::super::tree::{Node, Typed};
use super::super::types::{self, BIT, BOOL, BPCHAR, INT4, INT8, INTERVAL, NUMERIC, UNKNOWN, coerce, written};
use super::{expr, grammar};
use crate::dialect::TypeId;
use crate::query::HOLE;
use crate::schema::Type;
use crate::source::Span;
use crate::sql::byte_span;

const NO_CAST: Kind = Kind("type-mismatch", "42846", Stage::Parse);

/// A literal or a parameter.
pub(super) fn value(cx: &mut Cx, written: &ValueWithSpan) -> Typed {
    let span = byte_span(written.span).unwrap_or(cx.span);
    let is_static = cx.rules().static_types;
    let sure = |id: TypeId| Type::plain(if is_static { id } else { TypeId::UNSURE });
    let constant = |text: &str, id| Typed::new(Node::Constant(text.into()), sure(id), Some(false), span);
    match &written.value {
        Value::Number(digits, _) => constant(digits, number_type(digits)),
        Value::Boolean(value) => constant(if *value { "true" } else { "false" }, BOOL),
        Value::Null => Typed::new(Node::Null, sure(UNKNOWN), Some(true), span),
        Value::Placeholder(sign) => {
            let (number, ty) = cx.parameter(sign, span);
            Typed::new(Node::Parameter(number), ty, None, span)
        }
        Value::NationalStringLiteral(text) => constant(text, BPCHAR),
        Value::SingleQuotedByteStringLiteral(text) | Value::HexStringLiteral(text) => constant(text, BIT),
        other => {
            let text: Arc<str> = string_of(other).into();
            if text.contains(HOLE) {
                cx.unknown(span, "part of the text is only known at run time");
                return Typed::new(Node::Unsure, Type::UNSURE, Some(false), span);
            }
            Typed::new(Node::Text(text), sure(UNKNOWN), Some(false), span)
        }
    }
}

/// The text of a string literal.
pub(in crate::analysis) fn string_of(value: &Value) -> &str {
    match value {
        Value::DollarQuotedString(string) => &string.value,
        Value::SingleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::DoubleQuotedString(text)
        | Value::NationalStringLiteral(text)
        | Value::TripleSingleQuotedString(text)
        | Value::SingleQuotedRawStringLiteral(text) => text,
        _ => "",
    }
}

/// The type that the server gives a number: the smallest of `int4`, `int8`, `numeric`.
fn number_type(digits: &str) -> TypeId {
    let digits = digits.replace('_', "");
    if digits.parse::<i32>().is_ok() {
        INT4
    } else if digits.parse::<i64>().is_ok() {
        INT8
    } else {
        NUMERIC
    }
}

/// A number with a minus sign before it is one constant.
pub(super) fn negative(cx: &mut Cx, operand: &ast::Expr) -> Option<Typed> {
    let ast::Expr::Value(ValueWithSpan { value: Value::Number(digits, _), span }) = operand else { return None };
    let span = byte_span(*span).unwrap_or(cx.span);
    let text = format!("-{digits}");
    let id = if cx.rules().static_types { number_type(&text) } else { TypeId::UNSURE };
    Some(Typed::new(Node::Constant(text.into()), Type::plain(id), Some(false), span))
}

/// `value::type` and `CAST(value AS type)`.
pub(super) fn cast(cx: &mut Cx, scope: &Scope, inner: &ast::Expr, data_type: &DataType) -> Typed {
    // The elements of an array constructor are cast one by one.
    if let ast::Expr::Array(array) = unnested(inner) {
        let target = written::resolve(cx, data_type, cx.span);
        return match types::base_element(cx.schema, target.id) {
            Some(element) => {
                let element = Type { id: element, modifier: cx.schema.base_type(target).modifier };
                let array = grammar::array_of(cx, scope, &array.elem, element);
                Typed { ty: target, ..array }
            }
            None => {
                let typed = expr(cx, scope, inner);
                explicit(cx, typed, target)
            }
        };
    }
    let typed = expr(cx, scope, inner);
    let near = if typed.span.is_empty() { cx.span } else { typed.span };
    let target = written::resolve(cx, data_type, near);
    explicit(cx, typed, target)
}

fn unnested(mut written: &ast::Expr) -> &ast::Expr {
    while let ast::Expr::Nested(inner) = written {
        written = inner;
    }
    written
}

/// Casts a value explicitly.
pub(super) fn explicit(cx: &mut Cx, typed: Typed, target: Type) -> Typed {
    if !target.id.is_sure() || !cx.rules().static_types {
        let nullable = typed.nullable;
        return coerce::cast(typed, target, nullable);
    }
    let (nullable, follows) = nullability::of_cast(cx.schema, &typed, target.id);
    if !coerce::can(cx.schema, &[typed.ty.id], &[target.id], coerce::Context::Explicit) {
        let (source, wanted) = (types::shown(cx.schema, typed.ty), types::shown(cx.schema, target));
        let message = format!("cannot cast type `{source}` to `{wanted}`");
        let label = format!("cannot become `{wanted}`");
        cx.problem(NO_CAST, coerce::type_key(cx.schema, target.id), Words { span: typed.span, message, label });
        return Typed::new(Node::Unsure, target, nullable, typed.span);
    }
    let same = typed.ty == target;
    let literal = types_untyped(&typed);
    let converted = coerce::quietly(cx, typed, target, coerce::Context::Explicit);
    // A cast to the own type leaves no trace; a literal becomes a constant of the type.
    match same || literal {
        true => Typed { nullable, ..converted },
        false => Typed { follows, ..as_cast(converted, target, nullable) },
    }
}

fn types_untyped(typed: &Typed) -> bool {
    typed.ty.id == UNKNOWN
}

fn as_cast(typed: Typed, target: Type, nullable: Option<bool>) -> Typed {
    match &typed.node {
        Node::Call { what: super::super::tree::What::Cast(to), .. } if *to == target => Typed { nullable, ..typed },
        _ => coerce::cast(typed, target, nullable),
    }
}

/// `type 'text'`.
pub(super) fn typed_string(cx: &mut Cx, string: &ast::TypedString) -> Typed {
    let typed = value(cx, &string.value);
    let target = written::resolve(cx, &string.data_type, typed.span);
    explicit(cx, typed, target)
}

/// `INTERVAL '1 day'`.
pub(super) fn interval(cx: &mut Cx, scope: &Scope, interval: &ast::Interval) -> Typed {
    let typed = expr(cx, scope, &interval.value);
    if !cx.rules().static_types {
        return explicit(cx, typed, Type::UNSURE);
    }
    let fields = [&interval.leading_field, &interval.last_field].into_iter().flatten();
    let fields = fields.map(|field| field.to_string().to_lowercase()).collect::<Vec<_>>().join(" to ");
    let precision = interval.leading_precision.or(interval.fractional_seconds_precision);
    let numbers: Vec<i64> = precision.into_iter().filter_map(|digits| digits.try_into().ok()).collect();
    let fields = Some(fields.as_str()).filter(|fields| !fields.is_empty());
    let modifier = match fields.is_some() || !numbers.is_empty() {
        true => (cx.schema.dialect.type_modifier)("interval", &numbers, fields).unwrap_or(-1),
        false => -1,
    };
    explicit(cx, typed, Type { id: INTERVAL, modifier })
}

/// A piece of text that is not written as a literal.
pub(super) fn text(text: &str, span: Span) -> Typed {
    Typed::new(Node::Text(text.into()), Type::plain(UNKNOWN), Some(false), span)
}

/// A number that is not written.
pub(super) fn number(cx: &Cx, digits: &str, span: Span) -> Typed {
    let id = if cx.rules().static_types { number_type(digits) } else { TypeId::UNSURE };
    Typed::new(Node::Constant(digits.into()), Type::plain(id), Some(false), span)
}
