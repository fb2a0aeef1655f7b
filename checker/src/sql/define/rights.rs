//! `GRANT`, `REVOKE` and `ALTER DEFAULT PRIVILEGES`.

use super::rename;
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{Ddl, Grant, GrantTarget, Name, ObjectKind};

/// What follows `GRANT`.
pub(super) fn grant(cursor: &mut Cursor) -> Parsed<Ddl> {
    match rights(cursor, "to")? {
        Some(grant) => {
            grantor(cursor)?;
            Ok(Ddl::Grant(grant))
        }
        None => Ok(Ddl::NoEffect { what: "GRANT of roles" }),
    }
}

/// What follows `REVOKE`.
pub(super) fn revoke(cursor: &mut Cursor) -> Parsed<Ddl> {
    let grant_option_for = cursor.eat("grant option for");
    match rights(cursor, "from")? {
        Some(grant) => {
            grantor(cursor)?;
            let cascade = super::alter_table::cascade(cursor);
            Ok(Ddl::Revoke { grant, grant_option_for, cascade })
        }
        None => Ok(Ddl::NoEffect { what: "REVOKE of roles" }),
    }
}

/// What follows `ALTER DEFAULT PRIVILEGES`.
pub(super) fn default_privileges(cursor: &mut Cursor) -> Parsed<Ddl> {
    let (mut for_roles, mut in_schemas) = (Vec::new(), Vec::new());
    loop {
        if cursor.eat("for role") || cursor.eat("for user") {
            for_roles = cursor.names()?;
        } else if cursor.eat("in schema") {
            in_schemas = cursor.names()?;
        } else {
            break;
        }
    }
    let revoke = !cursor.eat("grant");
    if revoke {
        cursor.expect("revoke")?;
        cursor.eat("grant option for");
    }
    let privileges = privileges(cursor)?;
    cursor.expect("on")?;
    const KINDS: [(&str, ObjectKind); 7] = [
        ("tables", ObjectKind::Table),
        ("sequences", ObjectKind::Sequence),
        ("functions", ObjectKind::Function),
        ("routines", ObjectKind::Routine),
        ("types", ObjectKind::Type),
        ("schemas", ObjectKind::Schema),
        ("large objects", ObjectKind::LargeObject),
    ];
    let Some(&(_, kind)) = KINDS.iter().find(|(words, _)| cursor.eat(words)) else {
        return cursor.failure("a kind of objects");
    };
    cursor.expect(if revoke { "from" } else { "to" })?;
    let grantees = cursor.list(grantee)?;
    grantor(cursor)?;
    super::alter_table::cascade(cursor);
    let grant = Grant { privileges, target: GrantTarget::Future, grantees };
    Ok(Ddl::DefaultPrivileges { for_roles, in_schemas, kind, grant, revoke })
}

/// Rights on objects for roles; nothing where roles are given to roles.
fn rights(cursor: &mut Cursor, preposition: &str) -> Parsed<Option<Grant>> {
    if !cursor.rest().iter().any(|tok| tok.is("on")) {
        cursor.take_rest();
        return Ok(None);
    }
    let privileges = privileges(cursor)?;
    cursor.expect("on")?;
    let target = target(cursor)?;
    cursor.expect(preposition)?;
    let grantees = cursor.list(grantee)?;
    Ok(Some(Grant { privileges, target, grantees }))
}

/// Rights, each perhaps with columns.
fn privileges(cursor: &mut Cursor) -> Parsed<Vec<(String, Vec<Name>)>> {
    cursor.list(|cursor| {
        let mut words = Vec::new();
        while let Some(word) = cursor.peek().and_then(|tok| tok.plain_word()).filter(|word| *word != "on") {
            words.push(word.to_ascii_lowercase());
            cursor.advance();
        }
        let columns = if cursor.is_mark(b'(') { cursor.parenthesized_names()? } else { Vec::new() };
        if words.is_empty() {
            return cursor.failure("a privilege");
        }
        if words.len() == 2 && words[0] == "all" {
            words.pop();
        }
        Ok((words.join(" "), columns))
    })
}

fn target(cursor: &mut Cursor) -> Parsed<GrantTarget> {
    const ALL: [(&str, ObjectKind); 5] = [
        ("all tables in schema", ObjectKind::Table),
        ("all sequences in schema", ObjectKind::Sequence),
        ("all functions in schema", ObjectKind::Function),
        ("all procedures in schema", ObjectKind::Procedure),
        ("all routines in schema", ObjectKind::Routine),
    ];
    if let Some(&(_, kind)) = ALL.iter().find(|(words, _)| cursor.eat(words)) {
        return Ok(GrantTarget::AllInSchema { kind, schemas: cursor.names()? });
    }
    let kind = if cursor.eat("foreign server") {
        ObjectKind::Server
    } else if cursor.eat("parameter") {
        ObjectKind::Parameter
    } else {
        // A table may be called like a kind of object.
        let ahead =
            cursor.peek_nth(1).is_some_and(|tok| !tok.is_any(&["to", "from"]) && tok.name(cursor.piece).is_some());
        match ahead || cursor.is("large object") {
            true => rename::kind(cursor).unwrap_or(ObjectKind::Table),
            false => ObjectKind::Table,
        }
    };
    Ok(GrantTarget::Objects { kind, names: cursor.list(|cursor| rename::object(cursor, kind))? })
}

fn grantee(cursor: &mut Cursor) -> Parsed<Name> {
    if cursor.is("group") && cursor.peek_nth(1).is_some_and(|tok| tok.name(cursor.piece).is_some()) {
        cursor.advance();
    }
    cursor.name()
}

/// `WITH GRANT OPTION` and `GRANTED BY role`.
fn grantor(cursor: &mut Cursor) -> Parsed<()> {
    cursor.eat("with grant option");
    if cursor.eat("granted by") {
        cursor.name()?;
    }
    Ok(())
}
