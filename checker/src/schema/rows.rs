//! What is known of the rows of tables while migrations run: which tables are empty, which columns were filled.

use std::collections::BTreeSet;

use super::{ColumnNumber, RelationId, Schema};

/// What is known of the rows of one table. Nothing known means: any rows, with NULL wherever it is allowed.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// It was made or emptied in this run of the migrations, and no rows were added since.
    pub(super) empty: bool,
    /// Columns that a statement has given values in all rows that had none.
    pub(super) filled: BTreeSet<ColumnNumber>,
}

impl Schema {
    /// A table was made: it has no rows.
    pub(super) fn note_created(&mut self, id: RelationId) {
        self.rows.insert_mut(id, Rows { empty: true, filled: BTreeSet::new() });
    }

    /// All rows of a table were taken out.
    pub(super) fn note_empty(&mut self, id: RelationId) {
        self.edit_rows(id, |rows| rows.empty = true);
    }

    /// Rows were added to a table.
    pub(super) fn note_added(&mut self, id: RelationId) {
        self.edit_rows(id, |rows| rows.empty = false);
    }

    /// A column was given values where it had none.
    pub(super) fn note_filled(&mut self, id: RelationId, column: ColumnNumber) {
        self.edit_rows(id, |rows| {
            rows.filled.insert(column);
        });
    }

    /// Rows were added that hold NULL in a column.
    pub(super) fn note_unfilled(&mut self, id: RelationId, column: ColumnNumber) {
        if self.is_filled(id, column) {
            self.edit_rows(id, |rows| {
                rows.filled.remove(&column);
            });
        }
    }

    /// Whether a table, and all that inherit from it, are known to have no rows.
    pub(super) fn is_empty(&self, id: RelationId) -> bool {
        self.rows.get(&id).is_some_and(|rows| rows.empty)
            && self.children(id).into_iter().all(|child| self.is_empty(child))
    }

    /// Whether a column is known to have values where it could be NULL.
    pub(super) fn is_filled(&self, id: RelationId, column: ColumnNumber) -> bool {
        self.rows.get(&id).is_some_and(|rows| rows.filled.contains(&column))
    }

    /// Some time passes in which the application may add rows anywhere.
    pub(super) fn forget_empty(&mut self) {
        let empty: Vec<RelationId> = self.rows.iter().filter(|(_, rows)| rows.empty).map(|(&id, _)| id).collect();
        for id in empty {
            self.note_added(id);
        }
    }

    fn edit_rows(&mut self, id: RelationId, change: impl FnOnce(&mut Rows)) {
        let mut rows = self.rows.get(&id).cloned().unwrap_or_default();
        change(&mut rows);
        self.rows.insert_mut(id, rows);
    }
}
