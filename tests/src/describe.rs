//! Parse and describe as drivers' calls ask for it: with the parameter types that they declare.

pub use cargo_schemacheck::verify::describe::*;

use postgres::types::{Kind, Type};
use postgres::{Client, Statement};
use serde::{Deserialize, Serialize};

/// Which parameter types a driver's call sends with the statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Declared {
    /// None: the server infers all of them (tokio-postgres, sqlx's macros while they compile).
    #[default]
    Nothing,
    /// A type name for each parameter, `None` where the driver sends zero.
    Types(Vec<Option<String>>),
}

/// Parses and describes a statement. The caller is inside a transaction and rolls back to a savepoint on failure.
///
/// # Errors
///
/// The server's words: an unknown declared type counts as a failure to parse.
pub fn prepare(client: &mut Client, sql: &str, declared: &Declared) -> Result<Statement, ServerError> {
    let types = match declared {
        Declared::Nothing => Vec::new(),
        Declared::Types(names) => {
            names.iter().map(|name| declared_type(client, name.as_deref())).collect::<Result<_, _>>()?
        }
    };
    client.prepare_typed(sql, &types).map_err(|error| ServerError::from(&error))
}

/// The types that sqlx declares at run time for the parameters that its macros recorded.
///
/// `describe` is the `describe` member of a `.sqlx` file. The Rust type that goes with a recorded type decides what is
/// declared: every kind of text is a `String` and declared as `text`, both kinds of JSON as `jsonb`.
#[must_use]
pub fn declared_by_sqlx(describe: &serde_json::Value) -> Declared {
    let recorded = describe.pointer("/parameters/Left").and_then(serde_json::Value::as_array);
    recorded.map_or(Declared::Nothing, |types| Declared::Types(types.iter().map(sqlx_type).collect()))
}

/// What sqlx declares for a query whose Rust types fit what the server infers now; nothing where it does not parse.
///
/// # Errors
///
/// What the driver says when the catalogs cannot be read.
pub fn declared_at_head(client: &mut Client, sql: &str) -> Result<Declared, postgres::Error> {
    let inferred = crate::savepoint(client, false, |client| client.prepare(sql));
    let Ok(statement) = inferred else { return Ok(Declared::Nothing) };
    let mut types = Vec::new();
    for parameter in statement.params() {
        types.push(Some(rust_side(client, parameter.oid())?));
    }
    Ok(Declared::Types(types))
}

/// The type that goes with the Rust type for a parameter: below domains, every kind of text as `text`.
fn rust_side(client: &mut Client, oid: u32) -> Result<String, postgres::Error> {
    let row = client.query_one(
        "SELECT CASE b.typname WHEN 'varchar' THEN 'text' WHEN 'bpchar' THEN 'text' WHEN 'name' THEN 'text'
            WHEN '_varchar' THEN 'text[]' WHEN '_bpchar' THEN 'text[]' WHEN '_name' THEN 'text[]'
            WHEN 'json' THEN 'jsonb' WHEN '_json' THEN 'jsonb[]' WHEN 'cidr' THEN 'inet'
            ELSE format_type(b.oid, NULL) END
        FROM pg_catalog.pg_type t JOIN pg_catalog.pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype
            ELSE t.oid END WHERE t.oid = $1",
        &[&oid],
    )?;
    Ok(row.get(0))
}

fn sqlx_type(recorded: &serde_json::Value) -> Option<String> {
    if let Some(name) = recorded.as_str() {
        return sqlx_builtin(name);
    }
    if let Some(custom) = recorded.pointer("/Custom") {
        if let Some(element) = custom.pointer("/kind/Array") {
            return sqlx_type(element).map(|element| format!("{element}[]"));
        }
        return Some(quoted(custom.get("name")?.as_str()?));
    }
    None
}

fn sqlx_builtin(name: &str) -> Option<String> {
    if let Some(element) = name.strip_suffix("Array") {
        return sqlx_builtin(element).map(|element| format!("{element}[]"));
    }
    let declared = match name {
        "Varchar" | "Bpchar" | "Name" | "Text" => "text",
        "Json" | "Jsonb" => "jsonb",
        "Cidr" | "Inet" => "inet",
        "Char" => "\"char\"",
        "Unknown" => return None,
        other => return Some(other.to_lowercase()),
    };
    Some(declared.to_owned())
}

/// sqlx looks custom types up by the name as recorded; one that is already qualified stays as it is.
fn quoted(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if plain || name.contains(['"', '.']) { name.to_owned() } else { format!("\"{name}\"") }
}

fn declared_type(client: &mut Client, name: Option<&str>) -> Result<Type, ServerError> {
    let Some(name) = name else {
        return Ok(Type::new(String::new(), 0, Kind::Simple, String::new()));
    };
    let row = client
        .query_one("SELECT pg_catalog.to_regtype($1)::oid", &[&name])
        .map_err(|error| ServerError::from(&error))?;
    let Some(oid) = row.get::<_, Option<u32>>(0) else {
        let message = format!("type \"{name}\" does not exist");
        return Err(ServerError { sqlstate: "42704".to_owned(), message, position: None });
    };
    Ok(Type::from_oid(oid).unwrap_or_else(|| Type::new(name.to_owned(), oid, Kind::Simple, String::new())))
}
