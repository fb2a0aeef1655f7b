//! `ALTER TABLE` and its kin.

use super::publication;
use crate::sql::cursor::{Cursor, Parsed, split_commas};
use crate::sql::ddl::{AlterAction, AlterTable, Ddl, ObjectKind, SequenceOptions};

/// `[IF EXISTS] [ONLY] name action, …` after `ALTER TABLE` or its kin.
pub(super) fn alter_table(cursor: &mut Cursor, kind: ObjectKind) -> Parsed<Ddl> {
    if cursor.eat("all in tablespace") {
        cursor.take_rest();
        return Ok(Ddl::NoEffect { what: "ALTER ALL IN TABLESPACE" });
    }
    let if_exists = cursor.eat("if exists");
    let only = cursor.eat("only");
    let name = cursor.object_name()?;
    cursor.eat_operator("*");
    if kind == ObjectKind::Sequence && !cursor.is("owner") && !cursor.is("rename") && !cursor.is("set") {
        let options = cursor.sequence_options()?;
        return Ok(Ddl::AlterSequence { name, if_exists, options });
    }
    let mut actions = Vec::new();
    for entry in split_commas(cursor.take_rest()) {
        let mut entry = cursor.over(entry);
        let found = action(&mut entry)?;
        entry.expect_end()?;
        let span = entry.span_since(0);
        actions.extend(found.into_iter().map(|action| (action, span)));
    }
    if actions.is_empty() {
        return cursor.failure("an action");
    }
    Ok(Ddl::AlterTable(AlterTable { kind, name, if_exists, only, actions }))
}

fn action(cursor: &mut Cursor) -> Parsed<Vec<AlterAction>> {
    Ok(vec![if cursor.eat("add") {
        return add(cursor);
    } else if cursor.eat("drop") {
        drop(cursor)?
    } else if cursor.eat("rename") {
        rename(cursor)?
    } else if cursor.eat("alter constraint") {
        alter_constraint(cursor)?
    } else if cursor.eat("alter") {
        cursor.eat("column");
        alter_column(cursor)?
    } else if cursor.eat("validate constraint") {
        AlterAction::ValidateConstraint { name: cursor.name()? }
    } else if cursor.is("enable") || cursor.is("disable") {
        switch(cursor)?
    } else if cursor.eat("force row level security") {
        AlterAction::ForceRowLevelSecurity { forced: true }
    } else if cursor.eat("no force row level security") {
        AlterAction::ForceRowLevelSecurity { forced: false }
    } else if cursor.eat("attach partition") {
        let partition = cursor.object_name()?;
        let bound = cursor.take_rest();
        AlterAction::AttachPartition { partition, bound: cursor.text_of(bound) }
    } else if cursor.eat("detach partition") {
        let partition = cursor.object_name()?;
        let concurrently = cursor.eat("concurrently");
        cursor.eat("finalize");
        AlterAction::DetachPartition { partition, concurrently }
    } else if cursor.eat("inherit") {
        AlterAction::Inherit(cursor.object_name()?)
    } else if cursor.eat("no inherit") {
        AlterAction::NoInherit(cursor.object_name()?)
    } else if cursor.eat("of") {
        AlterAction::OfType(cursor.object_name()?)
    } else if cursor.eat("not of") {
        AlterAction::NotOf
    } else if cursor.eat("owner to") {
        AlterAction::Owner(cursor.name()?)
    } else if cursor.eat("set schema") {
        AlterAction::SetSchema(cursor.name()?)
    } else if cursor.eat("replica identity") {
        AlterAction::ReplicaIdentity(publication::replica_identity(cursor)?)
    } else {
        no_effect(cursor)?
    }])
}

/// Actions that no query notices.
fn no_effect(cursor: &mut Cursor) -> Parsed<AlterAction> {
    const STARTS: [(&str, &str); 14] = [
        ("set without", "SET WITHOUT"),
        ("set with", "SET WITH"),
        ("set tablespace", "SET TABLESPACE"),
        ("set logged", "SET LOGGED"),
        ("set unlogged", "SET UNLOGGED"),
        ("set access method", "SET ACCESS METHOD"),
        ("set statistics", "SET STATISTICS"),
        ("set", "SET"),
        ("reset", "RESET"),
        ("cluster on", "CLUSTER ON"),
        ("options", "OPTIONS"),
        ("depends on extension", "DEPENDS ON EXTENSION"),
        ("no depends on extension", "NO DEPENDS ON EXTENSION"),
        ("attach", "ATTACH"),
    ];
    let Some((words, what)) = STARTS.iter().find(|(words, _)| cursor.is(words)) else {
        return cursor.failure("an action");
    };
    if *words == "set" && !cursor.peek_nth(1).is_some_and(|tok| tok.is_mark(b'(')) {
        return cursor.failure("an action");
    }
    cursor.take_rest();
    Ok(AlterAction::NoEffect { what })
}

fn add(cursor: &mut Cursor) -> Parsed<Vec<AlterAction>> {
    if cursor.is_table_constraint() {
        return Ok(cursor.table_constraints()?.into_iter().map(AlterAction::AddConstraint).collect());
    }
    cursor.eat("column");
    let if_not_exists = cursor.eat("if not exists");
    let column = cursor.column_def()?;
    Ok(vec![AlterAction::AddColumn { column, if_not_exists }])
}

fn drop(cursor: &mut Cursor) -> Parsed<AlterAction> {
    let constraint = cursor.eat("constraint");
    if !constraint {
        cursor.eat("column");
    }
    let if_exists = cursor.eat("if exists");
    let name = cursor.name()?;
    let cascade = cascade(cursor);
    Ok(match constraint {
        true => AlterAction::DropConstraint { name, if_exists, cascade },
        false => AlterAction::DropColumn { name, if_exists, cascade },
    })
}

/// `CASCADE`, or what is the default.
pub(super) fn cascade(cursor: &mut Cursor) -> bool {
    let cascade = cursor.eat("cascade");
    cursor.eat("restrict");
    cascade
}

fn rename(cursor: &mut Cursor) -> Parsed<AlterAction> {
    if cursor.eat("to") {
        return Ok(AlterAction::RenameTo(cursor.name()?));
    }
    let constraint = cursor.eat("constraint");
    if !constraint && !cursor.is("column to") {
        cursor.eat("column");
    }
    let from = cursor.name()?;
    cursor.expect("to")?;
    let to = cursor.name()?;
    Ok(match constraint {
        true => AlterAction::RenameConstraint { from, to },
        false => AlterAction::RenameColumn { from, to },
    })
}

fn alter_constraint(cursor: &mut Cursor) -> Parsed<AlterAction> {
    let name = cursor.name()?;
    let (mut deferrable, mut initially_deferred) = (None, None);
    while !cursor.at_end() {
        if cursor.eat("deferrable") {
            deferrable = Some(true);
        } else if cursor.eat("not deferrable") {
            deferrable = Some(false);
        } else if cursor.eat("initially deferred") {
            initially_deferred = Some(true);
        } else if cursor.eat("initially immediate") {
            initially_deferred = Some(false);
        } else if cursor.eat_any(&["not enforced", "enforced", "no inherit", "inherit", "set"]).is_none() {
            return cursor.failure("an attribute of a constraint");
        }
    }
    Ok(AlterAction::AlterConstraint { name, deferrable, initially_deferred })
}

/// `ENABLE` and `DISABLE` of triggers, rules and row level security.
fn switch(cursor: &mut Cursor) -> Parsed<AlterAction> {
    let enabled = cursor.eat("enable");
    if !enabled {
        cursor.expect("disable")?;
    }
    if cursor.eat("row level security") {
        return Ok(AlterAction::RowLevelSecurity { enabled });
    }
    cursor.eat_any(&["replica", "always"]);
    if cursor.eat("rule") {
        return Ok(AlterAction::Rule { name: cursor.name()?, enabled });
    }
    cursor.expect("trigger")?;
    let name = if cursor.eat("all") || cursor.eat("user") { None } else { Some(cursor.name()?) };
    Ok(AlterAction::Trigger { name, enabled })
}

fn alter_column(cursor: &mut Cursor) -> Parsed<AlterAction> {
    // `ALTER INDEX … ALTER COLUMN 1 SET STATISTICS …`
    if cursor.peek().is_some_and(|tok| tok.lexeme.kind == crate::sql::lex::Kind::Number) {
        cursor.take_rest();
        return Ok(AlterAction::NoEffect { what: "SET STATISTICS" });
    }
    let column = cursor.name()?;
    if cursor.eat("set data type") || cursor.eat("type") {
        let ty = cursor.type_name()?;
        let collation = if cursor.eat("collate") { Some(cursor.object_name()?) } else { None };
        let using = match cursor.eat("using") {
            true => {
                let tokens = cursor.take_rest();
                Some(cursor.expr_of(tokens))
            }
            false => None,
        };
        return Ok(AlterAction::SetType { column, ty, collation, using });
    }
    if cursor.eat("set default") {
        let tokens = cursor.take_rest();
        return Ok(AlterAction::SetDefault { default: cursor.expr_of(tokens), column });
    }
    if cursor.eat("set expression as") {
        return Ok(AlterAction::SetExpression { column, expr: cursor.parenthesized_expr()? });
    }
    if cursor.eat("drop expression") {
        return Ok(AlterAction::DropExpression { column, if_exists: cursor.eat("if exists") });
    }
    if cursor.eat("drop identity") {
        return Ok(AlterAction::DropIdentity { column, if_exists: cursor.eat("if exists") });
    }
    if cursor.eat("add generated") {
        let always = cursor.eat("always") || !cursor.eat("by default");
        cursor.expect("as identity")?;
        let options = cursor.identity_options()?;
        return Ok(AlterAction::AddIdentity { column, always, options });
    }
    Ok(match cursor.eat_any(&["drop default", "set not null", "drop not null"]) {
        Some("drop default") => AlterAction::DropDefault { column },
        Some("set not null") => AlterAction::SetNotNull { column },
        Some(_) => AlterAction::DropNotNull { column },
        None => return alter_column_parameters(cursor, column),
    })
}

/// What changes a column's identity, and what changes only how it is stored.
fn alter_column_parameters(cursor: &mut Cursor, column: crate::sql::ddl::Name) -> Parsed<AlterAction> {
    const STORED: [&str; 4] = ["set statistics", "set storage", "set compression", "options"];
    let parenthesized = cursor.peek_nth(1).is_some_and(|tok| tok.is_mark(b'('));
    if STORED.iter().any(|words| cursor.is(words)) || (parenthesized && (cursor.is("set") || cursor.is("reset"))) {
        cursor.take_rest();
        return Ok(AlterAction::NoEffect { what: "SET STORAGE" });
    }
    let mut always = None;
    let mut found = false;
    while !cursor.at_end() {
        if cursor.eat("set generated always") {
            always = Some(true);
        } else if cursor.eat("set generated by default") {
            always = Some(false);
        } else if cursor.is("set") || cursor.is("restart") {
            cursor.eat("set");
            let option = cursor.position();
            cursor.advance();
            cursor.until(|tok, _| tok.is_any(&["set", "restart"]));
            cursor.over(cursor.since(option)).sequence_options()?;
        } else {
            return cursor.failure("what to change in the column");
        }
        found = true;
    }
    match found {
        true => Ok(AlterAction::SetIdentity { column, always, options: SequenceOptions::default() }),
        false => cursor.failure("what to change in the column"),
    }
}
