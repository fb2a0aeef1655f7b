//! How an engine resolves the names and types in a query.

use super::TypeId;

/// What differs between engines when a query's names and types are resolved.
#[derive(Debug)]
pub struct Resolution {
    /// Operators and functions are chosen by the types of their arguments, literals and parameters take types from where
    /// they stand, and columns only take values of their types.
    pub static_types: bool,
    /// Columns outside aggregates must be grouped by, or depend on what is grouped by.
    pub checks_grouping: bool,
    /// A quoted identifier that names nothing is a string.
    pub quoted_names_may_be_strings: bool,
    /// Each clause may name output columns, also inside expressions.
    pub output_names_everywhere: bool,
    /// An output column without a name is called like its text, not like its function.
    pub names_columns_by_text: bool,
    /// A table's name stands for its whole row, and `t.f` for `f(t)`.
    pub whole_rows: bool,
    /// Two items of one `FROM` may have the same name.
    pub duplicate_tables: bool,
    /// The condition of a join sees all items to its left, not only those of its join.
    pub joins_see_all: bool,
    /// `INSERT` without a column list may have fewer values than the table has columns.
    pub short_inserts: bool,
    /// Unqualified columns in `DO UPDATE` may be those of `excluded`.
    pub excluded_by_column: bool,
    /// A missing arbiter is noticed when the statement is prepared, not when it is planned.
    pub arbiters_at_parse: bool,
    /// A deferrable constraint makes each `ON CONFLICT` without a target fail.
    pub deferrable_never_arbiter: bool,
    /// Only tables that have a hidden row number have system columns: those that name it.
    pub system_columns_number_rows: bool,
    /// Functions that are called without parentheses.
    pub keyword_functions: &'static [(&'static str, TypeId)],
    /// What looks like a function and is part of the grammar.
    pub grammar_functions: &'static [&'static str],
    /// The first version in which `RETURNING` may name the row before (`old`) and after (`new`).
    pub returning_versions_since: Option<u32>,
    /// The first version in which a subquery in `FROM` needs no name; `None` where it never needed one.
    pub unnamed_subqueries_since: Option<u32>,
    /// Functions with a grammar of their own, for arguments that no plain function of the name takes: with the first version
    /// that has them and what they return.
    pub late_functions: &'static [(&'static str, u32, TypeId)],
    /// Whether error codes are SQLSTATEs.
    pub sql_states: bool,
    /// A relation that a view reads is looked up whenever the view is read, not once when it was created.
    pub views_by_name: bool,
    /// NULL in a column that numbers rows by itself asks for the next number.
    pub null_asks_for_number: bool,
}

const NAME: TypeId = TypeId(19);
const JSON: TypeId = TypeId(114);

/// Postgres. Manual: chapters "Lexical Structure", "Queries", "Type Conversion", section "System Columns".
pub static POSTGRES: Resolution = Resolution {
    static_types: true,
    checks_grouping: true,
    quoted_names_may_be_strings: false,
    output_names_everywhere: false,
    names_columns_by_text: false,
    whole_rows: true,
    duplicate_tables: false,
    joins_see_all: false,
    short_inserts: true,
    excluded_by_column: true,
    arbiters_at_parse: false,
    deferrable_never_arbiter: true,
    system_columns_number_rows: false,
    keyword_functions: &[
        ("current_catalog", NAME),
        ("current_date", TypeId(1082)),
        ("current_role", NAME),
        ("current_schema", NAME),
        ("current_time", TypeId(1266)),
        ("current_timestamp", TypeId(1184)),
        ("current_user", NAME),
        ("localtime", TypeId(1083)),
        ("localtimestamp", TypeId(1114)),
        ("session_user", NAME),
        ("system_user", TypeId(25)),
        ("user", NAME),
    ],
    grammar_functions: &[
        "coalesce",
        "greatest",
        "grouping",
        "least",
        "nullif",
        "row",
        "xmlconcat",
        "xmlelement",
        "xmlexists",
        "xmlforest",
        "xmlparse",
        "xmlpi",
        "xmlroot",
        "xmlserialize",
    ],
    returning_versions_since: Some(18),
    unnamed_subqueries_since: Some(16),
    late_functions: &[
        ("json", 17, JSON),
        ("json_array", 16, JSON),
        ("json_arrayagg", 16, JSON),
        ("json_exists", 17, TypeId(16)),
        ("json_object", 16, JSON),
        ("json_objectagg", 16, JSON),
        ("json_query", 17, TypeId(3802)),
        ("json_scalar", 17, JSON),
        ("json_serialize", 17, TypeId(25)),
        ("json_value", 17, TypeId(25)),
    ],
    sql_states: true,
    views_by_name: false,
    null_asks_for_number: false,
};

/// SQLite. Manual: "SELECT", "INSERT", "UPSERT", "Rowid Tables", "Quirks".
pub static SQLITE: Resolution = Resolution {
    static_types: false,
    checks_grouping: false,
    quoted_names_may_be_strings: true,
    output_names_everywhere: true,
    names_columns_by_text: true,
    whole_rows: false,
    duplicate_tables: true,
    joins_see_all: true,
    short_inserts: false,
    excluded_by_column: false,
    arbiters_at_parse: true,
    deferrable_never_arbiter: false,
    system_columns_number_rows: true,
    keyword_functions: &[
        ("current_date", TypeId::UNSURE),
        ("current_time", TypeId::UNSURE),
        ("current_timestamp", TypeId::UNSURE),
    ],
    grammar_functions: &["coalesce", "raise"],
    returning_versions_since: None,
    unnamed_subqueries_since: None,
    late_functions: &[],
    sql_states: false,
    views_by_name: true,
    null_asks_for_number: true,
};
