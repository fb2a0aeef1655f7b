//! Queries found in source, in lists and in release files.

pub mod profiles;

mod macro_column;
#[cfg(feature = "project")]
mod source;

use std::sync::Arc;

pub use macro_column::{MacroColumn, macro_column};
#[cfg(feature = "project")]
pub use source::{FileScan, Options, Package, collect, scan_file};

use crate::source::{Place, Source, Span};

/// One SQL text that a release can send, with the call that sends it.
#[derive(Clone, Debug)]
pub struct Query {
    /// The text that reaches the driver. Holes of `format!` are filled with [`HOLE`].
    pub sql: Arc<str>,
    /// The literal (or the first piece) in the source, or the entry of a list.
    pub place: Place,
    /// Where the pieces of `sql` stand in files, in order of their place in `sql`. Bytes that stand in no piece (escapes,
    /// joined parts) belong to the piece before them.
    pub segments: Vec<Segment>,
    /// The library's call or macro that sends it.
    pub call: &'static CallProfile,
    /// The Cargo package it belongs to.
    pub package: Arc<str>,
    /// The database it belongs to, by name, where the project has one for it.
    pub database: Option<Arc<str>>,
    /// What schema versions its author says it is for.
    pub expectation: Option<Expectation>,
    /// What a prepared list says of it (`.sqlx`), for reconciling and for contracts.
    pub described: Option<Arc<Described>>,
    /// What the code reads from each row, where it can be seen.
    pub reads: Option<Reads>,
    /// Spans in `sql` whose text is only known at run time.
    pub holes: Vec<Span>,
    /// Whether it is only in a list and no call was found in the source.
    pub listed_only: bool,
    /// The call that sends it, where that may send other texts too: by what branches add, or leave out.
    pub alternative: Option<PlaceKey>,
    /// The Rust types that its code can map to types of the database part by part.
    pub types: Arc<[MappedType]>,
    /// Whether its text stands in a `sql!`, so that the compiler reports what is wrong with it.
    pub in_sql_macro: bool,
}

/// What stands for text that is only known at run time.
pub const HOLE: &str = "schemacheck_hole";

impl Query {
    /// The place in a file of a span of the SQL text: as exact as the pieces allow, else the whole literal.
    pub fn locate(&self, span: Span) -> Place {
        let holding = self.segments.iter().rev().find(|segment| segment.sql_start <= span.start);
        let Some(segment) = holding else { return self.place.clone() };
        let start = segment.span.start + (span.start - segment.sql_start);
        let end = start + (span.end.saturating_sub(span.start));
        if end > segment.span.end {
            return Place {
                source: segment.source.clone(),
                span: Span::new(start.min(segment.span.end), segment.span.end),
            };
        }
        Place { source: segment.source.clone(), span: Span::new(start, end) }
    }

    /// Takes from the types that its code sees those that its driver maps.
    #[cfg(feature = "project")]
    pub(crate) fn map_types(&mut self, visible: &[MappedType]) {
        self.types = visible.iter().filter(|ty| ty.driver == self.call.driver).cloned().collect();
    }
}

impl Query {
    /// Whether the code reads columns by position: what the call does, or what is read where that decides.
    pub fn by_position(&self) -> Option<bool> {
        let read = || match self.reads.as_ref()? {
            Reads::Positions(_) => Some(true),
            Reads::Names(_) => Some(false),
        };
        self.call.by_position.or_else(read)
    }
}

/// A piece of a query's text that stands byte for byte in a file.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Where the piece starts in the SQL text.
    pub sql_start: usize,
    /// The file.
    pub source: Source,
    /// Its bytes in the file.
    pub span: Span,
}

/// A call that sends SQL which could not be determined.
#[derive(Clone, Debug)]
pub struct Unresolved {
    /// The argument, or the whole call.
    pub place: Place,
    /// The call, as a profile's id.
    pub call: &'static CallProfile,
    /// The Cargo package it belongs to.
    pub package: Arc<str>,
    /// Why.
    pub reason: String,
}

/// The schema versions that a query is for, as its author says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// The first version.
    pub since: Option<String>,
    /// The version from which on it is no longer sent.
    pub until: Option<String>,
    /// The feature flag that guards it.
    pub flag: Option<String>,
    /// Where it is said.
    pub place: Option<PlaceKey>,
}

/// File and byte span, for comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceKey {
    /// The path that messages show.
    pub path: String,
    /// The bytes in it.
    pub span: Span,
}

/// What a prepared list says of a query.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// The database product, as the list names it (`PostgreSQL`, `SQLite`, `MySQL`).
    pub product: Option<String>,
    /// Result columns: name, type as the list names it, nullability where it is known.
    pub columns: Vec<(String, String, Option<bool>)>,
    /// Parameter types as the list names them; where only a count is known, that many empty names.
    pub parameters: Vec<String>,
}

/// What the code reads from each row.
#[derive(Clone, Debug)]
pub enum Reads {
    /// These columns by name: the fields of a struct that derives `FromRow`, `QueryableByName`, …; with the Rust type of each.
    Names(Vec<Read>),
    /// This many by position, with the Rust type of each.
    Positions(Vec<Read>),
}

/// One column that the code reads.
#[derive(Clone, Debug)]
pub struct Read {
    /// The column's name; empty where it is read by position.
    pub name: String,
    /// The Rust type as written, without spaces.
    pub ty: String,
    /// Whether the code takes NULL.
    pub optional: bool,
    /// Whether the code goes on when the column is missing (`#[sqlx(default)]`).
    pub default: bool,
}

/// A Rust type that stands for a type of the database part by part, by a driver's derive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
pub struct MappedType {
    /// The name of the type in the database.
    pub name: Arc<str>,
    /// Whose derive it is. tokio-postgres compares all parts with those of the database, whichever value is sent or read;
    /// to other drivers only a label matters that the other side does not know.
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Driver::is_first_to_map"))]
    pub driver: Driver,
    /// Its parts.
    pub parts: MappedParts,
    /// Whether the code reads values of it.
    pub reads: bool,
    /// Whether the code writes values of it.
    pub writes: bool,
}

impl MappedType {
    /// Whether the code reads values of it, or writes them.
    pub fn serves(&self, reading: bool) -> bool {
        if reading { self.reads } else { self.writes }
    }
}

/// What a type consists of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
pub enum MappedParts {
    /// The labels of an enum.
    Labels(Vec<String>),
    /// The fields of a composite type.
    Fields(Vec<String>),
}

/// What a driver's call does with a statement, as data.
#[derive(Debug)]
pub struct CallProfile {
    /// As output names it, such as `sqlx::query!`.
    pub id: &'static str,
    /// The driver below it.
    pub driver: Driver,
    /// Whether it declares parameter types when it prepares.
    pub declares_parameters: Option<bool>,
    /// Whether it keeps the prepared statement for later executions on the same connection without recovering from
    /// `cached plan must not change result type`.
    pub keeps_statement: Option<bool>,
    /// How it compares result types with what the code was compiled for.
    pub checks_results: Option<ResultCheck>,
    /// Whether it reads columns by position.
    pub by_position: Option<bool>,
}

impl CallProfile {
    /// Whether the compiler gave each result column its Rust type from what a server said of it (sqlx's macros).
    pub fn is_compiled_against(&self) -> bool {
        self.driver == Driver::Sqlx && (self.id.ends_with('!') || self.id == "sqlx::prepared")
    }
}

/// Which driver sends the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
#[cfg_attr(feature = "command", serde(rename_all = "kebab-case"))]
#[expect(missing_docs, reason = "the names are the crates' own")]
pub enum Driver {
    Sqlx,
    TokioPostgres,
    Diesel,
    Rusqlite,
    SeaOrm,
    /// Known to send SQL, by whatever driver.
    Other,
}

#[cfg(feature = "project")]
impl Driver {
    /// The driver of mapped types in release files that name none.
    pub(crate) fn first_to_map() -> Driver {
        Driver::TokioPostgres
    }

    #[cfg(feature = "command")]
    fn is_first_to_map(&self) -> bool {
        *self == Driver::first_to_map()
    }
}

/// How a call compares a result column's type with the Rust type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultCheck {
    /// Not at all: it decodes the bytes it gets.
    Decodes,
    /// It refuses a type that the Rust type does not list as compatible.
    Compatible,
}

/// All queries of one release of one project.
#[derive(Clone, Debug, Default)]
pub struct Queries {
    /// In order of file and place.
    pub queries: Vec<Query>,
    /// Calls whose SQL is not known.
    pub unresolved: Vec<Unresolved>,
    /// Files that could not be read as Rust or as a list: place and reason.
    pub unread: Vec<(Place, String)>,
    /// The `sql!` of tests that are left out: package, text, and what is said of it. The compiler asks for these too.
    pub of_tests: Vec<(Arc<str>, String, Option<Expectation>)>,
}
