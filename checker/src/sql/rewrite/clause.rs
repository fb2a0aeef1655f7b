//! Clauses of queries.

use sqlparser::tokenizer::{Token, Word};

use super::{Edits, keyword};
use crate::sql::RemovedKind;
use crate::sql::cursor::split_commas;
use crate::sql::ddl::Name;

/// `TABLE name` is `SELECT * FROM name`.
pub(super) fn table(edits: &mut Edits, at: usize) {
    const NOT_A_QUERY: [&str; 8] = ["into", "temp", "temporary", "unlogged", "local", "global", "lock", "truncate"];
    let only = usize::from(edits.is(at + 1, "only"));
    let query = edits.is_name(at + 1 + only)
        && !edits.is_before(at, &NOT_A_QUERY)
        && !edits.before(at).is_some_and(|tok| tok.is_mark(b'.'))
        && edits.is_keyword("table");
    if query {
        edits.replace(at..at + 1, [keyword("select"), Token::Mul, keyword("from")]);
    }
}

/// `ONLY name` and `ONLY (name)`.
pub(super) fn only(edits: &mut Edits, at: usize) {
    if !edits.is_keyword("only") {
        return;
    }
    if let Some(close) = edits.closing(at + 1) {
        edits.drop(at + 1..at + 2);
        edits.drop(close..close + 1);
    } else if !edits.is_name(at + 1) {
        return;
    }
    edits.drop_clause(at..at + 1, "ONLY");
}

/// `FROM name *`, which is the default.
pub(super) fn descendants(edits: &mut Edits, at: usize) {
    let start = at + 1 + usize::from(edits.is(at + 1, "only"));
    let end = edits.after_object_name(start);
    let star = edits.tokens.get(end).is_some_and(|tok| tok.token == Token::Mul);
    if end > start && star {
        edits.drop_clause(end..end + 1, "*");
    }
}

/// `FROM (a, b)` is a join.
pub(super) fn joined_in_parentheses(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 1).filter(|_| !edits.is_before(at, &["distinct"])) else { return };
    if edits.is_any(at + 2, &["select", "with", "values", "table"]) || edits.is_mark(at + 2, b'(') {
        return;
    }
    let mut start = at + 2;
    let entries = split_commas(&edits.tokens[at + 2..close]);
    for entry in entries.iter().take(entries.len().saturating_sub(1)) {
        start += entry.len();
        edits.replace(start..start + 1, [keyword("cross"), keyword("join")]);
        start += 1;
    }
}

/// `function(…) AS (column type, …)` gets the function's name as its alias, as the server gives it.
pub(super) fn columns_without_alias(edits: &mut Edits, at: usize) {
    let after_call = edits.before(at).is_some_and(|tok| tok.is_mark(b')'));
    let defines = edits.is_mark(at + 1, b'(') && edits.is_name(at + 2) && edits.is_name(at + 3);
    if !after_call || !defines {
        return;
    }
    let open = edits.opening.get(&(at - 1)).copied();
    if let Some(name) = open.and_then(|open| edits.before(open)).and_then(|tok| tok.name(edits.piece)) {
        let quoted = Word { value: name.text.to_string(), quote_style: Some('"'), keyword: keyword_of_none() };
        edits.insert(at + 1, [Token::Word(quoted)]);
    }
}

fn keyword_of_none() -> sqlparser::keywords::Keyword {
    sqlparser::keywords::Keyword::NoKeyword
}

/// `JOIN … USING (columns) AS alias`.
pub(super) fn join_alias(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 1) else { return };
    if !edits.is(close + 1, "as") || !edits.is_keyword("using") {
        return;
    }
    let entries = split_commas(&edits.tokens[at + 2..close]);
    let columns: Option<Vec<Name>> = entries
        .into_iter()
        .map(|entry| match entry {
            [only] => only.name(edits.piece),
            _ => None,
        })
        .collect();
    let alias = edits.tokens.get(close + 2).and_then(|tok| tok.name(edits.piece));
    if let (Some(columns), Some(alias)) = (columns, alias) {
        edits.remove(close + 1..close + 3, RemovedKind::JoinAlias { alias, columns });
    }
}

/// `MERGE INTO table USING a JOIN b ON … ON …`: the joined source in parentheses.
pub(super) fn merge_source(edits: &mut Edits, at: usize) {
    let mut outside = Vec::new();
    let mut place = at;
    while let Some(tok) = edits.tokens.get(place) {
        // The next one looks for its own source.
        if tok.is("when") || tok.is("merge") && place > at {
            break;
        }
        outside.push(place);
        place = edits.closing.get(&place).copied().unwrap_or(place) + 1;
    }
    let using = outside.iter().copied().find(|&place| edits.is(place, "using"));
    let on = outside.iter().rev().copied().find(|&place| edits.is(place, "on"));
    let (Some(using), Some(on)) = (using, on) else { return };
    if outside.iter().any(|&place| (using..on).contains(&place) && edits.is(place, "join")) {
        edits.insert(using + 1, [Token::LParen]);
        edits.insert(on, [Token::RParen]);
    }
}

/// `GROUP BY {DISTINCT|ALL} keys`.
pub(super) fn group_by_quantifier(edits: &mut Edits, at: usize) {
    if edits.is(at, "group by") && edits.is_any(at + 2, &["distinct", "all"]) && edits.tokens.len() > at + 3 {
        edits.drop_clause(at + 2..at + 3, "GROUP BY DISTINCT");
    }
}

/// A grouping set that starts with a parenthesis but does not end with it is one expression.
pub(super) fn grouping_sets(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 1) else { return };
    let mut start = at + 2;
    for entry in split_commas(&edits.tokens[at + 2..close]) {
        let end = start + entry.len();
        if edits.closing(start).is_some_and(|inner| inner + 1 < end) {
            edits.insert(start, [Token::LParen]);
            edits.insert(end, [Token::RParen]);
        }
        start = end + 1;
    }
}

/// `EXCLUDE …` of a window's frame.
pub(super) fn frame_exclusion(edits: &mut Edits, at: usize) {
    const FORMS: [&str; 4] = ["current row", "no others", "group", "ties"];
    if let Some(form) = FORMS.iter().find(|form| edits.is(at + 1, form)) {
        let length = 1 + form.split(' ').count();
        if edits.is_mark(at + length, b')') {
            edits.drop_clause(at..at + length, "EXCLUDE");
        }
    }
}

/// A frame's bound that starts with a string is an expression and not an interval.
pub(super) fn frame_bound(edits: &mut Edits, at: usize) {
    const LONGEST: usize = 32;
    let starts = |before: &usize| edits.is_any(*before, &["between", "and", "rows", "range", "groups"]);
    let Some(start) = (at.saturating_sub(LONGEST)..at).rev().find(starts).map(|before| before + 1) else { return };
    if at > start + 1 && edits.tokens[start].string().is_some() {
        edits.insert(start, [Token::LParen]);
        edits.insert(at, [Token::RParen]);
    }
}

/// `FETCH FIRST (expression) ROWS ONLY` is `LIMIT expression`.
pub(super) fn fetch(edits: &mut Edits, at: usize) {
    if !edits.is_any(at + 1, &["first", "next"]) {
        return;
    }
    if let Some(close) = edits.closing(at + 2)
        && edits.is_any(close + 1, &["row", "rows"])
        && edits.is(close + 2, "only")
    {
        edits.replace(at..at + 2, [keyword("limit")]);
        edits.drop(close + 1..close + 3);
    }
}

/// The strengths of row locks that lie between the two that are known, and several tables after `OF`.
pub(super) fn lock(edits: &mut Edits, at: usize) {
    if !edits.is_keyword("for") {
        return;
    }
    let mut end = at + 2;
    if edits.is(at, "for no key update") {
        edits.drop_clause(at + 1..at + 3, "NO KEY");
        end = at + 4;
    } else if edits.is(at, "for key share") {
        edits.drop_clause(at + 1..at + 2, "KEY");
        end = at + 3;
    } else if !edits.is(at, "for update") && !edits.is(at, "for share") {
        return;
    }
    if !edits.is(end, "of") {
        return;
    }
    let strength = edits.tokens[end - 1].token.clone();
    let mut name = edits.after_object_name(end + 1);
    while edits.is_mark(name, b',') && edits.is_name(name + 1) {
        edits.replace(name..name + 1, [keyword("for"), strength.clone(), keyword("of")]);
        name = edits.after_object_name(name + 1);
    }
}

/// Tokens of `SEARCH` and `CYCLE` that are looked at.
const LONGEST_CLAUSE: usize = 48;

/// `SEARCH … SET column` after a common table expression, which adds the column.
pub(super) fn search(edits: &mut Edits, at: usize) {
    let after_query = edits.before(at).is_some_and(|tok| tok.is_mark(b')'));
    if !after_query || !(edits.is(at, "search depth first by") || edits.is(at, "search breadth first by")) {
        return;
    }
    if let Some(set) = (at + 4..at + LONGEST_CLAUSE).find(|&at| edits.is(at, "set"))
        && let Some(column) = edits.tokens.get(set + 1).and_then(|tok| tok.name(edits.piece))
    {
        edits.remove(at..set + 2, RemovedKind::CteColumns(vec![column]));
    }
}

/// `CYCLE … SET mark … USING path` after a common table expression, which adds both columns.
pub(super) fn cycle(edits: &mut Edits, at: usize) {
    let after_query =
        edits.before(at).is_some_and(|tok| tok.is_mark(b')')) || edits.dropped.get(at.wrapping_sub(1)) == Some(&true);
    if !after_query || !edits.is_keyword("cycle") || !edits.is_name(at + 1) {
        return;
    }
    let words = |word: &str| (at + 1..at + LONGEST_CLAUSE).find(|&at| edits.is(at, word));
    let (Some(set), Some(using)) = (words("set"), words("using")) else { return };
    let name = |at: usize| edits.tokens.get(at).and_then(|tok| tok.name(edits.piece));
    if let (Some(mark), Some(path)) = (name(set + 1), name(using + 1)) {
        edits.remove(at..using + 2, RemovedKind::CteColumns(vec![mark, path]));
    }
}

/// `INDEXED BY name` and `NOT INDEXED`.
pub(super) fn index_hint(edits: &mut Edits, at: usize) {
    if edits.is(at, "indexed by") {
        edits.drop_clause(at..at + 3, "INDEXED BY");
    } else if edits.is(at, "indexed") && edits.is_before(at, &["not"]) {
        edits.drop_clause(at - 1..at + 1, "NOT INDEXED");
    }
}

/// `ROWS FROM (function(…), …) [WITH ORDINALITY]` has the columns of all functions side by side, as a join has.
pub(super) fn rows_from(edits: &mut Edits, at: usize) {
    let Some(close) = edits.closing(at + 2).filter(|_| edits.is(at, "rows from")) else { return };
    let all = [keyword("lateral"), Token::LParen, keyword("select"), Token::Mul];
    edits.replace(at..at + 1, all);
    edits.drop(at + 2..at + 3);
    if edits.is(close + 1, "with ordinality") {
        let number = Token::Number("1".to_string(), false);
        let ordinality = [Token::make_word("bigint", None), keyword("as"), Token::make_word("ordinality", None)];
        edits.insert(at + 1, [Token::Comma, number, Token::DoubleColon].into_iter().chain(ordinality));
        edits.drop(close + 1..close + 3);
    }
}
