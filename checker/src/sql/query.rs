//! Queries and expressions: tokens, with the rewrites that sqlparser needs, to its trees.

use std::sync::Arc;

use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::ddl::Expr;
use super::depth::{self, Depth};
use super::token::{Piece, Tok};
use crate::dialect::Dialect;
use crate::source::Span;

use super::{Query, Removed, RemovedKind, Unparsed, byte_span, rewrite, unparsed};

/// What sqlparser counts as nesting: several of its levels for one parenthesis.
const PARSER_LEVELS: usize = 300;

/// A statement that reads or writes rows.
pub(crate) fn query(piece: &Piece, tokens: &[Tok]) -> Result<Query, Unparsed> {
    let depth =
        depth::of(tokens).map_err(|(tok, reason)| unparsed::new(piece, tokens, reason.to_string(), tok.span(piece)))?;
    let (rewritten, removed) = rewrite::query(piece, tokens);
    let signs = signs(&rewritten);
    let tree = with_parser(piece, depth, rewritten, Parser::parse_statement)
        .map_err(|(reason, at)| unparsed::new(piece, tokens, reason, at.unwrap_or(unparsed::end(piece, tokens))))?;
    Ok(Query { span: unparsed::span(piece, tokens), tree: Arc::new(tree), removed: Arc::new(removed), signs })
}

/// See [`Query::signs`].
fn signs(tokens: &[TokenWithSpan]) -> Option<Arc<Vec<(usize, String)>>> {
    let mut signs = Vec::new();
    for TokenWithSpan { token, span } in tokens {
        match token {
            Token::Placeholder(sign) => signs.push((byte_span(*span)?.start, sign.clone())),
            Token::Word(word) if matches!(word.keyword, Keyword::INSERT | Keyword::REPLACE) => return None,
            _ => {}
        }
    }
    Some(Arc::new(signs))
}

/// A query of which rows were left out.
pub(crate) fn query_without_rows(piece: &Piece, tokens: &[Tok]) -> Result<Query, Unparsed> {
    let mut query = query(piece, tokens)?;
    let what = RemovedKind::Clause("rows of VALUES");
    Arc::make_mut(&mut query.removed).push(Removed { span: unparsed::end(piece, tokens), what });
    Ok(query)
}

/// An expression; without a tree where it is not understood.
pub(crate) fn expr(piece: &Piece, tokens: &[Tok]) -> Expr {
    let parse = |depth| with_parser(piece, depth, rewrite::expression(piece, tokens), Parser::parse_expr).ok();
    let tree = depth::of(tokens).ok().and_then(parse);
    let bare = untyped(piece, tokens);
    Expr::new(bare.span, bare.text, tree.map(Arc::new))
}

/// The place and the text of tokens, without a tree.
pub(crate) fn untyped(piece: &Piece, tokens: &[Tok]) -> Expr {
    let (start, end) = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => (first.lexeme.start, last.lexeme.end),
        _ => (0, 0),
    };
    Expr::new(piece.span(start, end), piece.slice(start..end).into(), None)
}

/// The tree of an expression whose text was kept without it.
pub(crate) fn expr_of_text(text: &str, span: Span, dialect: &'static Dialect) -> Option<Arc<sqlparser::ast::Expr>> {
    let piece = Piece::of_kept(text, span, dialect);
    expr(&piece, &piece.tokens()).tree().cloned()
}

/// The query whose text was kept without its tree.
pub(crate) fn of_text(text: &str, span: Span, dialect: &'static Dialect) -> Option<Query> {
    let piece = Piece::of_kept(text, span, dialect);
    query(&piece, &piece.tokens()).ok()
}

type Failure = (String, Option<Span>);

/// Runs one of the parser's functions over all tokens.
fn with_parser<T: Send>(
    piece: &Piece,
    depth: Depth,
    tokens: Vec<TokenWithSpan>,
    parse: impl FnOnce(&mut Parser<'static>) -> Result<T, ParserError> + Send,
) -> Result<T, Failure> {
    let grammar = piece.dialect.syntax.grammar;
    match depth.is_shallow() {
        true => run_parser(grammar, tokens, parse),
        false => depth::on_deep_stack(|| run_parser(grammar, tokens, parse)),
    }
}

fn run_parser<T>(
    grammar: &'static dyn sqlparser::dialect::Dialect,
    tokens: Vec<TokenWithSpan>,
    parse: impl FnOnce(&mut Parser<'static>) -> Result<T, ParserError>,
) -> Result<T, Failure> {
    let mut parser = Parser::new(grammar).with_recursion_limit(PARSER_LEVELS).with_tokens_with_locations(tokens);
    let result = parse(&mut parser);
    let at = byte_span(parser.peek_token_ref().span);
    let reason = match result {
        Ok(tree) if parser.peek_token_ref().token == Token::EOF => return Ok(tree),
        Ok(_) => format!("expected the end of the statement, found {}", parser.peek_token_ref().token),
        Err(ParserError::ParserError(text) | ParserError::TokenizerError(text)) => without_place(&text),
        Err(ParserError::RecursionLimitExceeded) => "nested too deep".to_string(),
    };
    Err((reason, at))
}

/// The parser's message without its line and column, which are not the file's.
fn without_place(text: &str) -> String {
    let text = text.split(" at Line:").next().unwrap_or(text);
    let text = text.strip_prefix("Expected: ").map_or(text.to_string(), |rest| format!("expected {rest}"));
    text.replace(", found: ", ", found ").replace("found EOF", "found the end of the statement")
}
