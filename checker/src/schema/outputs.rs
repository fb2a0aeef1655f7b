//! What a query gives and what it needs, for objects that are made of queries.

use std::collections::BTreeSet;
use std::sync::Arc;

use sqlparser::ast::{Expr, GroupByExpr, Query as Tree, Select, SelectItem, SetExpr, Statement, TableFactor};

use super::mention::split;
use super::{ApplyProblem, Cloud, ColumnNumber, Dependency, RelationId, RelationKind, Schema, Type};
use crate::analysis::{Context, Object, Stage, Use, analyze};
use crate::dialect::catalog::FunctionKind;
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
    /// What its names stand for.
    pub(super) uses: Vec<Use>,
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

/// What a query, whose positions count in a file, gives and what it needs.
pub(super) fn outputs(schema: &Schema, query: &Query, source: &Source) -> Outputs {
    let context = Context { text: source.text().into(), ..Context::default() };
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
    let problems = found.problems.into_iter().filter(|problem| problem.stage == Stage::Parse).map(|problem| ApplyProblem {
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
        updatable: is_updatable(schema, query),
        uses: found.uses,
    }
}

/// The created objects among what a query uses.
fn dependencies(schema: &Schema, uses: &[Use]) -> Vec<Dependency> {
    let created = |id: RelationId| schema.relations.contains_key(&id);
    let depends: BTreeSet<Dependency> = uses
        .iter()
        .filter_map(|used| match used.object {
            Object::Relation(id) if created(id) => Some(Dependency::Relation(id)),
            Object::Column(id, number) if created(id) => Some(Dependency::Column(id, number)),
            Object::Routine(id) => Some(Dependency::Routine(id)),
            Object::Type(id) | Object::Label(id, _) if id.is_user() => Some(Dependency::Type(id)),
            Object::Constraint(id, _) if created(id) => Some(Dependency::PrimaryKey(id)),
            _ => None,
        })
        .collect();
    depends.into_iter().collect()
}

/// Whether a view of the query takes writes. Postgres source: `view_query_is_auto_updatable` in `rewriteHandler.c`.
fn is_updatable(schema: &Schema, query: &Query) -> bool {
    let Statement::Query(tree) = &*query.tree else { return false };
    let Tree { with: None, limit_clause: None, fetch: None, body, .. } = &**tree else { return false };
    let SetExpr::Select(select) = &**body else { return false };
    let Select { distinct: None, having: None, from, group_by: GroupByExpr::Expressions(groups, modifiers), .. } = &**select
    else {
        return false;
    };
    let [from] = from.as_slice() else { return false };
    let TableFactor::Table { name, args: None, .. } = &from.relation else { return false };
    let (namespace, name) = split(schema, name);
    let Some(relation) = schema.find_relation(namespace.as_deref(), &name) else { return false };
    let base = match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable | RelationKind::ForeignTable => true,
        RelationKind::View => relation.view.as_ref().is_some_and(|view| view.updatable),
        _ => false,
    };
    base && from.joins.is_empty()
        && groups.is_empty()
        && modifiers.is_empty()
        && select.projection.iter().all(|item| gives_row_values(schema, item))
}

/// Whether an output is computed from one row: no aggregate, window function or set.
fn gives_row_values(schema: &Schema, item: &SelectItem) -> bool {
    let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = item else { return true };
    let over_rows = sqlparser::ast::visit_expressions(expr, |inner| match inner {
        Expr::Function(function) => {
            let (namespace, name) = split(schema, &function.name);
            let routines = schema.find_routines(namespace.as_deref(), &name);
            let many = routines.iter().any(|routine| {
                let signature = routine.signature();
                signature.returns_set || !matches!(signature.kind, FunctionKind::Function)
            });
            if many || function.over.is_some() {
                return std::ops::ControlFlow::Break(());
            }
            std::ops::ControlFlow::Continue(())
        }
        _ => std::ops::ControlFlow::Continue(()),
    });
    over_rows.is_continue()
}
