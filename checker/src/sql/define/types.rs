//! Types, domains and sequences.

use super::alter_table::cascade;
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{AlterDomain, AlterType, ColumnDef, Ddl, DomainConstraint, Name, ObjectKind, ObjectRef};

/// `name …` after `CREATE TYPE`.
pub(super) fn create_type(cursor: &mut Cursor) -> Parsed<Ddl> {
    let name = cursor.object_name()?;
    if cursor.eat("as enum") {
        let mut labels = Vec::new();
        for entry in cursor.parenthesized_list()? {
            labels.push(cursor.over(entry).string()?);
        }
        return Ok(Ddl::CreateEnum { name, labels });
    }
    if cursor.eat("as range") {
        let (mut subtype, mut multirange) = (None, None);
        for entry in cursor.parenthesized_list()? {
            let mut entry = cursor.over(entry);
            let key = entry.name()?;
            entry.eat_operator("=");
            match &*key.text {
                "subtype" => subtype = Some(entry.type_name()?),
                "multirange_type_name" => multirange = Some(entry.object_name()?),
                _ => {}
            }
        }
        let Some(subtype) = subtype else { return cursor.failure("the subtype of the range") };
        return Ok(Ddl::CreateRange { name, subtype, multirange });
    }
    if cursor.eat("as") {
        let mut attributes = Vec::new();
        for entry in cursor.parenthesized_list()? {
            let mut entry = cursor.over(entry);
            attributes.push(entry.column_def()?);
            entry.expect_end()?;
        }
        return Ok(Ddl::CreateComposite { name, attributes });
    }
    if cursor.is_mark(b'(') {
        cursor.parentheses()?;
    }
    Ok(Ddl::CreateBaseType { name })
}

/// `name action, …` after `ALTER TYPE`.
pub(super) fn alter_type(cursor: &mut Cursor) -> Parsed<Ddl> {
    let name = cursor.object_name()?;
    let object = ObjectRef::Name(name.clone());
    if let Some(change) = super::rename::common(cursor, ObjectKind::Type, object, false)? {
        return Ok(change);
    }
    let mut actions = Vec::new();
    for entry in crate::sql::cursor::split_commas(cursor.take_rest()) {
        let mut entry = cursor.over(entry);
        actions.push(type_action(&mut entry)?);
        entry.expect_end()?;
    }
    Ok(Ddl::AlterType { name, actions })
}

fn type_action(cursor: &mut Cursor) -> Parsed<AlterType> {
    if cursor.eat("add value") {
        let if_not_exists = cursor.eat("if not exists");
        let (label, span) = cursor.string()?;
        let before = if cursor.eat("before") { Some(cursor.string()?.0) } else { None };
        let after = if cursor.eat("after") { Some(cursor.string()?.0) } else { None };
        return Ok(AlterType::AddValue { label, span, if_not_exists, before, after });
    }
    if cursor.eat("rename value") {
        let (from, span) = cursor.string()?;
        cursor.expect("to")?;
        return Ok(AlterType::RenameValue { from, to: cursor.string()?.0, span });
    }
    if cursor.eat("rename attribute") {
        let from = cursor.name()?;
        cursor.expect("to")?;
        let to = cursor.name()?;
        cascade(cursor);
        return Ok(AlterType::RenameAttribute { from, to });
    }
    if cursor.eat("add attribute") {
        let column: ColumnDef = cursor.column_def()?;
        cascade(cursor);
        return Ok(AlterType::AddAttribute(column));
    }
    if cursor.eat("drop attribute") {
        let if_exists = cursor.eat("if exists");
        let name = cursor.name()?;
        return Ok(AlterType::DropAttribute { name, if_exists, cascade: cascade(cursor) });
    }
    if cursor.eat("alter attribute") {
        let name = cursor.name()?;
        cursor.eat("set data");
        cursor.expect("type")?;
        let ty = cursor.type_name()?;
        if cursor.eat("collate") {
            cursor.object_name()?;
        }
        cascade(cursor);
        return Ok(AlterType::SetAttributeType { name, ty });
    }
    if cursor.is("set") && cursor.peek_nth(1).is_some_and(|tok| tok.is_mark(b'(')) {
        cursor.take_rest();
        return Ok(AlterType::NoEffect { what: "SET" });
    }
    cursor.failure("an action")
}

/// `name [AS] type …` after `CREATE DOMAIN`.
pub(super) fn create_domain(cursor: &mut Cursor) -> Parsed<Ddl> {
    let name = cursor.object_name()?;
    cursor.eat("as");
    let base = cursor.type_name()?;
    let (mut default, mut constraints) = (None, Vec::new());
    while !cursor.at_end() {
        if cursor.eat("collate") {
            cursor.object_name()?;
        } else if cursor.eat("default") {
            let tokens = cursor.until(|tok, before| {
                !before.is_empty() && tok.is_any(&["constraint", "not", "null", "check", "collate"])
            });
            default = Some(cursor.expr_of(tokens));
        } else if cursor.eat("null") {
            // The default.
        } else {
            constraints.push(domain_constraint(cursor)?);
        }
    }
    Ok(Ddl::CreateDomain { name, base, default, constraints })
}

fn domain_constraint(cursor: &mut Cursor) -> Parsed<DomainConstraint> {
    let name: Option<Name> = if cursor.eat("constraint") { Some(cursor.name()?) } else { None };
    let not_null = cursor.eat("not null");
    let check = match not_null {
        true => None,
        false => {
            cursor.expect("check")?;
            Some(cursor.parenthesized_expr()?)
        }
    };
    let not_valid = cursor.eat("not valid");
    Ok(DomainConstraint { name, check, not_null, not_valid })
}

/// `name action` after `ALTER DOMAIN`.
pub(super) fn alter_domain(cursor: &mut Cursor) -> Parsed<Ddl> {
    let name = cursor.object_name()?;
    let action = if cursor.eat("set default") {
        let tokens = cursor.take_rest();
        AlterDomain::SetDefault(cursor.expr_of(tokens))
    } else if cursor.eat("drop default") {
        AlterDomain::DropDefault
    } else if cursor.eat("set not null") {
        AlterDomain::SetNotNull
    } else if cursor.eat("drop not null") {
        AlterDomain::DropNotNull
    } else if cursor.eat("add") {
        AlterDomain::AddConstraint(domain_constraint(cursor)?)
    } else if cursor.eat("drop constraint") {
        let if_exists = cursor.eat("if exists");
        let name = cursor.name()?;
        cascade(cursor);
        AlterDomain::DropConstraint { name, if_exists }
    } else if cursor.eat("rename constraint") {
        let from = cursor.name()?;
        cursor.expect("to")?;
        AlterDomain::RenameConstraint { from, to: cursor.name()? }
    } else if cursor.eat("validate constraint") {
        AlterDomain::ValidateConstraint(cursor.name()?)
    } else {
        let object = ObjectRef::Name(name);
        return match super::rename::common(cursor, ObjectKind::Domain, object, false)? {
            Some(change) => Ok(change),
            None => cursor.failure("an action"),
        };
    };
    Ok(Ddl::AlterDomain { name, action })
}

/// `[IF NOT EXISTS] name …` after `CREATE SEQUENCE`.
pub(super) fn create_sequence(cursor: &mut Cursor, temporary: bool) -> Parsed<Ddl> {
    let if_not_exists = cursor.eat("if not exists");
    let name = cursor.object_name()?;
    let options = cursor.sequence_options()?;
    Ok(Ddl::CreateSequence { name, if_not_exists, temporary, options })
}
