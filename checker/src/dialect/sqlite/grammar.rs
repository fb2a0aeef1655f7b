//! How SQLite's SQL is written.

use std::collections::HashMap;
use std::sync::LazyLock;

use sqlparser::dialect::SQLiteDialect;

use crate::dialect::syntax::{Operators, ParameterSign, Reserved, Syntax, keyword_table};

/// SQLite's SQL text.
pub(super) const SYNTAX: Syntax = Syntax {
    identifier_quotes: &[('"', '"'), ('`', '`'), ('[', ']')],
    strings_name: true,
    dollar_quotes: false,
    string_prefixes: "x",
    backslash_escapes: false,
    strings_continue: false,
    nested_comments: false,
    hash_comments: false,
    parameters: &[ParameterSign::Question, ParameterSign::ColonName, ParameterSign::AtName, ParameterSign::DollarName],
    operators: Operators::Fixed(&[
        "->>", "||", "->", "<<", ">>", "<=", ">=", "==", "!=", "<>", "=", "<", ">", "+", "-", "*", "/", "%", "&", "|",
        "~",
    ]),
    client_commands: false,
    trigger_bodies: true,
    select_into: false,
    loose_types: true,
    keywords,
    grammar: &SQLiteDialect {},
};

fn keywords() -> &'static HashMap<&'static str, Reserved> {
    static TABLE: LazyLock<HashMap<&'static str, Reserved>> =
        LazyLock::new(|| keyword_table(include_str!("keywords.txt")));
    &TABLE
}
