//! `format!`: a template whose braces are filled with values, or with holes where these are only known at run time.

use super::text::SqlText;
use super::value::Value;

/// What comes into a template.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    pub(super) positional: Vec<Value>,
    pub(super) named: Vec<(String, Value)>,
}

/// The template with its arguments in it. `captured` gives the value of a name that is no argument.
pub(super) fn fill(template: &SqlText, arguments: &Arguments, captured: &mut dyn FnMut(&str) -> Value) -> Value {
    let mut parts = Vec::new();
    let mut next_argument = 0;
    let mut exact_from = 0;
    let mut at = 0;
    while let Some(found) = template.sql.get(at..).and_then(|rest| rest.find(['{', '}'])) {
        let brace = at + found;
        let rest = template.sql.get(brace..).unwrap_or("");
        parts.push(Value::Text(template.slice(exact_from..brace)));
        if rest.starts_with("{{") || rest.starts_with("}}") {
            parts.push(Value::Text(template.slice(brace..brace + 1)));
            at = brace + 2;
        } else if let (true, Some(length)) = (rest.starts_with('{'), rest.find('}')) {
            parts.push(argument(rest.get(1..length).unwrap_or(""), arguments, &mut next_argument, captured));
            at = brace + length + 1;
        } else {
            at = brace + 1;
        }
        exact_from = at;
    }
    parts.push(Value::Text(template.slice(exact_from..template.sql.len())));
    Value::Join(parts)
}

/// What comes in the place of `{name:spec}`.
fn argument(inside: &str, arguments: &Arguments, next: &mut usize, captured: &mut dyn FnMut(&str) -> Value) -> Value {
    let unknown = || Value::run_time("is formatted at run time", true);
    let (name, spec) = inside.split_once(':').unwrap_or((inside, ""));
    let name = name.trim();
    let position = if name.is_empty() {
        *next += 1;
        Some(*next - 1)
    } else {
        name.parse::<usize>().ok()
    };
    if !spec.trim().is_empty() {
        return unknown();
    }
    match position {
        Some(position) => arguments.positional.get(position).cloned().unwrap_or_else(unknown),
        None => match arguments.named.iter().find(|(key, _)| key == name) {
            Some((_, value)) => value.clone(),
            None => captured(name),
        },
    }
}
