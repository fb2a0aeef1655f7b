//! Parse and describe: what the server says about a statement before it is executed.

use std::collections::HashMap;

use postgres::types::{Kind, Type};
use postgres::{Client, Statement};
use serde::{Deserialize, Serialize};

/// An error as the server reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerError {
    /// Five characters; empty when the error came from the driver and not from the server.
    pub sqlstate: String,
    /// The server's primary message.
    pub message: String,
    /// One-based character position in the statement.
    pub position: Option<u32>,
}

impl From<&postgres::Error> for ServerError {
    fn from(error: &postgres::Error) -> ServerError {
        let Some(reported) = error.as_db_error() else {
            return ServerError { sqlstate: String::new(), message: error.to_string(), position: None };
        };
        let position = match reported.position() {
            Some(postgres::error::ErrorPosition::Original(position)) => Some(*position),
            _ => None,
        };
        ServerError { sqlstate: reported.code().code().to_owned(), message: reported.message().to_owned(), position }
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.sqlstate, self.message)
    }
}

/// Which parameter types a driver's call sends with the statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Declared {
    /// None: the server infers all of them (tokio-postgres, sqlx's macros while they compile).
    #[default]
    Nothing,
    /// A type name for each parameter, `None` where the driver sends zero.
    Types(Vec<Option<String>>),
}

/// What analysis finds on one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Types as `format_type` prints them.
    pub parameters: Vec<String>,
    /// The result's columns; empty for a statement without a result.
    pub columns: Vec<ResultColumn>,
}

/// One column of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultColumn {
    /// As the server names it.
    pub name: String,
    /// As `format_type` prints it, with the type modifier.
    pub type_name: String,
    /// The type's object identifier.
    pub type_oid: u32,
    /// Minus one when there is none.
    pub typmod: i32,
    /// The relation and attribute number that the column comes from unchanged.
    pub origin: Option<(u32, i16)>,
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

/// Type names by object identifier and modifier, asked once per state.
#[derive(Debug, Default)]
pub struct TypeNames(HashMap<(u32, i32), String>);

/// The shape of a prepared statement.
///
/// # Errors
///
/// What the driver says when type names cannot be asked for.
pub fn shape(client: &mut Client, statement: &Statement, names: &mut TypeNames) -> Result<Shape, postgres::Error> {
    let mut shape = Shape { parameters: Vec::new(), columns: Vec::new() };
    for parameter in statement.params() {
        shape.parameters.push(type_name(client, names, parameter.oid(), -1)?);
    }
    for column in statement.columns() {
        let (oid, typmod) = (column.type_().oid(), column.type_modifier());
        shape.columns.push(ResultColumn {
            name: column.name().to_owned(),
            type_name: type_name(client, names, oid, typmod)?,
            type_oid: oid,
            typmod,
            origin: column.table_oid().zip(column.column_id()),
        });
    }
    Ok(shape)
}

fn type_name(client: &mut Client, names: &mut TypeNames, oid: u32, typmod: i32) -> Result<String, postgres::Error> {
    if let Some(name) = names.0.get(&(oid, typmod)) {
        return Ok(name.clone());
    }
    let row = client.query_one("SELECT pg_catalog.format_type($1, $2)", &[&oid, &typmod])?;
    let name: String = row.get(0);
    names.0.insert((oid, typmod), name.clone());
    Ok(name)
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
