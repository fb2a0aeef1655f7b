//! SQLite.

mod grammar;

use super::Dialect;

/// SQLite.
pub static DIALECT: Dialect = Dialect {
    name: "sqlite",
    syntax: grammar::SYNTAX,
    definition: &super::definition::SQLITE,
    fold,
    fold_quoted: fold,
    quote: |identifier| format!("\"{}\"", identifier.replace('"', "\"\"")),
    max_identifier_bytes: None,
    default_schema: Some("main"),
    system_schema: None,
    catalog: |_| &super::Catalog {},
    format_type: |_, _, _, _| "???".to_string(),
    type_name: |spelling| spelling,
    type_modifier: |_, _| Ok(-1),
};

fn fold(identifier: &str) -> String {
    identifier.to_ascii_lowercase()
}
