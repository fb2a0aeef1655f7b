//! Collations of expressions, as far as columns and `COLLATE` give one. Follows `parse_collate.c` of Postgres: explicit ones
//! count before those of columns, and the default of a type yields to any other.

use std::sync::Arc;

use super::Stage;
use super::cx::{Cx, Kind, Words};
use super::expr::operators;
use super::tree::Typed;
use super::types;
use crate::source::Span;

const CONFLICT_IN_SET: Kind = Kind("collation-conflict", "42P21", Stage::Parse);
const CONFLICT: Kind = Kind("collation-conflict", "42P22", Stage::Execute);

/// Operators that compare texts by a collation; `LIKE` compares them byte by byte where there is none.
const COMPARING: [&str; 12] = ["=", "<>", "<", "<=", ">", ">=", "~~*", "!~~*", "~", "!~", "~*", "!~*"];

/// Where a collation comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Strength {
    /// From a column or a type.
    #[default]
    Implicit,
    /// From `COLLATE`.
    Explicit,
    /// Several columns differ.
    Conflict,
}

/// The collation that an expression takes from its arguments.
#[derive(Clone, Debug, Default)]
pub(super) struct Collation {
    /// `None` for the default of the type, and where arguments differ.
    pub(super) name: Option<Arc<str>>,
    strength: Strength,
}

/// The collation that an expression takes from its arguments.
pub(super) fn of(arguments: &[Typed]) -> Collation {
    let explicit = arguments.iter().find(|argument| argument.strength == Strength::Explicit);
    if let Some(explicit) = explicit {
        return Collation { name: explicit.collation.clone(), strength: Strength::Explicit };
    }
    let conflict = || Collation { name: None, strength: Strength::Conflict };
    if arguments.iter().any(|argument| argument.strength == Strength::Conflict) {
        return conflict();
    }
    let mut collations =
        arguments.iter().filter_map(|argument| argument.collation.as_ref()).filter(|name| ***name != *"default");
    let Some(first) = collations.next() else { return Collation::default() };
    match collations.all(|other| other == first) {
        true => Collation { name: Some(first.clone()), strength: Strength::Implicit },
        false => conflict(),
    }
}

impl Collation {
    /// The expression with this collation, where its type has any.
    pub(super) fn put_on(&self, cx: &Cx, typed: Typed) -> Typed {
        let collatable = !typed.ty.id.is_sure()
            || types::info(cx.schema, typed.ty.id).is_some_and(|info| info.collatable)
            || !cx.rules().static_types;
        match collatable {
            true => Typed { collation: self.name.clone(), strength: self.strength, ..typed },
            false => typed,
        }
    }
}

/// A set operation that compares rows must know by which collation.
pub(super) fn of_set_operation(cx: &mut Cx, sides: &[Typed; 2], what: &str) {
    if of(sides).strength != Strength::Conflict || !cx.rules().static_types {
        return;
    }
    let [a, b] = sides;
    let message = format!("the columns of `{what}` have different collations");
    let span = if b.span.is_empty() { cx.span } else { b.span };
    cx.problem(CONFLICT_IN_SET, Vec::new(), Words { span, message, label: words(b) });
    operators::about_columns(cx, [a, b].into_iter());
}

/// A comparison must know by which collation.
pub(super) fn of_operator(cx: &mut Cx, name: &str, operands: &[Typed], span: Span) {
    let comparing = COMPARING.contains(&name) && cx.rules().static_types;
    if !comparing || of(operands).strength != Strength::Conflict {
        return;
    }
    let message = format!("`{name}` does not know which collation to compare by");
    let label = operands.last().map_or_else(String::new, words);
    cx.problem(CONFLICT, Vec::new(), Words { span, message, label });
    operators::about_columns(cx, operands.iter());
}

fn words(typed: &Typed) -> String {
    match &typed.collation {
        Some(name) => format!("collation `{name}`"),
        None => "another collation".to_owned(),
    }
}
