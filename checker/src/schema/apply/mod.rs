//! What a statement does to the schema.

use super::{Applied, Schema};
use crate::source::Source;
use crate::sql::Statement;

/// Applies a statement to the schema, as the session that runs the migrations would.
pub fn apply(_schema: &mut Schema, _statement: &Statement, _source: &Source) -> Applied {
    Applied::default()
}
