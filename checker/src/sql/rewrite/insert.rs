//! What stands in `INSERT` and `MERGE`, and what `RETURNING` can begin with.

use sqlparser::tokenizer::Token;

use super::{Edits, keyword};
use crate::sql::RemovedKind;
use crate::sql::cursor::split_commas;
use crate::sql::ddl::IndexElement;

/// The columns of `INSERT INTO table (columns)`: subscripts and fields are taken off.
pub(super) fn columns(edits: &mut Edits, at: usize) {
    if !edits.is(at, "into") || !edits.is_before(at, &["insert", "replace", "ignore", "rollback", "abort", "fail"]) {
        return;
    }
    let mut end = edits.after_object_name(at + 1);
    if edits.is(end, "as") {
        end += 2;
    }
    let Some(close) = edits.closing(end) else { return };
    if edits.is_any(end + 1, &["select", "with", "values", "table"]) || edits.is_mark(end + 1, b'(') {
        return;
    }
    let mut start = end + 1;
    for entry in split_commas(&edits.tokens[end + 1..close]) {
        super::assign::target(edits, start..start + entry.len());
        start += entry.len() + 1;
    }
}

/// `ON CONFLICT (keys) [WHERE predicate]` where the tree cannot hold it.
pub(super) fn conflict_target(edits: &mut Edits, at: usize) {
    if !edits.is(at, "on conflict") {
        return;
    }
    let another = next_conflict(edits, at + 2);
    let Some(close) = edits.closing(at + 2) else { return };
    let entries = split_commas(&edits.tokens[at + 3..close]);
    let plain = entries.iter().all(|entry| matches!(entry, [only] if only.name(edits.piece).is_some()));
    if plain && !edits.is(close + 1, "where") && another.is_none() {
        return;
    }
    let mut elements: Vec<IndexElement> = Vec::new();
    for entry in entries {
        match edits.cursor(0..0).over(entry).index_element() {
            Ok(element) => elements.push(element),
            Err(_) => return,
        }
    }
    let mut end = close + 1;
    let mut predicate = None;
    if edits.is(end, "where") {
        let mut cursor = edits.cursor(end + 1..edits.tokens.len());
        let tokens = cursor.until_words(&["do"]);
        predicate = Some(cursor.expr_of(tokens));
        end += 1 + tokens.len();
    }
    let what = RemovedKind::ConflictTarget { elements, predicate };
    match another {
        // The tree holds one action; of the others only the targets are kept.
        Some(another) => edits.remove(at..another, what),
        None => edits.remove(at + 2..end, what),
    }
}

/// The place of the next `ON CONFLICT` of the same statement.
fn next_conflict(edits: &Edits, start: usize) -> Option<usize> {
    let mut at = start;
    while let Some(tok) = edits.tokens.get(at) {
        if edits.is(at, "on conflict") {
            return Some(at);
        }
        if tok.is_mark(b')') || tok.is_mark(b';') {
            return None;
        }
        at = edits.closing.get(&at).copied().unwrap_or(at) + 1;
    }
    None
}

/// `OVERRIDING {SYSTEM|USER} VALUE`.
pub(super) fn overriding(edits: &mut Edits, at: usize) {
    for (words, system) in [("overriding system value", true), ("overriding user value", false)] {
        if edits.is(at, words) {
            edits.remove(at..at + 3, RemovedKind::Overriding(system));
        }
    }
}

/// `INSERT DEFAULT VALUES` in `MERGE` gives the first column its default, as all others.
pub(super) fn merge_default_values(edits: &mut Edits, at: usize) {
    if edits.is(at, "default values") && edits.is_before(at, &["insert"]) && edits.is_before(at - 1, &["then"]) {
        edits.replace(at..at + 2, [keyword("values"), Token::LParen, keyword("default"), Token::RParen]);
    }
}

/// `RETURNING WITH (OLD AS name, NEW AS name)`.
pub(super) fn returning_aliases(edits: &mut Edits, at: usize) {
    if !edits.is(at, "returning with") {
        return;
    }
    let Some(close) = edits.closing(at + 2) else { return };
    let (mut old, mut new) = (None, None);
    for entry in split_commas(&edits.tokens[at + 3..close]) {
        if let [version, _, name] = entry {
            let name = name.name(edits.piece);
            *(if version.is("old") { &mut old } else { &mut new }) = name;
        }
    }
    edits.remove(at + 1..close + 1, RemovedKind::ReturningAliases { old, new });
}
