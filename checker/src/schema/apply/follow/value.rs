//! Values that a script computes, as far as they are known without rows.

use std::rc::Rc;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Not known.
    Unknown,
    /// Not known, but not NULL.
    Something,
    Null,
    Bool(bool),
    Number(i64),
    Text(Rc<str>),
    List(Rc<[Value]>),
    Row(Rc<Row>),
}

/// The columns of a row, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub(super) columns: Vec<(Rc<str>, Value)>,
    /// Whether it may have other columns, whose values are not known.
    pub(super) open: bool,
}

impl Row {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.columns.iter().find(|(column, _)| **column == *name).map(|(_, value)| value)
    }
}

impl Value {
    pub(super) fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    /// What the value is as a condition: `None` where that is not known; NULL does not hold.
    pub(super) fn holds(&self) -> Option<bool> {
        match self {
            Value::Bool(holds) => Some(*holds),
            Value::Null => Some(false),
            Value::Text(text) => Some(matches!(text.to_ascii_lowercase().as_str(), "t" | "true" | "yes" | "on" | "1")),
            _ => None,
        }
    }

    /// Whether it is NULL, where that is known.
    pub(super) fn is_null(&self) -> Option<bool> {
        match self {
            Value::Unknown => None,
            Value::Null => Some(true),
            _ => Some(false),
        }
    }

    /// As text, where it is known and not NULL.
    pub(super) fn shown(&self) -> Option<Rc<str>> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string().into()),
            Value::Bool(true) => Some("t".into()),
            Value::Bool(false) => Some("f".into()),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether two values are equal, in three-valued logic.
    pub(super) fn equals(&self, other: &Value) -> Value {
        match (self, other) {
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            (Value::Unknown | Value::Something, _) | (_, Value::Unknown | Value::Something) => Value::Unknown,
            (Value::Number(_), Value::Text(_)) | (Value::Text(_), Value::Number(_)) => {
                match (self.number(), other.number()) {
                    (Some(a), Some(b)) => Value::Bool(a == b),
                    _ => Value::Bool(false),
                }
            }
            (Value::Bool(_), Value::Text(_)) | (Value::Text(_), Value::Bool(_)) => {
                match (self.holds(), other.holds()) {
                    (Some(a), Some(b)) => Value::Bool(a == b),
                    _ => Value::Unknown,
                }
            }
            (Value::List(a), Value::List(b)) => {
                a.iter().zip(b.iter()).fold(Value::Bool(a.len() == b.len()), |all, (a, b)| all.and(a.equals(b)))
            }
            (Value::Row(_), _) | (_, Value::Row(_)) => Value::Unknown,
            (a, b) => Value::Bool(a == b),
        }
    }

    pub(super) fn and(self, other: Value) -> Value {
        match (self, other) {
            (Value::Bool(false), _) | (_, Value::Bool(false)) => Value::Bool(false),
            (Value::Bool(true), other) | (other, Value::Bool(true)) => other,
            (Value::Null, Value::Null) => Value::Null,
            _ => Value::Unknown,
        }
    }

    pub(super) fn or(self, other: Value) -> Value {
        self.not().and(other.not()).not()
    }

    pub(super) fn not(self) -> Value {
        match self {
            Value::Bool(holds) => Value::Bool(!holds),
            Value::Null => Value::Null,
            _ => Value::Unknown,
        }
    }
}
