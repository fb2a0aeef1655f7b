//! What a relation does not take although all names are found: emptying what others refer to, locking rows that a view puts
//! together, writing where a rule or a publication is in the way.

use std::sync::Arc;

use sqlparser::ast::{self, Expr, GroupByExpr, SelectItem, SetExpr, TableFactor};

use super::cx::{Cx, Kind, Words};
use super::modify::{self, Target};
use super::relation::find_relation;
use super::scope::Scope;
use super::tree::{Node, Typed};
use super::{Analysis, Context, Object, Stage, Write, routine};
use crate::dialect::catalog::FunctionKind;
use crate::schema::{Key, Relation, RelationKind, Schema};
use crate::source::Span;
use crate::sql::RemovedKind;
use crate::sql::ddl::{self, Event};

const RULE: &str = "operation-refused";
const BY_PUBLICATION: Kind = Kind(RULE, "55000", Stage::Plan);
const NOT_EMPTIED: Kind = Kind(RULE, "42809", Stage::Execute);
const REFERRED_TO: Kind = Kind(RULE, "0A000", Stage::Execute);
const NOT_LOCKED: Kind = Kind(RULE, "0A000", Stage::Plan);
const NOT_LOCKABLE: Kind = Kind(RULE, "42809", Stage::Plan);
pub(super) const UNPOPULATED: Kind = Kind(RULE, "55000", Stage::Execute);
const NO_INDEX: Kind = Kind(RULE, "42704", Stage::Parse);
const BY_RULE: Kind = Kind(RULE, "0A000", Stage::Parse);
const NO_SYSTEM_COLUMN: Kind = Kind(RULE, "0A000", Stage::Execute);

/// Analyses `TRUNCATE`.
pub fn analyze_truncate(
    schema: &Schema,
    tables: &[ddl::ObjectName],
    cascade: bool,
    span: Span,
    context: &Context,
) -> Analysis {
    let mut cx = Cx::new(schema, context, &[], span);
    cx.at_execution(|cx| {
        let found: Vec<(Arc<Relation>, Span)> = tables.iter().filter_map(|table| look_up(cx, table)).collect();
        for (relation, span) in &found {
            emptied(cx, relation, *span);
            if !cascade {
                referred_to(cx, relation, &found, *span);
            }
        }
    });
    super::finish(cx, super::query::Rows::silent())
}

/// Analyses `LOCK TABLE`.
pub fn analyze_lock(schema: &Schema, tables: &[ddl::ObjectName], span: Span, context: &Context) -> Analysis {
    let mut cx = Cx::new(schema, context, &[], span);
    cx.at_execution(|cx| {
        for table in tables {
            look_up(cx, table);
        }
    });
    super::finish(cx, super::query::Rows::silent())
}

fn look_up(cx: &mut Cx, name: &ddl::ObjectName) -> Option<(Arc<Relation>, Span)> {
    let parts: Vec<(Arc<str>, Span)> =
        name.schema.iter().chain([&name.name]).map(|part| (part.text.clone(), part.span)).collect();
    find_relation(cx, &parts)
}

/// A table of `TRUNCATE`.
pub(super) fn emptied(cx: &mut Cx, relation: &Arc<Relation>, span: Span) {
    cx.wrote(span, Object::Relation(relation.id));
    if !matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable | RelationKind::ForeignTable) {
        let message = format!("`{}` is a {}, which cannot be truncated", relation.name, relation.kind.word());
        let about = vec![Key::Relation(relation.name.clone())];
        cx.problem(NOT_EMPTIED, about, Words { span, message, label: "not a table".into() });
    }
    routine::fire(cx, relation, Event::Truncate, &[], span, routine::Reach::Always);
    cx.out.writes.push(Write {
        relation: relation.id,
        span,
        event: Event::Truncate,
        columns: Vec::new(),
        conflict: None,
        default_values: false,
        positional: false,
    });
}

/// A table that others refer to can only be emptied together with them.
fn referred_to(cx: &mut Cx, relation: &Relation, all: &[(Arc<Relation>, Span)], span: Span) {
    let schema = cx.schema;
    for (id, constraint) in schema.referencing(relation.id) {
        let Some(other) = schema.relation(id) else { continue };
        cx.depend(Key::Relation(other.name.clone()));
        if id == relation.id || all.iter().any(|(listed, _)| listed.id == id) {
            continue;
        }
        let message = format!("`{}` cannot be truncated while `{}` refers to it", relation.name, other.name);
        let about =
            vec![Key::Constraint(other.name.clone(), constraint.name.clone()), Key::Relation(relation.name.clone())];
        cx.problem(REFERRED_TO, about, Words { span, message, label: format!("`{}` refers to it", other.name) });
        return;
    }
}

/// `INDEXED BY` demands an index that is there.
pub(super) fn check_index_hints(cx: &mut Cx) {
    for piece in cx.removed {
        let RemovedKind::Clause("INDEXED BY") = piece.what else { continue };
        let Some(written) = cx.context.text.get(piece.span.start..piece.span.end) else { continue };
        let name = written.split_whitespace().next_back().unwrap_or_default();
        let name = (cx.schema.dialect.fold)(name.trim_matches(|c| matches!(c, '"' | '`' | '[' | ']')));
        if cx.schema.find_index(None, &name).is_none() && !cx.clouded(&name, piece.span) {
            let message = format!("index `{name}` does not exist");
            cx.problem(NO_INDEX, Vec::new(), Words { span: piece.span, message, label: "unknown index".into() });
        }
    }
}

/// A materialized view that was never filled has no rows to read.
pub(super) fn check_populated(cx: &mut Cx, relation: &Relation, span: Span) {
    if relation.kind == RelationKind::MaterializedView && !relation.populated {
        let message = format!("materialized view `{}` holds no data yet", relation.name);
        let about = vec![Key::Relation(relation.name.clone())];
        cx.problem(UNPOPULATED, about, Words { span, message, label: "not populated".into() });
    }
}

/// `FOR UPDATE` and its kin on an item of `FROM`.
pub(super) fn check_lockable(cx: &mut Cx, relation: &Arc<Relation>, span: Span) {
    let about = vec![Key::Relation(relation.name.clone())];
    match relation.kind {
        RelationKind::MaterializedView | RelationKind::Sequence => {
            let message = format!("rows of {} `{}` cannot be locked", relation.kind.word(), relation.name);
            cx.problem(NOT_LOCKABLE, about, Words { span, message, label: "locked here".into() });
        }
        RelationKind::View if puts_rows_together(cx, relation, 0) => {
            let message = format!("view `{}` groups or combines rows, so that they cannot be locked", relation.name);
            cx.problem(NOT_LOCKED, about, Words { span, message, label: "locked here".into() });
        }
        _ => {}
    }
}

/// Whether rows of a view are no rows of single tables.
fn puts_rows_together(cx: &mut Cx, relation: &Arc<Relation>, depth: usize) -> bool {
    let Some(query) = relation.view.as_ref().and_then(|view| view.query.as_ref()).filter(|_| depth < 16) else {
        return false;
    };
    let ast::Statement::Query(written) = &*query.tree else { return false };
    match &*written.body {
        SetExpr::Select(select) => {
            let grouped = match &select.group_by {
                GroupByExpr::All(_) => true,
                GroupByExpr::Expressions(keys, modifiers) => !keys.is_empty() || !modifiers.is_empty(),
            };
            if grouped || select.having.is_some() || select.distinct.is_some() || aggregates(cx, &select.projection) {
                return true;
            }
            let path = relation.view.as_ref().map(|view| view.search_path.clone()).unwrap_or_default();
            let tables = select
                .from
                .iter()
                .flat_map(|from| std::iter::once(&from.relation).chain(from.joins.iter().map(|join| &join.relation)));
            let names: Vec<_> = tables.filter_map(named).map(|name| cx.names(name)).collect();
            names
                .iter()
                .any(|parts| below(cx, &path, parts).is_some_and(|table| puts_rows_together(cx, &table, depth + 1)))
        }
        _ => false,
    }
}

fn named(factor: &TableFactor) -> Option<&ast::ObjectName> {
    match factor {
        TableFactor::Table { name, args: None, .. } => Some(name),
        _ => None,
    }
}

/// A relation that a view names.
fn below(cx: &mut Cx, path: &[Arc<str>], parts: &[(Arc<str>, Span)]) -> Option<Arc<Relation>> {
    let (name, _) = parts.last()?;
    cx.depend(Key::Relation(name.clone()));
    match parts.len().checked_sub(2).and_then(|at| parts.get(at)) {
        Some((schema, _)) => cx.schema.find_relation(Some(schema), name),
        None => path.iter().find_map(|schema| cx.schema.find_relation(Some(schema), name)),
    }
}

/// Whether an output column is an aggregate or a window function, or returns several rows.
fn aggregates(cx: &Cx, items: &[SelectItem]) -> bool {
    items.iter().any(|item| match item {
        SelectItem::UnnamedExpr(Expr::Function(function))
        | SelectItem::ExprWithAlias { expr: Expr::Function(function), .. } => {
            let Some((name, _)) = cx.names(&function.name).pop() else { return false };
            let found = cx.schema.find_routines(None, &name);
            function.over.is_some()
                || found.iter().any(|routine| {
                    let signature = routine.signature();
                    signature.returns_set || !matches!(signature.kind, FunctionKind::Function | FunctionKind::Procedure)
                })
        }
        _ => false,
    })
}

/// What a statement that writes has, or where it stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Features {
    pub(super) conflict: bool,
    pub(super) returning: bool,
    /// `WITH` before it.
    pub(super) with: bool,
    /// In `WITH` itself.
    pub(super) inside_with: bool,
}

impl Features {
    pub(super) fn of(scope: &Scope, conflict: bool, returning: bool) -> Features {
        Features { conflict, returning, with: !scope.ctes.is_empty(), inside_with: scope.recursive.is_some() }
    }
}

/// What an `INSERT`, `UPDATE` or `DELETE` cannot have on a table with rules.
pub(super) fn check_rules(cx: &mut Cx, target: &Target, event: Event, features: Features) {
    let rules = &target.relation.rules;
    if rules.is_empty() {
        return;
    }
    let table = &target.relation.name;
    let writing = rules.iter().find(|rule| matches!(rule.event, Event::Insert | Event::Update));
    let of_event = || rules.iter().filter(|rule| rule.event == event);
    let instead = of_event().find(|rule| rule.instead);
    let actions = || of_event().flat_map(|rule| rule.actions.iter());
    let replaced = of_event().any(|rule| rule.instead && !rule.conditional);
    let queries = actions().count() + usize::from(!replaced);
    let message = match (writing, instead) {
        (Some(rule), _) if features.conflict => {
            format!("`ON CONFLICT` cannot be used on `{table}`, which has rule `{}`", rule.name)
        }
        (_, Some(rule)) if features.returning && !actions().any(|action| returns_rows(&action.tree)) => {
            format!("rule `{}` of `{table}` returns nothing for `RETURNING`", rule.name)
        }
        _ if features.inside_with && queries != 1 => {
            format!("rules of `{table}` make {queries} queries of one, which cannot be in `WITH`")
        }
        _ if features.with && queries > 1 => {
            format!("rules of `{table}` make {queries} queries of one, which cannot have `WITH`")
        }
        _ => return,
    };
    let about = vec![Key::Relation(table.clone())];
    cx.problem(BY_RULE, about, Words { span: target.span, message, label: "has a rule".into() });
}

/// A published table whose rows nothing tells apart refuses what would have to name them.
pub(super) fn check_published(cx: &mut Cx, target: &Target, event: Event) {
    let relation = modify::stored(cx, &target.relation);
    if let Some(publication) = cx.schema.refusing_publication(&relation, event) {
        let message =
            format!("`{}` has no replica identity, and publication `{publication}` publishes this", relation.name);
        let words = Words { span: target.span, message, label: "published".into() };
        cx.problem(BY_PUBLICATION, vec![Key::Relation(relation.name.clone())], words);
    }
}

/// `MERGE` does not go together with rules.
pub(super) fn check_merged(cx: &mut Cx, target: &Target) {
    if let Some(rule) = target.relation.rules.first() {
        let table = &target.relation.name;
        let message = format!("`MERGE` cannot be used on `{table}`, which has rule `{}`", rule.name);
        let words = Words { span: target.span, message, label: "has a rule".into() };
        cx.problem(BY_RULE, vec![Key::Relation(table.clone())], words);
    }
}

fn returns_rows(written: &ast::Statement) -> bool {
    match written {
        ast::Statement::Insert(insert) => insert.returning.is_some(),
        ast::Statement::Update(update) => update.returning.is_some(),
        ast::Statement::Delete(delete) => delete.returning.is_some(),
        _ => false,
    }
}

/// `INSERT … RETURNING xmin` into a partitioned table: the row has none there.
pub(super) fn check_returned(cx: &mut Cx, target: &Target, columns: &[Typed]) {
    if target.relation.kind != RelationKind::PartitionedTable {
        return;
    }
    let system = |typed: &&Typed| match typed.node {
        Node::Column(column) if column.item == target.item.id => {
            target.item.columns.get(column.column).is_some_and(|column| column.hidden && *column.name != *"tableoid")
        }
        _ => false,
    };
    if let Some(typed) = columns.iter().find(system) {
        let message = format!("`{}` is partitioned, so that an insert returns no system columns", target.relation.name);
        let about = vec![Key::Relation(target.relation.name.clone())];
        cx.problem(NO_SYSTEM_COLUMN, about, Words { span: typed.span, message, label: "a system column".into() });
    }
}
