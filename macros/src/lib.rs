//! Queries checked against every schema of a rollout, as compile errors where they are written.
//!
//! [`sql!`] gives a query's text to any driver; [`macro@expects_schema`] says for the queries of an item, whichever library's
//! macros send them, which schema versions they expect. [`required_schema!`] is the set of migrations that the release needs, for a
//! readiness probe; [`rollout!`] fails the build when what runs now cannot run through the rollout.
//!
//! ```
//! use schemacheck::{expects_schema, sql};
//!
//! const BY_NAME: &str = sql!("SELECT id FROM users WHERE name = $1");
//!
//! /// Sent only once the column is there.
//! #[expects_schema(since = "20260402")]
//! fn by_full_name() -> &'static str {
//!     sql!("SELECT id FROM users WHERE full_name = $1")
//! }
//!
//! assert!(BY_NAME.starts_with("SELECT"));
//! assert!(by_full_name().ends_with("$1"));
//! ```
//!
//! They know the schemas by the package's build script, one line in the `main` of its `build.rs`:
//!
//! ```text
//! schemacheck_checker::build_script();
//! ```
//!
//! Without one, [`sql!`] and [`macro@expects_schema`] leave the program as it is, and `cargo schemacheck` alone checks.

use proc_macro::TokenStream;

mod ask;
mod expand;
mod input;
mod mark;

/// The text of a query as `&'static str`, in expression and in const position; a compile error where the query breaks on a
/// schema that the release meets.
///
/// Arguments, each at most once:
///
/// - `since = "V"`: the first migration version that the query can run on;
/// - `until = "V"`: the version from which on it is no longer sent (exclusive); once that is applied where the release runs, the
///   query is checked no more;
/// - `flag = "NAME"`: the feature flag that guards it; needs `since`;
/// - `file = "PATH"`: the text stands in this file, relative to the package's root, instead of in the call.
///
/// A version is written in full, or as the number or the name of the migration that tells it apart.
///
/// The result can't be used where another macro needs a literal (`concat!`, `format!`, `sqlx::query!`): mark the item with
/// [`macro@expects_schema`] there.
#[proc_macro]
pub fn sql(tokens: TokenStream) -> TokenStream {
    expand::sql(syn::parse(tokens)).into()
}

/// Says which schema versions the queries inside the item expect: a function, method, impl, trait, const, static, struct or inline
/// module. Calls of [`sql!`], by that name, that say nothing of versions get the arguments; all else is passed on unchanged. An
/// attribute on an item inside goes before the one around it.
///
/// Where the compiler takes no attribute (`mod x;`, `#![…]`, statements), `[[expect]]` in `schemacheck.toml` says the same of files:
/// `paths = ["src/legacy/**"]`.
///
/// Arguments: `since`, `until` and `flag`, as in [`sql!`].
#[proc_macro_attribute]
pub fn expects_schema(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::expects_schema(syn::parse(arguments), item.into()).into()
}

/// The migrations that this release needs, counted from an empty database: those without which one of its queries does not run.
///
/// `required_schema!()` is a `&'static [&'static str]` of versions in order, `required_schema!(i64)` a `&'static [i64]`; any
/// integer type of a fixed size may stand there. Where the package has several databases that need different migrations,
/// `database = "NAME"` says which is meant. A readiness probe asks whether all of them are applied; the highest alone does not tell,
/// where a lower one is still missing.
///
/// It needs the build script.
#[proc_macro]
pub fn required_schema(tokens: TokenStream) -> TokenStream {
    expand::required_schema(syn::parse(tokens)).into()
}

/// Fails the build when the release that runs now cannot run through the rollout of this one: `rollout!();` anywhere items or
/// statements may stand.
///
/// What runs now is what the committed release file says, which `cargo schemacheck record` writes. It needs the build script.
#[proc_macro]
pub fn rollout(tokens: TokenStream) -> TokenStream {
    expand::rollout(tokens.into()).into()
}
