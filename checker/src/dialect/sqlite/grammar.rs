//! How SQLite's SQL is written.

use std::any::TypeId;
use std::sync::LazyLock;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};
use sqlparser::dialect::{Dialect, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use crate::dialect::keywords::Keywords;
use crate::dialect::syntax::{Operators, ParameterSign, Syntax};

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
    tables_in: true,
    loose_types: true,
    keywords,
    grammar: &Grammar,
};

fn keywords() -> &'static Keywords {
    static TABLE: LazyLock<Keywords> = LazyLock::new(|| Keywords::of_file(include_str!("keywords.txt")));
    &TABLE
}

/// sqlparser's SQLite with corrections.
#[derive(Debug)]
struct Grammar;

const BASE: SQLiteDialect = SQLiteDialect {};

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
        supports_filter_during_aggregation supports_start_transaction_modifier supports_in_empty_list
        supports_limit_comma supports_asc_desc_in_column_definition supports_dollar_placeholder
        supports_notnull_operator supports_comma_separated_trim supports_numeric_literal_underscores
    }

    /// `FROM (table)`.
    fn supports_parens_around_table_factor(&self) -> bool {
        true
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn supports_insert_table_alias(&self) -> bool {
        true
    }

    fn parse_infix(&self, parser: &mut Parser, expr: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>> {
        same_or_not(parser, expr, precedence)
            .or_else(|| negated_match(parser, expr, precedence))
            .or_else(|| BASE.parse_infix(parser, expr, precedence))
    }
}

fn keyword(token: &Token) -> Keyword {
    match token {
        Token::Word(word) => word.keyword,
        _ => Keyword::NoKeyword,
    }
}

/// `a IS b` for any `b`: equal, or both null.
fn same_or_not(parser: &mut Parser, expr: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>> {
    if keyword(&parser.peek_token_ref().token) != Keyword::IS {
        return None;
    }
    let negated = keyword(&parser.peek_nth_token_ref(1).token) == Keyword::NOT;
    let right = keyword(&parser.peek_nth_token_ref(1 + usize::from(negated)).token);
    if matches!(right, Keyword::NULL | Keyword::TRUE | Keyword::FALSE | Keyword::DISTINCT) {
        return None;
    }
    for _ in 0..1 + usize::from(negated) {
        parser.advance_token();
    }
    let left = Box::new(expr.clone());
    Some(parser.parse_subexpr(precedence).map(Box::new).map(|right| match negated {
        true => Expr::IsDistinctFrom(left, right),
        false => Expr::IsNotDistinctFrom(left, right),
    }))
}

/// `a NOT GLOB b` and `a NOT MATCH b`.
fn negated_match(parser: &mut Parser, expr: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>> {
    let op = match keyword(&parser.peek_nth_token_ref(1).token) {
        Keyword::GLOB => BinaryOperator::Glob,
        Keyword::MATCH => BinaryOperator::Match,
        _ => return None,
    };
    if keyword(&parser.peek_token_ref().token) != Keyword::NOT {
        return None;
    }
    parser.advance_token();
    parser.advance_token();
    let left = Box::new(expr.clone());
    Some(parser.parse_subexpr(precedence).map(|right| {
        let matches = Expr::BinaryOp { left, op, right: Box::new(right) };
        Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(matches) }
    }))
}
