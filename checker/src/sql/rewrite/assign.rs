//! The targets of assignments: the parser takes columns only, without subscripts and fields.

use std::ops::Range;

use super::Edits;
use crate::sql::RemovedKind;
use crate::sql::lex::Kind;

/// The targets after `SET` in `UPDATE`.
pub(super) fn targets(edits: &mut Edits, at: usize) {
    if !std::mem::replace(&mut edits.updates, false) {
        return;
    }
    let mut start = at + 1;
    while let Some(assigned) = equals_sign(edits, start) {
        match edits.closing(start) {
            Some(close) if close + 1 == assigned => {
                let mut column = start + 1;
                for entry in crate::sql::cursor::split_commas(&edits.tokens[start + 1..close]) {
                    target(edits, column..column + entry.len());
                    column += entry.len() + 1;
                }
            }
            _ => target(edits, start..assigned),
        }
        match next_assignment(edits, assigned) {
            Some(next) => start = next,
            None => return,
        }
    }
}

/// One target: `column`, with what follows it taken off.
pub(super) fn target(edits: &mut Edits, range: Range<usize>) {
    let suffix = range.start + 1..range.end;
    if suffix.is_empty() || !(edits.is_mark(suffix.start, b'[') || edits.is_mark(suffix.start, b'.')) {
        return;
    }
    let mut parts = Vec::new();
    let mut at = suffix.start;
    while at < suffix.end {
        match edits.closing.get(&at) {
            Some(&close) if edits.is_mark(at, b'[') => {
                // A slice has two bounds, of which either may be left out: an empty text without a tree.
                let bounds = edits.tokens[at + 1..close].split(|tok| tok.is_mark(b':'));
                parts.extend(bounds.map(|bound| edits.cursor(0..0).expr_of(bound)));
                at = close + 1;
            }
            _ => {
                parts.push(edits.cursor(0..0).text_of(&edits.tokens[at..at + 1]));
                at += 1;
            }
        }
    }
    parts.retain(|part| &*part.text != ".");
    edits.remove(suffix, RemovedKind::AssignmentTarget(parts));
}

/// Tokens of one target outside of brackets that are looked at.
const LONGEST_TARGET: usize = 64;

/// The place of the `=` that follows the target at a place.
fn equals_sign(edits: &Edits, start: usize) -> Option<usize> {
    let mut at = start;
    for _ in 0..LONGEST_TARGET {
        let tok = edits.tokens.get(at)?;
        match tok.lexeme.kind {
            Kind::Operator => return (tok.token == sqlparser::tokenizer::Token::Eq).then_some(at),
            Kind::Mark(b'(' | b'[') => at = *edits.closing.get(&at)?,
            Kind::Word | Kind::Quoted | Kind::UnicodeQuoted | Kind::Mark(b'.') | Kind::String(_) => {}
            _ => return None,
        }
        at += 1;
    }
    None
}

/// The place after the comma that ends the assignment at a place.
fn next_assignment(edits: &Edits, start: usize) -> Option<usize> {
    const ENDS: [&str; 8] = ["where", "from", "returning", "when", "order", "limit", "set", "update"];
    let mut at = start;
    while let Some(tok) = edits.tokens.get(at) {
        match tok.lexeme.kind {
            Kind::Mark(b',') => return Some(at + 1),
            Kind::Mark(b')' | b']' | b';') => return None,
            Kind::Mark(b'(' | b'[') => at = *edits.closing.get(&at)?,
            Kind::Word if tok.is("case") => at = after_case(edits, at),
            Kind::Word if tok.is_any(&ENDS) => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The place of the `END` of the `CASE` at a place, in which `WHEN` does not end an assignment.
fn after_case(edits: &Edits, start: usize) -> usize {
    let mut open = 0usize;
    for (at, tok) in edits.tokens.iter().enumerate().skip(start) {
        if tok.is("case") {
            open += 1;
        } else if tok.is("end") {
            open -= 1;
            if open == 0 {
                return at;
            }
        }
    }
    edits.tokens.len()
}
