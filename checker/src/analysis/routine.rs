//! Routines on a statement's path: triggers of the tables that it writes, and functions that it calls.

use std::sync::Arc;

use super::cx::Cx;
use crate::schema::{ColumnNumber, Key, Relation, Routine};
use crate::source::Span;
use crate::sql::ddl::Event;

/// Whether a trigger gives a column a value.
pub(super) enum Supply {
    Yes,
    No,
    Unknown(String),
}

/// A routine that the statement calls.
pub(super) fn called(cx: &mut Cx, routine: &Routine, _span: Span) {
    cx.depend(Key::Routine((*routine.signature.name).into()));
}

/// The triggers that an event fires.
pub(super) fn fire(_cx: &mut Cx, _relation: &Arc<Relation>, _event: Event, _columns: &[ColumnNumber], _span: Span) {}

/// Whether a trigger gives a column a value before the row is stored.
pub(super) fn supplies(_cx: &mut Cx, _relation: &Relation, _column: &str) -> Supply {
    Supply::No
}

/// The same for an update.
pub(super) fn supplies_update(_cx: &mut Cx, _relation: &Relation, _column: &str) -> Supply {
    Supply::No
}
