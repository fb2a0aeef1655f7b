//! `MERGE`.

use sqlparser::ast::{self, MergeAction, MergeInsertKind, MergeUpdateKind, OutputClause, TableFactor};

use super::cx::{Cx, Kind, Words};
use super::insert::to_column;
use super::modify::{self, Target, check_generated, is_default, value_of, written_column};
use super::query::Rows;
use super::scope::{Clause, Entry, Scope};
use super::{Stage, WrittenColumn, expr, operation, relation, required, routine, update};
use crate::schema::{Column, Key};
use crate::source::Span;
use crate::sql::RemovedKind;
use crate::sql::ddl::Event;

const ARITY: Kind = Kind("insert-arity", "42601", Stage::Parse);

/// A `MERGE`, with what `WITH` before it defines in scope.
pub(super) fn merge(cx: &mut Cx, mut scope: Scope, written: &ast::Merge) -> Rows {
    let TableFactor::Table { name, alias, .. } = &written.table else {
        cx.unknown(cx.span, "this target of `MERGE` is not understood");
        return Rows::unsure();
    };
    let alias = alias.as_ref().map(|alias| &alias.name);
    let target = modify::target(cx, &scope, name, alias, Event::Update);
    let entry = match &target {
        Some(target) => {
            operation::check_merged(cx, target);
            modify::with_target(&scope, target)
        }
        None => relation::opaque(cx, &scope, None),
    };
    let source = ast::TableWithJoins { relation: written.source.clone(), joins: Vec::new() };
    update::from_beside(cx, &mut scope, entry.clone(), std::slice::from_ref(&source));
    expr::condition(cx, scope.at(Clause::From), &written.on, "JOIN/ON");
    let both = scope.entries.clone();
    let source_only: Vec<Entry> = both.iter().filter(|it| it.item.id != entry.item.id).cloned().collect();
    for clause in &written.clauses {
        let matched =
            matches!(clause.clause_kind, ast::MergeClauseKind::Matched | ast::MergeClauseKind::NotMatchedBySource);
        scope.entries = if matched { both.clone() } else { source_only.clone() };
        if let Some(condition) = &clause.predicate {
            expr::condition(cx, scope.at(Clause::Where), condition, "MERGE WHEN");
        }
        action(cx, &mut scope, target.as_ref(), &clause.action);
    }
    scope.entries = both;
    match &written.output {
        Some(OutputClause::Returning { select_items, .. }) => {
            modify::returning(cx, &mut scope, Some(select_items), target.as_ref())
        }
        Some(OutputClause::Output { .. }) => Rows::unsure(),
        None => Rows::silent(),
    }
}

fn action(cx: &mut Cx, scope: &mut Scope, target: Option<&Target>, written: &MergeAction) {
    match written {
        MergeAction::Insert(insert) => {
            if let (Some(target), MergeInsertKind::Values(rows)) = (target, &insert.kind) {
                insert_row(cx, scope, target, &insert.columns, rows);
            }
        }
        MergeAction::Update(written) => {
            let MergeUpdateKind::Set(assignments) = &written.kind else { return };
            let columns = update::assignments(cx, scope, target, assignments);
            if let Some(target) = target {
                let numbers: Vec<_> = columns.iter().map(|column| column.column).collect();
                routine::fire(cx, &target.relation, Event::Update, &numbers, target.span, routine::Reach::Always);
                cx.out.writes.push(modify::write(target, Event::Update, columns));
            }
        }
        MergeAction::Delete { .. } => {
            if let Some(target) = target {
                routine::fire(cx, &target.relation, Event::Delete, &[], target.span, routine::Reach::Always);
                cx.out.writes.push(modify::write(target, Event::Delete, Vec::new()));
            }
        }
        MergeAction::DoNothing { .. } => {}
    }
}

fn insert_row(cx: &mut Cx, scope: &mut Scope, target: &Target, names: &[ast::ObjectName], rows: &ast::Values) {
    let slots: Vec<(Option<Column>, Span)> = match names {
        [] => target
            .relation
            .columns
            .iter()
            .filter(|column| !column.hidden)
            .map(|it| (Some(it.clone()), target.span))
            .collect(),
        names => {
            let mut slots = Vec::new();
            for name in names {
                if let Some((name, span)) = cx.names(name).first().cloned() {
                    slots.push((written_column(cx, target, &name, span), span));
                }
            }
            slots
        }
    };
    let Some(row) = rows.rows.first() else { return };
    if row.content.len() > slots.len() || !names.is_empty() && row.content.len() < slots.len() {
        let message = format!("`INSERT` has {} values for {} columns", row.content.len(), slots.len());
        let about = vec![Key::Relation(target.relation.name.clone())];
        cx.problem(ARITY, about, Words { span: target.span, message, label: format!("{} columns", slots.len()) });
    }
    let from = slots.last().map_or(target.span, |(_, span)| *span).end;
    let overriding = cx.removed_after(from, |what| match what {
        RemovedKind::Overriding(system) => Some(*system),
        _ => None,
    });
    let mut columns = Vec::new();
    for (value, (column, span)) in row.content.iter().zip(slots) {
        if is_default(value) {
            continue;
        }
        let typed = expr::expr(cx, scope.at(Clause::Values), value);
        let Some(column) = column else { continue };
        check_generated(cx, target, &column, span, overriding);
        let typed = to_column(cx, &target.relation.name, &column, typed);
        columns.push(WrittenColumn { column: column.number, span, value: value_of(&typed) });
    }
    let mut write = modify::write(target, Event::Insert, columns);
    write.positional = names.is_empty();
    required::check(cx, target, &write, false);
    routine::fire(cx, &target.relation, Event::Insert, &[], target.span, routine::Reach::Always);
    cx.out.writes.push(write);
}
