//! Names, types and nullability: a query on one schema.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::dialect::TypeId;
use crate::schema::{ColumnNumber, Key, RelationId, RoutineId, Type};
use crate::source::Span;
use crate::sql::ddl::Event;

/// What analysis of a query on one schema finds.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Parameters and result columns.
    pub shape: Shape,
    /// Why the server would refuse it.
    pub problems: Vec<Problem>,
    /// What was not understood.
    pub unknowns: Vec<Unknown>,
    /// Every name that was looked up, found or not: the analysis stays the same while none of them changes.
    pub dependencies: BTreeSet<Key>,
    /// What names resolved to, in the order of the text.
    pub uses: Vec<Use>,
    /// What it writes.
    pub writes: Vec<Write>,
}

/// Parameters and result columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// By position; [`Type::UNSURE`] where it is not known.
    pub parameters: Vec<Type>,
    /// In order; empty for a statement that returns no rows.
    pub columns: Vec<OutputColumn>,
    /// Whether `columns` is all there is: false where a `*` could not be expanded.
    pub complete: bool,
}

/// A result column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumn {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Whether it can be NULL, where that is known.
    pub nullable: Option<bool>,
    /// Its collation, where it is not the type's default.
    pub collation: Option<Arc<str>>,
    /// The column of a relation that it passes on unchanged.
    pub origin: Option<(RelationId, ColumnNumber)>,
}

/// Why the server would refuse the query.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The rule it belongs to.
    pub rule: &'static str,
    /// In the SQL text.
    pub span: Span,
    /// In lower case, without a full stop, names in backticks.
    pub message: String,
    /// The label for the span: a few words.
    pub label: String,
    /// What it is about, most telling first.
    pub about: Vec<Key>,
    /// The server's code.
    pub sqlstate: &'static str,
    /// Where the server notices.
    pub stage: Stage,
}

/// Where the server notices a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// When the statement is prepared.
    Parse,
    /// When it is planned: `EXPLAIN` shows it.
    Plan,
    /// When it runs and reaches a row.
    Execute,
}

/// What was not understood.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// In the SQL text.
    pub span: Span,
    /// In lower case, without a full stop.
    pub reason: String,
}

/// What a name in the query resolved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The name in the SQL text; the `*` for columns that it stands for.
    pub span: Span,
    /// What it is.
    pub object: Object,
    /// Whether it is written to.
    pub written: bool,
    /// Whether it stands there by name, not through `*`.
    pub explicit: bool,
}

/// What a name can resolve to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Object {
    Relation(RelationId),
    Column(RelationId, ColumnNumber),
    Routine(RoutineId),
    /// A built-in function or operator, by its name and argument types.
    BuiltIn(Arc<str>, Vec<TypeId>),
    Type(TypeId),
    Label(TypeId, Arc<str>),
    Constraint(RelationId, Arc<str>),
    /// A column of a subquery or table expression: by its name.
    Derived(Arc<str>),
}

/// What a query writes to one relation.
#[derive(Clone, Debug)]
pub struct Write {
    /// The relation written to, as named in the query (a view stays a view).
    pub relation: RelationId,
    /// Its name in the SQL text.
    pub span: Span,
    /// Insert, update, delete or truncate.
    pub event: Event,
    /// The columns that are given values, with what is known of each value. `DEFAULT` counts as not given.
    pub columns: Vec<WrittenColumn>,
    /// `ON CONFLICT`.
    pub conflict: Option<Conflict>,
    /// Whether the rows come from `DEFAULT VALUES`.
    pub default_values: bool,
    /// Whether no column list is written.
    pub positional: bool,
}

/// A column that is given a value.
#[derive(Clone, Debug)]
pub struct WrittenColumn {
    /// Which.
    pub column: ColumnNumber,
    /// Its name in the list, or the value's place where there is no list.
    pub span: Span,
    /// What is known of the values.
    pub value: Value,
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `NULL`.
    Null,
    /// A literal, as text.
    Literal(Arc<str>),
    /// A parameter by its 0-based position.
    Parameter(usize),
    /// Something else, and whether it can be NULL.
    Expression {
        /// Where that is known.
        nullable: Option<bool>,
    },
}

/// `ON CONFLICT`.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The arbiters' names, where a target is given and inference finds any.
    pub arbiters: Vec<Arc<str>>,
    /// Whether a target is written.
    pub targeted: bool,
    /// `DO NOTHING`.
    pub do_nothing: bool,
}

/// What the caller knows of a query besides its text.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The parameter types that the driver declares, by position; none for those that the server infers.
    pub declared: Vec<Type>,
}

/// What a query does on a schema.
pub fn analyze(_schema: &crate::schema::Schema, query: &crate::sql::Query, _context: &Context) -> Analysis {
    let reason = "queries are not analysed yet".to_owned();
    Analysis { unknowns: vec![Unknown { span: query.span, reason }], ..Analysis::default() }
}
