//! SQLite. Its types are the affinities of columns, and what an expression may give.

mod definition;
mod grammar;

use std::sync::LazyLock;

use super::catalog::{Catalog, Data};
use super::{Dialect, TypeId, UserType, UserTypes};

/// Affinity INTEGER.
pub const INTEGER: TypeId = TypeId(1);
/// Affinity REAL.
pub const REAL: TypeId = TypeId(2);
/// Affinity TEXT.
pub const TEXT: TypeId = TypeId(3);
/// Affinity BLOB, which is none.
pub const BLOB: TypeId = TypeId(4);
/// Affinity NUMERIC.
pub const NUMERIC: TypeId = TypeId(5);
/// A value of any type: a column of type ANY in a STRICT table, most arguments and results of functions.
pub const ANY: TypeId = TypeId(6);
/// The type of NULL.
pub const NULL: TypeId = TypeId(7);

/// SQLite.
pub static DIALECT: Dialect = Dialect {
    name: "sqlite",
    embedded: true,
    syntax: grammar::SYNTAX,
    fold,
    fold_quoted: fold,
    quote,
    max_identifier_bytes: None,
    default_schema: Some("main"),
    system_schema: None,
    catalog,
    format_type,
    type_name: |declared, _| declared,
    type_modifier: |_, _, _| Ok(-1),
    system_columns: &[("rowid", INTEGER), ("oid", INTEGER), ("_rowid_", INTEGER)],
    definition: &definition::DEFINITION,
    resolution: &super::resolution::SQLITE,
    transactions: &super::transactions::SQLITE,
    fixed_results: false,
    typed_columns: false,
};

/// Dumped from the library by `dump_sqlite` in the tests package, but for the types, which are written by hand.
static DATA: Data = Data {
    system_schema: "main",
    written_type: Some(affinity),
    types: include_str!("data/types.tsv"),
    functions: include_str!("data/functions.tsv"),
    operators: include_str!("data/operators.tsv"),
    casts: "",
    operator_classes: "",
    relations: include_str!("data/relations.tsv"),
    extensions: "",
    named: include_str!("data/named.tsv"),
};

fn catalog(_version: Option<u32>) -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::new(&DATA, 3));
    &CATALOG
}

/// Names are compared without regard to the case of ASCII letters, quoted or not.
fn fold(identifier: &str) -> String {
    super::keywords::lower_case(identifier)
}

fn quote(identifier: &str) -> String {
    let mut bytes = identifier.bytes();
    let plain = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if plain { identifier.to_owned() } else { format!("\"{}\"", identifier.replace('"', "\"\"")) }
}

fn format_type(catalog: &Catalog, id: TypeId, _modifier: i32, user: &UserTypes<'_>) -> String {
    match (catalog.type_by_id(id), user(id)) {
        (Some(ty), _) => ty.name.to_ascii_uppercase(),
        (None, Some(UserType::Named(name))) => name,
        _ => "???".to_owned(),
    }
}

/// The affinity of a declared type. SQLite manual: "Datatypes In SQLite", section 3.1.
fn affinity(declared: &str) -> &'static str {
    let declared = declared.to_ascii_lowercase();
    let has = |part: &str| declared.contains(part);
    match () {
        () if declared == "any" => "any",
        () if has("int") => "integer",
        () if has("char") || has("clob") || has("text") => "text",
        () if has("blob") || declared.is_empty() => "blob",
        () if has("real") || has("floa") || has("doub") => "real",
        () => "numeric",
    }
}

#[cfg(test)]
mod tests;
