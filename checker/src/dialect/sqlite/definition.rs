//! How SQLite carries out data definition.

use crate::dialect::definition::{Definition, VirtualTable};

/// What SQLite does with statements that define objects.
pub(super) static DEFINITION: Definition = Definition {
    system_schemas: &["main"],
    temporary_schema: Some("temp"),
    serial: |_| None,
    sequence_functions: &[],
    untyped_columns: true,
    affinity: Some(affinity),
    row_ids: true,
    is_row_id_type: |declared| declared.eq_ignore_ascii_case("integer"),
    row_types: false,
    index_method: "btree",
    automatic_index_name: Some(|table, number| format!("sqlite_autoindex_{table}_{number}")),
    constraint_indexes_share_names: false,
    duplicate_constraint_names: true,
    primary_key_not_null: false,
    foreign_keys_wait: true,
    views_bind: false,
    statements_without_effect: &["ANALYZE", "ATTACH", "DETACH", "PRAGMA", "REINDEX", "VACUUM"],
    renames_plainly,
    triggers_share_names: true,
    alters_in_passes: false,
    adds_plain_columns_only: true,
    drops_used_columns: false,
    system_tables: &[],
    virtual_table,
};

/// `PRAGMA legacy_alter_table`.
fn renames_plainly(statement: &str) -> Option<bool> {
    let words: String = statement.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let value = words.strip_prefix("pragma")?.strip_prefix("legacy_alter_table")?;
    let value = value.trim_matches(['=', '(', ')', '\'', ';']);
    Some(matches!(value, "on" | "1" | "true" | "yes"))
}

/// The affinity of a declared type. SQLite manual: "Datatypes in SQLite", section 3.1.
fn affinity(declared: &str) -> &'static str {
    let declared = declared.to_ascii_uppercase();
    let has = |part: &str| declared.contains(part);
    match () {
        () if has("INT") => "integer",
        () if has("CHAR") || has("CLOB") || has("TEXT") => "text",
        () if has("BLOB") || declared.is_empty() => "blob",
        () if has("REAL") || has("FLOA") || has("DOUB") => "real",
        () => "numeric",
    }
}

/// The tables of the modules that come with SQLite. SQLite manual: "FTS5", "FTS3 and FTS4", "The R*Tree Module".
fn virtual_table(module: &str, table: &str, arguments: &[String]) -> Option<VirtualTable> {
    match module.to_ascii_lowercase().as_str() {
        "fts5" => Some(fts5(table, arguments)),
        "fts3" | "fts4" => Some(fts4(table, arguments)),
        "rtree" | "rtree_i32" => Some(rtree(arguments)),
        "geopoly" => Some(geopoly(arguments)),
        _ => None,
    }
}

/// The first word of an argument, without quotes.
fn first_word(argument: &str) -> String {
    let argument = argument.trim();
    let mut letters = argument.chars();
    let close = match letters.next() {
        Some('"') => '"',
        Some('[') => ']',
        Some('`') => '`',
        Some('\'') => '\'',
        _ => return argument.split_whitespace().next().unwrap_or("").to_owned(),
    };
    letters.as_str().split(close).next().unwrap_or("").to_owned()
}

fn option<'a>(arguments: &'a [String], name: &str) -> Option<&'a str> {
    let pairs = arguments.iter().filter_map(|argument| argument.split_once('='));
    pairs
        .into_iter()
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().trim_matches(['\'', '"']))
}

fn shadow(suffix: &'static str, columns: &[&str]) -> (&'static str, Vec<String>) {
    (suffix, columns.iter().map(|&column| column.to_owned()).collect())
}

fn fts5(table: &str, arguments: &[String]) -> VirtualTable {
    let named = arguments.iter().filter(|argument| !argument.contains('=')).map(|argument| first_word(argument));
    let columns: Vec<String> = named.collect();
    let mut shadows = vec![
        shadow("data", &["id", "block"]),
        shadow("idx", &["segid", "term", "pgno"]),
        shadow("config", &["k", "v"]),
    ];
    if option(arguments, "columnsize") != Some("0") {
        shadows.push(shadow("docsize", &["id", "sz"]));
    }
    if option(arguments, "content").is_none() {
        let numbered = (0..columns.len()).map(|number| format!("c{number}"));
        shadows.push(("content", std::iter::once("id".to_owned()).chain(numbered).collect()));
    }
    let hidden = [table.to_owned(), "rank".to_owned()];
    let columns = columns.into_iter().map(|name| (name, false)).chain(hidden.map(|name| (name, true)));
    VirtualTable { columns: columns.collect(), shadows }
}

fn fts4(table: &str, arguments: &[String]) -> VirtualTable {
    let named = arguments.iter().filter(|argument| !argument.contains('=')).map(|argument| first_word(argument));
    let mut columns: Vec<String> = named.filter(|name| !name.eq_ignore_ascii_case("tokenize")).collect();
    if columns.is_empty() {
        columns.push("content".to_owned());
    }
    let shadows = vec![
        shadow("segments", &["blockid", "block"]),
        shadow("segdir", &["level", "idx", "start_block", "leaves_end_block", "end_block", "root"]),
        shadow("docsize", &["docid", "size"]),
        shadow("stat", &["id", "value"]),
        ("content", {
            let numbered = columns.iter().enumerate().map(|(number, name)| format!("c{number}{name}"));
            std::iter::once("docid".to_owned()).chain(numbered).collect()
        }),
    ];
    let hidden = [table.to_owned(), "docid".to_owned(), "langid".to_owned()];
    let columns = columns.into_iter().map(|name| (name, false)).chain(hidden.map(|name| (name, true)));
    VirtualTable { columns: columns.collect(), shadows }
}

fn rtree(arguments: &[String]) -> VirtualTable {
    let columns = arguments.iter().map(|argument| first_word(argument.trim().trim_start_matches('+')));
    let shadows = vec![
        shadow("node", &["nodeno", "data"]),
        shadow("parent", &["nodeno", "parentnode"]),
        shadow("rowid", &["rowid", "nodeno"]),
    ];
    VirtualTable { columns: columns.map(|name| (name, false)).collect(), shadows }
}

fn geopoly(arguments: &[String]) -> VirtualTable {
    let shape = std::iter::once("_shape".to_owned());
    let columns = shape.chain(arguments.iter().map(|argument| first_word(argument)));
    let shadows = vec![
        shadow("node", &["nodeno", "data"]),
        shadow("parent", &["nodeno", "parentnode"]),
        shadow("rowid", &["rowid", "nodeno"]),
    ];
    VirtualTable { columns: columns.map(|name| (name, false)).collect(), shadows }
}
