//! String literals of Rust: from the token as it stands in the file to the text it means, byte by byte.

use std::ops::Range;

use super::text::SqlText;
use crate::source::{Place, Source, Span};

/// What a string literal means; `None` where the token under the span is no string literal.
pub(super) fn decode(source: &Source, span: Span) -> Option<SqlText> {
    let body = Body::of(source, span)?;
    let mut text = SqlText::new(Place { source: source.clone(), span });
    body.decode(source, body.range.clone(), &mut text);
    Some(text)
}

/// What `indoc!` makes of a string literal: the indentation that all its lines share is removed.
pub(super) fn decode_dedented(source: &Source, span: Span) -> Option<SqlText> {
    let body = Body::of(source, span)?;
    let mut text = SqlText::new(Place { source: source.clone(), span });
    let lines = lines(source, &body.range);
    let indentation = lines.iter().skip(1).filter_map(|line| indentation(source, line)).min().unwrap_or(usize::MAX);
    let first_is_empty = lines.first().is_some_and(|line| line.is_empty());
    for (number, line) in lines.iter().enumerate() {
        if number > 1 || (number == 1 && !first_is_empty) {
            text.push_char('\n');
        }
        if number == 0 {
            body.decode(source, line.clone(), &mut text);
        } else if line.len() > indentation {
            body.decode(source, line.start + indentation..line.end, &mut text);
        }
    }
    Some(text)
}

/// What stands between the quotes.
struct Body {
    range: Range<usize>,
    raw: bool,
}

impl Body {
    fn of(source: &Source, span: Span) -> Option<Body> {
        let token = source.slice(span);
        let (raw, after) = match token.strip_prefix('r') {
            Some(after) => (true, after),
            None => (false, token),
        };
        let hashes = after.bytes().take_while(|&byte| byte == b'#').count();
        let inner = after.get(hashes..)?.strip_prefix('"')?;
        if hashes > 0 && !raw {
            return None;
        }
        let end = inner.rfind('"')?;
        let start = span.start + (token.len() - inner.len());
        Some(Body { range: start..start + end, raw })
    }

    /// Adds what the range means. Line ends are `\n`, as the compiler reads them.
    fn decode(&self, source: &Source, range: Range<usize>, text: &mut SqlText) {
        let Some(body) = source.text().get(range.clone()) else { return };
        let mut exact_from = 0;
        let mut at = 0;
        while let Some(found) = body.get(at..).and_then(|rest| rest.find(['\\', '\r'])) {
            let special = at + found;
            let (length, character) = match body.get(special..) {
                Some(rest) if rest.starts_with("\r\n") => (1, None),
                Some(rest) if rest.starts_with('\\') && !self.raw => escape(rest),
                _ => {
                    at = special + 1;
                    continue;
                }
            };
            text.push_exact(source, range.start + exact_from..range.start + special);
            if let Some(character) = character {
                text.push_char(character);
            }
            at = special + length;
            exact_from = at;
        }
        text.push_exact(source, range.start + exact_from..range.end);
    }
}

/// The length of the escape that the text starts with, and the character it means.
fn escape(text: &str) -> (usize, Option<char>) {
    let Some(kind) = text.chars().nth(1) else { return (1, None) };
    let simple = |character| (2, Some(character));
    match kind {
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        '0' => simple('\0'),
        '\\' | '\'' | '"' => simple(kind),
        'x' => (4, text.get(2..4).and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from)),
        'u' => {
            let end = text.find('}').map_or(text.len(), |end| end + 1);
            let digits: String =
                text.get(3..end.saturating_sub(1)).unwrap_or("").chars().filter(|c| *c != '_').collect();
            (end, u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32))
        }
        '\n' | '\r' => {
            let rest = text.get(1..).unwrap_or("");
            (1 + rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t']).len(), None)
        }
        _ => (1 + kind.len_utf8(), Some(kind)),
    }
}

/// The lines of a range, without their line ends.
fn lines(source: &Source, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = range.start;
    for line in source.text().get(range.clone()).unwrap_or("").split('\n') {
        let end = start + line.len();
        lines.push(start..end - usize::from(line.ends_with('\r')));
        start = end + 1;
    }
    lines
}

/// How many blanks a line starts with; `None` where it is blank.
fn indentation(source: &Source, line: &Range<usize>) -> Option<usize> {
    source.text().get(line.clone())?.bytes().position(|byte| byte != b' ' && byte != b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(token: &str, expected: &str) {
        let source = Source::new("a.rs", format!("é {token};"));
        let text = decode(&source, Span::new(3, 3 + token.len())).expect(token);
        assert_eq!(text.sql, expected);
        for segment in &text.segments {
            let length = segment.span.end - segment.span.start;
            assert_eq!(source.slice(segment.span), &text.sql[segment.sql_start..segment.sql_start + length]);
        }
    }

    #[test]
    fn literals_mean_what_the_compiler_reads() {
        check(r#""SELECT 1""#, "SELECT 1");
        check(r#""a\n\t\x41\u{e9}\u{1_F600}\"\\b\0""#, "a\n\tAé😀\"\\b\0");
        check("\"a \\\n     b \\\r\n\t c\"", "a b c");
        check("r\"a\\n\r\nb\"", "a\\n\nb");
        check("r##\"a\"#b\"##", "a\"#b");
        check("\"line\r\nnext\"", "line\nnext");
        check("\"\"", "");
        assert!(decode(&Source::new("a.rs", "b\"x\" 'c' 1"), Span::new(0, 4)).is_none());
        assert!(decode(&Source::new("a.rs", "x"), Span::new(5, 9)).is_none());
    }

    #[test]
    fn shared_indentation_goes() {
        let dedent = |token: &str| {
            decode_dedented(&Source::new("a.rs", token), Span::new(0, token.len())).expect("a literal").sql
        };
        assert_eq!(dedent("\"\n    SELECT a,\n      b\n\n    FROM t\n    \""), "SELECT a,\n  b\n\nFROM t\n");
        assert_eq!(dedent("r\"\r\n\tSELECT\r\n\t\ta\r\n\""), "SELECT\n\ta\n");
        assert_eq!(dedent("\"one\n  two\n   three\""), "one\ntwo\n three");
    }
}
