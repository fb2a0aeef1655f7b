//! Renames in engines whose views and triggers name what they read: the engine rewrites their text.

use std::ops::ControlFlow;
use std::sync::Arc;

use sqlparser::ast::{Expr, Ident, ObjectName, VisitorMut};

use super::mention::{folded, rename_ident};
use super::{ColumnNumber, Relation, RelationId, RelationKind, Schema};
use crate::analysis::{Context, Object, Variable, VariableConflict, analyze};
use crate::source::{Source, Span};
use crate::sql::{Query, byte_span, walk_mut};

/// What is renamed.
#[derive(Clone, Copy)]
enum Renamed {
    Relation(RelationId),
    Column(RelationId, ColumnNumber),
}

/// Rewrites the name of a relation, which it still has, in all views and triggers.
pub(super) fn rename_relation(schema: &mut Schema, id: RelationId, to: &Arc<str>) {
    rename(schema, Renamed::Relation(id), to);
}

/// Rewrites the name of a column, which it still has, in all views and triggers.
pub(super) fn rename_column(schema: &mut Schema, id: RelationId, column: ColumnNumber, to: &Arc<str>) {
    rename(schema, Renamed::Column(id, column), to);
}

fn rename(schema: &mut Schema, renamed: Renamed, to: &Arc<str>) {
    let look = schema.clone();
    let bearers: Vec<RelationId> = look
        .relations
        .values()
        .filter(|relation| relation.view.is_some() || !relation.triggers.is_empty())
        .map(|relation| relation.id)
        .collect();
    for bearer in bearers {
        let Some(mut changed) = look.relation(bearer).map(|relation| Relation::clone(&relation)) else { continue };
        let row = look.relation(bearer);
        if let Some(view) = &mut changed.view
            && let Some(query) = &mut view.query
        {
            rewrite(&look, query, &view.source, &Context::default(), renamed, to);
        }
        for trigger in &mut changed.triggers {
            let context = row.as_deref().map(rows_of).unwrap_or_default();
            for statement in Arc::make_mut(&mut trigger.body) {
                rewrite(&look, statement, &trigger.source, &context, renamed, to);
            }
        }
        if changed.kind == RelationKind::View
            && let Renamed::Column(..) = renamed
        {
            rename_output(&look, &mut changed, renamed, to);
        }
        schema.put(changed);
    }
}

/// The old and the new row, as a trigger's statements see them.
fn rows_of(relation: &Relation) -> Context {
    let row = |name: &str| Variable {
        name: name.into(),
        qualifiers: Vec::new(),
        ty: super::Type::UNSURE,
        fields: Some(relation.columns.as_slice().into()),
        relation: Some(relation.id),
    };
    Context { variables: vec![row("old"), row("new")], conflict: VariableConflict::Column, ..Context::default() }
}

/// A view's column that passes on a renamed one under its own name.
fn rename_output(schema: &Schema, view: &mut Relation, renamed: Renamed, to: &Arc<str>) {
    let Renamed::Column(id, number) = renamed else { return };
    let named = view.view.as_ref().is_some_and(|view| !view.column_names.is_empty());
    let Some(from) = schema.relation(id).and_then(|it| it.column_numbered(number).map(|column| column.name.clone()))
    else {
        return;
    };
    let passed = |column: &&mut super::Column| column.origin == Some((id, number)) && column.name == from;
    for column in view.columns.iter_mut().filter(passed).filter(|_| !named) {
        column.name = to.clone();
    }
}

fn rewrite(schema: &Schema, query: &mut Query, source: &Source, context: &Context, renamed: Renamed, to: &Arc<str>) {
    let context = Context { text: source.text().into(), ..context.clone() };
    let found = analyze(schema, query, &context);
    let meant = |object: &Object| match (object, renamed) {
        (Object::Relation(id), Renamed::Relation(renamed)) => *id == renamed,
        (Object::Column(id, number), Renamed::Column(renamed, column)) => (*id, *number) == (renamed, column),
        _ => false,
    };
    let ends: Vec<usize> =
        found.uses.iter().filter(|it| it.explicit && meant(&it.object)).map(|it| it.span.end).collect();
    let (id, fields) = match renamed {
        Renamed::Relation(id) => (id, false),
        Renamed::Column(id, _) => (id, context.variables.iter().any(|variable| variable.relation == Some(id))),
    };
    let Some(relation) = schema.relation(id) else { return };
    let from = match renamed {
        Renamed::Relation(_) => relation.name.clone(),
        Renamed::Column(_, number) => {
            relation.column_numbered(number).map_or_else(|| Arc::from(""), |column| column.name.clone())
        }
    };
    if ends.is_empty() && !fields {
        return;
    }
    let qualifier = matches!(renamed, Renamed::Relation(_));
    let mut rewriter = Rewriter { schema, from: &from, to, ends, qualifier, fields };
    let _ = walk_mut(Arc::make_mut(&mut query.tree), &mut rewriter);
}

struct Rewriter<'a> {
    schema: &'a Schema,
    from: &'a str,
    to: &'a str,
    /// Where the names end that stand for what is renamed.
    ends: Vec<usize>,
    /// Whether it is a table, whose name may stand before its columns.
    qualifier: bool,
    /// Whether it is a column of the old and the new row.
    fields: bool,
}

impl Rewriter<'_> {
    fn rename(&self, ident: &mut Ident) {
        let ends_here = |span: Span| self.ends.contains(&span.end);
        if folded(self.schema, ident) == self.from && byte_span(ident.span).is_some_and(ends_here) {
            rename_ident(self.schema, ident, self.to);
        }
    }
}

impl VisitorMut for Rewriter<'_> {
    type Break = ();

    fn pre_visit_ident(&mut self, ident: &mut Ident) -> ControlFlow<()> {
        self.rename(ident);
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &mut ObjectName) -> ControlFlow<()> {
        if let Some(sqlparser::ast::ObjectNamePart::Identifier(ident)) = relation.0.last_mut() {
            self.rename(ident);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::CompoundIdentifier(idents) = expr
            && let [.., qualifier, name] = idents.as_mut_slice()
        {
            let written = folded(self.schema, qualifier);
            if self.qualifier && written == self.from {
                rename_ident(self.schema, qualifier, self.to);
            }
            if self.fields && matches!(&*written, "old" | "new") && folded(self.schema, name) == self.from {
                rename_ident(self.schema, name, self.to);
            }
        }
        ControlFlow::Continue(())
    }
}
