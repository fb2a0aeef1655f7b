//! Statements that change the schema, from tokens to their tree.

mod alter_table;
mod column;
mod drop;
mod index;
mod other;
mod publication;
mod rename;
mod rights;
mod routine;
mod table;
mod trigger;
mod types;
mod view;

use super::cursor::{Cursor, Parsed};
use super::ddl::{Ddl, ObjectKind};
use super::token::{Piece, Tok};
use super::{Unparsed, unparsed};

/// What the tokens define; nothing where they are no such statement.
pub(super) fn define(piece: &Piece, tokens: &[Tok]) -> Option<Result<Ddl, Unparsed>> {
    let mut cursor = Cursor::new(piece, tokens);
    let parsed = statement(&mut cursor)?;
    let parsed = parsed.and_then(|ddl| cursor.expect_end().map(|()| ddl));
    Some(parsed.map_err(|failure| unparsed::new(piece, tokens, failure.reason, failure.at)))
}

fn statement(cursor: &mut Cursor) -> Option<Parsed<Ddl>> {
    let start = *cursor;
    let word = cursor.advance()?.plain_word()?;
    Some(match word {
        "create" => create(cursor),
        "alter" => alter(cursor),
        "drop" => drop::drop(cursor),
        "truncate" => drop::truncate(cursor),
        "lock" => drop::lock(cursor),
        "refresh" if cursor.eat("materialized view") => view::refresh_view(cursor),
        "grant" => rights::grant(cursor),
        "revoke" => rights::revoke(cursor),
        "set" => other::set(cursor),
        "reset" => other::reset(cursor),
        "select" => Ok(other::set_config(&start).or_else(|| table::select_into(&start))?).inspect(|_| {
            cursor.take_rest();
        }),
        _ => {
            let what = without_effect(cursor, word)?;
            cursor.take_rest();
            Ok(Ddl::NoEffect { what })
        }
    })
}

/// A statement that changes nothing that a query notices, by its first word.
fn without_effect(cursor: &Cursor, word: &str) -> Option<&'static str> {
    let words = cursor.piece.dialect.definition.statements_without_effect;
    words.iter().find(|it| it.eq_ignore_ascii_case(word)).copied()
}

fn create(cursor: &mut Cursor) -> Parsed<Ddl> {
    let or_replace = cursor.eat("or replace");
    if cursor.eat("schema") {
        return create_schema(cursor);
    }
    if let Some(created) = create_relation(cursor, or_replace) {
        return created;
    }
    match cursor.eat_any(&[
        "type",
        "domain",
        "function",
        "procedure",
        "aggregate",
        "constraint trigger",
        "trigger",
        "rule",
        "policy",
        "extension",
        "operator class",
        "operator family",
        "operator",
        "cast",
    ]) {
        Some("type") => types::create_type(cursor),
        Some("domain") => types::create_domain(cursor),
        Some("function") => routine::create_routine(cursor, ObjectKind::Function, or_replace),
        Some("procedure") => routine::create_routine(cursor, ObjectKind::Procedure, or_replace),
        Some("aggregate") => routine::create_aggregate(cursor, or_replace),
        Some("constraint trigger") => trigger::create_trigger(cursor, or_replace, true),
        Some("trigger") => trigger::create_trigger(cursor, or_replace, false),
        Some("rule") => trigger::create_rule(cursor, or_replace),
        Some("policy") => trigger::create_policy(cursor),
        Some("extension") => other::create_extension(cursor),
        Some("operator class") => other::create_other(cursor, ObjectKind::OperatorClass),
        Some("operator family") => other::create_other(cursor, ObjectKind::OperatorFamily),
        Some("operator") => other::create_operator(cursor),
        Some(_) => other::create_cast(cursor),
        None => match rename::kind(cursor) {
            Some(ObjectKind::Publication) => publication::create(cursor),
            Some(kind) => other::create_other(cursor, kind),
            None => cursor.failure("a kind of object"),
        },
    }
}

/// Tables, views, indexes and sequences, with the words that can stand before them.
fn create_relation(cursor: &mut Cursor, or_replace: bool) -> Option<Parsed<Ddl>> {
    let start = *cursor;
    if cursor.eat("virtual table") {
        return Some(view::create_virtual_table(cursor));
    }
    let _ = cursor.eat("global") || cursor.eat("local");
    let temporary = cursor.eat("temp") || cursor.eat("temporary");
    let _ = cursor.eat("unlogged");
    let foreign = cursor.eat("foreign");
    let recursive = cursor.eat("recursive");
    let materialized = cursor.eat("materialized");
    let unique = cursor.eat("unique");
    Some(match cursor.eat_any(&["table", "view", "index", "sequence", "trigger"]) {
        Some("table") => table::create_table(cursor, temporary, foreign),
        Some("view") => view::create_view(cursor, view::ViewWords { or_replace, temporary, recursive, materialized }),
        Some("index") => index::create_index(cursor, unique),
        Some("sequence") => types::create_sequence(cursor, temporary),
        Some(_) if temporary => trigger::create_trigger(cursor, or_replace, false),
        _ => {
            *cursor = start;
            return None;
        }
    })
}

/// `[IF NOT EXISTS] name …` after `CREATE SCHEMA`, with the statements nested in it.
fn create_schema(cursor: &mut Cursor) -> Parsed<Ddl> {
    let if_not_exists = cursor.eat("if not exists");
    let name = if cursor.is("authorization") { None } else { Some(cursor.name()?) };
    let owner = if cursor.eat("authorization") { Some(cursor.name()?) } else { None };
    let Some(name) = name.or(owner) else { return cursor.failure("a name") };
    let mut elements = Vec::new();
    while !cursor.at_end() {
        let start = cursor.position();
        cursor.advance();
        cursor.until_words(&["create", "grant"]);
        let mut element = cursor.over(cursor.since(start));
        match statement(&mut element) {
            Some(element) => elements.push(element?),
            None => return cursor.failure("a statement"),
        }
    }
    Ok(Ddl::CreateSchema { name, if_not_exists, elements })
}

fn alter(cursor: &mut Cursor) -> Parsed<Ddl> {
    const RELATIONS: [(&str, ObjectKind); 6] = [
        ("foreign table", ObjectKind::ForeignTable),
        ("materialized view", ObjectKind::MaterializedView),
        ("table", ObjectKind::Table),
        ("view", ObjectKind::View),
        ("index", ObjectKind::Index),
        ("sequence", ObjectKind::Sequence),
    ];
    if let Some(&(_, kind)) = RELATIONS.iter().find(|(words, _)| cursor.eat(words)) {
        return alter_table::alter_table(cursor, kind);
    }
    match cursor.eat_any(&[
        "type",
        "domain",
        "function",
        "procedure",
        "routine",
        "aggregate",
        "policy",
        "extension",
        "default privileges",
        "system",
    ]) {
        Some("type") => types::alter_type(cursor),
        Some("domain") => types::alter_domain(cursor),
        Some("function") => routine::alter_routine(cursor, ObjectKind::Function),
        Some("procedure") => routine::alter_routine(cursor, ObjectKind::Procedure),
        Some("routine") => routine::alter_routine(cursor, ObjectKind::Routine),
        Some("aggregate") => routine::alter_routine(cursor, ObjectKind::Aggregate),
        Some("policy") => trigger::alter_policy(cursor),
        Some("extension") => other::alter_extension(cursor),
        Some("default privileges") => rights::default_privileges(cursor),
        Some(_) => {
            cursor.take_rest();
            Ok(Ddl::NoEffect { what: "ALTER SYSTEM" })
        }
        None => match rename::kind(cursor) {
            Some(ObjectKind::Publication) => publication::alter(cursor),
            Some(kind) => other::alter_other(cursor, kind),
            None => cursor.failure("a kind of object"),
        },
    }
}
