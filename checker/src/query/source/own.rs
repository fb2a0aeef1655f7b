//! This project's own macro: `sql!("…")`, `sql!(since = "2", "…")`, `sql!(file = "users.sql")`.

use proc_macro2::TokenStream;
use syn::Expr;

use super::Expectation;
use super::attributes;
use super::evaluate::arguments;
use super::scope::Scope;
use super::value::{IncludedFile, Value};

/// Whether a macro's path, with imports applied, is this one's: by its name, or as `sql!` by whatever brings it in where the
/// package depends on it.
pub(super) fn is_named(scope: &Scope<'_>, path: &[String]) -> bool {
    let [before @ .., last] = path else { return false };
    let krate = before.last().map(String::as_str);
    let may_be_brought_in = match krate {
        Some("schemacheck") => return last == "sql",
        None => !scope.rules.defines("sql"),
        // A module of the package that passes it on, such as a prelude.
        Some(_) => matches!(before.first().map(String::as_str), Some("crate" | "self" | "super")),
    };
    last == "sql" && may_be_brought_in && scope.package.depends_on(&["schemacheck"])
}

/// The text that the macro gives.
pub(super) fn text(scope: &mut Scope<'_>, tokens: &TokenStream) -> Value {
    read(scope, tokens).0
}

/// The text that the macro gives, and what versions it says the text is for.
pub(super) fn read(scope: &mut Scope<'_>, tokens: &TokenStream) -> (Value, Option<Expectation>) {
    let mut value = Value::run_time("is not given as a literal", true);
    let mut expectation = Expectation::default();
    let mut expects = false;
    for argument in arguments(tokens.clone()).unwrap_or_default() {
        match &argument {
            Expr::Assign(assign) => {
                let Expr::Path(key) = &*assign.left else { continue };
                let key = key.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let text = attributes::text_of(&assign.right);
                match text {
                    Some(path) if key == "file" => value = Value::File(IncludedFile { path, from_package: true }),
                    text => expects |= attributes::set(&mut expectation, &key, text),
                }
            }
            other => value = scope.value_of(other),
        }
    }
    (value, expects.then_some(expectation))
}
