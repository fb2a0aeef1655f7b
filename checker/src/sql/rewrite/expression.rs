//! Operators and values.

use sqlparser::tokenizer::{Token, Word};

use super::{Edits, keyword};
use crate::sql::RemovedKind;
use crate::sql::lex::Kind;

/// `value ISNULL` is `value IS NULL`.
pub(super) fn is_null(edits: &mut Edits, at: usize) {
    let operand = edits.before(at).is_some_and(|tok| match tok.lexeme.kind {
        Kind::Word => at > 0 && edits.is_name(at - 1),
        Kind::Mark(mark) => mark == b')' || mark == b']',
        kind => kind != Kind::Operator,
    });
    if operand && edits.is_keyword("isnull") && !edits.before(at).is_some_and(|tok| tok.is_mark(b'.')) {
        edits.replace(at..at + 1, [keyword("is"), keyword("null")]);
    }
}

/// `[NOT] LIKE {ANY|ALL|SOME} (…)` has the operator that the server's own parser gives it.
pub(super) fn like_any(edits: &mut Edits, at: usize) {
    if !edits.is_any(at + 1, &["any", "all", "some"]) || !edits.is_mark(at + 2, b'(') || !edits.is_keyword("any") {
        return;
    }
    let negated = edits.is_before(at, &["not"]);
    let operator = match (edits.is(at, "ilike"), negated) {
        (false, false) => Token::DoubleTilde,
        (false, true) => Token::ExclamationMarkDoubleTilde,
        (true, false) => Token::DoubleTildeAsterisk,
        (true, true) => Token::ExclamationMarkDoubleTildeAsterisk,
    };
    edits.replace(at - usize::from(negated)..at + 1, [operator]);
}

/// `(VALUES …)` as a value is a subquery, not a call.
pub(super) fn values(edits: &mut Edits, at: usize) {
    const BEFORE: [&str; 12] =
        ["any", "all", "some", "select", "and", "or", "not", "when", "then", "else", "where", "returning"];
    let Some(open) = at.checked_sub(1).filter(|open| edits.is_mark(*open, b'(')) else { return };
    let Some(close) = edits.closing(open) else { return };
    let value = edits.before(open).is_some_and(|tok| {
        tok.is_any(&BEFORE) || tok.lexeme.kind == Kind::Operator || tok.is_mark(b',') || tok.is_mark(b'(')
    });
    if value && edits.is_mark(at + 1, b'(') {
        edits.insert(at, [keyword("select"), Token::Mul, keyword("from"), Token::LParen]);
        edits.insert(close, [Token::RParen, keyword("as"), Token::make_word("values", Some('"'))]);
    }
}

/// `IN table` is `IN (SELECT * FROM table)`.
pub(super) fn table_in(edits: &mut Edits, at: usize) {
    let end = edits.after_object_name(at + 1);
    if !edits.piece.dialect.syntax.tables_in || end == at + 1 {
        return;
    }
    let end = edits.closing(end).map_or(end, |close| close + 1);
    edits.insert(at + 1, [Token::LParen, keyword("select"), Token::Mul, keyword("from")]);
    edits.insert(end, [Token::RParen]);
}

/// The words of a type in `CAST (… AS words)` become one name.
pub(super) fn loose_cast(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 1) else { return };
    let mut cursor = edits.cursor(at + 2..close);
    cursor.until_words(&["as"]);
    let start = at + 2 + cursor.position() + 1;
    let words = edits.tokens.get(start..close).unwrap_or_default();
    let count = words.iter().take_while(|tok| tok.name(edits.piece).is_some()).count();
    if count < 2 {
        return;
    }
    let text: Vec<&str> = words[..count].iter().map(|tok| edits.piece.lexeme(&tok.lexeme)).collect();
    let name = Word { value: text.join(" "), quote_style: Some('"'), keyword: sqlparser::keywords::Keyword::NoKeyword };
    edits.replace(start..start + count, [Token::Word(name)]);
}

/// `value::type COLLATE name`: the cast in parentheses.
pub(super) fn collated_cast(edits: &mut Edits, at: usize) {
    let Some(mut cast) = cast_before(edits, at) else { return };
    while let Some(inner) = cast_before(edits, cast) {
        cast = inner;
    }
    if let Some(start) = operand_before(edits, cast) {
        edits.insert(start, [Token::LParen]);
        edits.insert(at, [Token::RParen]);
    }
}

/// The place of the `::` whose type ends before a place.
fn cast_before(edits: &Edits, end: usize) -> Option<usize> {
    let mut at = end;
    while let Some(before) = at.checked_sub(1) {
        at = match edits.tokens[before].lexeme.kind {
            Kind::DoubleColon => return (before + 1 < end).then_some(before),
            Kind::Mark(b')' | b']') => *edits.opening.get(&before)?,
            Kind::Mark(b'.') => before,
            _ if edits.is_name(before) || edits.is_any(before, &["with"]) => before,
            _ => return None,
        };
    }
    None
}

/// Where the value starts that ends before a place: a name, a literal, a call, something in parentheses, with subscripts.
fn operand_before(edits: &Edits, end: usize) -> Option<usize> {
    let mut at = end.checked_sub(1)?;
    while edits.is_mark(at, b']') {
        at = edits.opening.get(&at)?.checked_sub(1)?;
    }
    if edits.is_mark(at, b')') {
        at = *edits.opening.get(&at)?;
        if !at.checked_sub(1).is_some_and(|name| edits.is_name(name)) {
            return Some(at);
        }
        at -= 1;
    }
    while at >= 2 && edits.is_mark(at - 1, b'.') {
        at -= 2;
    }
    Some(at)
}

/// `AT LOCAL` is `AT TIME ZONE` with the session's zone.
pub(super) fn at_local(edits: &mut Edits, at: usize) {
    let zone = Token::SingleQuotedString("local".to_string());
    edits.replace(at + 1..at + 2, [keyword("time"), keyword("zone"), zone]);
}

/// `IS [NOT] DOCUMENT` has the type of any other test.
pub(super) fn is_document(edits: &mut Edits, at: usize) {
    if edits.is_before(at, &["is"]) || (edits.is_before(at, &["not"]) && edits.is_before(at - 1, &["is"])) {
        edits.replace(at..at + 1, [keyword("normalized")]);
    }
}

/// `.*` after a value, and after a name before an operator: a value and not a list of columns.
pub(super) fn whole_row(edits: &mut Edits, at: usize) {
    if edits.tokens[at].token != Token::Mul || !edits.before(at).is_some_and(|tok| tok.is_mark(b'.')) {
        return;
    }
    let mut start = at;
    while start >= 2 && edits.is_mark(start - 1, b'.') && edits.tokens[start - 2].name(edits.piece).is_some() {
        start -= 2;
    }
    let of_value = start >= 2 && edits.is_mark(start - 1, b'.');
    let operates = edits.tokens.get(at + 1).is_some_and(|tok| {
        matches!(tok.lexeme.kind, Kind::DoubleColon | Kind::Operator) || tok.is("is") || tok.is("in")
    });
    if of_value {
        edits.remove(at - 1..at + 1, RemovedKind::Field(None));
    } else if operates {
        edits.insert(start, [Token::LParen]);
        edits.insert(at + 1, [Token::RParen]);
    }
}
