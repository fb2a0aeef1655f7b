//! SQL text to statements: splitting, parsing, and what sqlparser lacks.
//!
//! Positions in every tree are byte offsets in the text given to [`parse`]: tokens carry them from the start, so that
//! trees built by `sqlparser` have them too ([`byte_span`]).

use std::sync::Arc;

use crate::dialect::Dialect;
use crate::source::Span;

pub mod ddl;
pub mod routine;

mod body;
mod cursor;
mod define;
mod depth;
mod lex;
mod plpgsql;
mod query;
mod rewrite;
mod split;
mod statement;
mod token;
mod type_name;
mod unparsed;
mod walk;

pub use depth::on_deep_stack;
use sqlparser::tokenizer::Token;
use token::{Origin, Piece};
pub use type_name::type_name_of;
pub(crate) use unparsed::identifiers;
pub(crate) use walk::{walk, walk_mut};

/// The statements of a script. A statement that is not understood costs only itself.
pub fn parse(text: &str, dialect: &'static Dialect) -> Vec<Statement> {
    parse_piece(Piece { text, dialect, origin: Origin::At(0), level: 0 })
}

/// The query whose text was kept with its span in the file.
pub(crate) fn query_of_text(text: &str, span: Span, dialect: &'static Dialect) -> Option<Query> {
    query::of_text(text, span, dialect)
}

/// What a routine runs, from the text of the statement that creates it, kept with its span in the file.
pub(crate) fn body_of_text(text: &str, span: Span, dialect: &'static Dialect) -> Option<routine::Body> {
    let mut statements = parse_piece(Piece::of_kept(text, span, dialect)).into_iter();
    match (statements.next()?.kind, statements.next()) {
        (StatementKind::Ddl(ddl), None) => match *ddl {
            ddl::Ddl::CreateRoutine(create) => Some(create.body.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The one query that a text holds, as application code sends it.
pub fn parse_query(text: &str, dialect: &'static Dialect) -> Result<Query, Unparsed> {
    let whole = Span::new(0, text.len());
    let refuse =
        |reason: &str, at: Span| Err(Unparsed { span: whole, reason: reason.to_string(), at, identifiers: Vec::new() });
    let mut statements = parse(text, dialect);
    let statement = match (statements.pop(), statements.pop()) {
        (None, _) => return refuse("no statement", whole),
        (Some(statement), None) => statement,
        (Some(second), Some(_)) => return refuse("more than one statement", second.span),
    };
    match statement.kind {
        StatementKind::Query(query) => Ok(query),
        StatementKind::Unparsed(unparsed) => Err(unparsed),
        _ => refuse("not a query", statement.span),
    }
}

/// What a script is made of, without comments: for questions that no parser answers.
pub fn lexemes(text: &str, dialect: &'static Dialect) -> Vec<(Span, Lexeme)> {
    let piece = Piece { text, dialect, origin: Origin::At(0), level: 0 };
    let lexeme = |tok: token::Tok| {
        let span = Span::new(tok.lexeme.start, tok.lexeme.end);
        let lexeme = match tok.token {
            Token::Word(word) if word.quote_style.is_none() => Lexeme::Word(word.value),
            Token::Word(word) => Lexeme::Quoted(word.value),
            Token::SingleQuotedString(value) => Lexeme::Text(value),
            _ => match tok.lexeme.kind {
                lex::Kind::Mark(mark) => Lexeme::Mark(char::from(mark)),
                _ => Lexeme::Other,
            },
        };
        (span, lexeme)
    };
    piece.tokens().into_iter().map(lexeme).collect()
}

/// A lexeme of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lexeme {
    /// A keyword or an identifier without quotes, folded.
    Word(String),
    /// An identifier in quotes, by its value.
    Quoted(String),
    /// A string, by its value.
    Text(String),
    /// What stands alone: parentheses, comma, semicolon, dot.
    Mark(char),
    /// Numbers, operators, parameters.
    Other,
}

fn parse_piece(piece: Piece) -> Vec<Statement> {
    let mut splitter = split::Splitter::new(piece);
    std::iter::from_fn(|| splitter.next()).map(|chunk| statement::of_chunk(&piece, &chunk)).collect()
}

/// One statement of a script.
#[derive(Clone, Debug)]
pub struct Statement {
    /// From its first to its last token, without the semicolon.
    pub span: Span,
    /// What it is.
    pub kind: StatementKind,
}

/// What a statement is.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// It changes the schema, or is known to change nothing.
    Ddl(Box<ddl::Ddl>),
    /// It reads or writes rows.
    Query(Query),
    /// `BEGIN`, `COMMIT`, …
    Transaction(Transaction),
    /// `DO $$ … $$`.
    Do(Arc<routine::Block>),
    /// Not understood.
    Unparsed(Unparsed),
}

/// Transaction control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Transaction {
    Begin,
    Commit,
    Rollback,
    Savepoint,
}

/// A statement that reads or writes rows: `SELECT`, `VALUES`, `TABLE`, `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `CALL`, `COPY`,
/// `EXPLAIN` of one, `DECLARE CURSOR`, `PREPARE`.
#[derive(Clone, Debug)]
pub struct Query {
    /// Bytes in the text.
    pub span: Span,
    /// The tree. Positions in it are byte offsets in the text, see [`byte_span`].
    pub tree: Arc<sqlparser::ast::Statement>,
    /// What token-level rewrites took out so that the tree could be built, by the byte offset where it stood.
    pub removed: Arc<Vec<Removed>>,
    /// The signs of parameters in the tree with the byte offsets where they stand, in order; `None` where an `INSERT` may be in
    /// the tree too, which has to be walked for both.
    pub(crate) signs: Option<Arc<Vec<(usize, String)>>>,
}

/// A piece of a query that the tree lacks.
#[derive(Clone, Debug)]
pub struct Removed {
    /// Bytes in the text.
    pub span: Span,
    /// What it was.
    pub what: RemovedKind,
}

/// What a rewrite took out.
#[derive(Clone, Debug)]
pub enum RemovedKind {
    /// The arbiter of `ON CONFLICT`: its keys and its predicate, where the tree cannot hold them (expressions, operator
    /// classes, collations, `WHERE`). The tree then says `ON CONFLICT` without a target.
    ConflictTarget {
        /// The keys, in order.
        elements: Vec<ddl::IndexElement>,
        /// `WHERE`.
        predicate: Option<ddl::Expr>,
    },
    /// `OVERRIDING {SYSTEM|USER} VALUE`: true for `SYSTEM`.
    Overriding(bool),
    /// `SET column[subscript] =` or `SET column.field =`: the tree has the column alone.
    AssignmentTarget(Vec<ddl::Expr>),
    /// `(expression).*` or `(expression).field` where the tree cannot hold it; the tree has the expression alone.
    Field(Option<ddl::Name>),
    /// `USING (columns) AS alias` of a join: the alias names its merged columns.
    JoinAlias {
        /// The alias.
        alias: ddl::Name,
        /// The columns.
        columns: Vec<ddl::Name>,
    },
    /// The columns that `SEARCH` or `CYCLE` adds to the common table expression that ends before them.
    CteColumns(Vec<ddl::Name>),
    /// `RETURNING WITH (OLD AS name, NEW AS name)`.
    ReturningAliases {
        /// What the row before is called.
        old: Option<ddl::Name>,
        /// What the row after is called.
        new: Option<ddl::Name>,
    },
    /// A clause that changes neither names nor types: locking strength, sampling, window frames' exclusion, …
    Clause(&'static str),
}

/// A piece of SQL that is not understood.
#[derive(Clone, Debug)]
pub struct Unparsed {
    /// Bytes in the text.
    pub span: Span,
    /// Why, as far as the parser can tell, with the offending token's place.
    pub reason: String,
    /// Where the parser stopped.
    pub at: Span,
    /// Every identifier in it, folded, without duplicates; string literals count where they look like SQL.
    pub identifiers: Vec<Arc<str>>,
}

/// The byte span of a piece of a tree that [`parse`] built; `None` where the tree has no position for it.
///
/// Tokens are given to the parser with line 1 and the byte offset as their column.
pub fn byte_span(span: sqlparser::tokenizer::Span) -> Option<Span> {
    (span.start.line != 0).then(|| Span::new(span.start.column as usize, span.end.column as usize))
}

#[cfg(test)]
mod tests;
