//! How Postgres' SQL is written.

use std::any::TypeId;
use std::sync::LazyLock;

use sqlparser::ast::{BinaryOperator, DataType, Expr, Ident, ObjectName, TypedString, ValueWithSpan};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Word};

use crate::dialect::keywords::{Keywords, Reserved};
use crate::dialect::syntax::{Operators, ParameterSign, Syntax};

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
    tables_in: false,
    loose_types: false,
    keywords,
    grammar: &Grammar,
};

pub(super) fn keywords() -> &'static Keywords {
    // `pg_get_keywords()` of all known versions, written by `dump.sh`.
    static TABLE: LazyLock<Keywords> = LazyLock::new(|| Keywords::of_file(include_str!("keywords.txt")));
    &TABLE
}

/// sqlparser's Postgres with corrections.
#[derive(Debug)]
struct Grammar;

const BASE: PostgreSqlDialect = PostgreSqlDialect {};

/// Keywords that are a column's alias only after `AS`: those that `pg_get_keywords()` calls no bare labels.
const NO_BARE_LABEL: [Keyword; 38] = [
    Keyword::ARRAY,
    Keyword::AS,
    Keyword::CHAR,
    Keyword::CHARACTER,
    Keyword::CREATE,
    Keyword::DAY,
    Keyword::EXCEPT,
    Keyword::FETCH,
    Keyword::FILTER,
    Keyword::FOR,
    Keyword::FROM,
    Keyword::GRANT,
    Keyword::GROUP,
    Keyword::HAVING,
    Keyword::HOUR,
    Keyword::INTERSECT,
    Keyword::INTO,
    Keyword::LIMIT,
    Keyword::MINUTE,
    Keyword::MONTH,
    Keyword::NOTNULL,
    Keyword::OFFSET,
    Keyword::ON,
    Keyword::ORDER,
    Keyword::OVER,
    Keyword::OVERLAPS,
    Keyword::PRECISION,
    Keyword::RETURNING,
    Keyword::SECOND,
    Keyword::TO,
    Keyword::UNION,
    Keyword::VARYING,
    Keyword::WHERE,
    Keyword::WINDOW,
    Keyword::WITH,
    Keyword::WITHIN,
    Keyword::WITHOUT,
    Keyword::YEAR,
];

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
        supports_explain_with_utility_options supports_listen_notify supports_bitwise_shift_operators
        supports_empty_projections supports_array_typedef_with_brackets supports_order_by_using_operator
        supports_set_names supports_left_associative_joins_without_parens supports_notnull_operator
        supports_interval_options supports_insert_table_alias supports_comma_separated_trim supports_xml_expressions
        supports_aliased_function_args supports_geometric_types
    }

    fn supports_named_fn_args_with_rarrow_operator(&self) -> bool {
        true
    }

    fn supports_named_fn_args_with_assignment_operator(&self) -> bool {
        true
    }

    /// `(row).*`.
    fn supports_select_expr_star(&self) -> bool {
        true
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        let token = &parser.peek_token_ref().token;
        // All operators but the arithmetic and comparing ones have one precedence.
        let other = is_other_operator(token) || matches!(token, Token::Word(word) if word.keyword == Keyword::OPERATOR);
        match other {
            true => Some(Ok(BASE.prec_value(Precedence::PgOther))),
            false => BASE.get_next_precedence(parser),
        }
    }

    fn prec_value(&self, precedence: Precedence) -> u8 {
        BASE.prec_value(precedence)
    }

    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        BASE.is_reserved_for_identifier(keyword)
    }

    fn is_column_alias(&self, keyword: &Keyword, _parser: &mut Parser) -> bool {
        !NO_BARE_LABEL.contains(keyword)
    }

    fn is_table_alias(&self, keyword: &Keyword, _parser: &mut Parser) -> bool {
        // `SET` is not reserved, but the grammar of UPDATE does not take it for an alias.
        let reserved = match keyword {
            Keyword::NoKeyword => None,
            keyword => keywords().get(&format!("{keyword:?}")),
        };
        *keyword != Keyword::SET && !matches!(reserved, Some(Reserved::Fully | Reserved::OnlyFunction))
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        typed_string(parser)
    }

    fn parse_infix(&self, parser: &mut Parser, expr: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>> {
        any_or_all(parser, expr, precedence)
    }
}

/// Whether an operator has the precedence of those that Postgres' grammar does not name.
fn is_other_operator(token: &Token) -> bool {
    matches!(
        token,
        Token::Tilde
            | Token::TildeAsterisk
            | Token::ExclamationMarkTilde
            | Token::ExclamationMarkTildeAsterisk
            | Token::DoubleTilde
            | Token::DoubleTildeAsterisk
            | Token::ExclamationMarkDoubleTilde
            | Token::ExclamationMarkDoubleTildeAsterisk
            | Token::Spaceship
            | Token::QuestionMarkDash
            | Token::DoubleSharp
            | Token::AmpersandLeftAngleBracket
            | Token::AmpersandRightAngleBracket
            | Token::QuestionMarkDashVerticalBar
            | Token::AmpersandLeftAngleBracketVerticalBar
            | Token::VerticalBarAmpersandRightAngleBracket
            | Token::TwoWayArrow
            | Token::LeftAngleBracketCaret
            | Token::RightAngleBracketCaret
            | Token::QuestionMarkSharp
            | Token::QuestionMarkDoubleVerticalBar
            | Token::TildeEqual
            | Token::AtSign
            | Token::ShiftLeftVerticalBar
            | Token::VerticalBarShiftRight
            | Token::CaretAt
    )
}

/// `type 'string'` for types that the parser does not know.
fn typed_string(parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
    let mut parts = Vec::new();
    loop {
        let at = parts.len() * 2;
        let token = parser.peek_nth_token_ref(at);
        let Token::Word(word) = &token.token else { return None };
        if parts.is_empty() && !names_type(word) {
            return None;
        }
        parts.push(Ident { value: word.value.clone(), quote_style: word.quote_style, span: token.span });
        match &parser.peek_nth_token_ref(at + 1).token {
            Token::Period => {}
            Token::SingleQuotedString(_) => break,
            _ => return None,
        }
    }
    for _ in 0..parts.len() * 2 - 1 {
        parser.advance_token();
    }
    let data_type = DataType::Custom(ObjectName::from(parts), Vec::new());
    let value: Result<ValueWithSpan, ParserError> = parser.parse_value();
    Some(value.map(|value| Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax: false })))
}

/// Whether a word before a string is the type's name: not one with a syntax of its own.
fn names_type(word: &Word) -> bool {
    if word.quote_style.is_some() || word.keyword == Keyword::NoKeyword {
        return true;
    }
    let own_syntax = matches!(word.keyword, Keyword::TIMESTAMP | Keyword::TIME | Keyword::INTERVAL);
    !own_syntax && keywords().get(&word.value) == Some(Reserved::No)
}

/// `operator {ANY|ALL|SOME} (…)` for operators that the parser refuses there.
fn any_or_all(parser: &mut Parser, expr: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>> {
    let mut length = 1;
    if matches!(&parser.peek_token_ref().token, Token::Word(word) if word.keyword == Keyword::OPERATOR) {
        length = 1 + (1..32).find(|&at| parser.peek_nth_token_ref(at).token == Token::RParen)?;
    }
    let how = match &parser.peek_nth_token_ref(length).token {
        Token::Word(word) => word.keyword,
        _ => return None,
    };
    let opens = parser.peek_nth_token_ref(length + 1).token == Token::LParen;
    if !opens || !matches!(how, Keyword::ANY | Keyword::ALL | Keyword::SOME) {
        return None;
    }
    let operator = custom_operator(&parser.peek_token_ref().token, parser, length)?;
    for _ in 0..length + 1 {
        parser.advance_token();
    }
    let right = parser.parse_subexpr(precedence.max(BASE.prec_value(Precedence::Pipe)));
    Some(right.map(|right| {
        let (left, right) = (Box::new(expr.clone()), Box::new(without_parentheses(right)));
        match how {
            Keyword::ALL => Expr::AllOp { left, compare_op: operator, right },
            _ => Expr::AnyOp { left, compare_op: operator, right, is_some: how == Keyword::SOME },
        }
    }))
}

/// The operator in some tokens, if it is one that the parser refuses before `ANY`.
fn custom_operator(token: &Token, parser: &Parser, length: usize) -> Option<BinaryOperator> {
    if length > 1 {
        // `OPERATOR ( schema . + )`
        let parts = (2..length - 1).map(|at| parser.peek_nth_token_ref(at).token.to_string());
        return Some(BinaryOperator::PGCustomBinaryOperator(parts.filter(|part| part != ".").collect()));
    }
    let known = matches!(
        token,
        Token::Gt
            | Token::Lt
            | Token::GtEq
            | Token::LtEq
            | Token::Eq
            | Token::Neq
            | Token::Tilde
            | Token::TildeAsterisk
            | Token::ExclamationMarkTilde
            | Token::ExclamationMarkTildeAsterisk
            | Token::DoubleTilde
            | Token::DoubleTildeAsterisk
            | Token::ExclamationMarkDoubleTilde
            | Token::ExclamationMarkDoubleTildeAsterisk
    );
    let word = matches!(token, Token::Word(_));
    (!known && !word).then(|| BinaryOperator::Custom(token.to_string()))
}

fn without_parentheses(expr: Expr) -> Expr {
    match expr {
        Expr::Nested(inner) => *inner,
        other => other,
    }
}
