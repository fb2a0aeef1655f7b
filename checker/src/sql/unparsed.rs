//! What is known of text that is not understood: where it is and which identifiers it holds.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Unparsed;
use super::lex::{Kind, Lexer};
use super::token::{Origin, Piece, Tok};
use crate::dialect::Dialect;
use crate::dialect::keywords::Reserved;
use crate::source::Span;

/// Identifiers of one statement that are kept.
const IDENTIFIERS_KEPT: usize = 20_000;

/// Opening quotes without a closing one that are stepped over to go on reading: each costs a look at the whole rest.
const UNCLOSED_KEPT: usize = 16;

/// Text inside strings inside strings is looked at this deep.
const STRING_LEVELS: usize = 4;

/// Tokens that are not understood.
pub(crate) fn new(piece: &Piece, tokens: &[Tok], reason: String, at: Span) -> Unparsed {
    let mut found = BTreeSet::new();
    for tok in tokens {
        collect(piece, tok, STRING_LEVELS, &mut found);
    }
    let identifiers = found.into_iter().map(Arc::from).collect();
    Unparsed { span: span(piece, tokens), reason, at, identifiers }
}

/// The identifiers in a text, read or not.
pub(crate) fn identifiers(text: &str, dialect: &'static Dialect) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect_text(&Piece { text, dialect, origin: Origin::At(0), level: 0 }, text, STRING_LEVELS, &mut found);
    found
}

/// From the first to the last token.
pub(crate) fn span(piece: &Piece, tokens: &[Tok]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => piece.span(first.lexeme.start, last.lexeme.end),
        _ => piece.span(0, 0),
    }
}

/// The place after the last token.
pub(crate) fn end(piece: &Piece, tokens: &[Tok]) -> Span {
    let end = tokens.last().map_or(0, |last| last.lexeme.end);
    piece.span(end, end)
}

fn collect(piece: &Piece, tok: &Tok, levels: usize, found: &mut BTreeSet<String>) {
    use sqlparser::tokenizer::Token;
    match &tok.token {
        _ if found.len() >= IDENTIFIERS_KEPT => {}
        Token::Word(word) => {
            let reserved = word.quote_style.is_none()
                && (piece.dialect.syntax.keywords)().get(&word.value) == Some(Reserved::Fully);
            if !reserved {
                found.insert(word.value.clone());
            }
        }
        Token::SingleQuotedString(text) if levels > 0 && (tok.is_dollar_quoted() || looks_like_sql(text)) => {
            collect_text(piece, text, levels - 1, found);
        }
        // The rest of a text whose quote is not closed.
        Token::Char(_) if levels > 0 => {
            let rest = piece.lexeme(&tok.lexeme);
            let opening = rest.chars().next().map_or(0, char::len_utf8);
            collect_text(piece, rest.get(opening..).unwrap_or(""), 0, found);
        }
        _ => {}
    }
}

fn collect_text(piece: &Piece, text: &str, levels: usize, found: &mut BTreeSet<String>) {
    let inner = Piece { text, ..*piece };
    let mut lexer = Lexer::new(text, &piece.dialect.syntax);
    let mut unclosed = 0;
    while let Some(lexeme) = lexer.next() {
        if found.len() >= IDENTIFIERS_KEPT {
            return;
        }
        match lexeme.kind {
            Kind::Word | Kind::Quoted | Kind::UnicodeQuoted | Kind::String(_) | Kind::Dollar(_) => {
                collect(&inner, &inner.token(lexeme), levels, found);
            }
            // What follows an opening quote that is never closed is still text with names.
            Kind::Bad(_) if lexeme.end > lexeme.start + 1 && unclosed < UNCLOSED_KEPT => {
                unclosed += 1;
                lexer.jump(after_first(text, lexeme.start));
            }
            _ => {}
        }
    }
}

fn after_first(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// Whether a string could be SQL or the name of an object.
fn looks_like_sql(text: &str) -> bool {
    let name = |char: char| char.is_alphanumeric() || "_.$\"".contains(char);
    if text.len() <= 200 && !text.is_empty() && text.chars().all(name) {
        return true;
    }
    let mut words = text.split(|char: char| !char.is_alphanumeric() && char != '_').filter(|word| !word.is_empty());
    const VERBS: [&str; 14] = [
        "select", "insert", "update", "delete", "create", "alter", "drop", "truncate", "with", "grant", "revoke",
        "call", "refresh", "comment",
    ];
    words.next().is_some_and(|word| VERBS.iter().any(|verb| word.eq_ignore_ascii_case(verb)))
}
