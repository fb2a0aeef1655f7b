//! PL/pgSQL: blocks, declarations and handlers.
//!
//! A statement that is not understood costs only itself; a block whose structure is broken is not read at all.

mod compound;
mod simple;

use super::cursor::{Cursor, Failure, Parsed};
use super::ddl::{Name, ObjectName};
use super::lex::Kind;
use super::routine::{Block, Declaration, Handler, PlStatement, Target};
use super::token::{Piece, Tok};
use super::{Query, Unparsed, depth, query, unparsed};

/// Blocks, loops and conditions inside one another that are accepted.
const NESTING: usize = 64;

/// Of these a small stack holds as many.
const SHALLOW: usize = 4;

/// The block that a body holds.
pub(super) fn block(piece: &Piece) -> Block {
    let tokens = piece.tokens();
    let bad = tokens.iter().find_map(|tok| match tok.lexeme.kind {
        Kind::Bad(reason) => Some((reason, tok.span(piece))),
        _ => None,
    });
    if let Some((reason, at)) = bad {
        return unread(piece, &tokens, Failure { reason: reason.to_string(), at });
    }
    let read = || {
        let mut cursor = Cursor::new(piece, &tokens);
        // `#variable_conflict use_column` and other options.
        let mut variable_conflict = None;
        while cursor.eat_operator("#") {
            let option = cursor.name()?;
            let value = cursor.name()?;
            if &*option.text == "variable_conflict" {
                variable_conflict = Some(value);
            }
        }
        let block = Block { variable_conflict, ..read_block(&mut cursor, 0)? };
        cursor.eat_mark(b';');
        cursor.expect_end().map(|()| block)
    };
    let result = if nesting(&tokens) <= SHALLOW { read() } else { depth::on_deep_stack(read) };
    result.unwrap_or_else(|failure| unread(piece, &tokens, failure))
}

/// How deep blocks, conditions and loops can nest at most.
fn nesting(tokens: &[Tok]) -> usize {
    let (mut open, mut deepest) = (0usize, 0);
    for pair in tokens.windows(2) {
        if pair[1].is_any(&["begin", "if", "loop", "case"]) && !pair[0].is("end") {
            open += 1;
        } else if pair[1].is("end") {
            open = open.saturating_sub(1);
        }
        deepest = deepest.max(open);
    }
    deepest
}

fn unread(piece: &Piece, tokens: &[Tok], failure: Failure) -> Block {
    let unparsed = unparsed::new(piece, tokens, failure.reason, failure.at);
    Block { span: unparsed.span, unread: vec![unparsed], ..Block::default() }
}

/// `[<<label>>] [DECLARE …] BEGIN … [EXCEPTION …] END [label]`.
fn read_block(cursor: &mut Cursor, level: usize) -> Parsed<Block> {
    if level > NESTING {
        return Err(Failure { reason: "nested too deep".to_string(), at: cursor.here() });
    }
    let start = cursor.position();
    let mut block = Block { label: label(cursor)?, ..Block::default() };
    while cursor.eat("declare") {
        while !cursor.is("begin") && !cursor.is("declare") {
            declaration(cursor, &mut block)?;
        }
    }
    cursor.expect("begin")?;
    block.body = statements(cursor, level)?;
    if cursor.eat("exception") {
        while cursor.eat("when") {
            let conditions = conditions(cursor)?;
            let body = statements(cursor, level)?;
            block.handlers.push(Handler { conditions, body });
        }
    }
    cursor.expect("end")?;
    if !cursor.at_end() && !cursor.is_mark(b';') {
        cursor.name()?;
    }
    block.span = cursor.span_since(start);
    Ok(block)
}

/// Statements up to a word that ends them, which is left.
fn statements(cursor: &mut Cursor, level: usize) -> Parsed<Vec<PlStatement>> {
    const ENDS: [&str; 6] = ["end", "exception", "elsif", "elseif", "else", "when"];
    let mut statements = Vec::new();
    loop {
        match cursor.peek() {
            None => return cursor.failure("END"),
            Some(tok) if tok.is_any(&ENDS) && !simple::is_assignment(cursor) => return Ok(statements),
            Some(_) => statements.push(statement(cursor, level + 1)?),
        }
    }
}

fn statement(cursor: &mut Cursor, level: usize) -> Parsed<PlStatement> {
    let labelled = cursor.is_operator("<<");
    let start = *cursor;
    label(cursor)?;
    if !labelled && simple::is_assignment(cursor) {
        return Ok(simple::assignment(cursor));
    }
    if cursor.is("declare") || (cursor.is("begin") && !cursor.is("begin atomic")) {
        *cursor = start;
        let block = read_block(cursor, level)?;
        end_of_statement(cursor)?;
        return Ok(PlStatement::Block(block));
    }
    match compound::statement(cursor, level) {
        Some(statement) => statement,
        None => Ok(simple::statement(cursor)),
    }
}

/// `<<label>>`.
fn label(cursor: &mut Cursor) -> Parsed<Option<Name>> {
    if !cursor.eat_operator("<<") {
        return Ok(None);
    }
    let name = cursor.name()?;
    if !cursor.eat_operator(">>") {
        return cursor.failure(">>");
    }
    Ok(Some(name))
}

fn end_of_statement(cursor: &mut Cursor) -> Parsed<()> {
    if cursor.at_end() { Ok(()) } else { cursor.expect_mark(b';') }
}

/// `condition OR condition … THEN`.
fn conditions(cursor: &mut Cursor) -> Parsed<Vec<String>> {
    let mut conditions = Vec::new();
    loop {
        if cursor.eat("sqlstate") {
            conditions.push(format!("sqlstate '{}'", cursor.string()?.0));
        } else {
            conditions.push(cursor.name()?.text.to_string());
        }
        if cursor.eat("then") {
            return Ok(conditions);
        }
        cursor.expect("or")?;
    }
}

/// `name [CONSTANT] type [COLLATE …] [NOT NULL] [{DEFAULT | := | =} expression];` and its kin.
fn declaration(cursor: &mut Cursor, block: &mut Block) -> Parsed<()> {
    let tokens = cursor.until(|tok, _| tok.is_mark(b';'));
    cursor.expect_mark(b';')?;
    if tokens.is_empty() {
        return Ok(());
    }
    let mut inside = cursor.over(tokens);
    match read_declaration(&mut inside) {
        Ok((declaration, problem)) => {
            block.declarations.push(declaration);
            block.unread.extend(problem);
        }
        Err(failure) => block.unread.push(unparsed::new(cursor.piece, tokens, failure.reason, failure.at)),
    }
    Ok(())
}

fn read_declaration(cursor: &mut Cursor) -> Parsed<(Declaration, Option<Unparsed>)> {
    let name = cursor.name()?;
    let mut declaration = Declaration { name, ty: None, row_of: None, query: None };
    let mut problem = None;
    cursor.eat("constant");
    if cursor.eat("alias for") {
        cursor.take_rest();
        return Ok((declaration, None));
    }
    if cursor.is("cursor") || cursor.is("scroll cursor") || cursor.is("no scroll cursor") {
        cursor.until_words(&["for", "is"]);
        cursor.advance();
        (declaration.query, problem) = keep(query::query(cursor.piece, cursor.take_rest()));
        return Ok((declaration, problem));
    }
    type_of(cursor, &mut declaration)?;
    if cursor.eat("collate") {
        cursor.object_name()?;
    }
    cursor.eat("not null");
    if !cursor.at_end() {
        if !cursor.eat("default") && !cursor.eat_operator("=") && !cursor.lexeme_is(Kind::Assign) {
            return cursor.failure("the end of the declaration");
        }
        if cursor.lexeme_is(Kind::Assign) {
            cursor.advance();
        }
        (declaration.query, problem) = keep(select(cursor.piece, cursor.take_rest()));
    }
    Ok((declaration, problem))
}

fn keep(query: Result<Query, Unparsed>) -> (Option<Query>, Option<Unparsed>) {
    match query {
        Ok(query) => (Some(query), None),
        Err(unparsed) => (None, Some(unparsed)),
    }
}

/// A type, `relation%ROWTYPE` or `record`.
fn type_of(cursor: &mut Cursor, declaration: &mut Declaration) -> Parsed<()> {
    let mut ahead = *cursor;
    if let Ok(relation) = ahead.object_name()
        && ahead.eat_operator("%")
        && ahead.eat("rowtype")
    {
        *cursor = ahead;
        declaration.row_of = Some(ObjectName::clone(&relation));
        return Ok(());
    }
    // `$1%TYPE`.
    if cursor.lexeme_is(Kind::Parameter) {
        cursor.advance();
        cursor.eat_operator("%");
        return cursor.expect("type");
    }
    let ty = cursor.type_name()?;
    let record = ty.schema.is_none() && &*ty.name.text == "record" && ty.dimensions == 0;
    declaration.ty = (!record).then_some(ty);
    Ok(())
}

/// An expression as the query `SELECT expression`.
fn select(piece: &Piece, tokens: &[Tok]) -> Result<Query, Unparsed> {
    query::query(piece, &selected(tokens))
}

/// Tokens with `SELECT` before them.
fn selected(tokens: &[Tok]) -> Vec<Tok> {
    let mut all = Vec::with_capacity(tokens.len() + 1);
    if let Some(first) = tokens.first() {
        let mut select = first.clone();
        select.lexeme.kind = Kind::Word;
        select.lexeme.end = select.lexeme.start;
        select.token = sqlparser::tokenizer::Token::make_keyword("select");
        all.push(select);
    }
    all.extend_from_slice(tokens);
    all
}

/// `name.field[subscript]`.
fn target(cursor: &mut Cursor) -> Parsed<Target> {
    let name = cursor.name()?;
    let mut fields = Vec::new();
    loop {
        if cursor.eat_mark(b'.') {
            fields.push(cursor.name()?);
        } else if cursor.is_mark(b'[') {
            cursor.until(|_, before| !before.is_empty());
        } else {
            return Ok(Target { name, fields });
        }
    }
}

/// The variable that `name.field[subscript]` is in.
fn variable(cursor: &mut Cursor) -> Parsed<Name> {
    target(cursor).map(|target| target.name)
}
