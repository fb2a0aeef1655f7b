//! Names, types and nullability: a query on one schema.
//!
//! [`analyze`] follows the server's own analysis (on Postgres: parse analysis, then the parts of planning and execution that
//! the schema decides) over sqlparser's tree. Names resolve in scopes (`scope.rs`), expressions become small typed trees
//! (`tree.rs`) that grouping and `ON CONFLICT` compare. What is not understood is an [`Unknown`] at the smallest place, and the
//! rest goes on.

mod assignment;
mod collation;
mod conflict;
mod cx;
mod delete;
mod expr;
mod function_item;
mod grouping;
mod holds;
mod implication;
mod insert;
mod join;
mod known;
mod merge;
mod modify;
mod naming;
mod nullability;
mod operation;
mod parameters;
mod prepared;
mod query;
mod relation;
mod required;
mod routine;
mod sample;
mod scope;
mod select;
mod set_operation;
mod sort;
mod statement;
mod tree;
mod types;
mod update;
mod values;
mod view;
mod with;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::dialect::TypeId;
use crate::schema::{Column, ColumnNumber, Key, Relation, RelationId, RoutineId, Schema, Type};
use crate::source::Span;
use crate::sql;
use crate::sql::ddl::Event;
use cx::{Cx, Kind, Path};

pub use holds::{Known, holds};
pub use operation::{analyze_lock, analyze_truncate};
pub(crate) use routine::may_be_supplied;

/// Finds out what a query means on a schema.
pub fn analyze(schema: &Schema, query: &sql::Query, context: &Context) -> Analysis {
    analyze_inside(schema, Path::default(), query, context)
}

/// Analyses a statement that another one brings with it: a view's query, a statement of a routine.
fn analyze_inside(schema: &Schema, path: Path, query: &sql::Query, context: &Context) -> Analysis {
    let mut cx = Cx::new(schema, context, &query.removed, query.span);
    (cx.views, cx.of_views, cx.routines, cx.triggers) = (path.views, path.of_views, path.routines, path.triggers);
    cx.number_parameters(query);
    let rows = statement::statement(&mut cx, &query.tree);
    operation::check_index_hints(&mut cx);
    cx.check_parameters();
    finish(cx, rows)
}

/// The analysis with the places of the output columns.
#[cfg(test)]
fn analyze_rows(schema: &Schema, query: &sql::Query, context: &Context) -> (Analysis, Vec<Span>) {
    let mut cx = Cx::new(schema, context, &query.removed, query.span);
    cx.number_parameters(query);
    let rows = statement::statement(&mut cx, &query.tree);
    cx.check_parameters();
    let spans = rows.columns.iter().map(|column| column.typed.span).collect();
    (finish(cx, rows), spans)
}

fn finish(cx: Cx, rows: query::Rows) -> Analysis {
    let parameters = cx.parameters.types();
    let span = cx.span;
    let overcast = cx.schema.overcast.clone();
    let mut out = cx.out;
    let column = |column: query::RowColumn| OutputColumn {
        name: column.name,
        ty: column.typed.ty,
        nullable: column.typed.nullable,
        collation: column.typed.collation,
        origin: column.typed.origin,
    };
    out.shape = Shape { parameters, columns: rows.columns.into_iter().map(column).collect(), complete: rows.complete };
    out.updatable = rows.simple;
    out.uses.sort_by_key(|used| used.span);
    if let Some(cloud) = overcast {
        // Anything may be different from what the model says.
        out.problems.clear();
        out.unknowns
            .push(Unknown { span, reason: format!("something before it was not understood: {}", cloud.reason) });
    }
    out
}

/// What the caller knows of the place that a query stands in.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The text that the query's spans count in.
    pub text: Arc<str>,
    /// The types that the driver declares for parameters, by position; [`Type::UNSURE`] where it declares none.
    pub declared: Vec<Type>,
    /// Whether the driver declares a type for each parameter, also where `declared` does not say which.
    pub typed: bool,
    /// Variables of the routine around the query, the innermost last.
    pub variables: Vec<Variable>,
    /// What a name means that is both a variable and a column.
    pub conflict: VariableConflict,
    /// Tables that the routine has besides those of the schema: a trigger's transition tables.
    pub tables: Vec<(Arc<str>, Arc<Relation>)>,
}

/// A variable of a routine.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// What may stand before its name and a dot: the block's label, the routine's name.
    pub qualifiers: Vec<Arc<str>>,
    /// Its type.
    pub ty: Type,
    /// The fields of a row whose type does not tell them; `None` also where nothing is known.
    pub fields: Option<Arc<[Column]>>,
    /// The table whose row it holds.
    pub relation: Option<RelationId>,
}

/// What a name means that is both a variable and a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VariableConflict {
    /// The server refuses it (PL/pgSQL).
    #[default]
    Error,
    /// The column (SQL functions; PL/pgSQL's `#variable_conflict use_column`).
    Column,
    /// The variable (PL/pgSQL's `#variable_conflict use_variable`).
    Variable,
}

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
    /// The columns that bodies of routines read as fields of row variables: a session keeps the types that they had when it
    /// first ran the body.
    pub fields: BTreeSet<(RelationId, ColumnNumber)>,
    /// The columns that each `NATURAL JOIN` compares, in the order of the text.
    pub natural: Vec<NaturalJoin>,
    /// Whether simple writes could go through it to its only table, if it were a view.
    pub updatable: bool,
    /// Whether the server takes it only with parameter types that are declared: those that it would infer itself do not fit.
    pub needs_declared: bool,
}

impl Analysis {
    /// The first problem that each execution has which reaches a row.
    pub fn refused(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.certain)
    }

    /// The first of them that no data mends: a materialized view that migrations leave empty is filled by somebody else.
    pub fn refused_for_good(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.certain && !problem.is_of_empty_view())
    }
}

impl Problem {
    /// Whether a materialized view that holds no data yet is all that is wrong.
    fn is_of_empty_view(&self) -> bool {
        operation::UNPOPULATED == Kind(self.rule, self.sqlstate, self.stage)
    }
}

/// A join by all columns that both sides have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NaturalJoin {
    /// Its right side in the SQL text.
    pub span: Span,
    /// The relations of its sides, where these are relations.
    pub relations: Vec<Arc<str>>,
    /// The names of the columns.
    pub columns: Vec<Arc<str>>,
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

impl OutputColumn {
    /// What a client learns of its nullability that describes the statement, looks at the attribute it comes from and at the
    /// plan's outer joins, as sqlx's macros do while they compile: whether it is never NULL.
    pub fn is_described_not_null(&self, schema: &Schema) -> bool {
        let attribute = self.origin.and_then(|(id, number)| {
            let relation = schema.relation(id)?;
            let stored = relation.view.is_none();
            relation.column_numbered(number).map(|column| stored && column.not_null)
        });
        attribute == Some(true) && self.nullable != Some(true)
    }
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
    /// Whether each execution that reaches a row fails; false where a routine's path to it depends on data.
    pub certain: bool,
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

#[cfg(test)]
mod tests;
