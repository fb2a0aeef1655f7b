//! Statements that write rows: what they share.

use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{self, SelectItem, Statement};

use super::cx::{Cx, Kind, Words};
use super::query::{Rows, Unknowns, resolve_unknowns};
use super::relation::{find_relation, relation_item, rename};
use super::scope::{Clause, Entry, Item, Scope};
use super::tree::{ColumnRef, Node, Typed, What};
use super::{Object, Stage, Value, Write, WrittenColumn, delete, insert, merge, select, update};
use crate::schema::{Column, ColumnNumber, Key, Relation, RelationKind};
use crate::source::Span;
use crate::sql::RemovedKind;
use crate::sql::ddl::{Event, TriggerTiming};

const NOT_WRITABLE: Kind = Kind("missing-table", "42809", Stage::Parse);
const NOT_UPDATABLE: Kind = Kind("view-broken", "55000", Stage::Parse);
const NO_BASE_COLUMN: Kind = Kind("view-broken", "0A000", Stage::Parse);
pub(super) const NO_COLUMN: Kind = Kind("missing-column", "42703", Stage::Parse);
const GENERATED: Kind = Kind("generated-column-written", "428C9", Stage::Parse);

/// A statement that writes rows, also inside `WITH`.
pub(super) fn statement(cx: &mut Cx, scope: Scope, written: &Statement) -> Rows {
    match written {
        Statement::Insert(written) => insert::insert(cx, scope, written),
        Statement::Update(written) => update::update(cx, scope, written),
        Statement::Delete(written) => delete::delete(cx, scope, written),
        Statement::Merge(written) => merge::merge(cx, scope, written),
        _ => {
            cx.unknown(cx.span, "this kind of statement is not understood");
            Rows::unsure()
        }
    }
}

/// The table that a statement writes to.
pub(super) struct Target {
    pub(super) relation: Arc<Relation>,
    pub(super) item: Item,
    /// Its name in the text.
    pub(super) span: Span,
}

/// Finds the table that a statement writes to; says so where it cannot be written to.
pub(super) fn target(
    cx: &mut Cx,
    scope: &Scope,
    name: &ast::ObjectName,
    alias: Option<&ast::Ident>,
    event: Event,
) -> Option<Target> {
    let parts = cx.names(name);
    let (relation, span) = find_relation(cx, &parts)?;
    check_kind(cx, &relation, span, event);
    let mut item = relation_item(cx, scope, relation.clone(), span);
    if let Some(alias) = alias {
        let alias = ast::TableAlias { explicit: true, name: alias.clone(), columns: Vec::new(), at: None };
        rename(cx, &mut item, Some(&alias));
    }
    through_view(cx, &relation, event, &mut item);
    cx.wrote(span, Object::Relation(relation.id));
    Some(Target { relation, item, span })
}

/// What is returned of a write through a view are rows of its table, which need not be in the view, or what a trigger makes.
fn through_view(cx: &Cx, relation: &Relation, event: Event, item: &mut Item) {
    if relation.kind != RelationKind::View {
        return;
    }
    let by_trigger = relation.triggers.iter().any(|trigger| trigger.timing == TriggerTiming::InsteadOf);
    let by_rule = relation.rules.iter().any(|rule| rule.event == event && rule.instead);
    for column in &mut item.columns {
        let stored = column.origin.and_then(|(id, number)| {
            let own = relation.column_numbered(number).filter(|_| id == relation.id);
            let (id, number) = own.map_or(Some((id, number)), |own| own.origin)?;
            let table = cx.schema.relation(id).filter(|table| table.kind != RelationKind::View)?;
            table.column_numbered(number).map(|column| column.not_null)
        });
        if by_trigger || by_rule || stored != Some(true) {
            column.nullable = None;
        }
    }
}

fn check_kind(cx: &mut Cx, relation: &Relation, span: Span, event: Event) {
    let name = &relation.name;
    let about = vec![Key::Relation(name.clone())];
    match relation.kind {
        RelationKind::MaterializedView | RelationKind::Sequence => {
            let kind = if relation.kind == RelationKind::Sequence { "sequence" } else { "materialized view" };
            let message = format!("{kind} `{name}` cannot be written to");
            cx.problem(NOT_WRITABLE, about, Words { span, message, label: "not a table".into() });
        }
        RelationKind::View if !is_updatable(cx, relation, event) => {
            let message = format!("view `{name}` cannot be written to");
            cx.problem(NOT_UPDATABLE, about, Words { span, message, label: "not updatable".into() });
        }
        _ => {}
    }
}

/// Whether a view takes writes: by a trigger, by a rule, or because it is simple.
fn is_updatable(cx: &Cx, relation: &Relation, event: Event) -> bool {
    let by_trigger = relation
        .triggers
        .iter()
        .any(|trigger| trigger.timing == TriggerTiming::InsteadOf && trigger.events.contains(&event));
    let by_rule = relation.rules.iter().any(|rule| rule.event == event && rule.instead);
    let simple = relation.view.as_ref().is_none_or(|view| view.updatable || view.query.is_none());
    by_trigger || by_rule || simple || cx.schema.clouds.contains_key(&relation.name)
}

/// The table below a view whose writes go through, with the view's column for each of its own; the table itself where it is one.
pub(super) fn stored(cx: &mut Cx, relation: &Arc<Relation>) -> Arc<Relation> {
    let mut below = relation.clone();
    // Views over views end at a table; the bound guards against a wrong model.
    for _ in 0..32 {
        if below.kind != RelationKind::View {
            break;
        }
        let origin = below.columns.iter().find_map(|column| column.origin);
        let Some(next) = origin.and_then(|(id, _)| cx.schema.relation(id)) else { break };
        cx.depend(Key::Relation(next.name.clone()));
        below = next;
    }
    below
}

/// The column of the stored table that a column of a relation is written through to.
pub(super) fn stored_column(cx: &Cx, relation: &Relation, number: ColumnNumber) -> Option<(Arc<Relation>, Column)> {
    let mut column = relation.column_numbered(number)?.clone();
    let mut holder = None;
    for _ in 0..32 {
        let Some((id, number)) = column.origin else { break };
        let below = cx.schema.relation(id)?;
        column = below.column_numbered(number)?.clone();
        holder = Some(below);
    }
    Some((holder.or_else(|| cx.schema.relation(relation.id))?, column))
}

/// The columns of the stored table that a statement writes to, and what it writes.
pub(super) fn stored_writes<'w>(
    cx: &Cx,
    relation: &Relation,
    write: &'w Write,
) -> Vec<(ColumnNumber, &'w WrittenColumn)> {
    let stored = |written: &'w WrittenColumn| Some((stored_column(cx, relation, written.column)?.1.number, written));
    write.columns.iter().filter_map(stored).collect()
}

/// A column that a statement writes, by name; says so where there is none.
pub(super) fn written_column(cx: &mut Cx, target: &Target, name: &Arc<str>, span: Span) -> Option<Column> {
    if cx.is_hole(name, span) {
        return None;
    }
    let found = target.relation.columns.iter().find(|column| column.name == *name && !column.hidden);
    if let Some(column) = found {
        cx.wrote(span, Object::Column(target.relation.id, column.number));
        let column = column.clone();
        if column.origin.is_none() && is_simple_view(&target.relation) {
            let message = format!("column `{name}` of view `{}` cannot be written to", target.relation.name);
            let about = vec![Key::Relation(target.relation.name.clone())];
            cx.problem(NO_BASE_COLUMN, about, Words { span, message, label: "computed by the view".into() });
        }
        return Some(column);
    }
    if target.item.complete && !numbers_rows(cx, target, name) {
        let table = &target.relation.name;
        let message = format!("column `{name}` of `{table}` does not exist");
        let about = vec![Key::Column(table.clone(), name.clone()), Key::Relation(table.clone())];
        cx.problem(NO_COLUMN, about, Words { span, message, label: "unknown column".into() });
    }
    None
}

/// Whether writes go through a view to its table.
fn is_simple_view(relation: &Relation) -> bool {
    let instead = relation.triggers.iter().any(|trigger| trigger.timing == TriggerTiming::InsteadOf);
    relation.kind == RelationKind::View
        && !instead
        && relation.rules.iter().all(|rule| !rule.instead)
        && relation.view.as_ref().is_some_and(|view| view.updatable)
}

/// Whether a name stands for the hidden row number, which can be written.
pub(super) fn numbers_rows(cx: &Cx, target: &Target, name: &str) -> bool {
    let names = cx.schema.dialect.system_columns.iter();
    cx.rules().system_columns_number_rows
        && target.relation.row_id
        && names.into_iter().any(|(known, _)| *known == name)
}

/// Says so where a value is written to a column that computes its own.
pub(super) fn check_generated(cx: &mut Cx, target: &Target, column: &Column, span: Span, overriding: Option<bool>) {
    let Some((holder, stored)) = stored_column(cx, &target.relation, column.number) else { return };
    let always = stored.identity == Some(true) && overriding.is_none();
    if stored.generated.is_none() && !always {
        return;
    }
    let how =
        if stored.generated.is_some() { "is generated" } else { "is an identity column that is always generated" };
    let message = format!("column `{}` of `{}` {how}", stored.name, holder.name);
    let about = vec![Key::Column(holder.name.clone(), stored.name.clone())];
    cx.problem(GENERATED, about, Words { span, message, label: "cannot be given a value".into() });
}

/// Whether an expression is the word `DEFAULT`.
pub(super) fn is_default(written: &ast::Expr) -> bool {
    match written {
        ast::Expr::Identifier(name) => name.quote_style.is_none() && name.value.eq_ignore_ascii_case("default"),
        _ => false,
    }
}

/// What is known of a value.
pub(super) fn value_of(typed: &Typed) -> Value {
    match &typed.node {
        Node::Null => Value::Null,
        Node::Text(text) | Node::Constant(text) => Value::Literal(text.clone()),
        Node::Parameter(number) => Value::Parameter(*number),
        Node::Call { what: What::Cast(_), arguments } if arguments.len() == 1 => value_of(&arguments[0]),
        _ => Value::Expression { nullable: typed.nullable },
    }
}

/// What is known of a column's values in several rows.
pub(super) fn value_of_all(values: &[Typed]) -> Value {
    let mut known = values.iter().map(value_of);
    let Some(first) = known.next() else { return Value::Expression { nullable: None } };
    if known.clone().all(|value| value == first) {
        return first;
    }
    if first == Value::Null || known.any(|value| value == Value::Null) {
        return Value::Null;
    }
    Value::Expression { nullable: super::expr::any_nullable(values) }
}

/// A record of what is written.
pub(super) fn write(target: &Target, event: Event, columns: Vec<WrittenColumn>) -> Write {
    Write {
        relation: target.relation.id,
        span: target.span,
        event,
        columns,
        conflict: None,
        default_values: false,
        positional: false,
    }
}

/// `RETURNING`: the output of a statement that writes.
pub(super) fn returning(
    cx: &mut Cx,
    scope: &mut Scope,
    written: Option<&[SelectItem]>,
    target: Option<&Target>,
) -> Rows {
    let Some(items) = written else { return Rows::silent() };
    if let Some(target) = target {
        add_versions(cx, scope, target);
    }
    let (mut columns, complete) = select::targets(cx, scope.at(Clause::Returning), items);
    resolve_unknowns(cx, &mut columns, Unknowns::ToText);
    Rows { columns, complete, ..Rows::default() }
}

/// The row before and after the statement, where the server lets `RETURNING` name them.
fn add_versions(cx: &mut Cx, scope: &mut Scope, target: &Target) {
    if cx.rules().returning_versions_since.is_none_or(|since| cx.schema.catalog.version() < since) {
        return;
    }
    let renamed = cx.removed(target.span.end, usize::MAX, |what| match what {
        RemovedKind::ReturningAliases { old, new } => Some((old.clone(), new.clone())),
        _ => None,
    });
    let (old, new) = renamed.map_or((None, None), |(_, names)| names);
    for (name, default) in [(old, "old"), (new, "new")] {
        let name = name.map_or_else(|| Arc::from(default), |name| name.text);
        if scope.entries.iter().any(|entry| entry.by_name && entry.item.name.as_ref() == Some(&name)) {
            continue;
        }
        let mut item = target.item.clone();
        item.id = cx.new_item();
        item.depth = scope.depth;
        item.name = Some(name);
        item.aliased = true;
        item.relation = None;
        item.make_outer();
        for (at, column) in item.columns.iter_mut().enumerate() {
            column.column = Some(ColumnRef { depth: scope.depth, item: item.id, column: at });
        }
        scope.entries.push(Entry { by_column: false, ..Entry::new(Rc::new(item)) });
    }
}

/// The target as the only item of a scope.
pub(super) fn with_target(scope: &Scope, target: &Target) -> Entry {
    let mut item = target.item.clone();
    item.depth = scope.depth;
    Entry::new(Rc::new(item))
}

/// The output of a statement whose table is not known.
pub(super) fn of_unknown_table(cx: &mut Cx, scope: &mut Scope, written: Option<&[SelectItem]>) -> Rows {
    let entry = super::relation::opaque(cx, scope, None);
    scope.entries = vec![entry];
    // Names cannot be found, but the number of columns is known.
    let rows = returning(cx, scope, written, None);
    Rows { complete: rows.complete, ..rows }
}
