//! What a query gives and what it needs, for objects that are made of queries.

use std::sync::Arc;

use super::{ApplyProblem, Cloud, ColumnNumber, Dependency, RelationId, Schema, Type};
use crate::analysis::{Context, Object, Stage, Use, Variable, VariableConflict, analyze};
use crate::sorted;
use crate::source::{Place, Source};
use crate::sql::Query;

/// What a query gives and what it needs.
#[derive(Clone, Debug, Default)]
pub(super) struct Outputs {
    /// Its columns in order.
    pub(super) columns: Vec<Output>,
    /// Why they are not all known.
    pub(super) unknown: Option<Arc<Cloud>>,
    /// The objects that it needs.
    pub(super) depends: Vec<Dependency>,
    /// Whether simple writes could go through it to its only table.
    pub(super) updatable: bool,
    /// Why the server refuses it.
    pub(super) problems: Vec<ApplyProblem>,
}

/// A column of a query.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) name: Arc<str>,
    pub(super) ty: Type,
    pub(super) not_null: bool,
    pub(super) collation: Option<Arc<str>>,
    pub(super) origin: Option<(RelationId, ColumnNumber)>,
}

impl Outputs {
    /// Nothing is known of the query.
    pub(super) fn unknown(reason: String) -> Outputs {
        Outputs { unknown: Some(Arc::new(Cloud { reason, place: None })), ..Outputs::default() }
    }
}

/// What a query, whose positions count in a file, gives and what it needs. `variables` are those of the script around it.
pub(super) fn outputs(schema: &Schema, query: &Query, source: &Source, variables: &[Variable]) -> Outputs {
    let context = Context {
        text: source.text().into(),
        variables: variables.to_vec(),
        conflict: VariableConflict::Column,
        ..Context::default()
    };
    let found = analyze(schema, query, &context);
    let columns = found.shape.columns.into_iter().map(|column| Output {
        name: column.name,
        ty: column.ty,
        not_null: column.nullable == Some(false),
        collation: column.collation,
        origin: column.origin,
    });
    let first = found.unknowns.into_iter().next();
    let unknown = first.filter(|_| !found.shape.complete).map(|unknown| {
        let place = Some(Place { source: source.clone(), span: unknown.span });
        Arc::new(Cloud { reason: unknown.reason, place })
    });
    // Where names are looked up at each use, what is missing may come before the first use.
    let binds = schema.dialect.definition.views_bind;
    let problems = found.problems.into_iter().filter(|problem| binds && problem.stage == Stage::Parse);
    let problems = problems.map(|problem| ApplyProblem {
        rule: super::apply::FAILS,
        span: problem.span,
        message: problem.message,
        sqlstate: Some(problem.sqlstate),
        about: problem.about,
    });
    Outputs {
        columns: columns.collect(),
        unknown,
        problems: problems.collect(),
        depends: dependencies(schema, &found.uses),
        updatable: found.updatable,
    }
}

/// The created objects among what a query uses.
fn dependencies(schema: &Schema, uses: &[Use]) -> Vec<Dependency> {
    let created = |id: RelationId| schema.relations.contains_key(&id);
    let depends = uses.iter().filter_map(|used| match used.object {
        Object::Relation(id) if created(id) => Some(Dependency::Relation(id)),
        Object::Column(id, number) if created(id) => Some(Dependency::Column(id, number)),
        Object::Routine(id) => Some(Dependency::Routine(id)),
        Object::Type(id) | Object::Label(id, _) if id.is_user() => Some(Dependency::Type(id)),
        // What is grouped by determines the rest of the row.
        Object::Constraint(id, _) if created(id) => Some(Dependency::PrimaryKey(id)),
        _ => None,
    });
    sorted::set(depends).into_iter().collect()
}
