//! Postgres.

mod definition;
mod format;
mod grammar;
mod names;
mod system_tables;
pub mod types;

use std::sync::LazyLock;

use super::Dialect;
use super::catalog::{Catalog, Data};

/// The major versions whose built-in objects are known.
pub const VERSIONS: std::ops::RangeInclusive<u32> = 13..=18;

/// Postgres.
pub static DIALECT: Dialect = Dialect {
    name: "postgres",
    embedded: false,
    syntax: grammar::SYNTAX,
    fold: names::fold,
    fold_quoted: names::fold_quoted,
    quote: names::quote,
    max_identifier_bytes: Some(names::MAX_IDENTIFIER_BYTES),
    default_schema: Some("public"),
    system_schema: Some("pg_catalog"),
    catalog,
    format_type: format::format_type,
    type_name: names::type_name,
    type_modifier: names::type_modifier,
    system_columns: &[
        ("tableoid", types::OID),
        ("cmax", types::CID),
        ("xmax", types::XID),
        ("cmin", types::CID),
        ("xmin", types::XID),
        ("ctid", types::TID),
    ],
    definition: &definition::DEFINITION,
    resolution: &super::resolution::POSTGRES,
    transactions: &super::transactions::POSTGRES,
    fixed_results: true,
    typed_columns: true,
};

/// Dumped from the servers by `dump.sh`.
static DATA: Data = Data {
    system_schema: "pg_catalog",
    written_type: None,
    types: include_str!("data/types.tsv"),
    functions: include_str!("data/functions.tsv"),
    operators: include_str!("data/operators.tsv"),
    casts: include_str!("data/casts.tsv"),
    operator_classes: include_str!("data/operator_classes.tsv"),
    relations: include_str!("data/relations.tsv"),
    extensions: include_str!("data/extensions.tsv"),
    named: include_str!("data/named.tsv"),
};

fn catalog(version: Option<u32>) -> &'static Catalog {
    static CATALOGS: LazyLock<Vec<Catalog>> =
        LazyLock::new(|| VERSIONS.map(|version| Catalog::new(&DATA, version)).collect());
    let version = version.unwrap_or(*VERSIONS.end()).clamp(*VERSIONS.start(), *VERSIONS.end());
    &CATALOGS[(version - VERSIONS.start()) as usize]
}

#[cfg(test)]
mod tests;
