//! Statements up to their semicolon.

use super::{select, target, variable};
use crate::sql::cursor::Cursor;
use crate::sql::ddl::Expr;
use crate::sql::lex::Kind;
use crate::sql::routine::{PlStatement, SqlRole, Target};
use crate::sql::token::Tok;
use crate::sql::{Query, Statement, StatementKind, Unparsed, statement, unparsed};

/// Whether `target := …` or `target = …` stands here.
pub(super) fn is_assignment(cursor: &Cursor) -> bool {
    let mut cursor = *cursor;
    let reserved = cursor.peek().is_none_or(|tok| tok.is_any(&["if", "case", "while", "return", "end", "begin"]));
    let next_assigns = cursor.peek_nth(1).is_some_and(|tok| tok.lexeme.kind == Kind::Assign);
    (next_assigns || !reserved)
        && variable(&mut cursor).is_ok()
        && (cursor.lexeme_is(Kind::Assign) || cursor.is_operator("="))
}

/// `target := expression;`.
pub(super) fn assignment(cursor: &mut Cursor) -> PlStatement {
    let start = *cursor;
    let target = target(cursor);
    cursor.advance();
    let tokens = rest(cursor);
    match target {
        Ok(target) => sql(select(cursor.piece, tokens), vec![target], SqlRole::Statement),
        Err(failure) => PlStatement::Unread(unparsed::new(
            cursor.piece,
            start.rest().get(..1).unwrap_or_default(),
            failure.reason,
            failure.at,
        )),
    }
}

/// The tokens up to the semicolon, which is taken.
fn rest<'a>(cursor: &mut Cursor<'a>) -> &'a [Tok] {
    let tokens = cursor.until(|tok, _| tok.is_mark(b';'));
    // A parenthesis that closes none is left by `until`; it belongs to this statement.
    let mut all = tokens;
    if cursor.is_mark(b')') {
        let start = cursor.position() - tokens.len();
        while !cursor.at_end() && !cursor.is_mark(b';') {
            cursor.advance();
        }
        all = cursor.since(start);
    }
    cursor.eat_mark(b';');
    all
}

fn sql(query: Result<Query, Unparsed>, into: Vec<Target>, role: SqlRole) -> PlStatement {
    match query {
        Ok(query) => {
            let statement = Statement { span: query.span, kind: StatementKind::Query(query) };
            PlStatement::Sql { statement: Box::new(statement), into, role }
        }
        Err(unparsed) => PlStatement::Unread(unparsed),
    }
}

/// Any statement but assignments, conditions, loops and blocks.
pub(super) fn statement(cursor: &mut Cursor) -> PlStatement {
    let start = *cursor;
    let tokens = rest(cursor);
    let span = unparsed::span(cursor.piece, tokens);
    let mut inside = start.over(tokens);
    let control = |what| PlStatement::Control { what, span };
    let Some(first) = tokens.first() else { return control("empty") };
    match first.plain_word() {
        Some("null") if tokens.len() == 1 => control("NULL"),
        Some(word @ ("exit" | "continue")) => {
            let what = if word == "exit" { "EXIT" } else { "CONTINUE" };
            leave(&mut inside, control(what))
        }
        Some("return") => returned(&mut inside, control("RETURN")),
        Some("raise") => raised(&mut inside, span),
        Some("assert") => sql(select(start.piece, &tokens[1..]), Vec::new(), SqlRole::Statement),
        Some("perform") => {
            inside.advance();
            sql(select(start.piece, inside.rest()), Vec::new(), SqlRole::Statement)
        }
        Some("execute") => execute(&mut inside, 1),
        Some("open") => open(&mut inside, control("OPEN")),
        Some("get") => control("GET DIAGNOSTICS"),
        Some("fetch") => control("FETCH"),
        Some("move") => control("MOVE"),
        Some("close") => control("CLOSE"),
        _ => embedded(&start, tokens, SqlRole::Statement),
    }
}

/// `EXIT` and `CONTINUE`, perhaps with a condition.
fn leave(cursor: &mut Cursor, control: PlStatement) -> PlStatement {
    cursor.until_words(&["when"]);
    if !cursor.eat("when") {
        return control;
    }
    let condition = select(cursor.piece, cursor.rest());
    PlStatement::If { branches: vec![(condition, vec![control])], otherwise: Vec::new() }
}

fn returned(cursor: &mut Cursor, control: PlStatement) -> PlStatement {
    cursor.advance();
    if cursor.eat("query execute") {
        return execute(cursor, 0);
    }
    if cursor.eat("query") {
        return embedded(cursor, cursor.rest(), SqlRole::ReturnQuery);
    }
    let role = if cursor.eat("next") { SqlRole::ReturnNext } else { SqlRole::Return };
    match cursor.at_end() {
        true => control,
        false => sql(select(cursor.piece, cursor.rest()), Vec::new(), role),
    }
}

fn raised(cursor: &mut Cursor, span: crate::source::Span) -> PlStatement {
    cursor.advance();
    let lesser = cursor.eat_any(&["debug", "log", "info", "notice", "warning"]).is_some();
    PlStatement::Raise { error: !lesser, span }
}

/// The expression of dynamic SQL, up to one of some words.
pub(super) fn dynamic_text(cursor: &mut Cursor, ends: &[&str]) -> Expr {
    let tokens = cursor.until_words(ends);
    cursor.expr_of(tokens)
}

/// `expression [INTO [STRICT] target, …] [USING expression, …]`, after so many words.
fn execute(cursor: &mut Cursor, words: usize) -> PlStatement {
    let start = cursor.position();
    for _ in 0..words {
        cursor.advance();
    }
    let text = dynamic_text(cursor, &["into", "using"]);
    let mut into = Vec::new();
    while !cursor.at_end() {
        if cursor.eat("into") {
            cursor.eat("strict");
            match cursor.list(target) {
                Ok(targets) => into = targets,
                Err(_) => break,
            }
        } else {
            cursor.advance();
            cursor.until_words(&["into"]);
        }
    }
    cursor.take_rest();
    PlStatement::Execute { text, into, span: cursor.span_since(start) }
}

/// `OPEN cursor [[NO] SCROLL] FOR {query | EXECUTE …}`; a bound cursor opens the query it was declared with.
fn open(cursor: &mut Cursor, control: PlStatement) -> PlStatement {
    cursor.until_words(&["for"]);
    if !cursor.eat("for") {
        return control;
    }
    match cursor.eat("execute") {
        true => execute(cursor, 0),
        false => embedded(cursor, cursor.rest(), SqlRole::Statement),
    }
}

/// An SQL statement, whose `INTO` clause is taken out.
fn embedded(cursor: &Cursor, tokens: &[Tok], role: SqlRole) -> PlStatement {
    let (without, into) = match into_clause(cursor, tokens) {
        Some((range, into)) => ([&tokens[..range.start], &tokens[range.end..]].concat(), into),
        None => (tokens.to_vec(), Vec::new()),
    };
    let statement = statement::of_tokens(cursor.piece, &without);
    match statement.kind {
        StatementKind::Unparsed(unparsed) => PlStatement::Unread(unparsed),
        _ => PlStatement::Sql { statement: Box::new(statement), into, role },
    }
}

/// Where `INTO [STRICT] target, …` stands in a statement that returns rows.
fn into_clause(cursor: &Cursor, tokens: &[Tok]) -> Option<(std::ops::Range<usize>, Vec<Target>)> {
    const WITH_ROWS: [&str; 9] = ["select", "with", "insert", "update", "delete", "merge", "values", "table", "call"];
    if !tokens.first()?.is_any(&WITH_ROWS) {
        return None;
    }
    let mut depth = 0usize;
    for (at, tok) in tokens.iter().enumerate() {
        match tok.lexeme.kind {
            Kind::Mark(b'(' | b'[') => depth += 1,
            Kind::Mark(b')' | b']') => depth = depth.saturating_sub(1),
            _ if depth == 0 && tok.is("into") && !(at > 0 && tokens[at - 1].is_any(&["insert", "merge"])) => {
                let mut cursor = cursor.over(tokens.get(at + 1..)?);
                cursor.eat("strict");
                let into = cursor.list(target).ok()?;
                return Some((at..at + 1 + cursor.position(), into));
            }
            _ => {}
        }
    }
    None
}
