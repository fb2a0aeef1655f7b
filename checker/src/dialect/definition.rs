//! How an engine's data definition statements work, as data.

/// What differs between engines in what a data definition statement does.
#[derive(Debug)]
pub struct Definition {
    /// The schemas of built-in objects.
    pub system_schemas: &'static [&'static str],
    /// The schema of temporary objects.
    pub temporary_schema: Option<&'static str>,
    /// The integer type behind a type name that brings a sequence of its own (`serial`).
    pub serial: fn(&str) -> Option<&'static str>,
    /// The functions whose first argument names a sequence.
    pub sequence_functions: &'static [&'static str],
    /// Whether columns keep the type as declared, which may be missing and need not exist.
    pub untyped_columns: bool,
    /// The type that stands for a declared type, where types as declared need not exist.
    pub affinity: Option<fn(&str) -> &'static str>,
    /// Whether rows have a hidden number.
    pub row_ids: bool,
    /// Whether a primary key of this declared type is the row's number.
    pub is_row_id_type: fn(&str) -> bool,
    /// Whether relations bring a type for their rows.
    pub row_types: bool,
    /// The index method where none is named.
    pub index_method: &'static str,
    /// The name of the index behind a key, by its table and number, where the engine numbers them.
    pub automatic_index_name: Option<fn(&str, usize) -> String>,
    /// Whether the index behind a constraint has the constraint's name.
    pub constraint_indexes_share_names: bool,
    /// Whether constraints of a table may have the same name.
    pub duplicate_constraint_names: bool,
    /// Whether a primary key makes its columns refuse NULL.
    pub primary_key_not_null: bool,
    /// Whether foreign keys may refer to tables that are not there (yet), by name.
    pub foreign_keys_wait: bool,
    /// Whether views, and bodies that are resolved when created, hold on to what they read. Else they name it, and are
    /// resolved at each use.
    pub views_bind: bool,
    /// First words of statements that change nothing that a query notices.
    pub statements_without_effect: &'static [&'static str],
    /// Whether a statement says that renames leave views and triggers as they are (`Some(true)`), or that they do not.
    pub renames_plainly: fn(&str) -> Option<bool>,
    /// Whether triggers of all tables share one name space.
    pub triggers_share_names: bool,
    /// Whether the actions of one `ALTER TABLE` run in passes by kind and not as written.
    pub alters_in_passes: bool,
    /// Whether `ADD COLUMN` takes only columns that need no look at the rows: no key, no computed default.
    pub adds_plain_columns_only: bool,
    /// Whether a column falls together with the indexes and constraints that mention it; else they keep it.
    pub drops_used_columns: bool,
    /// What the system's tables say of what migrations make.
    pub system_tables: &'static [super::system_tables::SystemTable],
    /// The columns of a virtual table by its module, name and arguments; `None` where the module is not known.
    pub virtual_table: fn(&str, &str, &[String]) -> Option<VirtualTable>,
}

/// What a virtual table's module makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VirtualTable {
    /// The columns, and whether `*` leaves each out.
    pub columns: Vec<(String, bool)>,
    /// The tables that keep its rows: what follows the table's name and an underscore, and their columns.
    pub shadows: Vec<(&'static str, Vec<String>)>,
}

impl Definition {
    /// Whether the first argument of a function names a sequence.
    pub fn takes_sequence(&self, function: &str) -> bool {
        self.sequence_functions.contains(&function)
    }
}
