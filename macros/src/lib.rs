//! Marks queries with the schema versions that they are for.
//!
//! [`sql!`] gives a query's text to any driver; [`macro@expects_schema`] says for the queries of an item, whichever library's
//! macros send them, which schema versions they expect. Both leave the program as it is: `cargo schemacheck` reads them
//! from the source and checks the queries against every schema of a rollout.
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

use proc_macro::TokenStream;

mod expand;
mod input;

/// The text of a query as `&'static str`, in expression and in const position.
///
/// Arguments, each at most once, before the text or the file:
///
/// - `since = "V"`: the first migration version that the query can run on;
/// - `until = "V"`: the version from which on it is no longer sent (exclusive);
/// - `flag = "NAME"`: the feature flag that guards it; needs `since`;
/// - `file = "PATH"`: the text stands in this file, relative to the package's root, instead of in the call.
///
/// The result can't be used where another macro needs a literal (`concat!`, `format!`, `sqlx::query!`): mark the item with
/// [`macro@expects_schema`] there.
#[proc_macro]
pub fn sql(tokens: TokenStream) -> TokenStream {
    expand::sql(syn::parse(tokens)).into()
}

/// Says which schema versions the queries inside the item expect: a function, method, impl, trait, const, static, struct or inline
/// module. The item itself is passed on unchanged.
///
/// Arguments: `since`, `until` and `flag`, as in [`sql!`].
#[proc_macro_attribute]
pub fn expects_schema(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::expects_schema(syn::parse(arguments), item.into()).into()
}
