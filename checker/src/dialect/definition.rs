//! How an engine's data definition statements work, as data.

/// What differs between engines in what a data definition statement does.
#[derive(Debug)]
pub struct Definition {
    /// The schemas of built-in objects.
    pub system_schemas: &'static [&'static str],
    /// The schema of temporary objects.
    pub temporary_schema: Option<&'static str>,
}

/// Postgres.
pub static POSTGRES: Definition =
    Definition { system_schemas: &["pg_catalog", "information_schema"], temporary_schema: Some("pg_temp") };

/// SQLite.
pub static SQLITE: Definition = Definition { system_schemas: &["main"], temporary_schema: Some("temp") };
