//! Changes to the tokens of a query so that sqlparser takes what it lacks; each says what it took out.
//!
//! Rules look at the tokens where a word stands and note edits; the edited tokens are put together at the end. A rule
//! applies only where its words are keywords of the dialect.

mod assign;
mod clause;
mod copy;
mod expression;
mod function;
mod insert;

use std::collections::BTreeMap;
use std::ops::Range;

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::Cursor;
use super::lex::Kind;
use super::token::{Piece, Tok, located};
use super::{Removed, RemovedKind};
use crate::sorted;
use crate::source::Span;

/// The tokens of a query as the parser takes them, and what they lack.
pub(super) fn query(piece: &Piece, tokens: &[Tok]) -> (Vec<TokenWithSpan>, Vec<Removed>) {
    let mut edits = Edits::new(piece, tokens);
    for at in 0..tokens.len() {
        if !edits.dropped[at] {
            rules(&mut edits, at);
        }
    }
    edits.finish()
}

/// The tokens of an expression as the parser takes them.
pub(super) fn expression(piece: &Piece, tokens: &[Tok]) -> Vec<TokenWithSpan> {
    query(piece, tokens).0
}

/// What rules want changed.
struct Edits<'a> {
    piece: &'a Piece<'a>,
    tokens: &'a [Tok],
    /// For each opening parenthesis or bracket the place of the one that closes it.
    closing: BTreeMap<usize, usize>,
    /// The same the other way round.
    opening: BTreeMap<usize, usize>,
    dropped: Vec<bool>,
    inserted: BTreeMap<usize, Vec<Token>>,
    removed: Vec<Removed>,
    /// An `UPDATE` whose `SET` has not come yet.
    updates: bool,
}

impl<'a> Edits<'a> {
    fn new(piece: &'a Piece<'a>, tokens: &'a [Tok]) -> Edits<'a> {
        let mut closing = BTreeMap::new();
        let mut open = Vec::new();
        for (at, tok) in tokens.iter().enumerate() {
            match tok.lexeme.kind {
                Kind::Mark(b'(' | b'[') => open.push(at),
                Kind::Mark(b')' | b']') => {
                    if let Some(start) = open.pop() {
                        closing.insert(start, at);
                    }
                }
                _ => {}
            }
        }
        let opening = sorted::map(closing.iter().map(|(open, close)| (*close, *open)));
        let dropped = vec![false; tokens.len()];
        Edits {
            piece,
            tokens,
            closing,
            opening,
            dropped,
            inserted: BTreeMap::new(),
            removed: Vec::new(),
            updates: false,
        }
    }

    /// Whether the words stand at a place; the first must be a keyword of the dialect.
    fn is(&self, at: usize, words: &str) -> bool {
        words.split(' ').enumerate().all(|(n, word)| self.tokens.get(at + n).is_some_and(|tok| tok.is(word)))
            && self.is_keyword(words.split(' ').next().unwrap_or(""))
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|tok| tok.is_any(words))
    }

    fn is_keyword(&self, word: &str) -> bool {
        (self.piece.dialect.syntax.keywords)().contains(word)
    }

    fn before(&self, at: usize) -> Option<&'a Tok> {
        at.checked_sub(1).and_then(|before| self.tokens.get(before))
    }

    fn is_before(&self, at: usize, words: &[&str]) -> bool {
        self.before(at).is_some_and(|tok| tok.is_any(words))
    }

    fn is_mark(&self, at: usize, mark: u8) -> bool {
        self.tokens.get(at).is_some_and(|tok| tok.is_mark(mark))
    }

    /// Whether a name stands at a place: an identifier that is not fully reserved.
    fn is_name(&self, at: usize) -> bool {
        use crate::dialect::keywords::Reserved;
        self.tokens.get(at).is_some_and(|tok| match tok.plain_word() {
            Some(word) => (self.piece.dialect.syntax.keywords)().get(word) != Some(Reserved::Fully),
            None => tok.name(self.piece).is_some(),
        })
    }

    /// The place after the name with its qualifiers that stands at a place.
    fn after_object_name(&self, mut at: usize) -> usize {
        if self.is_name(at) {
            at += 1;
            while self.is_mark(at, b'.') && self.tokens.get(at + 1).is_some() {
                at += 2;
            }
        }
        at
    }

    /// The place of the parenthesis that closes the one at a place.
    fn closing(&self, at: usize) -> Option<usize> {
        self.closing.get(&at).copied().filter(|_| self.is_mark(at, b'('))
    }

    fn span(&self, range: Range<usize>) -> Span {
        super::unparsed::span(self.piece, self.tokens.get(range).unwrap_or_default())
    }

    fn cursor(&self, range: Range<usize>) -> Cursor<'a> {
        Cursor::new(self.piece, self.tokens.get(range).unwrap_or_default())
    }

    fn drop(&mut self, range: Range<usize>) {
        for dropped in self.dropped.get_mut(range).unwrap_or_default() {
            *dropped = true;
        }
    }

    /// Drops tokens that change neither names nor types.
    fn drop_clause(&mut self, range: Range<usize>, what: &'static str) {
        self.remove(range, RemovedKind::Clause(what));
    }

    /// Drops tokens of which something must be remembered.
    fn remove(&mut self, range: Range<usize>, what: RemovedKind) {
        let span = self.span(range.clone());
        self.removed.push(Removed { span, what });
        self.drop(range);
    }

    /// Puts tokens before a place.
    fn insert(&mut self, at: usize, tokens: impl IntoIterator<Item = Token>) {
        self.inserted.entry(at).or_default().extend(tokens);
    }

    /// Puts tokens in the place of others.
    fn replace(&mut self, range: Range<usize>, tokens: impl IntoIterator<Item = Token>) {
        self.insert(range.start, tokens);
        self.drop(range);
    }

    fn finish(mut self) -> (Vec<TokenWithSpan>, Vec<Removed>) {
        let mut out = Vec::with_capacity(self.tokens.len());
        for (at, tok) in self.tokens.iter().enumerate() {
            if let Some(tokens) = self.inserted.remove(&at) {
                let span = located(tok.span(self.piece));
                out.extend(tokens.into_iter().map(|token| TokenWithSpan { token, span }));
            }
            if !self.dropped[at] {
                out.push(tok.located(self.piece));
            }
        }
        let end = located(super::unparsed::end(self.piece, self.tokens));
        let last = self.inserted.into_values().flatten();
        out.extend(last.map(|token| TokenWithSpan { token, span: end }));
        self.removed.sort_by_key(|removed| removed.span);
        (out, self.removed)
    }
}

fn keyword(word: &str) -> Token {
    Token::make_keyword(word)
}

/// Tries the rules for the token at a place.
fn rules(edits: &mut Edits, at: usize) {
    let tok = &edits.tokens[at];
    if tok.lexeme.kind == Kind::Operator {
        expression::whole_row(edits, at);
        return;
    }
    let Some(word) = tok.plain_word() else { return };
    // As bytes, which are told apart letter by letter: as texts they would be compared with each of these.
    match word.as_bytes() {
        b"table" => clause::table(edits, at),
        b"only" => clause::only(edits, at),
        b"from" | b"join" => {
            clause::descendants(edits, at);
            clause::joined_in_parentheses(edits, at);
        }
        b"as" if edits.is_any(at + 1, &["materialized"]) => edits.drop_clause(at + 1..at + 2, "MATERIALIZED"),
        b"as" if edits.is(at + 1, "not materialized") => edits.drop_clause(at + 1..at + 3, "NOT MATERIALIZED"),
        b"as" => clause::columns_without_alias(edits, at),
        b"in" => expression::table_in(edits, at),
        b"cast" if edits.piece.dialect.syntax.loose_types => expression::loose_cast(edits, at),
        b"using" => clause::join_alias(edits, at),
        b"rows" => clause::rows_from(edits, at),
        b"sets" | b"rollup" | b"cube" => clause::grouping_sets(edits, at),
        b"group" => clause::group_by_quantifier(edits, at),
        b"exclude" => clause::frame_exclusion(edits, at),
        b"preceding" | b"following" => clause::frame_bound(edits, at),
        b"fetch" => clause::fetch(edits, at),
        b"for" => clause::lock(edits, at),
        b"search" => clause::search(edits, at),
        b"cycle" => clause::cycle(edits, at),
        b"symmetric" | b"asymmetric" if edits.is_before(at, &["between"]) => edits.drop_clause(at..at + 1, "SYMMETRIC"),
        b"current" if edits.is(at, "current of") => edits.replace(at..at + 3, [keyword("true")]),
        b"indexed" => clause::index_hint(edits, at),
        b"isnull" => expression::is_null(edits, at),
        b"like" | b"ilike" => expression::like_any(edits, at),
        b"values" => expression::values(edits, at),
        b"at" if edits.is(at, "at local") => expression::at_local(edits, at),
        b"collate" => expression::collated_cast(edits, at),
        b"merge" if edits.is(at, "merge into") => clause::merge_source(edits, at),
        b"document" => expression::is_document(edits, at),
        b"national" if edits.is_any(at + 1, &["character", "char"]) => edits.drop(at..at + 1),
        b"uescape" if edits.is_keyword(word) => edits.drop(at..at + 2),
        b"replace" if edits.is(at + 1, "into") && !edits.is_before(at, &["or"]) => {
            edits.insert(at, [keyword("insert"), keyword("or")]);
        }
        b"into" => insert::columns(edits, at),
        b"on" => insert::conflict_target(edits, at),
        b"overriding" => insert::overriding(edits, at),
        b"default" => insert::merge_default_values(edits, at),
        b"returning" => insert::returning_aliases(edits, at),
        b"update" => edits.updates = !edits.is_before(at, &["for", "key"]),
        b"set" => assign::targets(edits, at),
        b"copy" if at == 0 => copy::options(edits),
        b"variadic" if edits.is_keyword(word) => edits.drop_clause(at..at + 1, "VARIADIC"),
        _ if edits.is_mark(at + 1, b'(') || word == "collation" => function::rules(edits, at, word),
        _ => {}
    }
}
