//! One statement's tokens to a statement.

use super::split::Chunk;
use super::token::{Piece, Tok};
use super::{Query, Statement, StatementKind, Transaction, Unparsed, lex, query, unparsed};

/// The statement that a chunk of a script holds.
pub(crate) fn of_chunk(piece: &Piece, chunk: &Chunk) -> Statement {
    let tokens = &chunk.tokens;
    let kind = if let Some(problem) = unreadable(piece, chunk) {
        StatementKind::Unparsed(problem)
    } else if chunk.rows_left_out {
        of_query(query::query_without_rows(piece, tokens))
    } else {
        kind(piece, tokens)
    };
    let mut span = unparsed::span(piece, tokens);
    span.end = span.end.max(piece.span(chunk.end, chunk.end).end);
    Statement { span, kind }
}

/// The statement of tokens that hold nothing else.
pub(crate) fn of_tokens(piece: &Piece, tokens: &[Tok]) -> Statement {
    Statement { span: unparsed::span(piece, tokens), kind: kind(piece, tokens) }
}

/// Why a chunk cannot be parsed at all.
fn unreadable(piece: &Piece, chunk: &Chunk) -> Option<Unparsed> {
    let tokens = &chunk.tokens;
    if chunk.too_long {
        return Some(unparsed::new(piece, tokens, "statement too long".to_string(), unparsed::end(piece, tokens)));
    }
    tokens.iter().find_map(|tok| match tok.lexeme.kind {
        lex::Kind::Bad(reason) => Some(unparsed::new(piece, tokens, reason.to_string(), tok.span(piece))),
        _ => None,
    })
}

fn of_query(query: Result<Query, Unparsed>) -> StatementKind {
    query.map_or_else(StatementKind::Unparsed, StatementKind::Query)
}

fn kind(piece: &Piece, tokens: &[Tok]) -> StatementKind {
    if let Some(transaction) = transaction(tokens) {
        return StatementKind::Transaction(transaction);
    }
    of_query(query::query(piece, tokens))
}

fn transaction(tokens: &[Tok]) -> Option<Transaction> {
    let first = tokens.first()?.plain_word()?;
    let second = tokens.get(1).and_then(Tok::plain_word).unwrap_or("");
    Some(match (first, second) {
        ("begin", _) | ("start", "transaction") => Transaction::Begin,
        ("commit" | "end", _) => Transaction::Commit,
        ("rollback", "to") | ("rollback", "work" | "transaction") if tokens.iter().any(|it| it.is("to")) => {
            Transaction::Savepoint
        }
        ("rollback" | "abort", _) => Transaction::Rollback,
        ("savepoint" | "release", _) => Transaction::Savepoint,
        _ => return None,
    })
}
