//! `format!`: a template whose braces are filled with values, or with holes where these are only known at run time.

use syn::Expr;

use super::evaluate::Scope;
use super::text::SqlText;
use super::value::Value;

/// The template with its arguments in it.
pub(super) fn fill(scope: &mut Scope<'_>, template: &SqlText, arguments: &[Expr]) -> Value {
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
            parts.push(argument(scope, rest.get(1..length).unwrap_or(""), arguments, &mut next_argument));
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
fn argument(scope: &mut Scope<'_>, inside: &str, arguments: &[Expr], next: &mut usize) -> Value {
    let (name, spec) = inside.split_once(':').unwrap_or((inside, ""));
    let name = name.trim();
    let value = if name.is_empty() {
        let value = arguments.get(*next).map(|argument| part(scope, argument));
        *next += 1;
        value
    } else if let Ok(position) = name.parse::<usize>() {
        arguments.get(position).map(|argument| part(scope, argument))
    } else {
        let named = arguments.iter().find_map(|argument| match argument {
            Expr::Assign(assign) if is_named(&assign.left, name) => Some(&*assign.right),
            _ => None,
        });
        match named {
            Some(named) => Some(scope.part_of(named)),
            None => syn::parse_str::<syn::Ident>(name).ok().map(|name| scope.value_of_path(&name.into())),
        }
    };
    match value {
        Some(value) if spec.trim().is_empty() => value,
        _ => Value::run_time("is formatted at run time", true),
    }
}

fn part(scope: &mut Scope<'_>, argument: &Expr) -> Value {
    match argument {
        Expr::Assign(assign) => scope.part_of(&assign.right),
        other => scope.part_of(other),
    }
}

fn is_named(left: &Expr, name: &str) -> bool {
    matches!(left, Expr::Path(path) if path.path.is_ident(name))
}
