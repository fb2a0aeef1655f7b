//! Literals that take their type from where they stand: the server reads them when the statement is prepared.

use super::super::cx::{Cx, Kind, Words};
use super::super::{Object, Stage};
use super::{
    BOOL, BPCHAR, DATE, FLOAT4, FLOAT8, INT2, INT4, INT8, JSON, JSONB, NUMERIC, OID, REGCLASS, TIMESTAMP, TIMESTAMPTZ,
    UUID, VARCHAR, base, info, shown,
};
use crate::dialect::TypeId;
use crate::query::HOLE;
use crate::schema::{Key, Type};
use crate::source::Span;

/// What stands for a point in time without a digit.
const TIME_WORDS: [&str; 6] = ["now", "today", "tomorrow", "yesterday", "epoch", "infinity"];

const NO_LABEL: Kind = Kind("enum-label-missing", "22P02", Stage::Parse);
const NOT_OF_TYPE: Kind = Kind("type-mismatch", "22P02", Stage::Parse);
const TOO_LONG: Kind = Kind("type-mismatch", "22001", Stage::Plan);

/// What the modifier of a text type is more than its length.
const LENGTH_HEADER: i32 = 4;

/// Checks that a literal is a value of a type, as far as the type's text form is known here.
pub(in crate::analysis) fn check(cx: &mut Cx, text: &str, target: Type, span: Span) {
    let id = base(cx.schema, target.id);
    if text.contains(HOLE) {
        // What a program puts between quotes is a value, as a parameter's is: only names depend on the schema.
        if id == REGCLASS || cx.schema.labels(id).is_some() {
            cx.unknown(span, "part of the text is only known at run time");
        }
        return;
    }
    if id == REGCLASS {
        relation_named(cx, text, span);
        return;
    }
    if let Some(element) = super::element(cx.schema, id).filter(|_| text.trim_start().starts_with('{')) {
        // Each element is read as a value of the element type.
        for element_text in elements(text).into_iter().flatten() {
            check(cx, &element_text, Type::plain(element), span);
        }
        return;
    }
    let Some(labels) = cx.schema.labels(id) else {
        if !fits(cx, id, text) {
            let shown = shown(cx.schema, Type::plain(id));
            let message = format!("`'{text}'` is not a value of type `{shown}`");
            let label = format!("not of type `{shown}`");
            let code = match () {
                () if is_whole_number(text) => "22003",
                () if [DATE, TIMESTAMP, TIMESTAMPTZ].contains(&id) => "22007",
                () => NOT_OF_TYPE.1,
            };
            cx.problem(Kind(NOT_OF_TYPE.0, code, NOT_OF_TYPE.2), Vec::new(), Words { span, message, label });
        }
        return;
    };
    let Some(name) = info(cx.schema, id).map(|info| info.name.to_string()) else { return };
    cx.depend(Key::Type(name.as_str().into()));
    if labels.iter().any(|label| **label == *text) {
        cx.used(span, Object::Label(id, text.into()));
    } else if !cx.clouded(&name, span) {
        let about = vec![Key::Label(name.as_str().into(), text.into()), Key::Type(name.as_str().into())];
        let message = format!("enum `{name}` has no label `{text}`");
        cx.problem(NO_LABEL, about, Words { span, message, label: "unknown label".into() });
    }
}

/// Checks that a text which is stored in a column fits its length. An explicit cast shortens, storing does not: only spaces may
/// be too many.
pub(in crate::analysis) fn check_length(cx: &mut Cx, text: &str, target: Type, span: Span) {
    let stored = cx.schema.base_type(target);
    let Some(length) = usize::try_from(stored.modifier - LENGTH_HEADER).ok() else { return };
    if ![VARCHAR, BPCHAR].contains(&stored.id)
        || text.contains(HOLE)
        || text.trim_end_matches(' ').chars().count() <= length
    {
        return;
    }
    let message = format!("`'{text}'` is too long for type `{}`", shown(cx.schema, stored));
    let words = Words { span, message, label: format!("more than {length} characters") };
    cx.problem(TOO_LONG, Vec::new(), words);
}

/// `'name'::regclass`: the server looks the relation up when the statement is prepared.
fn relation_named(cx: &mut Cx, text: &str, span: Span) {
    // Numbers and `-` stand for themselves.
    if text == "-" || text.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let Some(parts) = identifiers(cx, text) else { return };
    let Some(name) = parts.last().cloned() else { return };
    let schema = parts.len().checked_sub(2).and_then(|at| parts.get(at));
    cx.depend(Key::Relation(name.clone()));
    let schema = schema.map(|schema| &**schema);
    if let Some(relation) = cx.schema.find_relation(schema, &name) {
        cx.used(span, Object::Relation(relation.id));
    } else if cx.schema.find_index(schema, &name).is_none() && !cx.clouded(&name, span) {
        let message = format!("relation `{text}` does not exist");
        let words = Words { span, message, label: "unknown relation".into() };
        cx.problem(super::super::relation::NO_TABLE, vec![Key::Relation(name)], words);
    }
}

/// The parts of a qualified name in a string; `None` where it is not one.
fn identifiers(cx: &Cx, text: &str) -> Option<Vec<std::sync::Arc<str>>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let (part, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (inside, after) = quoted.split_once('"')?;
                ((cx.schema.dialect.fold_quoted)(inside), after)
            }
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                let (plain, after) = rest.split_at(end);
                ((cx.schema.dialect.fold)(plain.trim()), after)
            }
        };
        if part.is_empty() {
            return None;
        }
        parts.push(part.into());
        match after.trim_start().strip_prefix('.') {
            Some(next) => rest = next.trim_start(),
            None if after.trim().is_empty() => return Some(parts),
            None => return None,
        }
    }
}

/// The elements of an array's text form, without those that are NULL; `None` where it is not well formed.
fn elements(text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut element: Option<String> = None;
    let mut quoted = false;
    let mut depth = 0_usize;
    let mut chars = text.trim().chars();
    while let Some(c) = chars.next() {
        match c {
            '{' => depth += 1,
            '}' | ',' => {
                let null = !quoted && element.as_ref().is_some_and(|text| text.trim().eq_ignore_ascii_case("null"));
                if let Some(text) = element.take().filter(|_| !null) {
                    found.push(if quoted { text } else { text.trim_end().to_owned() });
                }
                quoted = false;
                if c == '}' {
                    depth = depth.checked_sub(1)?;
                }
            }
            '"' => {
                quoted = true;
                let text = element.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => text.push(chars.next()?),
                        other => text.push(other),
                    }
                }
            }
            '\\' => element.get_or_insert_default().push(chars.next()?),
            c if c.is_whitespace() && element.is_none() => {}
            other => element.get_or_insert_default().push(other),
        }
    }
    (depth == 0).then_some(found)
}

/// Whether the text can be a value; true for types whose text form is not known here.
fn fits(cx: &Cx, id: TypeId, text: &str) -> bool {
    // The vectors of the system catalogs take subscripts too, but are written otherwise.
    if info(cx.schema, id).and_then(|info| info.element).is_some_and(|element| cx.schema.array_of(element) == Some(id))
    {
        return text.trim_start().starts_with(['{', '[']);
    }
    let word = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    match id {
        INT2 | INT4 | INT8 | OID if is_of_later_versions(word) => true,
        INT2 => word.parse::<i16>().is_ok(),
        INT4 => word.parse::<i32>().is_ok(),
        INT8 => word.parse::<i64>().is_ok(),
        BOOL => is_bool(&word.to_ascii_lowercase()),
        UUID => is_uuid(text),
        FLOAT4 | FLOAT8 | NUMERIC => {
            !word.is_empty() && !word.starts_with(|c: char| c.is_alphabetic() && !"iInN".contains(c))
        }
        JSON | JSONB => word.starts_with(|c: char| "{[\"-tfn".contains(c) || c.is_ascii_digit()),
        // All that is written without a digit are a few words.
        DATE | TIMESTAMP | TIMESTAMPTZ => {
            word.contains(|c: char| c.is_ascii_digit())
                || TIME_WORDS.contains(&word.trim_start_matches('-').to_ascii_lowercase().as_str())
        }
        _ => true,
    }
}

fn is_whole_number(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['-', '+']);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Other bases and underscores.
fn is_of_later_versions(word: &str) -> bool {
    let digits = word.trim_start_matches(['-', '+']).to_ascii_lowercase();
    digits.starts_with("0x") || digits.starts_with("0o") || digits.starts_with("0b") || digits.contains('_')
}

fn is_bool(word: &str) -> bool {
    let prefix_of = |whole: &str, least: usize| word.len() >= least && whole.starts_with(word);
    prefix_of("true", 1)
        || prefix_of("false", 1)
        || prefix_of("yes", 1)
        || prefix_of("no", 1)
        || word == "on"
        || prefix_of("off", 2)
        || word == "1"
        || word == "0"
}

fn is_uuid(text: &str) -> bool {
    let text = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    digits == 32 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}
