//! Triggers, rules and policies.

use crate::sql::cursor::{Cursor, Failure, Parsed};
use crate::sql::ddl::{CreateTrigger, Ddl, Event, Expr, Name, ObjectName, TriggerTiming};
use crate::sql::token::Tok;
use crate::sql::{Query, Unparsed};

/// `[IF NOT EXISTS] name …` after `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`.
pub(super) fn create_trigger(cursor: &mut Cursor, or_replace: bool, constraint: bool) -> Parsed<Ddl> {
    let if_not_exists = cursor.eat("if not exists");
    let name = cursor.object_name()?;
    let timing = match cursor.eat_any(&["before", "after", "instead of"]) {
        Some("after") => TriggerTiming::After,
        Some("instead of") => TriggerTiming::InsteadOf,
        _ => TriggerTiming::Before,
    };
    let (events, update_of) = events(cursor)?;
    cursor.expect("on")?;
    let table = cursor.object_name()?;
    let mut trigger = CreateTrigger {
        name,
        or_replace,
        if_not_exists,
        constraint,
        timing,
        events,
        update_of,
        table,
        for_each_row: false,
        when: None,
        function: None,
        body: Vec::new(),
        transition_tables: Vec::new(),
        unread: Vec::new(),
    };
    while !cursor.at_end() {
        trigger_clause(cursor, &mut trigger)?;
    }
    Ok(Ddl::CreateTrigger(Box::new(trigger)))
}

fn events(cursor: &mut Cursor) -> Parsed<(Vec<Event>, Vec<Name>)> {
    let (mut events, mut update_of) = (Vec::new(), Vec::new());
    loop {
        let event = event(cursor)?;
        events.push(event);
        if event == Event::Update && cursor.eat("of") {
            update_of.extend(cursor.names()?);
        }
        if !cursor.eat("or") {
            return Ok((events, update_of));
        }
    }
}

fn event(cursor: &mut Cursor) -> Parsed<Event> {
    Ok(match cursor.eat_any(&["select", "insert", "update", "delete", "truncate"]) {
        Some("select") => Event::Select,
        Some("insert") => Event::Insert,
        Some("update") => Event::Update,
        Some("delete") => Event::Delete,
        Some(_) => Event::Truncate,
        None => return cursor.failure("an event"),
    })
}

fn trigger_clause(cursor: &mut Cursor, trigger: &mut CreateTrigger) -> Parsed<()> {
    const DEFERRING: [&str; 4] = ["not deferrable", "deferrable", "initially immediate", "initially deferred"];
    if cursor.eat("from") {
        cursor.object_name()?;
    } else if cursor.eat("referencing") {
        loop {
            let table = cursor.eat("old table") || cursor.eat("new table");
            if !table && !cursor.eat("old row") && !cursor.eat("new row") {
                break;
            }
            cursor.eat("as");
            let name = cursor.name()?;
            if table {
                trigger.transition_tables.push(name);
            }
        }
    } else if cursor.eat("for each row") || cursor.eat("for row") {
        trigger.for_each_row = true;
    } else if cursor.eat("when") {
        trigger.when = Some(when(cursor));
    } else if cursor.eat("execute function") || cursor.eat("execute procedure") {
        trigger.function = Some(cursor.object_name()?);
        cursor.parentheses()?;
    } else if cursor.eat("begin") {
        // A body runs once for each row.
        trigger.for_each_row = true;
        let tokens = cursor.take_rest();
        let Some((end, body)) = tokens.split_last().filter(|(end, _)| end.is("end")) else {
            return cursor.failure("END after the trigger's statements");
        };
        let _ = end;
        (trigger.body, trigger.unread) = statements(cursor, body);
    } else if cursor.eat_any(&["for each statement", "for statement"]).is_none() && cursor.eat_any(&DEFERRING).is_none()
    {
        return cursor.failure("a clause of a trigger");
    }
    Ok(())
}

fn when(cursor: &mut Cursor) -> Expr {
    let tokens = cursor.until_words(&["begin", "execute"]);
    cursor.expr_of(tokens)
}

/// Statements that end with semicolons.
fn statements(cursor: &Cursor, tokens: &[Tok]) -> (Vec<Query>, Vec<Unparsed>) {
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for tokens in tokens.split(|tok| tok.is_mark(b';')).filter(|tokens| !tokens.is_empty()) {
        match cursor.query_of(tokens) {
            Ok(query) => read.push(query),
            Err(unparsed) => unread.push(unparsed),
        }
    }
    (read, unread)
}

/// `name AS ON …` after `CREATE [OR REPLACE] RULE`.
pub(super) fn create_rule(cursor: &mut Cursor, or_replace: bool) -> Parsed<Ddl> {
    let name = cursor.name()?;
    cursor.expect("as on")?;
    let event = event(cursor)?;
    cursor.expect("to")?;
    let table = cursor.object_name()?;
    let has_where = cursor.eat("where");
    if has_where {
        cursor.until_words(&["do"]);
    }
    cursor.expect("do")?;
    let instead = cursor.eat("instead");
    cursor.eat("also");
    let (mut actions, mut unread) = (Vec::new(), Vec::new());
    if !cursor.eat("nothing") {
        let several = cursor.is_mark(b'(') && !cursor.peek_nth(1).is_some_and(|tok| tok.is("select"));
        let tokens = match several || cursor.rest().iter().any(|tok| tok.is_mark(b';')) {
            true => cursor.parentheses()?,
            false => cursor.take_rest(),
        };
        (actions, unread) = statements(cursor, tokens);
    }
    match unread.pop() {
        Some(unparsed) => Err(Failure { reason: unparsed.reason, at: unparsed.at }),
        None => Ok(Ddl::CreateRule { name, or_replace, table, event, instead, has_where, actions }),
    }
}

/// `name ON table …` after `CREATE POLICY`.
pub(super) fn create_policy(cursor: &mut Cursor) -> Parsed<Ddl> {
    let (name, table) = policy_name(cursor)?;
    let permissive = !cursor.eat("as restrictive");
    cursor.eat("as permissive");
    let command = match cursor.eat("for") && !cursor.eat("all") {
        true => Some(event(cursor)?),
        false => None,
    };
    let (roles, using, check) = policy_clauses(cursor)?;
    Ok(Ddl::CreatePolicy { name, table, command, permissive, roles: roles.unwrap_or_default(), using, check })
}

/// `name ON table …` after `ALTER POLICY`.
pub(super) fn alter_policy(cursor: &mut Cursor) -> Parsed<Ddl> {
    use crate::sql::ddl::{ObjectKind, ObjectRef};
    let (name, table) = policy_name(cursor)?;
    if cursor.eat("rename to") {
        let object = ObjectRef::On { name, relation: table };
        return Ok(Ddl::Rename { kind: ObjectKind::Policy, object, if_exists: false, to: cursor.name()? });
    }
    let (roles, using, check) = policy_clauses(cursor)?;
    Ok(Ddl::AlterPolicy { name, table, roles, using, check })
}

fn policy_name(cursor: &mut Cursor) -> Parsed<(Name, ObjectName)> {
    let name = cursor.name()?;
    cursor.expect("on")?;
    Ok((name, cursor.object_name()?))
}

type PolicyClauses = (Option<Vec<Name>>, Option<Expr>, Option<Expr>);

fn policy_clauses(cursor: &mut Cursor) -> Parsed<PolicyClauses> {
    let roles = if cursor.eat("to") { Some(cursor.names()?) } else { None };
    let using = if cursor.eat("using") { Some(cursor.parenthesized_expr()?) } else { None };
    let check = if cursor.eat("with check") { Some(cursor.parenthesized_expr()?) } else { None };
    Ok((roles, using, check))
}
