//! Conditions of which the trigger's event decides: `TG_OP = 'INSERT'` and its kin.

use sqlparser::ast::{BinaryOperator, Expr, SelectItem, SetExpr, Statement, UnaryOperator, Value};

use crate::sql::ddl::{Event, TriggerTiming};

/// What a trigger was fired by.
#[derive(Clone, Debug)]
pub(super) struct Fired {
    pub(super) event: Event,
    pub(super) timing: TriggerTiming,
    pub(super) for_each_row: bool,
    pub(super) table: String,
    pub(super) schema: String,
    pub(super) trigger: String,
}

impl Fired {
    fn value(&self, variable: &str) -> Option<&str> {
        Some(match variable {
            "tg_op" => match self.event {
                Event::Insert => "INSERT",
                Event::Update => "UPDATE",
                Event::Delete => "DELETE",
                Event::Truncate => "TRUNCATE",
                Event::Select => return None,
            },
            "tg_when" => match self.timing {
                TriggerTiming::Before => "BEFORE",
                TriggerTiming::After => "AFTER",
                TriggerTiming::InsteadOf => "INSTEAD OF",
            },
            "tg_level" if self.for_each_row => "ROW",
            "tg_level" => "STATEMENT",
            "tg_table_name" | "tg_relname" => &self.table,
            "tg_table_schema" => &self.schema,
            "tg_name" => &self.trigger,
            _ => return None,
        })
    }
}

/// Whether a condition (`SELECT condition`) holds, where that does not depend on data.
pub(super) fn decided(written: &Statement, fired: Option<&Fired>) -> Option<bool> {
    let Statement::Query(query) = written else { return None };
    let SetExpr::Select(select) = &*query.body else { return None };
    let [SelectItem::UnnamedExpr(condition)] = select.projection.as_slice() else { return None };
    holds(condition, fired, 0)
}

fn holds(written: &Expr, fired: Option<&Fired>, depth: usize) -> Option<bool> {
    if depth > 64 {
        return None;
    }
    let inside = |written: &Expr| holds(written, fired, depth + 1);
    match written {
        Expr::Nested(inner) => inside(inner),
        Expr::Value(value) => match &value.value {
            Value::Boolean(value) => Some(*value),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => inside(expr).map(|value| !value),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => match (inside(left), inside(right)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => match (inside(left), inside(right)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => equal(left, right, fired),
        Expr::BinaryOp { left, op: BinaryOperator::NotEq, right } => equal(left, right, fired).map(|value| !value),
        Expr::InList { expr, list, negated } => {
            let mut found = false;
            for item in list {
                found |= equal(expr, item, fired)?;
            }
            Some(found != *negated)
        }
        _ => None,
    }
}

fn equal(left: &Expr, right: &Expr, fired: Option<&Fired>) -> Option<bool> {
    Some(text(left, fired)? == text(right, fired)?)
}

fn text<'e>(written: &'e Expr, fired: Option<&'e Fired>) -> Option<&'e str> {
    match written {
        Expr::Nested(inner) => text(inner, fired),
        Expr::Identifier(name) => {
            let folded = name.value.to_ascii_lowercase();
            fired?.value(&folded)
        }
        Expr::Value(value) => match &value.value {
            string @ (Value::SingleQuotedString(_) | Value::DollarQuotedString(_) | Value::EscapedStringLiteral(_)) => {
                Some(super::super::expr::string_of(string))
            }
            _ => None,
        },
        _ => None,
    }
}
