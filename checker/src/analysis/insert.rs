//! `INSERT`.

use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{self, SetExpr, TableObject};

use super::assignment::{Place, place};
use super::cx::{Cx, Kind, Words};
use super::modify::{self, Target, check_generated, is_default, value_of_all};
use super::query::{self, Rows, Unknowns};
use super::scope::{Clause, Entry, Scope};
use super::tree::{Node, Typed};
use super::types::{coerce, literal, shown};
use super::{Stage, Value, Write, WrittenColumn, conflict, expr, operation, required, routine, values};
use crate::schema::{Column, Dependency, Key, Type};
use crate::source::Span;
use crate::sql::ddl::Event;
use crate::sql::{RemovedKind, byte_span};

const ARITY: Kind = Kind("insert-arity", "42601", Stage::Parse);
const TWICE: Kind = Kind("insert-arity", "42701", Stage::Parse);
const MISMATCH: Kind = Kind("type-mismatch", "42804", Stage::Parse);

/// A column that an `INSERT` gives values to.
pub(super) struct Slot {
    /// `None` where it is not known.
    pub(super) column: Option<Column>,
    /// Its name in the list; the table's where there is no list.
    pub(super) span: Span,
    /// The type of the part that is written, where it is not the whole column.
    part: Option<Type>,
}

/// The values of one column.
#[derive(Default)]
struct Given {
    values: Vec<Typed>,
    /// Whether some row says `DEFAULT`.
    default: bool,
}

/// An `INSERT`, with what `WITH` before it defines in scope.
pub(super) fn insert(cx: &mut Cx, mut scope: Scope, written: &ast::Insert) -> Rows {
    let TableObject::TableName(name) = &written.table else {
        cx.unknown(cx.span, "this target of `INSERT` is not understood");
        return Rows::unsure();
    };
    let alias = written.table_alias.as_ref().map(|alias| &alias.alias);
    let target = modify::target(cx, &scope, name, alias, Event::Insert);
    let Some(target) = target else {
        if let Some(source) = &written.source {
            query::subquery(cx, Some(&scope), source, Unknowns::Keep);
        }
        return modify::of_unknown_table(cx, &mut scope, written.returning.as_deref());
    };
    let start = byte_span(written.insert_token.0.span).map_or(cx.span.start, |span| span.end);
    let overriding = cx.removed(start, cx.end_of_insert(start), |what| match what {
        RemovedKind::Overriding(system) => Some(*system),
        _ => None,
    });
    let overriding = overriding.map(|(_, system)| system);
    let listed = !written.columns.is_empty();
    let slots = slots(cx, &scope, &target, written);
    let (given, width) = source(cx, &mut scope, written, &slots, &target);
    check_arity(cx, &target, &slots, width, listed);
    let columns = columns_written(cx, &target, &slots, given, overriding);
    let mut write = modify::write(&target, Event::Insert, columns);
    write.positional = !listed;
    write.default_values = written.source.is_none() && written.assignments.is_empty();
    let ignores = written.ignore || matches!(written.or, Some(ast::SqliteOnConflict::Ignore));
    // A column that was not found may be the one that is missing.
    let found = slots.iter().all(|slot| slot.column.is_some());
    let fits = width.is_some_and(|width| width == 0 || width <= slots.len() && (!listed || width == slots.len()));
    let selects = written.source.as_ref().is_some_and(|source| !matches!(*source.body, SetExpr::Values(_)));
    if found && (fits || write.default_values) {
        let before = cx.out.problems.len();
        required::check(cx, &target, &write, ignores);
        if selects && cx.is_in_a_body() {
            // A body's query may have no rows.
            cx.out.problems.iter_mut().skip(before).for_each(|problem| problem.certain = false);
        }
    }
    let reach = match () {
        () if written.on.is_some() => routine::Reach::Proposed,
        () if selects => routine::Reach::Selected,
        () => routine::Reach::Always,
    };
    run_defaults(cx, &target, &write);
    routine::fire(cx, &target.relation, Event::Insert, &[], target.span, reach);
    let entry = modify::with_target(&scope, &target);
    write.conflict = conflict::conflict(cx, &scope, written, &target, start);
    let features = operation::Features::of(&scope, write.conflict.is_some(), written.returning.is_some());
    operation::check_rules(cx, &target, Event::Insert, features);
    cx.out.writes.push(write);
    scope.entries = vec![entry];
    let rows = modify::returning(cx, &mut scope, written.returning.as_deref(), Some(&target));
    let returned: Vec<Typed> = rows.columns.iter().map(|column| column.typed.clone()).collect();
    operation::check_returned(cx, &target, &returned);
    rows
}

/// The columns that get values, in the order of the values.
fn slots(cx: &mut Cx, scope: &Scope, target: &Target, written: &ast::Insert) -> Vec<Slot> {
    if written.columns.is_empty() {
        let implicit = |column: &&Column| !column.hidden && (cx.rules().short_inserts || column.generated.is_none());
        let columns = target.relation.columns.iter().filter(implicit);
        return columns.map(|column| Slot { column: Some(column.clone()), span: target.span, part: None }).collect();
    }
    let mut slots: Vec<Slot> = Vec::new();
    for name in &written.columns {
        let Place { column, span, part } = place(cx, scope, Some(target), name);
        let twice = |slot: &Slot| match (&slot.column, &column) {
            (Some(known), Some(column)) => known.number == column.number && slot.part.is_none() && part.is_none(),
            _ => false,
        };
        if let Some(column) = column.as_ref().filter(|_| slots.iter().any(twice)) {
            let message = format!("column `{}` is there more than once", column.name);
            cx.problem(TWICE, Vec::new(), Words { span, message, label: "named twice".into() });
        }
        slots.push(Slot { column, span, part });
    }
    slots
}

/// The values for each column, and how many there are in a row, where that is known.
fn source(
    cx: &mut Cx,
    scope: &mut Scope,
    written: &ast::Insert,
    slots: &[Slot],
    target: &Target,
) -> (Vec<Given>, Option<usize>) {
    let Some(source) = &written.source else { return (Vec::new(), Some(0)) };
    let plain = source.with.is_none() && source.order_by.is_none() && source.limit_clause.is_none();
    match &*source.body {
        SetExpr::Values(rows) if plain => (rows_of_values(cx, scope, rows, slots, target), width_of(rows)),
        _ => {
            let rows = query::subquery(cx, Some(scope), source, Unknowns::Keep);
            let width = rows.complete.then_some(rows.columns.len());
            let mut given = Vec::new();
            for (column, slot) in rows.columns.into_iter().zip(slots) {
                let typed = Typed { ..column.typed };
                given.push(Given { values: vec![assign(cx, target, slot, typed)], default: false });
            }
            (given, width)
        }
    }
}

fn width_of(rows: &ast::Values) -> Option<usize> {
    rows.rows.first().map(|row| row.content.len())
}

fn rows_of_values(cx: &mut Cx, scope: &mut Scope, rows: &ast::Values, slots: &[Slot], target: &Target) -> Vec<Given> {
    values::check_widths(cx, rows);
    let width = width_of(rows).unwrap_or(0);
    let mut given: Vec<Given> = (0..width).map(|_| Given::default()).collect();
    for row in values::sampled(rows) {
        let mut typed = Vec::with_capacity(row.content.len());
        for value in &row.content {
            typed.push(if is_default(value) { None } else { Some(expr::expr(cx, scope.at(Clause::Values), value)) });
        }
        for (at, (typed, given)) in typed.into_iter().zip(&mut given).enumerate() {
            match (typed, slots.get(at)) {
                (None, _) => given.default = true,
                (Some(typed), Some(slot)) => given.values.push(assign(cx, target, slot, typed)),
                (Some(typed), None) => given.values.push(typed),
            }
        }
    }
    given
}

/// Converts a value to the type of its column.
fn assign(cx: &mut Cx, target: &Target, slot: &Slot, typed: Typed) -> Typed {
    match (&slot.column, slot.part) {
        (Some(column), None) => to_column(cx, &target.relation.name, column, typed),
        (Some(column), Some(part)) => {
            to_column(cx, &target.relation.name, &Column { ty: part, ..column.clone() }, typed)
        }
        (None, _) => typed,
    }
}

/// Converts a value to the type of the column that it is stored in.
pub(super) fn to_column(cx: &mut Cx, table: &Arc<str>, column: &Column, typed: Typed) -> Typed {
    if !cx.rules().static_types || !column.ty.id.is_sure() {
        return typed;
    }
    if typed.ty.id.is_sure() && !coerce::can(cx.schema, &[typed.ty.id], &[column.ty.id], coerce::Context::Assignment) {
        let (source, wanted) = (shown(cx.schema, typed.ty), shown(cx.schema, column.ty));
        let message =
            format!("column `{}` of `{table}` is of type `{wanted}`, but the value is of type `{source}`", column.name);
        let label = format!("`{source}`, not `{wanted}`");
        let about = vec![Key::Column(table.clone(), column.name.clone())];
        cx.problem(MISMATCH, about, Words { span: typed.span, message, label });
        return typed;
    }
    let node = typed.node.clone();
    let shortened = typed.ty.modifier != -1;
    let problems = cx.out.problems.len();
    let converted = coerce::quietly(cx, typed, column.ty, coerce::Context::Assignment);
    if let Node::Text(text) = &node
        && !shortened
    {
        literal::check_length(cx, text, column.ty, converted.span);
    }
    // A literal that its column does not take is about the column, too.
    for problem in cx.out.problems.iter_mut().skip(problems) {
        problem.about.push(Key::Column(table.clone(), column.name.clone()));
    }
    Typed { node, ..converted }
}

fn check_arity(cx: &mut Cx, target: &Target, slots: &[Slot], width: Option<usize>, listed: bool) {
    let Some(width) = width.filter(|&width| width > 0 || listed) else { return };
    if !target.item.complete && !listed {
        return;
    }
    let table = &target.relation.name;
    let about = vec![Key::Relation(table.clone())];
    if width > slots.len() {
        let message = format!("`INSERT` has {width} values for {} columns of `{table}`", slots.len());
        let span = slots.last().map_or(target.span, |slot| slot.span);
        cx.problem(ARITY, about, Words { span, message, label: format!("{} columns", slots.len()) });
    } else if width < slots.len() && (listed || !cx.rules().short_inserts) {
        let message = match listed {
            true => format!("`INSERT` names {} columns of `{table}`, but has {width} values", slots.len()),
            false => format!("`INSERT` has {width} values for the {} columns of `{table}`", slots.len()),
        };
        let span = slots.get(width).map_or(target.span, |slot| slot.span);
        cx.problem(ARITY, about, Words { span, message, label: "no value for it".into() });
    }
}

/// The columns that are given values.
fn columns_written(
    cx: &mut Cx,
    target: &Target,
    slots: &[Slot],
    given: Vec<Given>,
    overriding: Option<bool>,
) -> Vec<WrittenColumn> {
    let mut columns = Vec::new();
    for (slot, given) in slots.iter().zip(given) {
        let Some(column) = slot.column.as_ref().filter(|_| !given.values.is_empty()) else { continue };
        check_generated(cx, target, column, slot.span, overriding);
        let value = match given.default {
            // Some rows take the default.
            true => match value_of_all(&given.values) {
                Value::Null => Value::Null,
                _ => Value::Expression { nullable: None },
            },
            false => value_of_all(&given.values),
        };
        columns.push(WrittenColumn { column: column.number, span: slot.span, value });
    }
    columns
}

/// Follows the routines that give the columns their values which the statement leaves out.
fn run_defaults(cx: &mut Cx, target: &Target, write: &Write) {
    let relation = modify::stored(cx, &target.relation);
    let given = modify::stored_writes(cx, &target.relation, write);
    let is_given = |column: &&Column| given.iter().any(|(number, _)| *number == column.number);
    let left_out = relation.columns.iter().filter(|column| !is_given(column));
    for dependency in left_out.flat_map(|column| &column.default_depends) {
        if let Dependency::Routine(id) = dependency
            && let Some(routine) = cx.schema.routines.get(id).cloned()
        {
            routine::called(cx, &routine, target.span);
        }
    }
}

/// The row that was proposed for insertion, as `excluded`.
pub(super) fn excluded(cx: &mut Cx, scope: &Scope, target: &Target) -> Entry {
    let mut item = super::relation::relation_item(cx, scope, target.relation.clone(), target.span);
    item.columns.retain(|column| !column.hidden);
    item.name = Some("excluded".into());
    item.aliased = true;
    item.relation = None;
    Entry { by_column: cx.rules().excluded_by_column, ..Entry::new(Rc::new(item)) }
}
