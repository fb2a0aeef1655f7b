//! Collations of expressions, as far as columns and `COLLATE` give one.

use std::sync::Arc;

use super::tree::Typed;

/// The collation that an expression takes from its arguments; none where these differ.
pub(super) fn of(arguments: &[Typed]) -> Option<Arc<str>> {
    let mut collations = arguments.iter().filter_map(|argument| argument.collation.as_ref());
    let first = collations.next()?;
    collations.all(|other| other == first).then(|| first.clone())
}
