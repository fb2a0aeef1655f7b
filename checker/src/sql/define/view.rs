//! `CREATE VIEW`, `REFRESH MATERIALIZED VIEW` and `CREATE VIRTUAL TABLE`.

use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{CreateView, Ddl};
use crate::sql::token::Tok;

/// What stands before `VIEW`.
#[derive(Clone, Copy, Default)]
pub(super) struct ViewWords {
    pub(super) or_replace: bool,
    pub(super) temporary: bool,
    pub(super) recursive: bool,
    pub(super) materialized: bool,
}

/// `[IF NOT EXISTS] name …` after `CREATE … VIEW`.
pub(super) fn create_view(cursor: &mut Cursor, words: ViewWords) -> Parsed<Ddl> {
    let if_not_exists = cursor.eat("if not exists");
    let name = cursor.object_name()?;
    let columns = if cursor.is_mark(b'(') { cursor.parenthesized_names()? } else { Vec::new() };
    while !cursor.eat("as") {
        if cursor.eat("with") {
            cursor.parentheses()?;
        } else if cursor.eat("using") || cursor.eat("tablespace") {
            cursor.name()?;
        } else {
            return cursor.failure("AS");
        }
    }
    let tokens = cursor.take_rest();
    let (tokens, with_data) = without_data_clause(tokens);
    let (tokens, check_option) = without_check_option(tokens);
    let (query, unread) = match cursor.query_of(tokens) {
        Ok(query) => (Some(query), None),
        Err(unparsed) => (None, Some(unparsed)),
    };
    Ok(Ddl::CreateView(Box::new(CreateView {
        name,
        or_replace: words.or_replace,
        if_not_exists,
        temporary: words.temporary,
        materialized: words.materialized,
        recursive: words.recursive,
        columns,
        query,
        unread,
        check_option,
        with_data,
    })))
}

/// A query without `WITH [NO] DATA` after it, and whether data is loaded.
pub(super) fn without_data_clause(tokens: &[Tok]) -> (&[Tok], bool) {
    match tokens {
        [query @ .., with, no, data] if with.is("with") && no.is("no") && data.is("data") => (query, false),
        [query @ .., with, data] if with.is("with") && data.is("data") => (query, true),
        query => (query, true),
    }
}

fn without_check_option(tokens: &[Tok]) -> (&[Tok], bool) {
    match tokens {
        [query @ .., with, how, check, option]
            if with.is("with") && how.is_any(&["cascaded", "local"]) && check.is("check") && option.is("option") =>
        {
            (query, true)
        }
        [query @ .., with, check, option] if with.is("with") && check.is("check") && option.is("option") => {
            (query, true)
        }
        query => (query, false),
    }
}

/// `[CONCURRENTLY] name …` after `REFRESH MATERIALIZED VIEW`.
pub(super) fn refresh_view(cursor: &mut Cursor) -> Parsed<Ddl> {
    let concurrently = cursor.eat("concurrently");
    let name = cursor.object_name()?;
    let with_data = !cursor.eat("with no data");
    cursor.eat("with data");
    Ok(Ddl::RefreshView { name, concurrently, with_data })
}

/// `[IF NOT EXISTS] name USING module(arguments)` after `CREATE VIRTUAL TABLE`.
pub(super) fn create_virtual_table(cursor: &mut Cursor) -> Parsed<Ddl> {
    let if_not_exists = cursor.eat("if not exists");
    let name = cursor.object_name()?;
    cursor.expect("using")?;
    let module = cursor.name()?;
    let entries = if cursor.is_mark(b'(') { cursor.parenthesized_list()? } else { Vec::new() };
    let arguments = entries.into_iter().map(|entry| cursor.text_of(entry).text.to_string()).collect();
    Ok(Ddl::CreateVirtualTable { name, if_not_exists, module, arguments })
}
