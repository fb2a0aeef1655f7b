//! Settings, extensions, operators, casts, and the objects that are known only by name.

use super::rename;
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{CastContext, Ddl, Name, ObjectKind, ObjectName, ObjectRef};

/// A value that gives a parameter its default again.
const DEFAULT: &str = "default";

/// What follows `SET`.
pub(super) fn set(cursor: &mut Cursor) -> Parsed<Ddl> {
    let local = cursor.eat("local");
    cursor.eat("session");
    if cursor.is("transaction") || cursor.is("characteristics") || cursor.is("constraints") {
        cursor.take_rest();
        return Ok(Ddl::NoEffect { what: "SET TRANSACTION" });
    }
    let (parameter, values) = setting(cursor)?;
    Ok(Ddl::Set { parameter, values, local })
}

/// `parameter {TO|=} value, …`, with the forms that have words of their own.
pub(super) fn setting(cursor: &mut Cursor) -> Parsed<(String, Vec<String>)> {
    let special = [("time zone", "timezone"), ("role", "role"), ("authorization", "session_authorization")];
    let parameter = match special.iter().find(|(words, _)| cursor.is(words) && !assigns(cursor, words)) {
        Some((words, parameter)) => {
            cursor.eat(words);
            parameter.to_string()
        }
        None => {
            let name = cursor.object_name()?;
            if cursor.eat("from current") {
                return Ok((name.name.text.to_string(), Vec::new()));
            }
            let assigned = cursor.eat("to") || cursor.eat_operator("=");
            // `SET NAMES`, `SET SCHEMA 'x'`, `SET XML OPTION` have no sign.
            let _ = assigned;
            match name.schema {
                Some(schema) => format!("{}.{}", schema.text, name.name.text),
                None if &*name.name.text == "schema" => "search_path".to_string(),
                None => name.name.text.to_string(),
            }
        }
    };
    let values = cursor.list(value)?;
    Ok((parameter.to_ascii_lowercase(), values))
}

fn assigns(cursor: &Cursor, words: &str) -> bool {
    let after = cursor.peek_nth(words.split(' ').count());
    after.is_some_and(|tok| tok.is("to") || cursor.piece.lexeme(&tok.lexeme) == "=")
}

/// A value of a parameter: strings without quotes, identifiers folded, anything else as written.
fn value(cursor: &mut Cursor) -> Parsed<String> {
    let tokens = cursor.until(|tok, before| {
        tok.is_mark(b',')
            || (!before.is_empty()
                && tok.is_any(&[
                    "as",
                    "language",
                    "set",
                    "immutable",
                    "stable",
                    "volatile",
                    "security",
                    "strict",
                    "cost",
                    "rows",
                    "parallel",
                    "returns",
                    "called",
                    "leakproof",
                    "window",
                    "begin",
                    "return",
                    "support",
                ]))
    });
    match tokens {
        [] => cursor.failure("a value"),
        [only] => Ok(match (only.string(), only.name(cursor.piece)) {
            (Some(text), _) => text.to_string(),
            (None, Some(name)) => name.text.to_string(),
            (None, None) => cursor.piece.lexeme(&only.lexeme).to_string(),
        }),
        several => Ok(cursor.text_of(several).text.to_string()),
    }
}

/// What follows `RESET`: the parameter has its default again.
pub(super) fn reset(cursor: &mut Cursor) -> Parsed<Ddl> {
    let parameter = match cursor.eat_any(&["session authorization", "time zone"]) {
        Some("session authorization") => "session_authorization".to_string(),
        Some(_) => "timezone".to_string(),
        None => {
            let name = cursor.object_name()?;
            let prefix = name.schema.map_or(String::new(), |schema| format!("{}.", schema.text));
            format!("{prefix}{}", name.name.text)
        }
    };
    Ok(Ddl::Set { parameter, values: vec![DEFAULT.to_string()], local: false })
}

/// `SELECT set_config('parameter', 'value', local)`, if that is the whole statement.
pub(super) fn set_config(cursor: &Cursor) -> Option<Ddl> {
    let mut cursor = *cursor;
    cursor.expect("select").ok()?;
    let function = cursor.object_name().ok()?;
    let system = function.schema.as_ref().is_none_or(|schema| &*schema.text == "pg_catalog");
    let entries = cursor.parenthesized_list().ok()?;
    let [parameter, value, local] = entries.as_slice() else { return None };
    if !system || &*function.name.text != "set_config" || !cursor.at_end() {
        return None;
    }
    let parameter = cursor.over(parameter).string().ok()?.0.to_ascii_lowercase();
    let value = cursor.over(value).string().ok()?.0;
    let local = cursor.over(local).is("true");
    let values = match parameter.as_str() {
        "search_path" => identifiers(&cursor, &value),
        _ => vec![value],
    };
    Some(Ddl::Set { parameter, values, local })
}

/// The identifiers of a list in a string.
fn identifiers(cursor: &Cursor, list: &str) -> Vec<String> {
    let piece = crate::sql::token::Piece { text: list, ..*cursor.piece };
    piece.tokens().iter().filter_map(|tok| tok.name(&piece)).map(|name| name.text.to_string()).collect()
}

/// `[IF NOT EXISTS] name …` after `CREATE EXTENSION`.
pub(super) fn create_extension(cursor: &mut Cursor) -> Parsed<Ddl> {
    let if_not_exists = cursor.eat("if not exists");
    let name = cursor.name()?;
    let (mut schema, mut version) = (None, None);
    while !cursor.at_end() {
        if cursor.eat("schema") {
            schema = Some(cursor.name()?);
        } else if cursor.eat("version") {
            version = Some(value(cursor)?);
        } else if cursor.eat("from") {
            value(cursor)?;
        } else if !cursor.eat("with") && !cursor.eat("cascade") {
            return cursor.failure("an option of an extension");
        }
    }
    Ok(Ddl::CreateExtension { name, if_not_exists, schema, version })
}

/// `name …` after `ALTER EXTENSION`.
pub(super) fn alter_extension(cursor: &mut Cursor) -> Parsed<Ddl> {
    let object = ObjectRef::Name(cursor.object_name()?);
    if let Some(change) = rename::common(cursor, ObjectKind::Extension, object, false)? {
        return Ok(change);
    }
    if !cursor.is("update") && !cursor.is("add") && !cursor.is("drop") {
        return cursor.failure("an action");
    }
    cursor.take_rest();
    Ok(Ddl::NoEffect { what: "ALTER EXTENSION" })
}

/// `name (options)` after `CREATE OPERATOR`.
pub(super) fn create_operator(cursor: &mut Cursor) -> Parsed<Ddl> {
    let name = rename::operator_name(cursor)?;
    let (mut left, mut right, mut function) = (None, None, None);
    for entry in cursor.parenthesized_list()? {
        let mut entry = cursor.over(entry);
        let option = entry.name()?;
        entry.eat_operator("=");
        match &*option.text {
            "leftarg" => left = Some(entry.type_name()?),
            "rightarg" => right = Some(entry.type_name()?),
            "function" | "procedure" => function = Some(entry.object_name()?),
            _ => {}
        }
    }
    Ok(Ddl::CreateOperator { name, left, right, function })
}

/// `(source AS target) …` after `CREATE CAST`.
pub(super) fn create_cast(cursor: &mut Cursor) -> Parsed<Ddl> {
    let inside = cursor.parentheses()?;
    let mut types = cursor.over(inside);
    let source = types.type_name()?;
    types.expect("as")?;
    let target = types.type_name()?;
    let mut function = None;
    if cursor.eat("with function") {
        function = Some(rename::signature(cursor)?);
    } else if !cursor.eat("without function") {
        cursor.expect("with inout")?;
    }
    let context = match cursor.eat_any(&["as assignment", "as implicit"]) {
        Some("as assignment") => CastContext::Assignment,
        Some(_) => CastContext::Implicit,
        None => CastContext::Explicit,
    };
    Ok(Ddl::CreateCast { source, target, context, function })
}

/// An object of which only kind and name matter; the rest of the statement is taken.
pub(super) fn create_other(cursor: &mut Cursor, kind: ObjectKind) -> Parsed<Ddl> {
    let if_not_exists = cursor.eat("if not exists");
    let anonymous = cursor.is("on") && kind == ObjectKind::Statistics;
    let name = if anonymous {
        ObjectName { schema: None, name: Name { text: "".into(), span: cursor.here() } }
    } else {
        match rename::object(cursor, kind)? {
            ObjectRef::Name(name) => name,
            ObjectRef::On { name, .. } => ObjectName { schema: None, name },
            _ => return cursor.failure("a name"),
        }
    };
    cursor.take_rest();
    Ok(Ddl::CreateOther { kind, name, if_not_exists })
}

/// An object whose changes no query notices, but for a new name, owner or schema.
pub(super) fn alter_other(cursor: &mut Cursor, kind: ObjectKind) -> Parsed<Ddl> {
    let if_exists = cursor.eat("if exists");
    let object = rename::object(cursor, kind)?;
    if let Some(change) = rename::common(cursor, kind, object, if_exists)? {
        return Ok(change);
    }
    cursor.take_rest();
    Ok(Ddl::NoEffect { what: "ALTER" })
}
