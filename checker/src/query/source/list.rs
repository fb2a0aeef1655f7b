//! Prepared lists of sqlx: `.sqlx/query-….json`, one query each, and `sqlx-data.json`, all in one.

use std::sync::Arc;

use serde_json::Value;

use super::Described;
use super::text::SqlText;
use crate::source::{Place, Source, Span};

/// A query as a list has it.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) text: SqlText,
    pub(super) described: Arc<Described>,
    /// The directory of the package or workspace that the list belongs to.
    pub(super) root: String,
}

/// Reads a list; entries that cannot be read are given with a reason.
pub(super) fn read(source: &Source) -> (Vec<Listed>, Vec<(Place, String)>) {
    let mut listed = Vec::new();
    let mut unread = Vec::new();
    let text = source.text().trim_start_matches('\u{feff}');
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            let at = source.offset(error.line(), error.column());
            let place = Place { source: source.clone(), span: Span::new(at, at) };
            return (listed, vec![(place, format!("not JSON: {error}"))]);
        }
    };
    let single = document.get("query").is_some_and(Value::is_string);
    let product = document.get(if single { "db_name" } else { "db" }).and_then(Value::as_str);
    let entries: Vec<(Option<&str>, &Value)> = match &document {
        Value::Object(entries) if !single => {
            entries.iter().filter(|(key, _)| *key != "db").map(|(key, entry)| (Some(key.as_str()), entry)).collect()
        }
        _ => vec![(None, &document)],
    };
    let mut queries = query_strings(source);
    for (key, entry) in entries {
        let at = queries.iter().position(|query| query.key.as_deref() == key);
        let place = at.map(|at| queries.swap_remove(at).span);
        let whole = Place { source: source.clone(), span: Span::new(0, 0) };
        match (place, entry.get("query").and_then(Value::as_str), entry.get("describe")) {
            (Some(span), Some(sql), Some(describe)) => {
                let text = decode(source, span);
                if text.sql == sql {
                    let described = Arc::new(described(product, describe));
                    listed.push(Listed { text, described, root: root_of(source.path()) });
                } else {
                    unread.push((Place { source: source.clone(), span }, "an entry with two queries".to_owned()));
                }
            }
            _ => unread.push((whole, "an entry without `query` and `describe`".to_owned())),
        }
    }
    (listed, unread)
}

/// The directory that `.sqlx` or `sqlx-data.json` stands in.
fn root_of(path: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if folder == ".sqlx" { String::new() } else { folder.strip_suffix("/.sqlx").unwrap_or(folder).to_owned() }
}

fn described(product: Option<&str>, describe: &Value) -> Described {
    let list = |key: &str| describe.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let nullable = list("nullable");
    let columns = list("columns").iter().enumerate().map(|(at, column)| {
        let name = column.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let ty = column.get("type_info").map(type_name).unwrap_or_default();
        (name, ty, nullable.get(at).and_then(Value::as_bool))
    });
    let parameters = describe.get("parameters");
    let typed = parameters.and_then(|parameters| parameters.get("Left")?.as_array());
    let counted = parameters.and_then(|parameters| parameters.get("Right")?.as_u64());
    let parameters = match (typed, counted) {
        (Some(types), _) => types.iter().map(type_name).collect(),
        (None, Some(count)) => vec![String::new(); usize::try_from(count.min(65_535)).unwrap_or(0)],
        (None, None) => Vec::new(),
    };
    Described { product: product.map(str::to_owned), columns: columns.collect(), parameters }
}

/// A type as the list names it: a word, or an object for what the database's users defined.
fn type_name(ty: &Value) -> String {
    match ty {
        Value::String(name) => name.clone(),
        Value::Object(kinds) => {
            let named = |kind: &Value| kind.get("name").and_then(Value::as_str).map(str::to_owned);
            kinds.values().find_map(named).or_else(|| kinds.values().find_map(Value::as_str).map(str::to_owned))
        }
        .unwrap_or_default(),
        _ => String::new(),
    }
}

/// Where a `"query": "…"` stands, and under which key if the entry is one of several.
struct QueryString {
    key: Option<String>,
    span: Span,
}

/// All values of `query` keys at the first and second level.
fn query_strings(source: &Source) -> Vec<QueryString> {
    let mut found = Vec::new();
    let mut keys: Vec<Option<Span>> = Vec::new();
    let mut string: Option<Span> = None;
    let bytes = source.text().as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let span = Span::new(at, string_end(bytes, at));
                at = span.end;
                let key = keys.last().copied().flatten();
                let is_query = key.is_some_and(|key| source.slice(key) == "\"query\"");
                if is_query && (1..=2).contains(&keys.len()) {
                    let outer = if keys.len() == 2 { keys.first().copied().flatten() } else { None };
                    found.push(QueryString { key: outer.map(|outer| decode(source, outer).sql), span });
                }
                string = Some(span);
                continue;
            }
            b'{' | b'[' => keys.push(None),
            b'}' | b']' => {
                keys.pop();
            }
            b':' => {
                if let Some(key) = keys.last_mut() {
                    *key = string;
                }
            }
            b',' => {
                if let Some(key) = keys.last_mut() {
                    *key = None;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// What a JSON string says, with the places of its bytes.
fn decode(source: &Source, span: Span) -> SqlText {
    let mut text = SqlText::new(Place { source: source.clone(), span });
    let (start, end) = (span.start + 1, span.end.saturating_sub(1));
    let body = source.text().get(start..end).unwrap_or("");
    let mut exact_from = 0;
    let mut pending_surrogate = None;
    let mut at = 0;
    while let Some(found) = body.get(at..).and_then(|rest| rest.find('\\')) {
        let escape = at + found;
        text.push_exact(source, start + exact_from..start + escape);
        let kind = body.as_bytes().get(escape + 1).copied().unwrap_or(b' ');
        at = escape + 2;
        match kind {
            b'n' => text.push_char('\n'),
            b't' => text.push_char('\t'),
            b'r' => text.push_char('\r'),
            b'b' => text.push_char('\u{8}'),
            b'f' => text.push_char('\u{c}'),
            b'u' => {
                let unit =
                    body.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0xfffd);
                at += 4;
                match (pending_surrogate.take(), unit) {
                    (_, 0xd800..=0xdbff) => pending_surrogate = Some(unit),
                    (Some(high), 0xdc00..=0xdfff) => {
                        let code = 0x1_0000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
                        text.push_char(char::from_u32(code).unwrap_or('\u{fffd}'));
                    }
                    _ => text.push_char(char::from_u32(unit).unwrap_or('\u{fffd}')),
                }
            }
            other => text.push_char(char::from(other)),
        }
        exact_from = at;
    }
    text.push_exact(source, start + exact_from..end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_query_per_file() {
        let json = r#"{
            "db_name": "PostgreSQL",
            "query": "\n SELECT \"a\" AS \"é\\\\\"\tFROM t -- \ud83d\ude00",
            "describe": {
                "columns": [
                    {"ordinal": 0, "name": "a", "type_info": "Int4"},
                    {"ordinal": 1, "name": "b", "type_info": {"Custom": {"name": "mood", "kind": {"Enum": ["x"]}}}}
                ],
                "parameters": {"Left": ["Text", {"Custom": {"name": "mood", "kind": "Simple"}}]},
                "nullable": [false, null]
            },
            "hash": "00"
        }"#;
        let source = Source::new("app/.sqlx/query-00.json", json);
        let (listed, unread) = read(&source);
        assert!(unread.is_empty(), "{unread:?}");
        let [listed] = listed.as_slice() else { panic!("{listed:?}") };
        assert_eq!(listed.text.sql, "\n SELECT \"a\" AS \"é\\\\\"\tFROM t -- 😀");
        assert_eq!(listed.root, "app");
        assert_eq!(listed.described.columns[1], ("b".to_owned(), "mood".to_owned(), None));
        assert_eq!(listed.described.columns[0].2, Some(false));
        assert_eq!(listed.described.parameters, ["Text", "mood"]);
        for segment in &listed.text.segments {
            let length = segment.span.end - segment.span.start;
            let piece = &listed.text.sql[segment.sql_start..segment.sql_start + length];
            assert_eq!(source.slice(segment.span), piece);
        }
    }

    #[test]
    fn all_queries_in_one_file() {
        let json = r#"{"db": "SQLite", "1": {"query": "SELECT 1", "describe": {"columns": [], "parameters": {"Right": 2}}},
            "2": {"describe": {"columns": [], "parameters": {"Left": []}, "nullable": []}, "query": "SELECT 2"}, "3": {}}"#;
        let (listed, unread) = read(&Source::new("sqlx-data.json", json));
        let texts: Vec<&str> = listed.iter().map(|one| one.text.sql.as_str()).collect();
        assert_eq!(texts, ["SELECT 1", "SELECT 2"]);
        assert_eq!(listed[0].described.parameters.len(), 2);
        assert_eq!(listed[0].described.product.as_deref(), Some("SQLite"));
        assert_eq!(unread.len(), 1);
    }

    #[test]
    fn what_is_no_list_is_said() {
        for text in ["", "{", "[1]", "{\"query\": 3}", "{\"query\": \"a\"}", "\u{feff}nothing"] {
            let (listed, unread) = read(&Source::new(".sqlx/query-1.json", text));
            assert!(listed.is_empty() && !unread.is_empty(), "{text}");
        }
    }
}
