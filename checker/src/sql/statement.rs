//! One statement's tokens to a statement.

use super::split::Chunk;
use super::token::{Piece, Tok};
use super::{Query, Statement, StatementKind, Transaction, Unparsed, body, define, lex, query, unparsed};

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

/// Tokens of the longest statement that controls a transaction.
const LONGEST_TRANSACTION: usize = 16;

fn of_query(query: Result<Query, Unparsed>) -> StatementKind {
    query.map_or_else(StatementKind::Unparsed, StatementKind::Query)
}

fn kind(piece: &Piece, tokens: &[Tok]) -> StatementKind {
    if let Some(transaction) = transaction(tokens) {
        return StatementKind::Transaction(transaction);
    }
    if tokens.first().is_some_and(|first| first.is("do")) {
        return of_do(piece, tokens);
    }
    match define::define(piece, tokens) {
        Some(Ok(ddl)) => StatementKind::Ddl(Box::new(ddl)),
        Some(Err(unparsed)) => StatementKind::Unparsed(unparsed),
        None if starts_query(tokens) => of_query(query::query(piece, tokens)),
        None => {
            let reason = "not a known statement".to_string();
            StatementKind::Unparsed(unparsed::new(piece, tokens, reason, unparsed::span(piece, &tokens[..1])))
        }
    }
}

/// Whether the first token starts a statement that reads or writes rows.
fn starts_query(tokens: &[Tok]) -> bool {
    const WORDS: [&str; 15] = [
        "select", "with", "values", "table", "insert", "update", "delete", "merge", "replace", "call", "copy",
        "explain", "declare", "prepare", "execute",
    ];
    tokens.first().is_some_and(|first| first.is_any(&WORDS) || first.is_mark(b'('))
}

/// `DO [LANGUAGE name] 'text' [LANGUAGE name]`.
fn of_do(piece: &Piece, tokens: &[Tok]) -> StatementKind {
    let language = tokens.windows(2).find(|pair| pair[0].is("language")).and_then(|pair| pair[1].name(piece));
    let block = match language {
        Some(language) if &*language.text != "plpgsql" => None,
        _ => tokens.iter().find(|tok| tok.string().is_some()).and_then(|string| body::of_do(piece, string)),
    };
    match block {
        Some(block) => StatementKind::Do(block),
        None => {
            let reason = "a block that is not PL/pgSQL".to_string();
            StatementKind::Unparsed(unparsed::new(piece, tokens, reason, unparsed::span(piece, tokens)))
        }
    }
}

fn transaction(tokens: &[Tok]) -> Option<Transaction> {
    // `BEGIN` with more than its options after it is something else.
    let plain = |tok: &Tok| {
        !tok.is_any(&["select", "create", "if"])
            && !matches!(tok.lexeme.kind, lex::Kind::Mark(b'(') | lex::Kind::Operator)
    };
    if tokens.len() > LONGEST_TRANSACTION || !tokens.iter().all(plain) {
        return None;
    }
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
