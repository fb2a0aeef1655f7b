//! `SELECT`.

use std::sync::Arc;

use sqlparser::ast::{self, Distinct, GroupByExpr, SelectItem, SelectItemQualifiedWildcardKind};

use super::cx::{Cx, Kind, Words};
use super::query::{self, RowColumn, Rows, Tail};
use super::scope::{Clause, Entry, Item, ItemFound, Scope, find_item};
use super::tree::Typed;
use super::{Stage, expr, grouping, known, operation, relation, sort, types};
use crate::schema::RelationKind;
use crate::sorted;
use crate::source::Span;
use crate::sql::ddl::TriggerTiming;
use crate::sql::{RemovedKind, byte_span};

const NOTHING_TO_EXPAND: Kind = Kind("missing-table", "42601", Stage::Parse);
const NO_WINDOW: Kind = Kind("missing-column", "42704", Stage::Parse);

/// A `SELECT` with what follows it.
pub(super) fn select(cx: &mut Cx, mut scope: Scope, written: &ast::Select, tail: &Tail) -> Rows {
    scope.windows = written.named_window.iter().map(|window| cx.fold(&window.0)).collect();
    relation::from(cx, &mut scope, &written.from);
    let (mut columns, complete) = targets(cx, scope.at(Clause::Targets), &written.projection);
    if cx.rules().output_names_everywhere {
        scope.outputs = columns.iter().map(|column| (column.name.clone(), column.typed.clone())).collect();
    }
    let filter =
        written.selection.as_ref().map(|condition| expr::condition(cx, scope.at(Clause::Where), condition, "WHERE"));
    let having = written.having.as_ref().map(|having| expr::condition(cx, scope.at(Clause::Having), having, "HAVING"));
    let mut order = sort::order_by(cx, &mut scope, tail.order_by, &mut columns);
    let groups = grouping::group_by(cx, &mut scope, &written.group_by, &mut columns);
    let distinct_on = match &written.distinct {
        Some(Distinct::On(keys)) => sort::distinct_on(cx, &mut scope, keys, &mut columns, &order),
        _ => Vec::new(),
    };
    if matches!(written.distinct, Some(Distinct::Distinct)) {
        sort::check_distinct(cx, &columns, &order, complete);
    }
    query::limits(cx, &mut scope, tail);
    order.extend(windows(cx, &mut scope, &written.named_window));
    query::resolve_unknowns(cx, &mut columns, tail.unknowns);
    if matches!(written.distinct, Some(Distinct::Distinct)) {
        for column in &columns {
            types::order::check(cx, &column.typed, types::order::Comparison::Equality, "DISTINCT");
        }
    }
    let aggregates = scope.seen.aggregates.get();
    grouping::check(cx, &scope, &groups, &columns, having.as_ref(), &order);
    locks(cx, &scope, tail, aggregates || !groups.keys.is_empty() || written.distinct.is_some());
    order.extend(distinct_on);
    let told = sorted::set(filter.iter().chain(&having).flat_map(known::held));
    let columns_told = known::with_whole_rows(told, &scope.entries);
    known::Rows { columns: columns_told, grouped: groups.have_rows() }.sharpen(&mut columns);
    groups.loosen(&mut columns);
    let plain = written.from.is_empty() && written.selection.is_none();
    let one_row = (aggregates && !is_grouped(&written.group_by) || plain)
        && written.having.is_none()
        && tail.limit.is_none()
        && tail.fetch.is_none();
    let simple = written.distinct.is_none()
        && !is_grouped(&written.group_by)
        && written.having.is_none()
        && tail.limit.is_none()
        && tail.fetch.is_none()
        && scope.ctes.is_empty()
        && !aggregates
        && !scope.seen.multiplies.get()
        && is_writable(&scope, &written.from);
    Rows { columns, complete, silent: false, one_row, simple }
}

/// Whether `FROM` is one table that can be written to.
fn is_writable(scope: &Scope, from: &[ast::TableWithJoins]) -> bool {
    let [ast::TableWithJoins { joins, .. }] = from else { return false };
    let [entry] = scope.entries.as_slice() else { return false };
    let Some(relation) = entry.item.relation.as_ref().filter(|_| joins.is_empty()) else { return false };
    match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable | RelationKind::ForeignTable => true,
        RelationKind::View => {
            let by_trigger = relation.triggers.iter().any(|trigger| trigger.timing == TriggerTiming::InsteadOf);
            by_trigger || relation.view.as_ref().is_some_and(|view| view.updatable)
        }
        _ => false,
    }
}

fn is_grouped(group_by: &GroupByExpr) -> bool {
    match group_by {
        GroupByExpr::All(_) => true,
        GroupByExpr::Expressions(keys, modifiers) => !keys.is_empty() || !modifiers.is_empty(),
    }
}

/// The output columns of a `SELECT` or a `RETURNING`, and whether these are all.
pub(super) fn targets(cx: &mut Cx, scope: &Scope, items: &[SelectItem]) -> (Vec<RowColumn>, bool) {
    let mut columns = Vec::new();
    let mut complete = true;
    for item in items {
        match item {
            SelectItem::UnnamedExpr(written) => {
                let (typed, field) = with_removed_field(cx, scope, written);
                match field {
                    Some(None) => complete &= fields(cx, scope, typed, &mut columns),
                    Some(Some(name)) => columns.push(RowColumn { name, typed }),
                    None => {
                        let name = super::naming::output_name(cx, written, &typed);
                        columns.push(RowColumn { name, typed });
                    }
                }
            }
            SelectItem::ExprWithAlias { expr: written, alias } => {
                let typed = expr::target(cx, scope, written);
                columns.push(RowColumn { name: cx.fold(alias), typed });
            }
            SelectItem::ExprWithAliases { expr: written, aliases } => {
                let typed = expr::target(cx, scope, written);
                cx.unknown(typed.span, "an output column with several names is not understood");
                let names = aliases.iter().map(|alias| cx.fold(alias)).collect::<Vec<_>>();
                columns.extend(names.into_iter().map(|name| RowColumn { name, typed: Typed::unsure(typed.span) }));
            }
            SelectItem::Wildcard(options) => {
                let span = byte_span(options.wildcard_token.0.span).unwrap_or(cx.span);
                let (mut all, whole) = star(cx, scope, span);
                columns.append(&mut all);
                complete &= whole;
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                let span = byte_span(options.wildcard_token.0.span).unwrap_or(cx.span);
                complete &= item_star(cx, scope, name, span, &mut columns);
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(written), _) => {
                let typed = expr::expr(cx, scope, written);
                complete &= fields(cx, scope, typed, &mut columns);
            }
        }
    }
    (columns, complete)
}

/// An output expression, and the field of it that had to be taken out of the tree: `(e).f`, or none for `(e).*`.
fn with_removed_field(cx: &mut Cx, scope: &Scope, written: &ast::Expr) -> (Typed, Option<Option<Arc<str>>>) {
    let typed = expr::target(cx, scope, written);
    let field = cx.removed_after(typed.span.end, |what| match what {
        RemovedKind::Field(name) => Some(name.clone()),
        _ => None,
    });
    match field {
        Some(Some(name)) => {
            let typed = expr::access::field_named(cx, typed, &name.text, name.span);
            (typed, Some(Some(name.text)))
        }
        Some(None) => (typed, Some(None)),
        None => (typed, None),
    }
}

/// `*`: the visible columns of all items.
pub(super) fn star(cx: &mut Cx, scope: &Scope, span: Span) -> (Vec<RowColumn>, bool) {
    let mut columns = Vec::new();
    let mut complete = true;
    let entries: Vec<Entry> = scope.entries.iter().filter(|entry| entry.by_column).cloned().collect();
    if entries.is_empty() {
        let words = Words { span, message: "`*` needs a table to stand for".into(), label: "nothing to expand".into() };
        cx.problem(NOTHING_TO_EXPAND, Vec::new(), words);
    }
    for entry in entries {
        complete &= entry.item.complete;
        expand(cx, &entry.item, span, &mut columns);
    }
    (columns, complete)
}

/// `item.*`.
fn item_star(cx: &mut Cx, scope: &Scope, name: &ast::ObjectName, span: Span, columns: &mut Vec<RowColumn>) -> bool {
    let parts = cx.names(name);
    let Some((last, at)) = parts.last().cloned() else { return false };
    if cx.is_hole(&last, at) {
        return false;
    }
    let schema = parts.len().checked_sub(2).and_then(|at| parts.get(at)).map(|(schema, _)| schema.clone());
    let found = match find_item(scope, schema.as_deref(), &last) {
        ItemFound::One(entry) => Some(entry.item.clone()),
        _ => None,
    };
    match found {
        Some(item) => {
            expand(cx, &item, span, columns);
            item.complete
        }
        None => match expr::names::row_variable(cx, scope, &last, at) {
            Some(typed) => fields(cx, scope, typed, columns),
            None => {
                // `column.*` is written with parentheses; without them the name must be a table's.
                expr::names::no_item(cx, scope, schema.as_deref(), &last, at);
                false
            }
        },
    }
}

/// The visible columns of an item.
fn expand(cx: &mut Cx, item: &Item, span: Span, columns: &mut Vec<RowColumn>) {
    for (at, column) in item.columns.iter().enumerate().filter(|(_, column)| !column.hidden) {
        let typed = expr::names::column(cx, item, at, span, false);
        columns.push(RowColumn { name: column.name.clone(), typed });
    }
}

/// `(row).*`: the fields of a row type.
fn fields(cx: &mut Cx, _scope: &Scope, row: Typed, columns: &mut Vec<RowColumn>) -> bool {
    match types::fields_of(cx, &row) {
        Some(fields) => {
            for field in fields {
                let typed = expr::access::field_of(&row, &field);
                columns.push(RowColumn { name: field.name.clone(), typed });
            }
            true
        }
        None => {
            if row.ty.id.is_sure() {
                let message = "`.*` needs a value of a row type".to_string();
                let words = Words { span: row.span, message, label: "not a row".into() };
                cx.problem(Kind("missing-column", "42809", Stage::Parse), Vec::new(), words);
            }
            false
        }
    }
}

/// The expressions of `WINDOW`, for the rules of grouping.
fn windows(cx: &mut Cx, scope: &mut Scope, windows: &[ast::NamedWindowDefinition]) -> Vec<Typed> {
    let mut expressions = Vec::new();
    for ast::NamedWindowDefinition(_, definition) in windows {
        match definition {
            ast::NamedWindowExpr::NamedWindow(name) => window_name(cx, scope, name),
            ast::NamedWindowExpr::WindowSpec(spec) => {
                expressions.extend(expr::functions::window(cx, scope.at(Clause::OrderBy), spec));
            }
        }
    }
    expressions
}

/// The name of a window.
pub(super) fn window_name(cx: &mut Cx, scope: &Scope, name: &ast::Ident) {
    let folded = cx.fold(name);
    let span = cx.span_of(name);
    if !scope.windows.contains(&folded) && !cx.is_hole(&folded, span) {
        let message = format!("window `{folded}` does not exist");
        cx.problem(NO_WINDOW, Vec::new(), Words { span, message, label: "unknown window".into() });
    }
}

/// `FOR UPDATE` and its kin.
fn locks(cx: &mut Cx, scope: &Scope, tail: &Tail, derived: bool) {
    for lock in tail.locks {
        if derived {
            let message = "rows that are grouped, aggregated or made distinct cannot be locked".to_string();
            let words = Words { span: cx.span, message, label: "locks rows".into() };
            cx.problem(Kind("grouping-broken", "0A000", Stage::Parse), Vec::new(), words);
            return;
        }
        let wanted = lock.of.as_ref().and_then(|name| cx.names(name).pop()).map(|(name, _)| name);
        for entry in &scope.entries {
            let locked = wanted.is_none() || wanted == entry.item.name;
            if let Some(relation) = entry.item.relation.as_ref().filter(|_| locked && entry.by_name) {
                operation::check_lockable(cx, relation, entry.item.span);
            }
        }
        let Some((name, span)) = lock.of.as_ref().and_then(|name| cx.names(name).pop()) else { continue };
        let known = scope.entries.iter().any(|entry| entry.item.name.as_ref() == Some(&name));
        if !known && !cx.is_hole(&name, span) {
            let message = format!("relation `{name}` to be locked is not in `FROM`");
            cx.problem(relation::NO_TABLE, Vec::new(), Words { span, message, label: "unknown table".into() });
        }
    }
}
