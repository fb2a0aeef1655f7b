//! What conditions tell of the rows that they leave: columns that hold a value, rows that no outer join filled.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::nullability::Follows;
use super::query::RowColumn;
use super::scope::Entry;
use super::tree::{ColumnRef, ItemId, Node, Typed, What};
use crate::sorted;

/// The columns that are not NULL where the condition is true.
pub(super) fn held(condition: &Typed) -> BTreeSet<ColumnRef> {
    let mut columns = BTreeSet::new();
    decided(condition, true, &mut columns);
    columns
}

/// Adds the columns that are not NULL where the condition is true, or false.
fn decided(condition: &Typed, truth: bool, columns: &mut BTreeSet<ColumnRef>) {
    let Node::Call { what, arguments } = &condition.node else { return present(condition, columns) };
    let What::Construct(name) = what else { return present(condition, columns) };
    match (*name, truth) {
        ("and" | "between", true) | ("or" | "not between", false) => {
            for part in arguments {
                decided(part, truth, columns);
            }
        }
        ("or" | "not between", true) | ("and" | "between", false) => common(arguments, truth, columns),
        ("not", _) => {
            if let Some(inner) = arguments.first() {
                decided(inner, !truth, columns);
            }
        }
        ("is null", false) | ("is not null", true) => {
            if let Some(inner) = arguments.first() {
                present(inner, columns);
            }
        }
        // A list is never empty.
        ("in", _) | ("in query", true) => compared(arguments, columns),
        ("rows", true) if arguments.iter().all(is_equality) => {
            for pair in arguments {
                decided(pair, true, columns);
            }
        }
        // Over an empty array nothing is compared.
        ("any", true) if condition.follows != Follows::Not => {
            for operand in arguments {
                present(operand, columns);
            }
        }
        _ => {}
    }
}

/// The columns that each of some conditions tells of.
fn common(conditions: &[Typed], truth: bool, columns: &mut BTreeSet<ColumnRef>) {
    let of = |condition: &Typed| {
        let mut found = BTreeSet::new();
        decided(condition, truth, &mut found);
        found
    };
    let all = conditions.iter().map(of).reduce(|a, b| sorted::set(a.intersection(&b).copied()));
    columns.extend(all.into_iter().flatten());
}

/// The value that is looked for in a list or a query.
fn compared(arguments: &[Typed], columns: &mut BTreeSet<ColumnRef>) {
    let comparison = arguments.first().filter(|comparison| matches!(comparison.follows, Follows::Operands { .. }));
    let built_in =
        comparison.filter(|comparison| matches!(&comparison.node, Node::Call { what: What::BuiltIn(..), .. }));
    if let Some(value) = built_in.and_then(|comparison| comparison.children().first()) {
        present(value, columns);
    }
}

fn is_equality(pair: &Typed) -> bool {
    matches!(&pair.node, Node::Call { what: What::BuiltIn(name, _), .. } if **name == *"=")
}

/// Adds the columns that are not NULL where the value is not.
fn present(value: &Typed, columns: &mut BTreeSet<ColumnRef>) {
    match &value.node {
        Node::Column(column) => {
            columns.insert(*column);
        }
        Node::Call { what: What::Construct(name), .. } if *name != "not" => {}
        Node::Call { arguments, .. } if matches!(value.follows, Follows::Operands { .. }) => {
            for argument in arguments {
                present(argument, columns);
            }
        }
        _ => {}
    }
}

/// The columns of the items that hold a value: those told of, and what a row has whose item no outer join filled.
pub(super) fn with_whole_rows(mut columns: BTreeSet<ColumnRef>, entries: &[Entry]) -> BTreeSet<ColumnRef> {
    let whole: BTreeSet<ItemId> = sorted::set(columns.iter().map(|column| column.item));
    for entry in entries.iter().filter(|entry| whole.contains(&entry.item.id)) {
        let item = &entry.item;
        for (at, nullable) in item.unfilled.iter().flatten().enumerate() {
            if *nullable == Some(false) {
                columns.insert(ColumnRef { depth: item.depth, item: item.id, column: at });
            }
        }
    }
    columns
}

/// Notes in items which of their columns hold a value.
pub(super) fn note(entries: &mut [Entry], columns: &BTreeSet<ColumnRef>) {
    if columns.is_empty() {
        return;
    }
    let columns = with_whole_rows(columns.clone(), entries);
    for entry in entries {
        let (depth, id) = (entry.item.depth, entry.item.id);
        let holds = |at: usize, place: Option<ColumnRef>| {
            columns.contains(&place.unwrap_or(ColumnRef { depth, item: id, column: at }))
        };
        let mut held = Vec::new();
        for (at, column) in entry.item.columns.iter().enumerate() {
            if column.nullable != Some(false) && holds(at, column.column) {
                held.push(at);
            }
        }
        if held.is_empty() {
            continue;
        }
        let item = Rc::make_mut(&mut entry.item);
        for at in held {
            item.columns[at].nullable = Some(false);
        }
    }
}

/// What is known of the rows that output columns are computed over.
pub(super) struct Rows {
    /// Columns that hold a value.
    pub(super) columns: BTreeSet<ColumnRef>,
    /// Whether aggregates are over groups, which have a row each.
    pub(super) grouped: bool,
}

impl Rows {
    /// Notes which output columns are never NULL over such rows.
    pub(super) fn sharpen(&self, columns: &mut [RowColumn]) {
        if self.columns.is_empty() && !self.grouped {
            return;
        }
        for column in columns.iter_mut().filter(|column| column.typed.nullable != Some(false)) {
            column.typed.nullable = self.nullable(&column.typed);
        }
    }

    fn nullable(&self, typed: &Typed) -> Option<bool> {
        if typed.nullable == Some(false) || self.is_present(typed) { Some(false) } else { typed.nullable }
    }

    fn is_present(&self, typed: &Typed) -> bool {
        let never = |typed: &Typed| self.nullable(typed) == Some(false);
        let arguments = typed.children();
        match (&typed.node, typed.follows) {
            (Node::Column(column), _) => self.columns.contains(column),
            (Node::Aggregate { .. }, Follows::Rows { counts_nulls }) => {
                self.grouped && (counts_nulls || arguments.first().is_some_and(never))
            }
            (Node::Call { what: What::Construct("coalesce" | "greatest" | "least"), .. }, _) => {
                arguments.iter().any(never)
            }
            (Node::Call { .. }, Follows::Operands { total: true }) => arguments.iter().all(never),
            (Node::Call { .. }, Follows::Results(count)) => arguments.iter().rev().take(count).all(never),
            _ => false,
        }
    }
}
