//! A place in a row of tokens, for the parsers of statements.

use super::ddl::{Expr, Name, ObjectName};
use super::lex::Kind;
use super::token::{Piece, Tok};
use super::{Query, Unparsed, query, unparsed};
use crate::source::Span;

/// What a parser expected and did not find.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) reason: String,
    pub(crate) at: Span,
}

/// What a parser found, or why it did not.
pub(crate) type Parsed<T> = Result<T, Failure>;

/// A place in a row of tokens.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) piece: &'a Piece<'a>,
    tokens: &'a [Tok],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(piece: &'a Piece<'a>, tokens: &'a [Tok]) -> Cursor<'a> {
        Cursor { piece, tokens, at: 0 }
    }

    /// A cursor over other tokens of the same piece.
    pub(crate) fn over(&self, tokens: &'a [Tok]) -> Cursor<'a> {
        Cursor::new(self.piece, tokens)
    }

    pub(crate) fn peek(&self) -> Option<&'a Tok> {
        self.tokens.get(self.at)
    }

    pub(crate) fn peek_nth(&self, n: usize) -> Option<&'a Tok> {
        self.tokens.get(self.at + n)
    }

    pub(crate) fn advance(&mut self) -> Option<&'a Tok> {
        let tok = self.peek();
        self.at = (self.at + 1).min(self.tokens.len());
        tok
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The tokens from here on.
    pub(crate) fn rest(&self) -> &'a [Tok] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    /// The tokens from here on, all of which are taken.
    pub(crate) fn take_rest(&mut self) -> &'a [Tok] {
        let rest = self.rest();
        self.at = self.tokens.len();
        rest
    }

    /// The number of tokens before this place.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The tokens from an earlier position up to here.
    pub(crate) fn since(&self, position: usize) -> &'a [Tok] {
        self.tokens.get(position..self.at).unwrap_or_default()
    }

    /// The span from an earlier position up to here.
    pub(crate) fn span_since(&self, position: usize) -> Span {
        unparsed::span(self.piece, self.since(position))
    }

    /// Where the cursor stands.
    pub(crate) fn here(&self) -> Span {
        match self.peek() {
            Some(tok) => tok.span(self.piece),
            None => unparsed::end(self.piece, self.tokens),
        }
    }

    /// That something else stands here than was expected.
    pub(crate) fn failure<T>(&self, expected: &str) -> Parsed<T> {
        let found = match self.peek() {
            Some(tok) => self.piece.lexeme(&tok.lexeme).chars().take(40).collect(),
            None => "the end of the statement".to_string(),
        };
        Err(Failure { reason: format!("expected {expected}, found {found}"), at: self.here() })
    }

    /// Whether the words stand here.
    pub(crate) fn is(&self, words: &str) -> bool {
        words.split(' ').enumerate().all(|(n, word)| self.peek_nth(n).is_some_and(|tok| tok.is(word)))
    }

    /// Takes the words if they stand here.
    pub(crate) fn eat(&mut self, words: &str) -> bool {
        let found = self.is(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }

    /// Takes one of several rows of words; the first that stands here.
    pub(crate) fn eat_any<'w>(&mut self, choices: &[&'w str]) -> Option<&'w str> {
        choices.iter().find(|words| self.eat(words)).copied()
    }

    /// Takes the words, which must stand here.
    pub(crate) fn expect(&mut self, words: &str) -> Parsed<()> {
        if self.eat(words) { Ok(()) } else { self.failure(&words.to_ascii_uppercase()) }
    }

    pub(crate) fn is_mark(&self, mark: u8) -> bool {
        self.peek().is_some_and(|tok| tok.is_mark(mark))
    }

    pub(crate) fn eat_mark(&mut self, mark: u8) -> bool {
        let found = self.is_mark(mark);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect_mark(&mut self, mark: u8) -> Parsed<()> {
        if self.eat_mark(mark) { Ok(()) } else { self.failure(&(mark as char).to_string()) }
    }

    pub(crate) fn is_operator(&self, operator: &str) -> bool {
        self.peek().is_some_and(|tok| tok.lexeme.kind == Kind::Operator && self.piece.lexeme(&tok.lexeme) == operator)
    }

    /// Whether a lexeme of the kind stands here.
    pub(crate) fn lexeme_is(&self, kind: Kind) -> bool {
        self.peek().is_some_and(|tok| tok.lexeme.kind == kind)
    }

    pub(crate) fn eat_operator(&mut self, operator: &str) -> bool {
        let found = self.is_operator(operator);
        self.at += usize::from(found);
        found
    }

    /// Nothing more may stand here.
    pub(crate) fn expect_end(&self) -> Parsed<()> {
        if self.at_end() { Ok(()) } else { self.failure("the end of the statement") }
    }

    /// An identifier.
    pub(crate) fn name(&mut self) -> Parsed<Name> {
        let name = self.peek().and_then(|tok| match tok.string() {
            Some(text) if self.piece.dialect.syntax.strings_name && matches!(tok.lexeme.kind, Kind::String(_)) => {
                Some(Name { text: (self.piece.dialect.fold_quoted)(text).into(), span: tok.span(self.piece) })
            }
            _ => tok.name(self.piece),
        });
        let Some(name) = name else { return self.failure("a name") };
        self.advance();
        Ok(name)
    }

    /// A name with its qualifiers.
    pub(crate) fn object_name(&mut self) -> Parsed<ObjectName> {
        let mut schema = None;
        let mut name = self.name()?;
        while self.eat_mark(b'.') {
            schema = Some(std::mem::replace(&mut name, self.name()?));
        }
        Ok(ObjectName { schema, name })
    }

    /// A string and where it stands.
    pub(crate) fn string(&mut self) -> Parsed<(String, Span)> {
        match self.peek().and_then(Tok::string) {
            Some(text) => {
                let span = self.here();
                self.advance();
                Ok((text.to_string(), span))
            }
            None => self.failure("a string"),
        }
    }

    /// The tokens between the parentheses that stand here.
    pub(crate) fn parentheses(&mut self) -> Parsed<&'a [Tok]> {
        if !self.is_mark(b'(') {
            return self.failure("(");
        }
        let start = self.at + 1;
        let Some(length) = matching(&self.tokens[start..]) else { return self.failure("a closed parenthesis") };
        self.at = start + length + 1;
        Ok(&self.tokens[start..start + length])
    }

    /// The entries, separated by commas, between the parentheses that stand here.
    pub(crate) fn parenthesized_list(&mut self) -> Parsed<Vec<&'a [Tok]>> {
        self.parentheses().map(|inside| split_commas(inside))
    }

    /// The plain names between the parentheses that stand here.
    pub(crate) fn parenthesized_names(&mut self) -> Parsed<Vec<Name>> {
        let entries = self.parenthesized_list()?;
        entries.into_iter().map(|entry| self.over(entry).name()).collect()
    }

    /// Names separated by commas.
    pub(crate) fn names(&mut self) -> Parsed<Vec<Name>> {
        self.list(Cursor::name)
    }

    /// Entries separated by commas.
    pub(crate) fn list<T>(&mut self, mut entry: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut entries = vec![entry(self)?];
        while self.eat_mark(b',') {
            entries.push(entry(self)?);
        }
        Ok(entries)
    }

    /// The tokens up to the first one outside of brackets that satisfies `stop`; it is asked with the tokens before.
    pub(crate) fn until(&mut self, stop: impl Fn(&Tok, &[Tok]) -> bool) -> &'a [Tok] {
        let start = self.at;
        let mut depth = 0usize;
        while let Some(tok) = self.peek() {
            if depth == 0 && (stop(tok, &self.tokens[start..self.at]) || tok.is_mark(b')')) {
                break;
            }
            match tok.lexeme.kind {
                Kind::Mark(b'(' | b'[') => depth += 1,
                Kind::Mark(b')' | b']') => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
        &self.tokens[start..self.at]
    }

    /// The tokens up to the first of some words outside of brackets.
    pub(crate) fn until_words(&mut self, words: &[&str]) -> &'a [Tok] {
        self.until(|tok, _| tok.is_any(words))
    }

    /// The expression in the parentheses that stand here.
    pub(crate) fn parenthesized_expr(&mut self) -> Parsed<Expr> {
        let inside = self.parentheses()?;
        if inside.is_empty() {
            return self.failure("an expression");
        }
        Ok(self.expr_of(inside))
    }

    /// The expression that some tokens make.
    pub(crate) fn expr_of(&self, tokens: &[Tok]) -> Expr {
        query::expr(self.piece, tokens)
    }

    /// Tokens that are no expression, as written.
    pub(crate) fn text_of(&self, tokens: &[Tok]) -> Expr {
        query::untyped(self.piece, tokens)
    }

    /// The query that some tokens make.
    pub(crate) fn query_of(&self, tokens: &[Tok]) -> Result<Query, Unparsed> {
        query::query(self.piece, tokens)
    }
}

/// The number of tokens before the parenthesis that closes the one before them.
fn matching(tokens: &[Tok]) -> Option<usize> {
    let mut depth = 0usize;
    for (at, tok) in tokens.iter().enumerate() {
        if tok.is_mark(b'(') {
            depth += 1;
        } else if tok.is_mark(b')') {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}

/// Tokens cut at commas outside of brackets; no entries where there are no tokens.
pub(crate) fn split_commas(tokens: &[Tok]) -> Vec<&[Tok]> {
    let mut depth = 0usize;
    let mut entries = Vec::new();
    let mut start = 0;
    for (at, tok) in tokens.iter().enumerate() {
        match tok.lexeme.kind {
            Kind::Mark(b'(' | b'[') => depth += 1,
            Kind::Mark(b')' | b']') => depth = depth.saturating_sub(1),
            Kind::Mark(b',') if depth == 0 => {
                entries.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !tokens.is_empty() {
        entries.push(&tokens[start..]);
    }
    entries
}
