//! Statements that hold statements: conditions and loops.

use super::{end_of_statement, select, simple, statements, variable};
use crate::sql::cursor::{Cursor, Failure, Parsed};
use crate::sql::ddl::{Expr, Name};
use crate::sql::routine::PlStatement;
use crate::sql::token::Tok;
use crate::sql::{Query, Unparsed};

/// The condition or loop that stands here.
pub(super) fn statement(cursor: &mut Cursor, level: usize) -> Option<Parsed<PlStatement>> {
    let word = cursor.peek()?.plain_word()?;
    let read = match word {
        "if" => condition,
        "case" => cases,
        "loop" => plain_loop,
        "while" => while_loop,
        "for" => for_loop,
        "foreach" => foreach_loop,
        _ => return None,
    };
    if level > super::NESTING {
        return Some(Err(Failure { reason: "nested too deep".to_string(), at: cursor.here() }));
    }
    cursor.advance();
    Some(read(cursor, level))
}

/// The tokens up to a word outside of brackets and of `CASE … END`, which is taken.
fn up_to<'a>(cursor: &mut Cursor<'a>, word: &str) -> Parsed<&'a [Tok]> {
    let start = cursor.position();
    let mut cases = 0usize;
    loop {
        cursor.until(|tok, _| tok.is(word) || tok.is("case") || tok.is("end") || tok.is_mark(b';'));
        match cursor.peek() {
            Some(tok) if tok.is("case") => cases += 1,
            Some(tok) if tok.is("end") && cases > 0 => cases -= 1,
            Some(tok) if tok.is(word) && cases > 0 => {}
            Some(tok) if tok.is(word) => break,
            _ => return cursor.failure(&word.to_ascii_uppercase()),
        }
        cursor.advance();
    }
    let tokens = cursor.since(start);
    cursor.advance();
    Ok(tokens)
}

fn condition(cursor: &mut Cursor, level: usize) -> Parsed<PlStatement> {
    let mut branches = Vec::new();
    let mut otherwise = Vec::new();
    loop {
        let tokens = up_to(cursor, "then")?;
        branches.push((select(cursor.piece, tokens), statements(cursor, level)?));
        if !cursor.eat("elsif") && !cursor.eat("elseif") {
            break;
        }
    }
    if cursor.eat("else") {
        otherwise = statements(cursor, level)?;
    }
    cursor.expect("end if")?;
    end_of_statement(cursor)?;
    Ok(PlStatement::If { branches, otherwise })
}

fn cases(cursor: &mut Cursor, level: usize) -> Parsed<PlStatement> {
    let operand = if cursor.eat("when") { &[] } else { up_to(cursor, "when")? };
    let mut branches = Vec::new();
    let mut otherwise = Vec::new();
    loop {
        let value = up_to(cursor, "then")?;
        branches.push((select(cursor.piece, &compared(operand, value)), statements(cursor, level)?));
        if !cursor.eat("when") {
            break;
        }
    }
    if cursor.eat("else") {
        otherwise = statements(cursor, level)?;
    }
    cursor.expect("end case")?;
    end_of_statement(cursor)?;
    Ok(PlStatement::If { branches, otherwise })
}

/// `operand IN (values)`, or the values alone.
fn compared(operand: &[Tok], values: &[Tok]) -> Vec<Tok> {
    use sqlparser::tokenizer::Token;
    let (Some(last), false) = (values.last(), operand.is_empty()) else { return values.to_vec() };
    let made = |token: Token| Tok { token, lexeme: last.lexeme };
    let mark = |token: Token, mark: u8| {
        let mut tok = made(token);
        tok.lexeme.kind = crate::sql::lex::Kind::Mark(mark);
        tok
    };
    let mut word = made(Token::make_keyword("in"));
    word.lexeme.kind = crate::sql::lex::Kind::Word;
    let mut tokens = vec![mark(Token::LParen, b'(')];
    tokens.extend_from_slice(operand);
    tokens.extend([mark(Token::RParen, b')'), word, mark(Token::LParen, b'(')]);
    tokens.extend_from_slice(values);
    tokens.push(mark(Token::RParen, b')'));
    tokens
}

/// The statements of a loop after `LOOP`, up to its end.
fn looped(cursor: &mut Cursor, level: usize) -> Parsed<Vec<PlStatement>> {
    let body = statements(cursor, level)?;
    cursor.expect("end loop")?;
    if !cursor.is_mark(b';') && !cursor.at_end() {
        cursor.name()?;
    }
    end_of_statement(cursor)?;
    Ok(body)
}

fn loop_of(targets: Vec<Name>, query: Option<Result<Query, Unparsed>>, body: Vec<PlStatement>) -> PlStatement {
    PlStatement::Loop { targets, query, dynamic: None, body }
}

fn plain_loop(cursor: &mut Cursor, level: usize) -> Parsed<PlStatement> {
    Ok(loop_of(Vec::new(), None, looped(cursor, level)?))
}

fn while_loop(cursor: &mut Cursor, level: usize) -> Parsed<PlStatement> {
    let tokens = up_to(cursor, "loop")?;
    let query = select(cursor.piece, tokens);
    Ok(loop_of(Vec::new(), Some(query), looped(cursor, level)?))
}

fn foreach_loop(cursor: &mut Cursor, level: usize) -> Parsed<PlStatement> {
    let targets = cursor.list(variable)?;
    if cursor.eat("slice") {
        cursor.advance();
    }
    cursor.expect("in array")?;
    let tokens = up_to(cursor, "loop")?;
    let query = select(cursor.piece, tokens);
    Ok(loop_of(targets, Some(query), looped(cursor, level)?))
}

fn for_loop(cursor: &mut Cursor, level: usize) -> Parsed<PlStatement> {
    let targets = cursor.list(variable)?;
    cursor.expect("in")?;
    if cursor.eat("execute") {
        let dynamic: Expr = simple::dynamic_text(cursor, &["using", "loop"]);
        up_to(cursor, "loop")?;
        return Ok(PlStatement::Loop { targets, query: None, dynamic: Some(dynamic), body: looped(cursor, level)? });
    }
    cursor.eat("reverse");
    let tokens = up_to(cursor, "loop")?;
    let query = match range(tokens) {
        Some(bounds) => Some(select(cursor.piece, &bounds)),
        None => match tokens.first() {
            Some(first) if first.is_any(&STARTS) || first.is_mark(b'(') => Some(cursor.query_of(tokens)),
            // A bound cursor.
            _ => None,
        },
    };
    Ok(loop_of(targets, query, looped(cursor, level)?))
}

/// The words that start a query.
const STARTS: [&str; 9] = ["select", "with", "values", "table", "insert", "update", "delete", "merge", "explain"];

/// The bounds of `low .. high [BY step]` with commas between them.
fn range(tokens: &[Tok]) -> Option<Vec<Tok>> {
    let dots = tokens.windows(2).position(|pair| {
        pair[0].is_mark(b'.') && pair[1].is_mark(b'.') && pair[0].lexeme.end == pair[1].lexeme.start
    })?;
    let comma = |tok: &Tok| {
        let mut tok = tok.clone();
        tok.lexeme.kind = crate::sql::lex::Kind::Mark(b',');
        tok.token = sqlparser::tokenizer::Token::Comma;
        tok
    };
    let mut bounds: Vec<Tok> = tokens[..dots].to_vec();
    bounds.push(comma(&tokens[dots]));
    bounds.extend(tokens[dots + 2..].iter().map(|tok| if tok.is("by") { comma(tok) } else { tok.clone() }));
    Some(bounds)
}
