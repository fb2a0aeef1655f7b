//! Postgres.

mod grammar;

use super::Dialect;

/// Postgres.
pub static DIALECT: Dialect = Dialect {
    name: "postgres",
    syntax: grammar::SYNTAX,
    definition: &super::definition::POSTGRES,
    fold,
    fold_quoted,
    quote: |identifier| format!("\"{}\"", identifier.replace('"', "\"\"")),
    max_identifier_bytes: Some(LONGEST_IDENTIFIER),
    default_schema: Some("public"),
    system_schema: Some("pg_catalog"),
    catalog: |_| &super::Catalog {},
    format_type: |_, _, _, _| "???".to_string(),
    type_name,
    type_modifier: |_, _| Ok(-1),
};

/// The longest identifier in bytes (`NAMEDATALEN` - 1).
const LONGEST_IDENTIFIER: usize = 63;

fn fold(identifier: &str) -> String {
    cut(identifier.to_ascii_lowercase())
}

fn fold_quoted(identifier: &str) -> String {
    cut(identifier.to_string())
}

fn cut(mut identifier: String) -> String {
    if identifier.len() > LONGEST_IDENTIFIER {
        let end = (0..=LONGEST_IDENTIFIER).rev().find(|&at| identifier.is_char_boundary(at)).unwrap_or(0);
        identifier.truncate(end);
    }
    identifier
}

fn type_name(spelling: &str) -> &str {
    match spelling {
        "boolean" => "bool",
        "smallint" => "int2",
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "real" => "float4",
        "float" | "double precision" => "float8",
        "dec" | "decimal" => "numeric",
        "character" | "char" | "national character" | "nchar" | "national char" => "bpchar",
        "character varying" | "char varying" | "national character varying" | "nchar varying" => "varchar",
        "bit varying" => "varbit",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        other => other,
    }
}
