//! Functions with a syntax of their own.

use sqlparser::tokenizer::Token;

use super::{Edits, keyword};
use crate::sql::lex::Kind;

/// The rules for a function's name at a place, which stands before a parenthesis.
pub(super) fn rules(edits: &mut Edits, at: usize, word: &str) {
    match word {
        "collation" => collation_for(edits, at),
        _ if !edits.is_keyword(word) => {}
        "normalize" => normal_form(edits, at),
        "substring" => substring(edits, at),
        "trim" if edits.is_any(at + 2, &["both", "leading", "trailing"]) => drop_words(edits, at + 3, &["from"]),
        "xmlelement" | "xmlpi" => xml_name(edits, at),
        "xmlserialize" => xml_serialize(edits, at),
        "xmlroot" => xml_root(edits, at),
        "xmlexists" => xml_exists(edits, at),
        "json" | "json_array" | "json_arrayagg" | "json_exists" | "json_object" | "json_objectagg" | "json_query"
        | "json_scalar" | "json_serialize" | "json_value" => json(edits, at),
        _ => {}
    }
}

fn drop_words(edits: &mut Edits, at: usize, words: &[&str]) {
    if edits.is_any(at, words) {
        edits.drop(at..at + 1);
    }
}

/// The places in the parentheses after a function's name that are outside of inner brackets.
fn top_level(edits: &Edits, open: usize) -> Vec<usize> {
    let close = edits.closing(open).unwrap_or(open);
    let mut places = Vec::new();
    let mut at = open + 1;
    while at < close {
        places.push(at);
        at = edits.closing.get(&at).copied().unwrap_or(at) + 1;
    }
    places
}

/// `COLLATION FOR (value)` is a call, as the server's own parser has it.
fn collation_for(edits: &mut Edits, at: usize) {
    if edits.is(at, "collation for") && edits.is_mark(at + 2, b'(') {
        edits.replace(at..at + 2, [Token::make_word("pg_collation_for", None)]);
    }
}

/// `normalize(text, NFC)`: the form is no column.
fn normal_form(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 1) else { return };
    let last = &edits.tokens[close - 1];
    if last.is_any(&["nfc", "nfd", "nfkc", "nfkd"]) && edits.is_mark(close - 2, b',') {
        let form = last.plain_word().unwrap_or_default().to_string();
        edits.replace(close - 1..close, [Token::SingleQuotedString(form)]);
    }
}

/// `substring(text SIMILAR pattern ESCAPE escape)` is `substring(text FROM pattern FOR escape)`.
fn substring(edits: &mut Edits, at: usize) {
    let places = top_level(edits, at + 1);
    let similar = places.iter().copied().find(|&at| edits.is(at, "similar") && !edits.is(at, "similar to"));
    let escape = places.iter().copied().find(|&at| edits.is(at, "escape"));
    if let (Some(similar), Some(escape)) = (similar, escape) {
        edits.replace(similar..similar + 1, [keyword("from")]);
        edits.replace(escape..escape + 1, [keyword("for")]);
    }
}

/// `xmlelement(NAME name, …)`: the name is no column.
fn xml_name(edits: &mut Edits, at: usize) {
    let name = edits.tokens.get(at + 3).and_then(|tok| tok.name(edits.piece));
    if let Some(name) = name.filter(|_| edits.is(at + 2, "name")) {
        edits.replace(at + 2..at + 4, [Token::SingleQuotedString(name.text.to_string())]);
    }
}

/// `xmlserialize(CONTENT value AS type)` is a cast.
fn xml_serialize(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 1) else { return };
    edits.replace(at..at + 1, [keyword("cast")]);
    drop_words(edits, at + 2, &["document", "content"]);
    if edits.is(close - 1, "indent") {
        let negated = usize::from(edits.is(close - 2, "no"));
        edits.drop(close - 1 - negated..close);
    }
}

/// `xmlroot(value, VERSION …, STANDALONE …)` keeps its value.
fn xml_root(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 1) else { return };
    let options =
        top_level(edits, at + 1).into_iter().find(|&at| edits.is_mark(at, b',') && edits.is(at + 1, "version"));
    if let Some(options) = options {
        edits.drop(options..close);
    }
}

/// `xmlexists(path PASSING [BY VALUE] value [BY VALUE])`.
fn xml_exists(edits: &mut Edits, at: usize) {
    for place in top_level(edits, at + 1) {
        if edits.is(place, "passing") {
            edits.replace(place..place + 1, [Token::Comma]);
        } else if edits.is_any(place, &["by"]) && edits.is_any(place + 1, &["value", "ref"]) {
            edits.drop(place..place + 2);
        }
    }
}

/// The SQL standard's functions for JSON: pairs become two arguments, what says how errors and nulls are dealt with is
/// dropped, and `RETURNING type` becomes a cast.
fn json(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 1) else { return };
    let places = top_level(edits, at + 1);
    if edits.is_any(at + 2, &["select", "with", "values"]) {
        edits.insert(at + 2, [Token::LParen]);
        edits.insert(close, [Token::RParen]);
        return;
    }
    let mut options = close;
    for &place in &places {
        if edits.is_mark(place, b':') || (edits.is(place, "value") && place > at + 2 && !edits.is_mark(place - 1, b','))
        {
            edits.replace(place..place + 1, [Token::Comma]);
        } else if edits.is(place, "passing") || starts_options(edits, place) {
            options = place;
            break;
        }
    }
    // An aggregate's ORDER BY stays.
    let returning = places.iter().copied().find(|&at| at >= options && edits.is(at, "returning"));
    edits.drop(options..close);
    if let Some(returning) = returning {
        let mut cursor = edits.cursor(returning + 1..close);
        if cursor.type_name().is_ok() {
            let ty = edits.tokens[returning + 1..returning + 1 + cursor.position()].iter().map(|tok| tok.token.clone());
            let cast: Vec<Token> = std::iter::once(Token::DoubleColon).chain(ty).collect();
            edits.insert(close + 1, cast);
        }
    }
}

fn starts_options(edits: &Edits, at: usize) -> bool {
    const STARTS: [&str; 22] = [
        "null on null",
        "absent on null",
        "with unique",
        "without unique",
        "returning",
        "with wrapper",
        "without wrapper",
        "with array",
        "without array",
        "with conditional",
        "with unconditional",
        "keep quotes",
        "omit quotes",
        "error on",
        "null on empty",
        "null on error",
        "true on error",
        "false on error",
        "unknown on error",
        "format json",
        "empty array",
        "empty object",
    ];
    let default = edits.is(at, "default")
        && edits.before(at).is_some_and(|tok| !matches!(tok.lexeme.kind, Kind::Mark(b'(' | b',') | Kind::Operator));
    default || edits.is(at, "empty on") || STARTS.iter().any(|words| edits.is(at, words))
}
