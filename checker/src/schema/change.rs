//! What a statement changed, what went wrong with it, and what of it was not understood.

use std::sync::Arc;

use crate::source::{Place, Span};

/// Something that was not understood.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// Why.
    pub reason: String,
    /// Where.
    pub place: Option<Place>,
}

/// A name that analysis looks up and that statements change. Dependency sets and changes are sets of keys; they go by
/// bare names, so that they also cover look-ups that fail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Key {
    Schema(Arc<str>),
    Relation(Arc<str>),
    /// Relation and column: tells the statement that caused a finding; look-ups depend on the whole relation.
    Column(Arc<str>, Arc<str>),
    /// Constraint or index, with its relation.
    Constraint(Arc<str>, Arc<str>),
    Trigger(Arc<str>, Arc<str>),
    Type(Arc<str>),
    /// Type and enum label.
    Label(Arc<str>, Arc<str>),
    Routine(Arc<str>),
    Operator(Arc<str>),
    /// Anything may have changed: search path, an unreadable statement, casts.
    Everything,
}

impl Key {
    /// Everything that an identifier may name.
    pub(crate) fn named(name: &Arc<str>) -> [Key; 4] {
        let name = || name.clone();
        [Key::Relation(name()), Key::Type(name()), Key::Routine(name()), Key::Schema(name())]
    }
}

/// What one statement changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// What.
    pub key: Key,
    /// The part of the statement that did it, in the text of its file.
    pub span: Span,
}

/// What went wrong, or could not be followed, when a statement was applied.
#[derive(Clone, Debug)]
pub struct ApplyProblem {
    /// The rule: `migration-fails`, `migration-fails-on-rows`, `unparsed-statement`.
    pub rule: &'static str,
    /// The part of the statement.
    pub span: Span,
    /// In lower case, without a full stop.
    pub message: String,
    /// The server's code, where it fails.
    pub sqlstate: Option<&'static str>,
    /// What it is about.
    pub about: Vec<Key>,
}

/// Why a name, a type or something else that a statement needs was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupProblem {
    /// The name as written.
    pub span: Span,
    /// In lower case, without a full stop, names in backticks.
    pub message: String,
    /// The server's code.
    pub sqlstate: &'static str,
    /// What was looked for.
    pub about: Key,
}

/// The outcome of applying a statement.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// What changed.
    pub touches: Vec<Touch>,
    /// What went wrong.
    pub problems: Vec<ApplyProblem>,
}
