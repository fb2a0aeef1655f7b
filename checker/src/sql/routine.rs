//! Bodies of routines: SQL, and PL/pgSQL as a tree of statements.

use std::sync::Arc;

use super::ddl::{Name, TypeName};
use super::{Query, Statement, Unparsed};
use crate::source::Span;

/// How a function's result may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Volatility {
    Immutable,
    Stable,
    #[default]
    Volatile,
}

/// What a routine runs.
#[derive(Clone, Debug)]
pub enum Body {
    /// `LANGUAGE sql` with a string body: looked up anew at each call. Spans are bytes in the file where the string is
    /// dollar quoted, else the span of the whole string.
    Sql(Arc<Vec<Statement>>),
    /// `RETURN expression` or `BEGIN ATOMIC … END`: resolved when created.
    Atomic(Arc<Vec<Statement>>),
    /// `LANGUAGE plpgsql`, also the text of a `DO` block.
    PlPgSql(Arc<Block>),
    /// Another language, an aggregate, or nothing that runs SQL text we can read.
    Opaque {
        /// Why it is not read.
        reason: String,
    },
}

/// `[DECLARE …] BEGIN … [EXCEPTION …] END`.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// `<<label>>`.
    pub label: Option<Name>,
    /// The word after `#variable_conflict`.
    pub variable_conflict: Option<Name>,
    /// The variables.
    pub declarations: Vec<Declaration>,
    /// The statements.
    pub body: Vec<PlStatement>,
    /// The handlers.
    pub handlers: Vec<Handler>,
    /// What could not be read at all.
    pub unread: Vec<Unparsed>,
    /// The whole block.
    pub span: Span,
}

/// A variable or cursor.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Its name.
    pub name: Name,
    /// Its type; `None` for `record`, `%ROWTYPE`, aliases and cursors.
    pub ty: Option<TypeName>,
    /// The relation of `relation%ROWTYPE`.
    pub row_of: Option<super::ddl::ObjectName>,
    /// A cursor's query, or the default as a `SELECT`.
    pub query: Option<Query>,
}

/// `WHEN condition OR … THEN`.
#[derive(Clone, Debug)]
pub struct Handler {
    /// Lower-case condition names, or `sqlstate '…'`.
    pub conditions: Vec<String>,
    /// What it does.
    pub body: Vec<PlStatement>,
}

/// One PL/pgSQL statement.
#[derive(Clone, Debug)]
pub enum PlStatement {
    /// A nested block.
    Block(Block),
    /// `IF … ELSIF … ELSE …` and `CASE`: conditions are `SELECT condition` queries.
    If {
        /// Each condition with what it guards.
        branches: Vec<(Result<Query, Unparsed>, Vec<PlStatement>)>,
        /// `ELSE`.
        otherwise: Vec<PlStatement>,
    },
    /// `LOOP`, `WHILE`, `FOR … IN`, `FOREACH`.
    Loop {
        /// Variables that it sets; `FOR i IN 1..2` declares `i`.
        targets: Vec<Name>,
        /// The query or the condition (`SELECT condition`); nothing for a plain `LOOP`.
        query: Option<Result<Query, Unparsed>>,
        /// `FOR target IN EXECUTE expression`.
        dynamic: Option<super::ddl::Expr>,
        /// What is repeated.
        body: Vec<PlStatement>,
    },
    /// An SQL statement, also `PERFORM` (as `SELECT`), `RETURN QUERY` and an assignment's or `RETURN`'s right side (as `SELECT`).
    Sql {
        /// The statement, without its `INTO` clause.
        statement: Box<Statement>,
        /// The variables of `INTO`, or of the assignment.
        into: Vec<Target>,
        /// What becomes of its rows.
        role: SqlRole,
    },
    /// `EXECUTE expression [INTO …] [USING …]`.
    Execute {
        /// What is run.
        text: super::ddl::Expr,
        /// The variables of `INTO`.
        into: Vec<Target>,
        /// The whole statement.
        span: Span,
    },
    /// `RAISE EXCEPTION` (true) or another level (false), with its format text.
    Raise {
        /// Whether it raises an error.
        error: bool,
        /// The whole statement.
        span: Span,
    },
    /// `RETURN` without a query, `RETURN NEXT`, `EXIT`, `CONTINUE`, `NULL`, cursor movement, `GET DIAGNOSTICS`, `ASSERT`.
    Control {
        /// The first word.
        what: &'static str,
        /// The whole statement.
        span: Span,
    },
    /// Not understood.
    Unread(Unparsed),
}

/// Where a value goes: a variable, or a field or element of it.
#[derive(Clone, Debug)]
pub struct Target {
    /// The variable, or the label or record before the fields.
    pub name: Name,
    /// What follows it after dots.
    pub fields: Vec<Name>,
}

/// What becomes of the rows of an SQL statement in PL/pgSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlRole {
    /// Nothing, or they go to variables.
    Statement,
    /// `RETURN expression`.
    Return,
    /// `RETURN NEXT expression`.
    ReturnNext,
    /// `RETURN QUERY query`.
    ReturnQuery,
}
