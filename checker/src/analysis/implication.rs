//! Whether one condition follows from another, as far as `predicate_implied_by` of Postgres proves it: condition by condition,
//! by equality, by strictness, and by comparisons of one expression with constants.

use super::tree::{Node, Typed, What};

/// Whether `wanted` holds wherever `given` does; `None` where that is not worked out.
pub(super) fn follows(wanted: &Typed, given: &Typed) -> Option<bool> {
    let given = conditions(given);
    let mut all = Some(true);
    for condition in conditions(wanted) {
        match from_any(condition, &given) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// The conditions that `AND` joins.
fn conditions(typed: &Typed) -> Vec<&Typed> {
    match &typed.node {
        Node::Call { what: What::Construct("and"), arguments } => arguments.iter().flat_map(conditions).collect(),
        _ => vec![typed],
    }
}

fn from_any(wanted: &Typed, given: &[&Typed]) -> Option<bool> {
    let mut outcome = Some(false);
    for given in given {
        match from_one(wanted, given) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => outcome = None,
        }
    }
    outcome
}

fn from_one(wanted: &Typed, given: &Typed) -> Option<bool> {
    if same_truth(wanted, given) {
        return Some(true);
    }
    // A condition on other columns proves nothing.
    if !share_columns(wanted, given) {
        return Some(false);
    }
    if let Node::Call { what: What::Construct("is not null"), arguments } = &wanted.node {
        let of_column = arguments.first().is_some_and(|operand| compares(given, operand));
        return if of_column { Some(true) } else { None };
    }
    match (Comparison::of(wanted), Comparison::of(given)) {
        (Some(wanted), Some(given)) if wanted.operand.same(given.operand) => Some(given.implies(&wanted)),
        _ => None,
    }
}

/// `flag` and `flag = true` are the same.
fn same_truth(a: &Typed, b: &Typed) -> bool {
    a.same(b) || plain_truth(a).zip(plain_truth(b)).is_some_and(|((a, x), (b, y))| x == y && a.same(b))
}

/// The expression that a condition says to be true or false.
fn plain_truth(typed: &Typed) -> Option<(&Typed, bool)> {
    match &typed.node {
        Node::Call { what: What::Construct("not"), arguments } => arguments.first().map(|operand| (operand, false)),
        Node::Call { what: What::BuiltIn(name, _), arguments } if &**name == "=" => match arguments.as_slice() {
            [operand, Typed { node: Node::Constant(text), .. }] if matches!(&**text, "true" | "false") => {
                Some((operand, &**text == "true"))
            }
            _ => None,
        },
        _ => Some((typed, true)),
    }
}

fn share_columns(a: &Typed, b: &Typed) -> bool {
    let mut columns = Vec::new();
    collect(a, &mut columns);
    let mut others = Vec::new();
    collect(b, &mut others);
    columns.iter().any(|column| others.contains(column)) || [a, b].iter().any(|typed| is_opaque(typed))
}

fn collect(typed: &Typed, columns: &mut Vec<super::tree::ColumnRef>) {
    if let Node::Column(column) = typed.node {
        columns.push(column);
    }
    typed.children().iter().for_each(|child| collect(child, columns));
}

/// Whether something in it is not understood.
fn is_opaque(typed: &Typed) -> bool {
    matches!(typed.node, Node::Unsure | Node::Subquery { .. } | Node::Row(..)) || typed.children().iter().any(is_opaque)
}

/// Whether a condition compares an expression, so that it is not true where the expression is NULL.
fn compares(given: &Typed, operand: &Typed) -> bool {
    let operator = matches!(&given.node, Node::Call { what: What::BuiltIn(name, _), .. }
        if matches!(&**name, "=" | "<>" | "<" | ">" | "<=" | ">=" | "~~" | "~"));
    operator && given.children().iter().any(|child| child.same(operand)) || given.same(operand)
}

/// A comparison of an expression with a constant.
struct Comparison<'t> {
    operand: &'t Typed,
    operator: &'t str,
    constant: Constant<'t>,
}

#[derive(PartialEq)]
enum Constant<'t> {
    Number(f64),
    Text(&'t str),
}

impl<'t> Comparison<'t> {
    fn of(typed: &'t Typed) -> Option<Comparison<'t>> {
        let Node::Call { what: What::BuiltIn(operator, _), arguments } = &typed.node else { return None };
        let [operand, constant] = arguments.as_slice() else { return None };
        let constant = match &constant.node {
            Node::Constant(text) => Constant::Number(text.parse().ok()?),
            Node::Text(text) => Constant::Text(text),
            _ => return None,
        };
        Some(Comparison { operand, operator, constant })
    }

    /// Whether the other comparison holds wherever this one does.
    fn implies(&self, other: &Comparison) -> bool {
        let (ours, theirs) = match (&self.constant, &other.constant) {
            (Constant::Number(ours), Constant::Number(theirs)) => (*ours, *theirs),
            (ours, theirs) => return self.operator == "=" && other.operator == "=" && ours == theirs,
        };
        match (self.operator, other.operator) {
            ("=", "=") => ours == theirs,
            ("=", "<>") => ours != theirs,
            ("=" | ">" | ">=", ">") => ours > theirs || self.operator == ">" && ours == theirs,
            ("=" | ">" | ">=", ">=") => ours >= theirs,
            ("=" | "<" | "<=", "<") => ours < theirs || self.operator == "<" && ours == theirs,
            ("=" | "<" | "<=", "<=") => ours <= theirs,
            (">", "<>") => ours >= theirs,
            ("<", "<>") => ours <= theirs,
            (">=", "<>") => ours > theirs,
            ("<=", "<>") => ours < theirs,
            _ => false,
        }
    }
}
