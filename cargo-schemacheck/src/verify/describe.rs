//! Parse and describe: what the server says about a statement before it is executed.

use std::collections::HashMap;

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
