//! Expressions of a script, as far as the schema model and the script's own values decide them.

use std::cell::Cell;
use std::rc::Rc;

use sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator,
    Value as Literal,
};

use super::function;
use super::query::{self, Found};
use super::value::{Row, Value};
use crate::query::HOLE;
use crate::schema::Schema;
use crate::schema::mention::{folded, split};

/// What expressions are evaluated with.
pub(super) struct Eval<'a> {
    pub(super) schema: &'a Schema,
    pub(super) variables: &'a Variables,
    /// How much work is left: what would take more is not known.
    work: Cell<u32>,
    /// Whether a placeholder stands in texts for what is not known.
    holes: bool,
}

/// The variables of a script, the innermost last.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables(Vec<(Rc<str>, Value)>);

impl Variables {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    pub(super) fn declare(&mut self, name: &str, value: Value) {
        self.0.push((name.into(), value));
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().rev().find(|(known, _)| **known == *name) {
            Some((_, known)) => *known = value,
            None => self.declare(name, value),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }
}

/// The rows that names can mean.
#[derive(Default)]
pub(super) struct Scope<'a> {
    /// Alias and row; no row where an outer join found none.
    pub(super) items: Vec<(Rc<str>, Option<Rc<Row>>)>,
    pub(super) outer: Option<&'a Scope<'a>>,
}

impl Scope<'_> {
    fn column(&self, qualifier: Option<&str>, name: &str) -> Option<Value> {
        let fits = |alias: &str| qualifier.is_none_or(|qualifier| qualifier == alias);
        let mut open = false;
        for (_, row) in self.items.iter().filter(|(alias, _)| fits(alias)) {
            let Some(row) = row else {
                if qualifier.is_some() {
                    return Some(Value::Null);
                }
                continue;
            };
            if let Some(value) = row.get(name) {
                return Some(value.clone());
            }
            open |= row.open && qualifier.is_some();
        }
        if open {
            return Some(Value::Unknown);
        }
        self.outer.and_then(|outer| outer.column(qualifier, name))
    }

    /// The row that an alias stands for.
    fn row(&self, alias: &str) -> Option<Rc<Row>> {
        let found = self.items.iter().find(|(known, _)| **known == *alias);
        found.and_then(|(_, row)| row.clone()).or_else(|| self.outer?.row(alias))
    }
}

/// The most steps that one evaluation takes.
const WORK: u32 = 2_000_000;

impl<'a> Eval<'a> {
    pub(super) fn new(schema: &'a Schema, variables: &'a Variables) -> Eval<'a> {
        Eval { schema, variables, work: Cell::new(WORK), holes: false }
    }

    /// Texts with a placeholder in the place of what is not known.
    pub(super) fn with_holes(self) -> Eval<'a> {
        Eval { holes: true, ..self }
    }

    /// A part of a text.
    fn part(&self, value: Value) -> Value {
        match value {
            Value::Unknown | Value::Something if self.holes => Value::text(HOLE),
            value => value,
        }
    }

    /// Takes a step; false where no work is left.
    pub(super) fn step(&self) -> bool {
        let left = self.work.get();
        self.work.set(left.saturating_sub(1));
        left > 0
    }

    pub(super) fn value(&self, expr: &Expr, scope: &Scope<'_>) -> Value {
        if !self.step() {
            return Value::Unknown;
        }
        match expr {
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => self.value(inner, scope),
            Expr::Value(value) => self.literal(&value.value),
            Expr::TypedString(typed) => match &typed.value.value {
                Literal::SingleQuotedString(text) => self.cast(Value::text(text), &typed.data_type),
                _ => Value::Something,
            },
            Expr::Identifier(ident) => self.name(None, &folded(self.schema, ident), scope),
            Expr::CompoundIdentifier(idents) => match idents.as_slice() {
                [.., qualifier, name] => {
                    self.name(Some(&folded(self.schema, qualifier)), &folded(self.schema, name), scope)
                }
                _ => Value::Unknown,
            },
            Expr::UnaryOp { op, expr } => self.unary(op, self.value(expr, scope)),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, scope),
            Expr::IsNull(inner) => self.value(inner, scope).is_null().map_or(Value::Unknown, Value::Bool),
            Expr::IsNotNull(inner) => {
                self.value(inner, scope).is_null().map_or(Value::Unknown, |null| Value::Bool(!null))
            }
            Expr::IsTrue(inner) => truth(self.value(inner, scope), true),
            Expr::IsFalse(inner) => truth(self.value(inner, scope), false),
            Expr::IsNotTrue(inner) => truth(self.value(inner, scope), true).not(),
            Expr::IsNotFalse(inner) => truth(self.value(inner, scope), false).not(),
            Expr::InList { expr, list, negated } => {
                let value = self.value(expr, scope);
                let any = list.iter().map(|item| value.equals(&self.value(item, scope)));
                negate(any.fold(Value::Bool(false), Value::or), *negated)
            }
            Expr::Between { expr, low, high, negated } => {
                let value = self.value(expr, scope);
                let (low, high) = (self.value(low, scope), self.value(high, scope));
                let above = compare(&value, &low, |order| order.is_ge());
                negate(above.and(compare(&value, &high, |order| order.is_le())), *negated)
            }
            Expr::Like { expr, pattern, negated, .. } => {
                negate(like(&self.value(expr, scope), &self.value(pattern, scope), false), *negated)
            }
            Expr::ILike { expr, pattern, negated, .. } => {
                negate(like(&self.value(expr, scope), &self.value(pattern, scope), true), *negated)
            }
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
                any_of(&self.value(left, scope), &self.value(right, scope))
            }
            Expr::AllOp { left, compare_op: BinaryOperator::NotEq, right } => {
                any_of(&self.value(left, scope), &self.value(right, scope)).not()
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                let operand = operand.as_ref().map(|operand| self.value(operand, scope));
                for case in conditions {
                    let condition = self.value(&case.condition, scope);
                    let holds =
                        operand.as_ref().map_or_else(|| condition.clone(), |operand| operand.equals(&condition));
                    match holds.holds() {
                        Some(true) => return self.value(&case.result, scope),
                        Some(false) => {}
                        None => return Value::Unknown,
                    }
                }
                else_result.as_ref().map_or(Value::Null, |expr| self.value(expr, scope))
            }
            Expr::Cast { expr, data_type, .. } => self.cast(self.value(expr, scope), data_type),
            Expr::Array(array) => Value::List(array.elem.iter().map(|item| self.value(item, scope)).collect()),
            Expr::Exists { subquery, negated } => {
                negate(query::exists(self, subquery, scope).map_or(Value::Unknown, Value::Bool), *negated)
            }
            Expr::Subquery(subquery) => query::scalar(self, subquery, scope),
            Expr::InSubquery { expr, subquery, negated } => {
                let value = self.value(expr, scope);
                let found = match query::rows(self, subquery, scope) {
                    Found::Known(rows) => rows.iter().fold(Value::Bool(false), |any, (row, certain)| {
                        let first = row.columns.first().map_or(Value::Unknown, |(_, value)| value.clone());
                        let equal = value.equals(&first);
                        any.or(if *certain { equal } else { equal.and(Value::Unknown) })
                    }),
                    Found::Unknown => Value::Unknown,
                };
                negate(found, *negated)
            }
            Expr::Function(called) => self.call(called, scope),
            Expr::CompoundFieldAccess { .. } => Value::Unknown,
            _ => Value::Unknown,
        }
    }

    fn literal(&self, literal: &Literal) -> Value {
        match literal {
            Literal::Number(text, _) => text.parse().map_or(Value::Something, Value::Number),
            Literal::SingleQuotedString(text)
            | Literal::EscapedStringLiteral(text)
            | Literal::UnicodeStringLiteral(text)
            | Literal::NationalStringLiteral(text) => Value::text(text),
            Literal::DollarQuotedString(text) => Value::text(&text.value),
            Literal::Boolean(holds) => Value::Bool(*holds),
            Literal::Null => Value::Null,
            Literal::Placeholder(name) => self.variables.get(name).cloned().unwrap_or(Value::Unknown),
            _ => Value::Something,
        }
    }

    fn name(&self, qualifier: Option<&str>, name: &str, scope: &Scope<'_>) -> Value {
        if let Some(value) = scope.column(qualifier, name) {
            return value;
        }
        let variable = match qualifier {
            Some(qualifier) => match self.variables.get(qualifier) {
                Some(Value::Row(row)) => row.get(name).cloned(),
                _ => None,
            },
            None => match self.variables.get(name) {
                // A loop's variable is a record or, of one column, perhaps a plain one.
                Some(Value::Row(row)) if row.columns.len() == 1 && !row.open => {
                    row.columns.first().map(|(_, value)| value.clone())
                }
                Some(value) => Some(value.clone()),
                None => scope.row(name).map(Value::Row),
            },
        };
        variable.unwrap_or(Value::Unknown)
    }

    fn unary(&self, operator: &UnaryOperator, value: Value) -> Value {
        match (operator, value) {
            (UnaryOperator::Not, value) => match value.holds() {
                Some(_) if value == Value::Null => Value::Null,
                Some(holds) => Value::Bool(!holds),
                None => Value::Unknown,
            },
            (UnaryOperator::Minus, Value::Number(number)) => Value::Number(number.saturating_neg()),
            (UnaryOperator::Plus, value) => value,
            _ => Value::Unknown,
        }
    }

    fn binary(&self, left: &Expr, operator: &BinaryOperator, right: &Expr, scope: &Scope<'_>) -> Value {
        let left = self.value(left, scope);
        // The other side need not be known, nor looked for, where one side decides.
        match (operator, &left) {
            (BinaryOperator::And, Value::Bool(false)) => return Value::Bool(false),
            (BinaryOperator::Or, Value::Bool(true)) => return Value::Bool(true),
            _ => {}
        }
        let right = self.value(right, scope);
        match operator {
            BinaryOperator::And => left.and(right),
            BinaryOperator::Or => left.or(right),
            BinaryOperator::Eq => left.equals(&right),
            BinaryOperator::NotEq => left.equals(&right).not(),
            BinaryOperator::Lt => compare(&left, &right, |order| order.is_lt()),
            BinaryOperator::LtEq => compare(&left, &right, |order| order.is_le()),
            BinaryOperator::Gt => compare(&left, &right, |order| order.is_gt()),
            BinaryOperator::GtEq => compare(&left, &right, |order| order.is_ge()),
            BinaryOperator::StringConcat => joined(&self.part(left), &self.part(right)),
            BinaryOperator::Plus => arithmetic(&left, &right, i64::checked_add),
            BinaryOperator::Minus => arithmetic(&left, &right, i64::checked_sub),
            BinaryOperator::Multiply => arithmetic(&left, &right, i64::checked_mul),
            _ => Value::Unknown,
        }
    }

    fn cast(&self, value: Value, ty: &DataType) -> Value {
        if matches!(value, Value::Null | Value::Unknown) {
            return value;
        }
        let name = ty.to_string().to_ascii_lowercase();
        if let Some(number) = value.shown().and_then(|text| function::identity(self.schema, &name, &text)) {
            return number.unwrap_or(Value::Unknown);
        }
        match name.split('(').next().unwrap_or("").trim() {
            "text" | "varchar" | "character varying" | "name" | "bpchar" => {
                value.shown().map_or(Value::Something, Value::Text)
            }
            "int" | "integer" | "int4" | "bigint" | "int8" | "smallint" | "int2" | "oid" => match value {
                Value::Number(_) => value,
                _ => value.number().map_or(Value::Something, Value::Number),
            },
            "boolean" | "bool" => match value {
                Value::Bool(_) => value,
                _ => value.holds().map_or(Value::Something, Value::Bool),
            },
            _ => value,
        }
    }

    fn call(&self, called: &Function, scope: &Scope<'_>) -> Value {
        let (_, name) = split(self.schema, &called.name);
        let mut arguments = self.arguments(called, scope);
        if self.holes && function::MAKES_TEXT.contains(&&*name) {
            arguments = arguments.into_iter().map(|(name, value)| (name, self.part(value))).collect();
        }
        function::call(self.schema, &name, &arguments)
    }

    /// The values of a call's arguments.
    pub(super) fn arguments(&self, called: &Function, scope: &Scope<'_>) -> Vec<(Option<String>, Value)> {
        let FunctionArguments::List(list) = &called.args else { return Vec::new() };
        let value = |argument: &FunctionArgExpr| match argument {
            FunctionArgExpr::Expr(expr) => self.value(expr, scope),
            _ => Value::Unknown,
        };
        list.args
            .iter()
            .map(|argument| match argument {
                FunctionArg::Named { name, arg, .. } => (Some(folded(self.schema, name)), value(arg)),
                FunctionArg::ExprNamed { name: Expr::Identifier(name), arg, .. } => {
                    (Some(folded(self.schema, name)), value(arg))
                }
                FunctionArg::ExprNamed { arg, .. } | FunctionArg::Unnamed(arg) => (None, value(arg)),
            })
            .collect()
    }
}

fn negate(value: Value, negated: bool) -> Value {
    if negated { value.not() } else { value }
}

/// `IS TRUE` and `IS FALSE`.
fn truth(value: Value, wanted: bool) -> Value {
    match value {
        Value::Bool(holds) => Value::Bool(holds == wanted),
        Value::Null => Value::Bool(false),
        _ => Value::Unknown,
    }
}

fn compare(left: &Value, right: &Value, holds: impl Fn(std::cmp::Ordering) -> bool) -> Value {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Text(a), Value::Text(b)) => Value::Bool(holds(a.cmp(b))),
        _ => match (left.number(), right.number()) {
            (Some(a), Some(b)) => Value::Bool(holds(a.cmp(&b))),
            _ => Value::Unknown,
        },
    }
}

fn arithmetic(left: &Value, right: &Value, compute: impl Fn(i64, i64) -> Option<i64>) -> Value {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        _ => left.number().zip(right.number()).and_then(|(a, b)| compute(a, b)).map_or(Value::Unknown, Value::Number),
    }
}

/// `||` of texts.
fn joined(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::List(a), Value::List(b)) => Value::List(a.iter().chain(b.iter()).cloned().collect()),
        _ => match (left.shown(), right.shown()) {
            (Some(a), Some(b)) => Value::text(&format!("{a}{b}")),
            _ => Value::Unknown,
        },
    }
}

fn any_of(value: &Value, list: &Value) -> Value {
    match list {
        Value::List(items) => items.iter().map(|item| value.equals(item)).fold(Value::Bool(false), Value::or),
        Value::Null => Value::Null,
        _ => Value::Unknown,
    }
}

fn like(value: &Value, pattern: &Value, fold: bool) -> Value {
    if matches!(value, Value::Null) || matches!(pattern, Value::Null) {
        return Value::Null;
    }
    let (Some(value), Some(pattern)) = (value.shown(), pattern.shown()) else { return Value::Unknown };
    let letters =
        |text: &str| -> Vec<char> { if fold { text.to_lowercase().chars().collect() } else { text.chars().collect() } };
    Value::Bool(matches(&letters(&value), &letters(&pattern)))
}

/// Whether a text is like a pattern with `%`, `_` and backslashes.
fn matches(text: &[char], pattern: &[char]) -> bool {
    // For each length of the text: whether it fits the part of the pattern read so far.
    let mut fits: Vec<bool> = std::iter::once(true).chain(text.iter().map(|_| false)).collect();
    let mut pattern = pattern.iter();
    while let Some(&letter) = pattern.next() {
        let literal = if letter == '\\' { pattern.next().copied() } else { None };
        if literal.is_none() && letter == '%' {
            let first = fits.iter().position(|&fit| fit);
            fits.iter_mut().enumerate().for_each(|(at, fit)| *fit = first.is_some_and(|first| at >= first));
            continue;
        }
        let one = |other: char| literal.map_or(letter == '_' || letter == other, |literal| literal == other);
        for at in (1..fits.len()).rev() {
            fits[at] = fits[at - 1] && one(text[at - 1]);
        }
        fits[0] = false;
    }
    fits.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let like = |text: &str, pattern: &str| like(&Value::text(text), &Value::text(pattern), false);
        assert_eq!(like("users_old", "users%"), Value::Bool(true));
        assert_eq!(like("users", "%s_"), Value::Bool(false));
        assert_eq!(like("a_b", "a\\_b"), Value::Bool(true));
        assert_eq!(like("axb", "a\\_b"), Value::Bool(false));
        assert_eq!(like("", "%"), Value::Bool(true));
    }
}
