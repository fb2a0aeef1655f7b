//! How Postgres' SQL is written.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::LazyLock;

use sqlparser::ast::Expr;
use sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};

use crate::dialect::syntax::{Operators, ParameterSign, Reserved, Syntax, keyword_table};

/// Postgres' SQL text.
pub(super) const SYNTAX: Syntax = Syntax {
    identifier_quotes: &[('"', '"')],
    strings_name: false,
    dollar_quotes: true,
    string_prefixes: "ebxnu",
    backslash_escapes: false,
    strings_continue: true,
    nested_comments: true,
    hash_comments: false,
    parameters: &[ParameterSign::DollarNumber],
    operators: Operators::Made("+-*/<>=~!@#%^&|`?"),
    client_commands: true,
    trigger_bodies: false,
    select_into: true,
    loose_types: false,
    keywords,
    grammar: &Grammar,
};

pub(super) fn keywords() -> &'static HashMap<&'static str, Reserved> {
    // `pg_get_keywords()` of all known versions, written by `dump.sh`.
    static TABLE: LazyLock<HashMap<&'static str, Reserved>> =
        LazyLock::new(|| keyword_table(include_str!("keywords.txt")));
    &TABLE
}

/// sqlparser's Postgres with corrections.
#[derive(Debug)]
struct Grammar;

const BASE: PostgreSqlDialect = PostgreSqlDialect {};

/// Methods without an argument that answer as the base does.
macro_rules! as_base {
    ($($method:ident)*) => {
        $(fn $method(&self) -> bool { BASE.$method() })*
    };
}

impl Dialect for Grammar {
    fn dialect(&self) -> TypeId {
        BASE.dialect()
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        BASE.identifier_quote_style(identifier)
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        BASE.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        BASE.is_identifier_part(ch)
    }

    as_base! {
        supports_filter_during_aggregation supports_group_by_expr allow_extract_custom allow_extract_single_quotes
        supports_explain_with_utility_options supports_listen_notify supports_factorial_operator
        supports_bitwise_shift_operators supports_named_fn_args_with_colon_operator
        supports_named_fn_args_with_expr_name supports_empty_projections supports_array_typedef_with_brackets
        supports_order_by_using_operator supports_set_names supports_left_associative_joins_without_parens
        supports_notnull_operator supports_interval_options supports_insert_table_alias
        supports_select_wildcard_with_alias supports_comma_separated_trim supports_xml_expressions
        supports_aliased_function_args
    }

    fn supports_geometric_types(&self) -> bool {
        true
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        BASE.get_next_precedence(parser)
    }

    fn prec_value(&self, precedence: Precedence) -> u8 {
        BASE.prec_value(precedence)
    }

    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        BASE.is_reserved_for_identifier(keyword)
    }

    fn is_table_alias(&self, keyword: &Keyword, parser: &mut Parser) -> bool {
        BASE.is_table_alias(keyword, parser)
    }

    fn parse_prefix(&self, _parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        None
    }
}
