//! `GROUP BY`, and which columns may stand outside aggregates.

use sqlparser::ast::{Expr, GroupByExpr, GroupByWithModifier};

use super::cx::{Cx, Kind, Reference, Words};
use super::query::RowColumn;
use super::scope::{Clause, Item, Scope};
use super::sort;
use super::tree::{ColumnRef, ItemId, Node, Typed};
use super::types::order::{self, Comparison};
use super::{Object, Stage};
use crate::schema::{Key, Relation};
use crate::source::Span;

const NOT_GROUPED: Kind = Kind("grouping-broken", "42803", Stage::Parse);

/// What a query groups by.
#[derive(Default)]
pub(super) struct Groups {
    pub(super) keys: Vec<Typed>,
    /// The keys that each group has.
    always: Vec<Typed>,
    /// Whether some groups leave keys out: `ROLLUP`, `CUBE`, `GROUPING SETS`.
    sets: bool,
    present: bool,
}

impl Groups {
    /// Whether each group has a row: the one of all rows may have none.
    pub(super) fn have_rows(&self) -> bool {
        !self.keys.is_empty() && !self.sets
    }

    /// Keys that a grouping set leaves out are NULL in its rows.
    pub(super) fn loosen(&self, columns: &mut [RowColumn]) {
        if self.sets {
            for column in columns {
                column.typed.nullable = column.typed.nullable.filter(|&nullable| nullable);
            }
        }
    }
}

/// The keys of `GROUP BY`.
pub(super) fn group_by(cx: &mut Cx, scope: &mut Scope, written: &GroupByExpr, columns: &mut [RowColumn]) -> Groups {
    let mut groups = Groups::default();
    let GroupByExpr::Expressions(keys, modifiers) = written else {
        groups.present = true;
        return groups;
    };
    groups.present = !keys.is_empty() || !modifiers.is_empty();
    for key in keys {
        add_key(cx, scope, key, columns, &mut groups);
    }
    for modifier in modifiers {
        groups.sets = true;
        // The keys written before it are those of its sets.
        groups.always.clear();
        if let GroupByWithModifier::GroupingSets(sets) = modifier {
            add_key(cx, scope, sets, columns, &mut groups);
        }
    }
    groups
}

fn add_key(cx: &mut Cx, scope: &mut Scope, written: &Expr, columns: &mut [RowColumn], groups: &mut Groups) {
    match written {
        Expr::Rollup(sets) | Expr::Cube(sets) => {
            let always = groups.always.clone();
            for key in sets.iter().flatten() {
                cx.deeper(|cx| add_key(cx, scope, key, columns, groups));
            }
            (groups.sets, groups.always) = (true, always);
        }
        Expr::GroupingSets(sets) => {
            let before = std::mem::take(&mut groups.always);
            let mut common: Option<Vec<Typed>> = None;
            for set in sets {
                groups.always.clear();
                for key in set {
                    cx.deeper(|cx| add_key(cx, scope, key, columns, groups));
                }
                common = Some(match common {
                    None => groups.always.clone(),
                    Some(common) => {
                        common.into_iter().filter(|key| groups.always.iter().any(|it| it.same(key))).collect()
                    }
                });
            }
            groups.sets = true;
            groups.always = before.into_iter().chain(common.into_iter().flatten()).collect();
        }
        Expr::Tuple(keys) => {
            for key in keys {
                cx.deeper(|cx| add_key(cx, scope, key, columns, groups));
            }
        }
        key => {
            let typed = sort::sort_key(cx, scope, key, columns, Clause::GroupBy);
            order::check(cx, &typed, Comparison::Equality, "GROUP BY");
            groups.always.push(typed.clone());
            groups.keys.push(typed);
        }
    }
}

/// Checks that columns outside aggregates are grouped by, or depend on what is grouped by.
pub(super) fn check(
    cx: &mut Cx,
    scope: &Scope,
    groups: &Groups,
    columns: &[RowColumn],
    having: Option<&Typed>,
    order: &[Typed],
) {
    let grouped = groups.present || having.is_some() || scope.seen.aggregates.get();
    if !grouped || !cx.rules().checks_grouping || !groups.keys.iter().all(sort::is_known) {
        return;
    }
    let check = Check { scope, groups, determined: determined(cx, scope, groups) };
    let expressions = columns.iter().map(|column| &column.typed).chain(having).chain(order);
    let mut said: Vec<ColumnRef> = Vec::new();
    for typed in expressions {
        for found in check.ungrouped(typed) {
            if !said.contains(&found.column) {
                said.push(found.column);
                say(cx, scope, &found);
            }
        }
    }
}

struct Check<'s, 'p> {
    scope: &'s Scope<'p>,
    groups: &'s Groups,
    /// Items of which the primary key is grouped by.
    determined: Vec<ItemId>,
}

impl Check<'_, '_> {
    /// The columns in an expression that are not grouped by.
    fn ungrouped(&self, typed: &Typed) -> Vec<Reference> {
        let mut found = Vec::new();
        let mut waiting = vec![typed];
        while let Some(typed) = waiting.pop() {
            if self.groups.keys.iter().any(|key| key.same(typed)) {
                continue;
            }
            match &typed.node {
                Node::Aggregate { depth, .. } if *depth == self.scope.depth => {}
                Node::Column(column) if !self.is_grouped(*column) => {
                    found.push(Reference { column: *column, name: self.name(*column), span: typed.span });
                }
                Node::Row(item, depth) if *depth == self.scope.depth && !self.determined.contains(item) => {
                    let column = ColumnRef { depth: *depth, item: *item, column: usize::MAX };
                    found.push(Reference { column, name: self.name(column), span: typed.span });
                }
                Node::Subquery { outer, .. } => {
                    let loose = outer.iter().filter(|reference| !self.is_grouped(reference.column));
                    found.extend(loose.cloned());
                }
                _ => waiting.extend(typed.children().iter().rev()),
            }
        }
        found
    }

    fn is_grouped(&self, column: ColumnRef) -> bool {
        column.depth != self.scope.depth
            || self.determined.contains(&column.item)
            || self.groups.keys.iter().any(|key| matches!(key.node, Node::Column(other) if other == column))
    }

    fn name(&self, column: ColumnRef) -> std::sync::Arc<str> {
        let entry = self.scope.entries.iter().find(|entry| entry.item.id == column.item);
        let found = entry.and_then(|entry| entry.item.columns.get(column.column).map(|found| found.name.clone()));
        found.or_else(|| entry.and_then(|entry| entry.item.name.clone())).unwrap_or_else(|| "?".into())
    }
}

/// Tables whose primary key is among the keys: all their columns depend on it.
fn determined(cx: &mut Cx, scope: &Scope, groups: &Groups) -> Vec<ItemId> {
    let mut items = Vec::new();
    for entry in &scope.entries {
        let Some(relation) = &entry.item.relation else {
            continue;
        };
        let keyed = |number: &crate::schema::ColumnNumber| {
            let at = relation.columns.iter().position(|column| column.number == *number);
            let grouped = |key: &Typed| matches!(key.node, Node::Column(column) if column.item == entry.item.id && Some(column.column) == at);
            groups.always.iter().any(grouped)
        };
        let by_key = relation.primary_key().is_some_and(|key| !key.deferrable && key.columns.iter().all(keyed));
        if by_key
            && !all_grouped(groups, &entry.item)
            && let Some(key) = relation.primary_key()
        {
            let object = Object::Constraint(relation.id, key.name.clone());
            cx.used(entry.item.span, object);
        }
        if by_key || !entry.item.complete || is_system_with_key(cx, relation) {
            items.push(entry.item.id);
        }
    }
    items
}

/// Whether each column of an item is grouped by itself.
fn all_grouped(groups: &Groups, item: &Item) -> bool {
    let keyed = |at: usize| {
        groups
            .keys
            .iter()
            .any(|key| matches!(key.node, Node::Column(column) if column.item == item.id && column.column == at))
    };
    item.columns.iter().enumerate().all(|(at, column)| column.hidden || keyed(at))
}

/// Keys of the server's own tables are not modelled.
fn is_system_with_key(_cx: &Cx, relation: &Relation) -> bool {
    relation.kind == crate::schema::RelationKind::System
}

fn say(cx: &mut Cx, scope: &Scope, found: &Reference) {
    let entry = scope.entries.iter().find(|entry| entry.item.id == found.column.item);
    let relation = entry.and_then(|entry| entry.item.relation.clone());
    let mut about = Vec::new();
    if let Some(relation) = relation {
        if let Some(key) = relation.primary_key() {
            about.push(Key::Constraint(relation.name.clone(), key.name.clone()));
        }
        about.push(Key::Relation(relation.name.clone()));
    }
    let message = format!("column `{}` must be grouped by, or used in an aggregate function", found.name);
    let span = if found.span.is_empty() { Span::default().to(cx.span) } else { found.span };
    cx.problem(NOT_GROUPED, about, Words { span, message, label: "neither grouped nor aggregated".into() });
}
