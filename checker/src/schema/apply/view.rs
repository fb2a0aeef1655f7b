//! Views, and tables made from queries.

use std::sync::Arc;

use sqlparser::ast::Statement as Ast;

use super::{Cx, Outcome, Stop, create, problem, table};
use crate::schema::outputs::{Outputs, outputs};
use crate::schema::{
    Cloud, Column, ColumnNumber, Dependency, Index, Key, Relation, RelationId, RelationKind, Schema, View,
};
use crate::sorted;
use crate::source::{Place, Source};
use crate::sql::ddl::{CreateView, Name, ObjectKind, ObjectName};
use crate::sql::{self, Query, Statement, StatementKind};

pub(super) fn create(cx: &mut Cx<'_>, create: &CreateView) -> Outcome {
    let temporary = create.temporary || create::is_temporary(cx, &create.name);
    let at = create::new_name(cx, &create.name, temporary)?;
    let existing = cx.schema.relation_names.get(&at).copied();
    let replaced = match existing {
        Some(crate::schema::Named::Relation(id)) if create.or_replace => cx.schema.relation(id),
        _ => None,
    };
    if let Some(replaced) = replaced.filter(|it| it.kind == RelationKind::View) {
        return replace(cx, &replaced, create);
    }
    if let (Some(crate::schema::Named::Relation(_)), true) = (existing, create.or_replace) {
        let message = format!("`{}` is not a view", problem::shown(&create.name));
        let about = vec![Key::Relation(at.1.clone())];
        cx.refuse(problem::fails(problem::span(&create.name), "42809", message, about))?;
        super::drop::clear_relation_name(cx, &at);
    }
    if !create::is_free(cx, &at, &create.name, create.if_not_exists)? {
        return Ok(());
    }
    let kind = if create.materialized { RelationKind::MaterializedView } else { RelationKind::View };
    let id = RelationId(cx.schema.fresh_id());
    let mut relation = Relation::new(id, at.0, at.1, kind);
    relation.temporary = temporary;
    relation.populated = create.with_data;
    let made = made_of(cx, create)?;
    fill(&mut relation, &made, &create.columns);
    relation.view = Some(view(cx, create, &made));
    table::finish(cx, relation, ObjectKind::Table)
}

/// What a view's query gives.
fn made_of(cx: &mut Cx<'_>, create: &CreateView) -> Outcome<Outputs> {
    let Some(query) = &create.query else {
        let unread = create.unread.as_ref();
        let reason = unread.map_or_else(|| "the view's query is not understood".to_owned(), |it| it.reason.clone());
        if let Some(unread) = unread {
            cx.report(problem::unparsed(unread));
        }
        return Ok(Outputs::unknown(reason));
    };
    let recursive = if create.recursive { recursive(cx.schema, create, query) } else { None };
    let made = outputs(cx.schema, recursive.as_ref().unwrap_or(query), &cx.source, &cx.variables);
    for problem in &made.problems {
        cx.refuse(problem.clone())?;
    }
    Ok(made)
}

/// `CREATE RECURSIVE VIEW v (a) AS query` is short for a view over `WITH RECURSIVE v (a) AS (query) SELECT a FROM v`.
fn recursive(schema: &Schema, create: &CreateView, query: &Query) -> Option<Query> {
    let quote = schema.dialect.quote;
    let columns: Vec<String> = create.columns.iter().map(|name| quote(&name.text)).collect();
    let (columns, view) = (columns.join(", "), quote(&create.name.name.text));
    let text = format!("WITH RECURSIVE {view} ({columns}) AS (SELECT 1) SELECT {columns} FROM {view}");
    let mut whole = sql::parse_query(&text, schema.dialect).ok()?;
    let Ast::Query(body) = &*query.tree else { return None };
    let Ast::Query(tree) = Arc::make_mut(&mut whole.tree) else { return None };
    tree.with.as_mut()?.cte_tables.first_mut()?.query = body.clone();
    Some(Query { span: query.span, removed: query.removed.clone(), ..whole })
}

fn view(cx: &Cx<'_>, create: &CreateView, made: &Outputs) -> View {
    let unread = create.unread.as_ref().map(|unread| {
        let place = Some(Place { source: cx.source.clone(), span: unread.span });
        Arc::new(Cloud { reason: unread.reason.clone(), place })
    });
    View {
        query: create.query.clone(),
        source: cx.source.clone(),
        search_path: cx.schema.search_path.clone(),
        column_names: create.columns.iter().map(|name| name.text.clone()).collect(),
        depends: made.depends.clone(),
        updatable: made.updatable && !create.materialized,
        check_option: create.check_option,
        unread,
    }
}

/// Gives a relation the columns of a query, under the names written before it where there are any.
fn fill(relation: &mut Relation, made: &Outputs, names: &[Name]) {
    for (position, output) in made.columns.iter().enumerate() {
        let name = names.get(position).map_or_else(|| output.name.clone(), |name| name.text.clone());
        let column = Column::new(ColumnNumber(0), name, output.ty);
        let collation = output.collation.clone();
        table::add(relation, Column { not_null: output.not_null, collation, origin: output.origin, ..column });
    }
    relation.opaque.clone_from(&made.unknown);
}

/// `CREATE OR REPLACE VIEW`: columns keep names and types, new ones come last.
fn replace(cx: &mut Cx<'_>, old: &Relation, create: &CreateView) -> Outcome {
    let made = made_of(cx, create)?;
    let mut new = Relation { columns: Vec::new(), next_column: 1, ..old.clone() };
    fill(&mut new, &made, &create.columns);
    new.view = Some(view(cx, create, &made));
    if new.opaque.is_none() && old.opaque.is_none() && cx.schema.dialect.definition.views_bind {
        refuse_changed_columns(cx, old, &new, create)?;
    }
    cx.schema.put(new);
    cx.touch_relation(old.id);
    cx.touch(Key::Type(old.name.clone()));
    Ok(())
}

fn refuse_changed_columns(cx: &mut Cx<'_>, old: &Relation, new: &Relation, create: &CreateView) -> Outcome {
    let span = problem::span(&create.name);
    if new.columns.len() < old.columns.len() {
        let about = vec![Key::Relation(old.name.clone())];
        return cx.refuse(problem::fails(span, "42P16", "cannot drop columns from view".to_owned(), about));
    }
    for (old_column, new_column) in old.columns.iter().zip(&new.columns) {
        let about = vec![Key::Column(old.name.clone(), old_column.name.clone())];
        if old_column.name != new_column.name {
            let message = format!("cannot change name of view column `{}` to `{}`", old_column.name, new_column.name);
            return cx.refuse(problem::fails(span, "42P16", message, about));
        }
        let (before, after) = (old_column.ty, new_column.ty);
        if before != after && before.id.is_sure() && after.id.is_sure() {
            let message = format!(
                "cannot change data type of view column `{}` from {} to {}",
                old_column.name,
                cx.schema.format_type(before),
                cx.schema.format_type(after)
            );
            return cx.refuse(problem::fails(span, "42P16", message, about));
        }
    }
    Ok(())
}

/// `REFRESH MATERIALIZED VIEW`.
pub(super) fn refresh(cx: &mut Cx<'_>, name: &ObjectName, concurrently: bool, with_data: bool) -> Outcome {
    let relation = cx.relation(name)?;
    if relation.kind != RelationKind::MaterializedView {
        let message = format!("`{}` is not a materialized view", relation.name);
        let about = vec![Key::Relation(relation.name.clone())];
        return Err(Stop::Fails(problem::fails(problem::span(name), "0A000", message, about)));
    }
    if concurrently {
        refuse_concurrently(cx, &relation, name)?;
    }
    if relation.populated != with_data {
        cx.schema.edit(relation.id, |relation| relation.populated = with_data);
        cx.touch_relation(relation.id);
    }
    Ok(())
}

/// Rows are compared with those that are there, by a unique index over plain columns and all rows.
fn refuse_concurrently(cx: &mut Cx<'_>, relation: &Relation, name: &ObjectName) -> Outcome {
    let tells_apart = |index: &Index| {
        index.unique && index.valid && index.predicate.is_none() && index.keys.iter().all(|key| key.column.is_some())
    };
    let (code, message) = match () {
        () if !relation.populated => {
            ("0A000", "CONCURRENTLY cannot be used when the materialized view is not populated".to_owned())
        }
        () if !relation.indexes.iter().any(tells_apart) => {
            ("55000", format!("cannot refresh materialized view `{}` concurrently", relation.name))
        }
        () => return Ok(()),
    };
    cx.refuse(problem::fails(problem::span(name), code, message, vec![Key::Relation(relation.name.clone())]))
}

/// `CREATE TABLE AS` and `SELECT INTO`: the columns of the query.
pub(super) fn fill_from_query(cx: &mut Cx<'_>, relation: &mut Relation, query: &Query, names: &[Name]) -> Outcome {
    let made = outputs(cx.schema, query, &cx.source, &cx.variables);
    for problem in &made.problems {
        cx.refuse(problem.clone())?;
    }
    fill(relation, &made, names);
    for column in &mut relation.columns {
        column.not_null = false;
        column.origin = None;
    }
    Ok(())
}

/// What the statements of a body that is resolved when created depend on.
pub(super) fn routine_depends(schema: &Schema, statements: &[Statement], source: &Source) -> Vec<Dependency> {
    let depends = statements.iter().flat_map(|statement| match &statement.kind {
        StatementKind::Query(query) => query_depends(schema, query, source),
        _ => Vec::new(),
    });
    sorted::set(depends).into_iter().collect()
}

/// What a query depends on.
pub(super) fn query_depends(schema: &Schema, query: &Query, source: &Source) -> Vec<Dependency> {
    outputs(schema, query, source, &[]).depends
}
