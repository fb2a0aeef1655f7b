//! Types as queries write them.

use sqlparser::ast::{ArrayElemTypeDef, DataType};

use super::super::cx::{Cx, Kind, Words};
use super::super::{Object, Stage};
use crate::schema::{Key, Type};
use crate::source::Span;
use crate::sql::ddl::{Name, TypeName};

const NO_TYPE: Kind = Kind("missing-type", "42704", Stage::Parse);

/// The type that a cast or a column definition names; says so where it does not exist.
pub(in crate::analysis) fn resolve(cx: &mut Cx, written: &DataType, near: Span) -> Type {
    let Some(written) = type_name(cx, written, near) else {
        if cx.rules().static_types {
            cx.unknown(near, format!("the type `{written}` is not understood"));
        }
        return Type::UNSURE;
    };
    named(cx, &written)
}

/// The type that a name stands for; says so where it does not exist.
pub(in crate::analysis) fn named(cx: &mut Cx, written: &TypeName) -> Type {
    let name = written.name.text.clone();
    cx.depend(Key::Type(name.clone()));
    if cx.is_hole(&name, written.span) || cx.clouded(&name, written.span) {
        return Type::UNSURE;
    }
    match cx.schema.resolve_type(written) {
        Ok(ty) => {
            if ty.id.is_user() {
                cx.used(written.span, Object::Type(ty.id));
            }
            ty
        }
        Err(problem) if cx.rules().static_types && !cx.of_unknown_extension(&name, written.span) => {
            let label = if problem.sqlstate == "42704" { "unknown type" } else { "no such type" };
            let kind = Kind(NO_TYPE.0, problem.sqlstate, NO_TYPE.2);
            let words = Words { span: written.span, message: problem.message, label: label.into() };
            cx.problem(kind, vec![problem.about], words);
            Type::UNSURE
        }
        Err(_) => Type::UNSURE,
    }
}

/// A type of sqlparser's tree in the form of data definition.
pub(in crate::analysis) fn type_name(cx: &Cx, written: &DataType, near: Span) -> Option<TypeName> {
    match written {
        DataType::Array(
            ArrayElemTypeDef::SquareBracket(inner, _)
            | ArrayElemTypeDef::Parenthesis(inner)
            | ArrayElemTypeDef::Qualified(inner, _),
        ) => {
            let inner = type_name(cx, inner, near)?;
            Some(TypeName { dimensions: inner.dimensions + 1, ..inner })
        }
        DataType::Array(ArrayElemTypeDef::AngleBracket(_) | ArrayElemTypeDef::None) => None,
        DataType::Custom(name, modifiers) => {
            let mut parts = cx.names(name);
            let (text, span) = parts.pop()?;
            let schema = parts.pop().map(|(text, span)| Name { text, span });
            let whole = schema.as_ref().map_or(span, |schema| schema.span.to(span));
            let mut modifiers = modifiers.clone();
            let quoted = name.0.iter().any(|part| part.as_ident().is_some_and(|ident| ident.quote_style.is_some()));
            let text = match schema.is_some() || quoted {
                true => text,
                false => (cx.schema.dialect.type_name)(&text, &mut modifiers).into(),
            };
            Some(plain(schema, Name { text, span }, modifiers, whole))
        }
        other => {
            let (words, mut modifiers) = split_words(&other.to_string().to_lowercase());
            let (words, interval_fields) = match words.strip_prefix("interval ") {
                Some(fields) => ("interval".to_string(), Some(fields.to_string())),
                None => (words, None),
            };
            let name = (cx.schema.dialect.type_name)(&words, &mut modifiers);
            let name = plain(None, Name { text: name.into(), span: near }, modifiers, near);
            Some(TypeName { interval_fields, ..name })
        }
    }
}

fn plain(schema: Option<Name>, name: Name, modifiers: Vec<String>, span: Span) -> TypeName {
    TypeName { schema, name, modifiers, interval_fields: None, dimensions: 0, set_of: false, of_column: false, span }
}

/// `timestamp(3) with time zone` to its words and what stands in parentheses.
fn split_words(text: &str) -> (String, Vec<String>) {
    let Some((before, rest)) = text.split_once('(') else { return (text.to_string(), Vec::new()) };
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    let words = format!("{} {}", before.trim(), after.trim());
    (words.trim().to_string(), inside.split(',').map(|word| word.trim().to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::split_words;

    #[test]
    fn words_and_modifiers() {
        assert_eq!(split_words("timestamp(3) with time zone"), ("timestamp with time zone".into(), vec!["3".into()]));
        assert_eq!(split_words("numeric(10,2)"), ("numeric".into(), vec!["10".into(), "2".into()]));
        assert_eq!(split_words("text"), ("text".into(), vec![]));
    }
}
