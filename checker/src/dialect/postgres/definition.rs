//! How Postgres carries out data definition.

use crate::dialect::definition::Definition;

/// What Postgres does with statements that define objects.
pub(super) static DEFINITION: Definition = Definition {
    system_schemas: &["pg_catalog", "information_schema", "pg_toast"],
    temporary_schema: Some("pg_temp"),
    serial,
    sequence_functions: &["nextval", "currval", "setval"],
    untyped_columns: false,
    affinity: None,
    row_ids: false,
    is_row_id_type: |_| false,
    row_types: true,
    index_method: "btree",
    automatic_index_name: None,
    constraint_indexes_share_names: true,
    duplicate_constraint_names: false,
    primary_key_not_null: true,
    foreign_keys_wait: false,
    views_bind: true,
    statements_without_effect: &[
        "ANALYZE",
        "ANALYSE",
        "CHECKPOINT",
        "CLOSE",
        "CLUSTER",
        "COMMENT",
        "DEALLOCATE",
        "DISCARD",
        "FETCH",
        "LISTEN",
        "LOAD",
        "MOVE",
        "NOTIFY",
        "REASSIGN",
        "REINDEX",
        "SECURITY",
        "SHOW",
        "UNLISTEN",
        "VACUUM",
        "WAIT",
    ],
    renames_plainly: |_| None,
    triggers_share_names: false,
    alters_in_passes: true,
    adds_plain_columns_only: false,
    drops_used_columns: true,
    system_tables: super::system_tables::SYSTEM_TABLES,
    virtual_table: |_, _, _| None,
};

fn serial(name: &str) -> Option<&'static str> {
    match name {
        "serial" | "serial4" => Some("int4"),
        "bigserial" | "serial8" => Some("int8"),
        "smallserial" | "serial2" => Some("int2"),
        _ => None,
    }
}
