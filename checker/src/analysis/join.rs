//! Joins: which columns they merge, and which sides they may fill with NULL.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{self, JoinConstraint, JoinOperator};

use super::cx::{Cx, Kind, Words};
use super::relation::{check_names, columns_item, factor};
use super::scope::{Clause, Entry, Item, ItemColumn, Scope};
use super::tree::{ColumnRef, Node, Typed};
use super::{NaturalJoin, Stage, expr, known, types};
use crate::schema::Key;
use crate::sorted;
use crate::source::Span;
use crate::sql::RemovedKind;

const NO_COLUMN: Kind = Kind("missing-column", "42703", Stage::Parse);
const AMBIGUOUS: Kind = Kind("ambiguous-column", "42702", Stage::Parse);

/// Which sides of a join are filled with NULL where there is no match.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Outer {
    left: bool,
    right: bool,
}

/// Joins one more item to those on the left.
pub(super) fn join(cx: &mut Cx, scope: &mut Scope, mut left: Vec<Entry>, step: &ast::Join) -> Vec<Entry> {
    let (outer, constraint) = operator(&step.join_operator);
    let mut right = right_side(cx, scope, &left, step, outer);
    check_names(cx, &left, &right);
    let using = match constraint {
        Some(JoinConstraint::Using(names)) => {
            names.iter().filter_map(|name| cx.names(name).pop()).map(|(name, span)| (name, Some(span))).collect()
        }
        Some(JoinConstraint::Natural) => natural(cx, &left, &right),
        _ => Vec::new(),
    };
    let merged = merge(cx, &left, &right, &using, outer);
    let told = match constraint {
        Some(JoinConstraint::On(condition)) => known::held(&on(cx, scope, &left, &right, condition)),
        _ => compared(&left, &right, &using),
    };
    // Each row of an inner join meets its condition.
    if !outer.left && !outer.right {
        known::note(&mut left, &told);
        known::note(&mut right, &told);
    }
    fill(&mut left, outer.left);
    fill(&mut right, outer.right);
    let top = joined_item(cx, scope, &left, &right, merged);
    let alias = alias_of_using(cx, &using, &top);
    for entry in left.iter_mut().chain(&mut right) {
        entry.by_column = false;
    }
    left.append(&mut right);
    left.push(Entry { by_name: false, ..Entry::new(Rc::new(top)) });
    left.extend(alias);
    left
}

/// `USING (columns) AS alias`: the merged columns under a name of their own.
fn alias_of_using(cx: &mut Cx, using: &[(Arc<str>, Option<Span>)], joined: &Item) -> Option<Entry> {
    let end = using.iter().filter_map(|(_, span)| *span).next_back()?.end;
    let alias = cx.removed_after(end, |what| match what {
        RemovedKind::JoinAlias { alias, .. } => Some(alias),
        _ => None,
    })?;
    let mut item = joined.clone();
    item.columns.truncate(using.len());
    item.name = Some(alias.text.clone());
    item.span = alias.span;
    item.aliased = true;
    Some(Entry { by_column: false, ..Entry::new(Rc::new(item)) })
}

fn operator(operator: &JoinOperator) -> (Outer, Option<&JoinConstraint>) {
    let outer = |left, right| Outer { left, right };
    match operator {
        JoinOperator::Join(on)
        | JoinOperator::Inner(on)
        | JoinOperator::CrossJoin(on)
        | JoinOperator::StraightJoin(on) => (outer(false, false), Some(on)),
        JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (outer(false, true), Some(on)),
        JoinOperator::Right(on) | JoinOperator::RightOuter(on) => (outer(true, false), Some(on)),
        JoinOperator::FullOuter(on) => (outer(true, true), Some(on)),
        _ => (outer(true, true), None),
    }
}

/// The right side, which sees the left one where it is `LATERAL`.
fn right_side(cx: &mut Cx, scope: &mut Scope, left: &[Entry], step: &ast::Join, outer: Outer) -> Vec<Entry> {
    let before = scope.entries.len();
    scope.entries.extend(left.iter().cloned().map(|entry| Entry {
        lateral_only: true,
        lateral_ok: !outer.left,
        ..entry
    }));
    let right = factor(cx, scope, &step.relation);
    scope.entries.truncate(before);
    right
}

/// The condition sees the two sides, and where the engine says so what stands to the left of them.
fn on(cx: &mut Cx, scope: &Scope, left: &[Entry], right: &[Entry], condition: &ast::Expr) -> Typed {
    let mut inside = scope.clone();
    if !cx.rules().joins_see_all {
        inside.entries.clear();
    }
    for entry in &mut inside.entries {
        entry.lateral_only = false;
    }
    inside.entries.extend(left.iter().chain(right).cloned());
    inside.clause = Clause::From;
    inside.lateral = true;
    expr::condition(cx, &inside, condition, "JOIN/ON")
}

/// The columns that `USING` and `NATURAL` compare.
fn compared(left: &[Entry], right: &[Entry], using: &[(Arc<str>, Option<Span>)]) -> BTreeSet<ColumnRef> {
    let named = |side: &[Entry]| -> Vec<ColumnRef> {
        let columns = top(side).into_iter().flat_map(|item| &item.columns).filter(|column| !column.hidden);
        let compared = columns.filter(|column| using.iter().any(|(name, _)| *name == column.name));
        compared.filter_map(|column| column.column).collect()
    };
    sorted::set(named(left).into_iter().chain(named(right)))
}

fn fill(side: &mut [Entry], with_null: bool) {
    if with_null {
        for entry in side {
            Rc::make_mut(&mut entry.item).make_outer();
        }
    }
}

/// The item of a side that has all of its columns.
fn top(side: &[Entry]) -> Option<&Item> {
    side.iter().find(|entry| entry.by_column).map(|entry| &*entry.item)
}

/// The columns of a `NATURAL JOIN`, which are part of what the statement means.
fn natural(cx: &mut Cx, left: &[Entry], right: &[Entry]) -> Vec<(Arc<str>, Option<Span>)> {
    let columns = common_columns(left, right);
    if let (Some(a), Some(b)) = (top(left), top(right))
        && a.complete
        && b.complete
    {
        let span = if b.span.is_empty() { cx.span } else { b.span };
        let relation = |item: &Item| item.relation.as_ref().map(|relation| relation.name.clone());
        let relations = [relation(b), relation(a)].into_iter().flatten().collect();
        let columns = columns.iter().map(|(name, _)| name.clone()).collect();
        cx.out.natural.push(NaturalJoin { span, relations, columns });
    }
    columns
}

fn common_columns(left: &[Entry], right: &[Entry]) -> Vec<(Arc<str>, Option<Span>)> {
    let (Some(left), Some(right)) = (top(left), top(right)) else { return Vec::new() };
    let shown = |item: &'_ Item, name: &str| item.columns.iter().any(|column| !column.hidden && *column.name == *name);
    let names = left.columns.iter().filter(|column| !column.hidden && shown(right, &column.name));
    names.map(|column| (column.name.clone(), None)).collect()
}

/// A column that both sides share, under one name.
struct Merged {
    name: Arc<str>,
    column: Option<ItemColumn>,
}

fn merge(
    cx: &mut Cx,
    left: &[Entry],
    right: &[Entry],
    using: &[(Arc<str>, Option<Span>)],
    outer: Outer,
) -> Vec<Merged> {
    let mut merged = Vec::new();
    for (name, span) in using {
        let (Some(a), Some(b)) = (top(left), top(right)) else { continue };
        let a = side_column(cx, a, name, *span, "left");
        let b = side_column(cx, b, name, *span, "right");
        let column = match (a, b) {
            (Some(a), Some(b)) => Some(merged_column(cx, a, b, span.unwrap_or(cx.span), outer)),
            (Some(one), None) | (None, Some(one)) => Some(ItemColumn { nullable: None, ..one }),
            (None, None) => None,
        };
        merged.push(Merged { name: name.clone(), column });
    }
    merged
}

/// The column of a side that a merged column is made of.
fn side_column(cx: &mut Cx, item: &Item, name: &Arc<str>, span: Option<Span>, side: &str) -> Option<ItemColumn> {
    let mut matches = item.columns.iter().filter(|column| column.name == *name && !column.hidden);
    let found = matches.next();
    let at = span.unwrap_or(cx.span);
    if matches.next().is_some() {
        let message = format!("common column name `{name}` appears more than once in the {side} table");
        cx.problem(AMBIGUOUS, about(found, name, cx), Words { span: at, message, label: "ambiguous column".into() });
        return None;
    }
    match found {
        None if item.complete => {
            let message = format!("column `{name}` in `USING` does not exist in the {side} table");
            let about = item.relation.iter().map(|it| Key::Column(it.name.clone(), name.clone())).collect();
            cx.problem(NO_COLUMN, about, Words { span: at, message, label: "unknown column".into() });
            None
        }
        found => {
            if let Some(origin) = found.and_then(|column| column.origin) {
                cx.used_column(at, origin, span.is_some());
            }
            found.cloned()
        }
    }
}

fn about(column: Option<&ItemColumn>, name: &Arc<str>, cx: &Cx) -> Vec<Key> {
    let relation = column.and_then(|column| column.origin).and_then(|(id, _)| cx.schema.relation(id));
    relation.map(|relation| Key::Column(relation.name.clone(), name.clone())).into_iter().collect()
}

fn merged_column(cx: &mut Cx, a: ItemColumn, b: ItemColumn, span: Span, outer: Outer) -> ItemColumn {
    let common = types::unify::merged(cx, &as_typed(&a, span), &as_typed(&b, span), span);
    let never = |column: &ItemColumn| column.nullable == Some(false);
    let (taken, nullable) = match (outer.left, outer.right) {
        // Only equal values are joined, and NULL equals nothing.
        (false, false) => (Some(&a), Some(false)),
        (false, true) => (Some(&a), a.nullable),
        (true, false) => (Some(&b), b.nullable),
        (true, true) => (None, if never(&a) && never(&b) { Some(false) } else { None }),
    };
    let unchanged = taken.filter(|column| common.is_none_or(|common| common == column.ty));
    ItemColumn {
        name: a.name.clone(),
        ty: common.unwrap_or(a.ty),
        nullable,
        collation: if a.collation == b.collation { a.collation.clone() } else { None },
        origin: unchanged.and_then(|column| column.origin),
        // Also where it is converted: what groups by the column groups by the conversion.
        column: taken.and_then(|column| column.column),
        hidden: false,
    }
}

fn as_typed(column: &ItemColumn, span: Span) -> Typed {
    let node = column.column.map_or(Node::Unsure, Node::Column);
    Typed { collation: column.collation.clone(), ..Typed::new(node, column.ty, column.nullable, span) }
}

/// The item that has the columns of both sides: merged ones first.
fn joined_item(cx: &mut Cx, scope: &Scope, left: &[Entry], right: &[Entry], merged: Vec<Merged>) -> Item {
    let complete = [left, right].into_iter().all(|side| top(side).is_some_and(|item| item.complete));
    let is_merged = |name: &Arc<str>| merged.iter().any(|it| it.name == *name);
    let mut columns: Vec<ItemColumn> = Vec::new();
    for item in [left, right].into_iter().filter_map(top) {
        for column in &item.columns {
            if !column.hidden && !is_merged(&column.name) {
                columns.push(column.clone());
            }
        }
    }
    columns.splice(0..0, merged.into_iter().filter_map(|it| it.column));
    let places: Vec<_> = columns.iter().map(|column| column.column).collect();
    let mut item = columns_item(cx, scope, columns, complete);
    for (column, place) in item.columns.iter_mut().zip(places) {
        column.column = place.or(column.column);
    }
    item
}
