//! `DROP …`, `TRUNCATE` and `LOCK`.

use super::alter_table::cascade;
use super::rename;
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{Ddl, Drop, ObjectName};

/// What follows `DROP`.
pub(super) fn drop(cursor: &mut Cursor) -> Parsed<Ddl> {
    let Some(kind) = rename::kind(cursor) else { return cursor.failure("a kind of object") };
    let concurrently = cursor.eat("concurrently");
    let if_exists = cursor.eat("if exists");
    let objects = cursor.list(|cursor| rename::object(cursor, kind))?;
    if cursor.eat("with") {
        cursor.parentheses()?;
    }
    let cascade = cascade(cursor);
    Ok(Ddl::Drop(Drop { kind, objects, if_exists, cascade, concurrently }))
}

/// What follows `TRUNCATE`.
pub(super) fn truncate(cursor: &mut Cursor) -> Parsed<Ddl> {
    let tables = tables(cursor)?;
    cursor.eat_any(&["restart identity", "continue identity"]);
    Ok(Ddl::Truncate { tables, cascade: cascade(cursor) })
}

/// What follows `LOCK`; the mode changes nothing that a query notices.
pub(super) fn lock(cursor: &mut Cursor) -> Parsed<Ddl> {
    let tables = tables(cursor)?;
    cursor.take_rest();
    Ok(Ddl::Lock { tables })
}

/// `[TABLE] [ONLY] name [*], …`
fn tables(cursor: &mut Cursor) -> Parsed<Vec<ObjectName>> {
    cursor.eat("table");
    cursor.list(|cursor| {
        cursor.eat("only");
        let table = cursor.object_name();
        cursor.eat_operator("*");
        table
    })
}
