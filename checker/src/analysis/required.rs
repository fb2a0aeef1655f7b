//! Columns that an `INSERT` leaves out although each row needs a value for them.

use std::sync::Arc;

use sqlparser::ast::{BinaryOperator, Expr};

use super::cx::{Cx, Kind, Words};
use super::modify::{Target, stored, stored_writes};
use super::routine::{self, Supply};
use super::{Stage, Value, Write};
use crate::schema::{Column, ConstraintKind, Key, Relation, RelationKind};
use crate::source::Span;
use crate::sql::ddl::{Event, TriggerTiming};

const NOT_NULL: Kind = Kind("required-column-omitted", "23502", Stage::Execute);
const CHECKED: Kind = Kind("required-column-omitted", "23514", Stage::Execute);

/// Why a column needs a value.
enum Demand {
    /// `NOT NULL`, at the column or at its domain.
    NotNull,
    /// `CHECK (column IS NOT NULL)`.
    Check(Arc<str>),
}

/// Checks that each column which needs a value gets one that is not NULL.
pub(super) fn check(cx: &mut Cx, target: &Target, write: &Write, ignores: bool) {
    let relation = stored(cx, &target.relation);
    let checked = matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
    if !checked || ignores || replaced(&target.relation) || replaced(&relation) {
        return;
    }
    let given = stored_writes(cx, &target.relation, write);
    for column in relation.columns.iter().filter(|column| !column.hidden) {
        let value = given.iter().find(|(number, _)| *number == column.number);
        let null_written = value.filter(|(_, written)| written.value == Value::Null);
        if value.is_some() && null_written.is_none() {
            continue;
        }
        if null_written.is_none() && has_own_value(cx, &target.relation, column) {
            continue;
        }
        if null_written.is_some() && column.auto_number && cx.rules().null_asks_for_number {
            continue;
        }
        let Some(demand) = demand(cx, &relation, column) else { continue };
        match routine::supplies(cx.schema, &relation, &column.name, Event::Insert) {
            Supply::Yes => continue,
            Supply::Unknown(reason) => {
                cx.unknown(
                    target.span,
                    format!("whether a trigger gives `{}` a value is not known: {reason}", column.name),
                );
                continue;
            }
            Supply::No => {}
        }
        say(cx, target, &relation, column, &demand, null_written.map(|(_, written)| written.span));
    }
}

/// Whether something else takes the place of the insertion.
fn replaced(relation: &Relation) -> bool {
    let by_rule = relation.rules.iter().any(|rule| rule.event == Event::Insert && rule.instead);
    let by_trigger = relation.triggers.iter().any(|trigger| {
        trigger.enabled && trigger.timing == TriggerTiming::InsteadOf && trigger.events.contains(&Event::Insert)
    });
    by_rule || by_trigger
}

/// Whether a column has a value where none is written.
fn has_own_value(cx: &Cx, named: &Relation, column: &Column) -> bool {
    let of_view = || {
        named
            .columns
            .iter()
            .any(|other| other.origin.is_some_and(|(_, number)| number == column.number) && other.default.is_some())
    };
    column.default.as_ref().is_some_and(|default| !is_null(default.tree().map(|tree| &**tree)))
        || column.generated.is_some()
        || column.identity.is_some()
        || column.auto_number
        || domain_default(cx, column)
        || (named.kind == RelationKind::View && of_view())
}

fn is_null(written: Option<&Expr>) -> bool {
    match written {
        Some(Expr::Nested(inner) | Expr::Cast { expr: inner, .. }) => is_null(Some(inner)),
        Some(Expr::Value(value)) => value.value == sqlparser::ast::Value::Null,
        _ => false,
    }
}

fn domain_default(cx: &Cx, column: &Column) -> bool {
    let mut id = column.ty.id;
    for _ in 0..64 {
        let Some(domain) = cx.schema.domain(id) else { return false };
        if domain.default.is_some() {
            return true;
        }
        let Some((below, _)) = domain.info.base else { return false };
        id = below;
    }
    false
}

fn domain_refuses_null(cx: &Cx, column: &Column) -> bool {
    let mut id = column.ty.id;
    for _ in 0..64 {
        let Some(domain) = cx.schema.domain(id) else { return false };
        if domain.info.not_null {
            return true;
        }
        let Some((below, _)) = domain.info.base else { return false };
        id = below;
    }
    false
}

fn demand(cx: &Cx, relation: &Relation, column: &Column) -> Option<Demand> {
    if column.not_null || domain_refuses_null(cx, column) {
        return Some(Demand::NotNull);
    }
    let demands = |constraint: &&crate::schema::Constraint| match &constraint.kind {
        ConstraintKind::Check(check) => {
            check.tree().map(|tree| &**tree).is_some_and(|tree| refuses_null(cx, tree, &column.name, 0))
        }
        _ => false,
    };
    relation.constraints.iter().find(demands).map(|constraint| Demand::Check(constraint.name.clone()))
}

/// Whether a check that all rows passed refuses NULL in a column; `alone` where no table inherits from this one.
pub(super) fn is_checked(cx: &Cx, relation: &Relation, column: &Column, alone: bool) -> bool {
    relation.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::Check(check) => {
            constraint.valid
                && (alone || !constraint.no_inherit)
                && check.tree().is_some_and(|tree| refuses_null(cx, tree, &column.name, 0))
        }
        _ => false,
    })
}

/// Whether a check fails for sure when the column is NULL: `column IS NOT NULL`, alone or among others joined by `AND`.
fn refuses_null(cx: &Cx, written: &Expr, column: &str, depth: usize) -> bool {
    if depth > 64 {
        return false;
    }
    match written {
        Expr::Nested(inner) => refuses_null(cx, inner, column, depth + 1),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            refuses_null(cx, left, column, depth + 1) || refuses_null(cx, right, column, depth + 1)
        }
        Expr::IsNotNull(inner) => match &**inner {
            Expr::Identifier(name) => *cx.fold(name) == *column,
            Expr::Nested(inner) => matches!(&**inner, Expr::Identifier(name) if *cx.fold(name) == *column),
            _ => false,
        },
        _ => false,
    }
}

fn say(cx: &mut Cx, target: &Target, relation: &Relation, column: &Column, demand: &Demand, null: Option<Span>) {
    let (table, name) = (&relation.name, &column.name);
    let mut about = vec![Key::Column(table.clone(), name.clone())];
    let (kind, message) = match (demand, null) {
        (Demand::NotNull, None) => {
            (NOT_NULL, format!("column `{name}` of `{table}` needs a value: it is `NOT NULL` without a default"))
        }
        (Demand::NotNull, Some(_)) => (NOT_NULL, format!("column `{name}` of `{table}` is `NOT NULL`")),
        (Demand::Check(check), _) => {
            about.insert(0, Key::Constraint(table.clone(), check.clone()));
            (CHECKED, format!("column `{name}` of `{table}` needs a value: constraint `{check}` refuses NULL"))
        }
    };
    let label = if null.is_some() { "is given NULL".to_string() } else { format!("leaves out `{name}`") };
    cx.problem(kind, about, Words { span: null.unwrap_or(target.span), message, label });
}
