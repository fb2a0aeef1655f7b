//! Functions that scripts compute names and conditions with.

use super::facts::{self, number_of};
use super::value::Value;
use crate::schema::Schema;

/// The functions that put texts together.
pub(super) const MAKES_TEXT: &[&str] =
    &["format", "concat", "concat_ws", "quote_ident", "quote_literal", "lower", "upper", "replace", "coalesce"];

/// What a built-in function gives; not known for all but those that scripts compute names and conditions with.
pub(super) fn call(schema: &Schema, name: &str, arguments: &[(Option<String>, Value)]) -> Value {
    let values: Vec<&Value> = arguments.iter().map(|(_, value)| value).collect();
    let text = |at: usize| values.get(at).and_then(|value| value.shown());
    match name {
        "coalesce" => coalesce(&values),
        "format" => format(schema, &values),
        "concat" => concat(&values, ""),
        "concat_ws" => text(0).map_or(Value::Unknown, |between| concat(values.get(1..).unwrap_or_default(), &between)),
        "quote_ident" => text(0).map_or(Value::Unknown, |text| Value::text(&(schema.dialect.quote)(&text))),
        "quote_literal" => text(0).map_or(Value::Unknown, |text| Value::text(&quote_literal(&text))),
        "lower" => text(0).map_or(Value::Unknown, |text| Value::text(&text.to_lowercase())),
        "upper" => text(0).map_or(Value::Unknown, |text| Value::text(&text.to_uppercase())),
        "replace" => match (text(0), text(1), text(2)) {
            (Some(text), Some(from), Some(to)) if !from.is_empty() => Value::text(&text.replace(&*from, &to)),
            _ => Value::Unknown,
        },
        "current_schema" => schema.search_path.first().map_or(Value::Null, |name| Value::text(name)),
        "current_database" | "current_user" | "session_user" | "now" | "gen_random_uuid" | "user" => Value::Something,
        "current_setting" => match text(0).as_deref() {
            Some("server_version_num") => Value::Number(i64::from(schema.catalog.version()) * 10_000),
            _ => Value::Unknown,
        },
        "pg_get_constraintdef" => values
            .first()
            .and_then(|value| value.number())
            .map_or(Value::Unknown, |number| facts::constraint_text(schema, number)),
        "cardinality" | "array_length" => match values.first() {
            Some(Value::List(items)) => i64::try_from(items.len()).map_or(Value::Unknown, Value::Number),
            _ => Value::Unknown,
        },
        _ => match name.strip_prefix("to_") {
            Some(kind) => text(0).and_then(|text| identity(schema, kind, &text)).map_or(Value::Unknown, |found| {
                // Where a cast fails, these functions give NULL.
                found.unwrap_or(Value::Null)
            }),
            None => Value::Unknown,
        },
    }
}

/// The number of the object that a text names, by the type that it is read as (`regclass`, …): `None` for other types,
/// `Some(None)` where there is no such object.
pub(super) fn identity(schema: &Schema, ty: &str, text: &str) -> Option<Option<Value>> {
    if !matches!(ty, "regclass" | "regtype" | "regproc" | "regprocedure" | "regnamespace") {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().ok().map(Value::Number));
    }
    let Some((namespace, name)) = schema.split_name(text.split('(').next().unwrap_or("")) else { return Some(None) };
    if schema.cloud(&name).is_some() {
        return Some(Some(Value::Unknown));
    }
    let number = |id: u32| Value::Number(i64::from(id));
    Some(match ty {
        "regclass" => {
            let relation = schema.find_relation(namespace.as_deref(), &name).map(|relation| number(relation.id.0));
            relation.or_else(|| schema.find_index(namespace.as_deref(), &name).map(|_| number(number_of(&name))))
        }
        "regtype" => {
            let mut words = Vec::new();
            let internal = (schema.dialect.type_name)(&name, &mut words);
            schema.find_type(namespace.as_deref(), internal).map(|id| number(id.0))
        }
        "regnamespace" => schema.namespaces.contains_key(&*name).then(|| number(number_of(&name))),
        _ => {
            let routine = schema.find_routines(namespace.as_deref(), &name).into_iter().next();
            routine.map(|routine| routine.id().map_or(Value::Something, |id| number(id.0)))
        }
    })
}

fn coalesce(values: &[&Value]) -> Value {
    for value in values {
        match value.is_null() {
            Some(true) => {}
            Some(false) => return (*value).clone(),
            None => return Value::Unknown,
        }
    }
    Value::Null
}

fn concat(values: &[&Value], between: &str) -> Value {
    let mut parts = Vec::new();
    for value in values {
        match (value.shown(), value.is_null()) {
            (Some(text), _) => parts.push(text.to_string()),
            (None, Some(true)) => {}
            _ => return Value::Unknown,
        }
    }
    Value::text(&parts.join(between))
}

fn quote_literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') { format!(" E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

/// `format('… %I … %2$L …', …)`. Postgres manual: section 9.4.1.
fn format(schema: &Schema, values: &[&Value]) -> Value {
    let Some(pattern) = values.first().and_then(|value| value.shown()) else { return Value::Unknown };
    let mut made = String::new();
    let mut letters = pattern.chars().peekable();
    let mut next = 1;
    while let Some(letter) = letters.next() {
        if letter != '%' {
            made.push(letter);
            continue;
        }
        let mut spec = String::new();
        while let Some(&more) = letters.peek() {
            letters.next();
            spec.push(more);
            if matches!(more, 's' | 'I' | 'L' | '%') {
                break;
            }
        }
        if spec == "%" {
            made.push('%');
            continue;
        }
        let position = spec.split_once('$').and_then(|(number, _)| number.parse::<usize>().ok());
        let at = position.unwrap_or(next);
        next = at + 1;
        let Some(value) = values.get(at) else { return Value::Unknown };
        let Some(text) = value.shown() else {
            match (value.is_null(), spec.ends_with('L')) {
                (Some(true), true) => made.push_str("NULL"),
                (Some(true), false) => {}
                _ => return Value::Unknown,
            }
            continue;
        };
        match spec.chars().last() {
            Some('I') => made.push_str(&(schema.dialect.quote)(&text)),
            Some('L') => made.push_str(&quote_literal(&text)),
            Some('s') => made.push_str(&text),
            _ => return Value::Unknown,
        }
    }
    Value::text(&made)
}
