//! Changes to the tokens of a query so that sqlparser takes what it lacks; each says what it took out.

use sqlparser::tokenizer::TokenWithSpan;

use super::Removed;
use super::token::{Piece, Tok};

/// The tokens of a query as the parser takes them, and what they lack.
pub(crate) fn query(piece: &Piece, tokens: &[Tok]) -> (Vec<TokenWithSpan>, Vec<Removed>) {
    (tokens.iter().map(|tok| tok.located(piece)).collect(), Vec::new())
}

/// The tokens of an expression as the parser takes them; nothing is taken out.
pub(crate) fn expression(piece: &Piece, tokens: &[Tok]) -> Vec<TokenWithSpan> {
    tokens.iter().map(|tok| tok.located(piece)).collect()
}
