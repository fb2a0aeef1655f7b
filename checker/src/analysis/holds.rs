//! Whether a `CHECK` holds for values of which some are known.

use sqlparser::ast::{BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator, Value};

/// What is known of a column's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// `NULL`.
    Null,
    /// This value, as text.
    Text(String),
    /// That it is not NULL.
    Present,
    /// Nothing.
    Nothing,
}

/// How a condition turns out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
    /// NULL, which a check lets through.
    Null,
    /// It depends on what is not known, or is not understood.
    Open,
}

/// How deep conditions may nest.
const DEPTH: usize = 100;

/// Whether a check lets values through; `None` where that depends on what is not known. `value_of` gives the value of a column
/// by its folded name.
pub fn holds(check: &Expr, fold: fn(&str) -> String, value_of: &dyn Fn(&str) -> Known) -> Option<bool> {
    match (Holds { fold, value_of }).truth(check, 0) {
        Truth::Yes | Truth::Null => Some(true),
        Truth::No => Some(false),
        Truth::Open => None,
    }
}

struct Holds<'v> {
    fold: fn(&str) -> String,
    value_of: &'v dyn Fn(&str) -> Known,
}

impl Holds<'_> {
    fn truth(&self, written: &Expr, depth: usize) -> Truth {
        if depth > DEPTH {
            return Truth::Open;
        }
        let truth = |inner: &Expr| self.truth(inner, depth + 1);
        match written {
            Expr::Nested(inner) => truth(inner),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => not(truth(expr)),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => match (truth(left), truth(right)) {
                (Truth::No, _) | (_, Truth::No) => Truth::No,
                (Truth::Open, _) | (_, Truth::Open) => Truth::Open,
                (Truth::Null, _) | (_, Truth::Null) => Truth::Null,
                _ => Truth::Yes,
            },
            Expr::BinaryOp { left, op: BinaryOperator::Or, right } => match (truth(left), truth(right)) {
                (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
                (Truth::Open, _) | (_, Truth::Open) => Truth::Open,
                (Truth::Null, _) | (_, Truth::Null) => Truth::Null,
                _ => Truth::No,
            },
            Expr::BinaryOp { left, op, right } => compare(op, &self.value(left, depth), &self.value(right, depth)),
            Expr::IsNull(inner) => is_null(&self.value(inner, depth)),
            Expr::IsNotNull(inner) => not(is_null(&self.value(inner, depth))),
            Expr::Between { expr, negated, low, high } => {
                let (value, low, high) = (self.value(expr, depth), self.value(low, depth), self.value(high, depth));
                let above = compare(&BinaryOperator::GtEq, &value, &low);
                let below = compare(&BinaryOperator::LtEq, &value, &high);
                let within = match (above, below) {
                    (Truth::No, _) | (_, Truth::No) => Truth::No,
                    (Truth::Yes, Truth::Yes) => Truth::Yes,
                    (Truth::Null, Truth::Null) => Truth::Null,
                    _ => Truth::Open,
                };
                if *negated { not(within) } else { within }
            }
            Expr::InList { expr, list, negated } => {
                let found = self.among(&self.value(expr, depth), list, depth);
                if *negated { not(found) } else { found }
            }
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => match array(right) {
                Some(items) => self.among(&self.value(left, depth), items, depth),
                None => Truth::Open,
            },
            Expr::Identifier(_) | Expr::Value(_) => match self.value(written, depth) {
                Known::Null => Truth::Null,
                Known::Text(text) if matches!(&*text, "true" | "t") => Truth::Yes,
                Known::Text(text) if matches!(&*text, "false" | "f") => Truth::No,
                _ => Truth::Open,
            },
            _ => Truth::Open,
        }
    }

    /// Whether a value is one of a list.
    fn among(&self, value: &Known, list: &[Expr], depth: usize) -> Truth {
        let mut outcome = Truth::No;
        for item in list {
            match compare(&BinaryOperator::Eq, value, &self.value(item, depth)) {
                Truth::Yes => return Truth::Yes,
                Truth::No => {}
                other => outcome = other,
            }
        }
        outcome
    }

    fn value(&self, written: &Expr, depth: usize) -> Known {
        if depth > DEPTH {
            return Known::Nothing;
        }
        match written {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => self.value(inner, depth + 1),
            Expr::Identifier(name) => (self.value_of)(&self.folded(name)),
            Expr::CompoundIdentifier(parts) => {
                parts.last().map_or(Known::Nothing, |name| (self.value_of)(&self.folded(name)))
            }
            Expr::Value(value) => match &value.value {
                Value::Null => Known::Null,
                Value::Number(digits, _) => Known::Text(digits.clone()),
                Value::SingleQuotedString(text) => Known::Text(text.clone()),
                Value::Boolean(truth) => Known::Text(truth.to_string()),
                _ => Known::Nothing,
            },
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match self.value(expr, depth + 1) {
                Known::Text(digits) => Known::Text(format!("-{digits}")),
                other => other,
            },
            Expr::Function(function) => self.length(function, depth),
            _ => Known::Nothing,
        }
    }

    fn folded(&self, name: &sqlparser::ast::Ident) -> String {
        if name.quote_style.is_some() { name.value.clone() } else { (self.fold)(&name.value) }
    }

    /// `length(x)` and `char_length(x)`.
    fn length(&self, function: &sqlparser::ast::Function, depth: usize) -> Known {
        let name = function.name.0.last().and_then(|part| part.as_ident()).map(|name| (self.fold)(&name.value));
        let FunctionArguments::List(list) = &function.args else { return Known::Nothing };
        let [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))] = list.args.as_slice() else {
            return Known::Nothing;
        };
        let counts = matches!(name.as_deref(), Some("length" | "char_length" | "character_length"));
        match self.value(argument, depth + 1) {
            Known::Text(text) if counts => Known::Text(text.chars().count().to_string()),
            known @ (Known::Null | Known::Present) if counts => known,
            _ => Known::Nothing,
        }
    }
}

fn array(written: &Expr) -> Option<&[Expr]> {
    match written {
        Expr::Array(array) => Some(&array.elem),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => array(inner),
        _ => None,
    }
}

fn not(truth: Truth) -> Truth {
    match truth {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        other => other,
    }
}

fn is_null(value: &Known) -> Truth {
    match value {
        Known::Null => Truth::Yes,
        Known::Text(_) | Known::Present => Truth::No,
        Known::Nothing => Truth::Open,
    }
}

fn compare(op: &BinaryOperator, left: &Known, right: &Known) -> Truth {
    let (a, b) = match (left, right) {
        (Known::Null, _) | (_, Known::Null) => return Truth::Null,
        (Known::Text(a), Known::Text(b)) => (a, b),
        _ => return Truth::Open,
    };
    let numbers = a.trim().parse::<f64>().ok().zip(b.trim().parse::<f64>().ok());
    let truth = match (op, numbers) {
        // The same number written in two ways is the same to some types only.
        (BinaryOperator::Eq | BinaryOperator::NotEq, Some((x, y))) if x == y && a != b => return Truth::Open,
        (BinaryOperator::Eq, _) => a == b,
        (BinaryOperator::NotEq, _) => a != b,
        (BinaryOperator::Lt, Some((a, b))) => a < b,
        (BinaryOperator::LtEq, Some((a, b))) => a <= b,
        (BinaryOperator::Gt, Some((a, b))) => a > b,
        (BinaryOperator::GtEq, Some((a, b))) => a >= b,
        // By which order texts compare is the collation's.
        _ => return Truth::Open,
    };
    if truth { Truth::Yes } else { Truth::No }
}

#[cfg(test)]
mod tests {
    use super::{Known, holds};
    use crate::dialect::postgres::DIALECT;
    use crate::sql::{StatementKind, parse};

    fn check(condition: &str, values: &[(&str, Known)]) -> Option<bool> {
        let text = format!("SELECT 1 WHERE {condition}");
        let statements = parse(&text, &DIALECT);
        let StatementKind::Query(query) = &statements[0].kind else { panic!("{condition}") };
        let sqlparser::ast::Statement::Query(tree) = &*query.tree else { panic!("{condition}") };
        let sqlparser::ast::SetExpr::Select(select) = &*tree.body else { panic!("{condition}") };
        let value_of = |name: &str| {
            values.iter().find(|(known, _)| *known == name).map_or(Known::Nothing, |(_, value)| value.clone())
        };
        holds(select.selection.as_ref().expect("a condition"), DIALECT.fold, &value_of)
    }

    #[test]
    fn what_is_known_decides() {
        let text = |text: &str| Known::Text(text.to_owned());
        assert_eq!(check("a > 0", &[("a", text("1"))]), Some(true));
        assert_eq!(check("a > 0", &[("a", text("0"))]), Some(false));
        assert_eq!(check("A > 0", &[("a", Known::Null)]), Some(true));
        assert_eq!(check("a > 0", &[]), None);
        assert_eq!(check("a > 0 AND b > 0", &[("a", text("-1"))]), Some(false));
        assert_eq!(check("a > 0 OR b > 0", &[("a", text("-1"))]), None);
        assert_eq!(check("s IN ('x', 'y')", &[("s", text("z"))]), Some(false));
        assert_eq!(check("s = ANY (ARRAY['x'::text, 'y'::text])", &[("s", text("y"))]), Some(true));
        assert_eq!(check("NOT (s IS NULL)", &[("s", Known::Null)]), Some(false));
        assert_eq!(check("length(s) BETWEEN 1 AND 3", &[("s", text("word"))]), Some(false));
        assert_eq!(check("s ~ '^x'", &[("s", text("word"))]), None);
    }
}
