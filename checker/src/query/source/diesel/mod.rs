//! Diesel: statements that its DSL sends, told from `table!`, from the structs that name a table's columns, and from
//! expressions over them.
//!
//! The statement that runs is only known to the compiler's type checker; what is made here names the same tables,
//! columns, functions and arbiters, so that it fails where the real one does.

mod catalog;
mod dsl;
mod models;
mod synthesis;
mod tables;
mod writer;

pub(super) use dsl::Chains;
pub(super) use models::{column_name, embeds, model};
pub(super) use synthesis::synthesize;
pub(super) use tables::{function, table};

use std::sync::Arc;

use super::{Expectation, Read};
use crate::source::Span;

/// What holds for the item around something.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// Whether it is only compiled for tests.
    pub(super) test: bool,
    /// The schema versions that its author says it is for.
    pub(super) expectation: Option<Expectation>,
}

/// What one file says.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) tables: Vec<Table>,
    pub(super) functions: Vec<Function>,
    pub(super) models: Vec<Model>,
    pub(super) groups: Vec<Group>,
    pub(super) statements: Vec<Statement>,
}

/// A `table!`.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The inline modules around it.
    pub(super) module: Vec<String>,
    /// Its name in code.
    pub(super) name: String,
    pub(super) schema: Option<String>,
    /// Its name in the database.
    pub(super) sql_name: String,
    pub(super) primary_key: Vec<String>,
    pub(super) columns: Vec<Column>,
}

/// A column of a `table!`.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) sql_name: String,
}

/// A function that `define_sql_function!` or `sql_function!` declares.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) sql_name: String,
    /// The types of its arguments, in SQL's words; `None` where it is generic.
    pub(super) arguments: Option<Vec<String>>,
    pub(super) span: Span,
    pub(super) around: Around,
}

/// A struct that derives some of diesel's traits.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) module: Vec<String>,
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) derives: Derives,
    pub(super) table: PathUse,
    pub(super) fields: Vec<Field>,
    pub(super) primary_key: Vec<String>,
    pub(super) around: Around,
}

/// Which of diesel's traits a struct derives.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Derives {
    pub(super) selectable: bool,
    pub(super) insertable: bool,
    pub(super) changeset: bool,
}

/// A field of such a struct.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The column's name in code; for `QueryableByName` its name in the result.
    pub(super) column: String,
    /// The field's name.
    pub(super) span: Span,
    pub(super) read: Read,
    /// The struct whose columns take the field's place.
    pub(super) embedded: Option<Vec<String>>,
    /// Whether it is selected by an expression of its own.
    pub(super) by_expression: bool,
    pub(super) skips_insertion: bool,
    pub(super) skips_update: bool,
}

/// Columns that one expression names.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) span: Span,
    pub(super) around: Around,
    pub(super) paths: Vec<PathUse>,
}

/// A path in an expression that may be a column's or a table's.
#[derive(Clone, Debug)]
pub(super) struct PathUse {
    /// Imports applied.
    pub(super) path: Vec<String>,
    /// What is imported whole where the path starts with a name that is not imported by itself.
    pub(super) globs: Arc<[Vec<String>]>,
    /// Its last name.
    pub(super) span: Span,
}

/// A statement that an expression builds.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) span: Span,
    pub(super) around: Around,
    pub(super) kind: Kind,
    /// Whether it gives all columns of its tables back.
    pub(super) gives_all: bool,
}

/// Kinds of statements.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Loads all columns of these.
    Load(Vec<PathUse>),
    Insert {
        table: PathUse,
        values: Values,
        conflict: Option<Conflict>,
    },
    Update {
        table: Option<PathUse>,
        values: Values,
    },
    Delete {
        table: PathUse,
    },
}

/// What is inserted or set.
#[derive(Clone, Debug)]
pub(super) enum Values {
    /// These columns.
    Columns(Vec<PathUse>),
    /// These columns, beside those of a struct, whose name is given where it is seen.
    Mixed(Vec<PathUse>, Option<PathUse>),
    /// A struct's of this name.
    Struct(PathUse),
    /// Defaults only.
    Default,
    /// What is not followed, most often a struct's.
    Other,
}

/// `on_conflict`.
#[derive(Clone, Debug)]
pub(super) struct Conflict {
    pub(super) target: Target,
    /// The columns that `do_update` sets, as far as they are known.
    pub(super) updates: Vec<PathUse>,
}

/// What an insert may conflict with.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Anything,
    Columns(Vec<PathUse>),
    PrimaryKey(PathUse),
    Constraint(String),
    /// As written, such as `(a) WHERE b`, by the call under the span.
    Raw(String, Span),
    Unknown,
}
