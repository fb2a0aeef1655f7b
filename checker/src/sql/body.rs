//! Bodies of routines.

use std::sync::Arc;

use sqlparser::tokenizer::Token;

use super::routine::{Block, Body};
use super::token::{Origin, Piece, Tok};
use super::{parse_piece, plpgsql, statement};

/// Bodies inside bodies that are read.
const LEVELS: usize = 4;

/// A body that is a string.
pub(super) fn of_string(piece: &Piece, string: &Tok, language: &str) -> Body {
    let Some(inner) = inside(piece, string) else {
        return Body::Opaque { reason: "nested too deep".to_string() };
    };
    match language {
        "sql" => Body::Sql(Arc::new(parse_piece(inner))),
        "plpgsql" => Body::PlPgSql(Arc::new(plpgsql::block(&inner))),
        other => Body::Opaque { reason: format!("language {other}") },
    }
}

/// The block of `DO`.
pub(super) fn of_do(piece: &Piece, string: &Tok) -> Option<Arc<Block>> {
    Some(Arc::new(plpgsql::block(&inside(piece, string)?)))
}

/// `RETURN expression`.
pub(super) fn of_return(piece: &Piece, tokens: &[Tok]) -> Body {
    Body::Atomic(Arc::new(vec![statement::of_tokens(piece, &as_select(tokens))]))
}

/// The statements of `BEGIN ATOMIC … END`.
pub(super) fn of_atomic(piece: &Piece, tokens: &[Tok]) -> Body {
    let statements = tokens.split(|tok| tok.is_mark(b';')).filter(|tokens| !tokens.is_empty());
    let read = |tokens: &[Tok]| match tokens.first() {
        Some(first) if first.is("return") => statement::of_tokens(piece, &as_select(tokens)),
        _ => statement::of_tokens(piece, tokens),
    };
    Body::Atomic(Arc::new(statements.map(read).collect()))
}

/// The tokens with `SELECT` in place of the first.
pub(super) fn as_select(tokens: &[Tok]) -> Vec<Tok> {
    let mut tokens = tokens.to_vec();
    if let Some(first) = tokens.first_mut() {
        first.token = Token::make_keyword("select");
    }
    tokens
}

/// The text in a string as a piece of its own.
fn inside<'a>(piece: &Piece<'a>, string: &'a Tok) -> Option<Piece<'a>> {
    let text = string.string()?;
    let level = piece.level + 1;
    if level > LEVELS {
        return None;
    }
    let whole = string.span(piece);
    let lexeme = piece.lexeme(&string.lexeme);
    // Where the value is what is written, places in it are places in the file.
    let origin = match (piece.origin, lexeme.find(text)) {
        (Origin::At(offset), Some(at)) if lexeme.len() == text.len() + 2 * at => {
            Origin::At(offset + string.lexeme.start + at)
        }
        _ => Origin::Within(whole),
    };
    Some(Piece { text, origin, level, ..*piece })
}
