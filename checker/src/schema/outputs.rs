//! What a query gives and what it needs, for objects that are made of queries.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{ApplyProblem, Cloud, ColumnNumber, Dependency, RelationId, Schema, Type};
use crate::analysis::{Analysis, Context, Object, Stage, analyze};
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

/// What a query gives and what it needs.
pub(super) fn outputs(schema: &Schema, query: &Query) -> Outputs {
    let found = analyze(schema, query, &Context::default());
    let columns = found.shape.columns.iter().map(|column| Output {
        name: column.name.clone(),
        ty: column.ty,
        not_null: column.nullable == Some(false),
        collation: column.collation.clone(),
        origin: column.origin,
    });
    Outputs {
        columns: columns.collect(),
        unknown: why_incomplete(&found),
        depends: depends(&found),
        updatable: found.updatable,
        problems: if schema.dialect.definition.views_bind { problems(&found) } else { Vec::new() },
    }
}

fn why_incomplete(found: &Analysis) -> Option<Arc<Cloud>> {
    let reason = || match found.unknowns.first() {
        Some(unknown) => unknown.reason.clone(),
        None => "its query is not understood".to_owned(),
    };
    (!found.shape.complete).then(|| Arc::new(Cloud { reason: reason(), place: None }))
}

fn depends(found: &Analysis) -> Vec<Dependency> {
    let dependency = |object: &Object| match object {
        Object::Relation(id) => Some(Dependency::Relation(*id)),
        Object::Column(relation, column) => Some(Dependency::Column(*relation, *column)),
        Object::Routine(id) => Some(Dependency::Routine(*id)),
        Object::Type(id) | Object::Label(id, _) => id.is_user().then_some(Dependency::Type(*id)),
        // What is grouped by determines the rest of the row.
        Object::Constraint(relation, _) => Some(Dependency::PrimaryKey(*relation)),
        Object::BuiltIn(..) | Object::Derived(_) => None,
    };
    let needed: BTreeSet<Dependency> = found.uses.iter().filter_map(|used| dependency(&used.object)).collect();
    needed.into_iter().collect()
}

fn problems(found: &Analysis) -> Vec<ApplyProblem> {
    let refused = found.problems.iter().filter(|problem| problem.stage == Stage::Parse);
    let problem = |problem: &crate::analysis::Problem| ApplyProblem {
        rule: "migration-fails",
        span: problem.span,
        message: problem.message.clone(),
        sqlstate: Some(problem.sqlstate),
        about: problem.about.clone(),
    };
    refused.map(problem).collect()
}
