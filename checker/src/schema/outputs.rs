//! What a query gives and what it needs, for objects that are made of queries.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use sqlparser::ast::{
    Expr, ObjectName, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableFactor, Visit, Visitor,
};

use super::mention::{folded, split};
use super::{ApplyProblem, Cloud, ColumnNumber, Dependency, Relation, RelationId, Schema, Type};
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
    let mut reads = Reads { schema, depends: BTreeSet::new() };
    let _ = query.tree.visit(&mut reads);
    let mut outputs = Outputs { depends: reads.depends.into_iter().collect(), ..Outputs::default() };
    let sqlparser::ast::Statement::Query(tree) = &*query.tree else { return outputs };
    match &*tree.body {
        SetExpr::Select(select) => select_columns(schema, select, &mut outputs),
        _ => outputs.unknown = Some(Arc::new(Cloud { reason: "the query is not a plain select".into(), place: None })),
    }
    outputs
}

struct Reads<'a> {
    schema: &'a Schema,
    depends: BTreeSet<Dependency>,
}

impl Visitor for Reads<'_> {
    type Break = ();

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        let (schema, name) = split(self.schema, relation);
        if let Some(relation) = self.schema.find_relation(schema.as_deref(), &name) {
            self.depends.insert(Dependency::Relation(relation.id));
            self.depends.extend(relation.columns.iter().map(|column| Dependency::Column(relation.id, column.number)));
        }
        ControlFlow::Continue(())
    }
}

fn select_columns(schema: &Schema, select: &Select, outputs: &mut Outputs) {
    let mut sources: Vec<(String, Arc<Relation>)> = Vec::new();
    for table in select.from.iter().flat_map(|from| std::iter::once(&from.relation).chain(from.joins.iter().map(|j| &j.relation))) {
        let TableFactor::Table { name, alias, .. } = table else { continue };
        let (namespace, name) = split(schema, name);
        let Some(relation) = schema.find_relation(namespace.as_deref(), &name) else { continue };
        let alias = alias.as_ref().map_or(name, |alias| folded(schema, &alias.name));
        sources.push((alias, relation));
    }
    let pass = |relation: &Relation, column: &super::Column| Output {
        name: column.name.clone(),
        ty: column.ty,
        not_null: column.not_null,
        collation: column.collation.clone(),
        origin: Some((relation.id, column.number)),
    };
    let find = |expr: &Expr| -> Option<Output> {
        let (qualifier, name) = match expr {
            Expr::Identifier(ident) => (None, folded(schema, ident)),
            Expr::CompoundIdentifier(idents) => match idents.as_slice() {
                [.., qualifier, name] => (Some(folded(schema, qualifier)), folded(schema, name)),
                _ => return None,
            },
            _ => return None,
        };
        let fits = |(alias, _): &&(String, Arc<Relation>)| qualifier.as_ref().is_none_or(|it| it == alias);
        sources.iter().filter(fits).find_map(|(_, relation)| relation.column(&name).map(|column| pass(relation, column)))
    };
    let unknown = |name: Arc<str>| Output { name, ty: Type::UNSURE, not_null: false, collation: None, origin: None };
    for item in &select.projection {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                let name = super::names::expression_name(expr);
                outputs.columns.push(find(expr).unwrap_or_else(|| unknown(name.into())));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                let name: Arc<str> = folded(schema, alias).into();
                outputs.columns.push(Output { name: name.clone(), ..find(expr).unwrap_or_else(|| unknown(name)) });
            }
            SelectItem::Wildcard(_) => {
                for (_, relation) in &sources {
                    outputs.columns.extend(relation.columns.iter().map(|column| pass(relation, column)));
                }
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                let (_, name) = split(schema, name);
                for (_, relation) in sources.iter().filter(|(alias, _)| *alias == name) {
                    outputs.columns.extend(relation.columns.iter().map(|column| pass(relation, column)));
                }
            }
            _ => {}
        }
    }
}
