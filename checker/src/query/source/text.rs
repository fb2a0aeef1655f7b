//! SQL text put together from pieces of files, each byte's origin kept.

use std::ops::Range;

use super::{HOLE, Segment};
use crate::schema::stored::stored_fields;
use crate::source::{Place, Source, Span};

/// SQL text with the places its bytes come from.
#[derive(Clone, Debug)]
pub(super) struct SqlText {
    pub(super) sql: String,
    pub(super) segments: Vec<Segment>,
    pub(super) holes: Vec<Span>,
    /// The numbered parameters that a library's builder wrote.
    binds: Vec<Span>,
    /// The literal, or the first of several.
    pub(super) place: Place,
}

stored_fields!(SqlText { sql, segments, holes, binds, place });

impl SqlText {
    pub(super) fn new(place: Place) -> SqlText {
        SqlText { sql: String::new(), segments: Vec::new(), holes: Vec::new(), binds: Vec::new(), place }
    }

    /// The whole text of a file.
    pub(super) fn file(source: &Source) -> SqlText {
        let mut text = SqlText::new(Place { source: source.clone(), span: Span::new(0, source.text().len()) });
        text.push_exact(source, 0..source.text().len());
        text
    }

    /// A parameter that a builder writes.
    pub(super) fn bind(source: &Source, numbered: bool) -> SqlText {
        let mut text = SqlText::new(Place { source: source.clone(), span: Span::default() });
        text.sql.push_str(if numbered { "$1" } else { "?" });
        text.binds.extend(numbered.then_some(Span::new(0, 2)));
        text
    }

    /// A number that the program puts into a text: which one does not matter to a statement.
    pub(super) fn number(source: &Source) -> SqlText {
        let mut text = SqlText::new(Place { source: source.clone(), span: Span::default() });
        text.push_char('1');
        text
    }

    /// Adds bytes that stand in the text just as they stand in the file.
    pub(super) fn push_exact(&mut self, source: &Source, range: Range<usize>) {
        let Some(piece) = source.text().get(range.clone()) else { return };
        if piece.is_empty() {
            return;
        }
        let span = Span::new(range.start, range.end);
        self.push_segment(Segment { sql_start: self.sql.len(), source: source.clone(), span });
        self.sql.push_str(piece);
    }

    /// Adds a character that is written otherwise in the file, such as an escape.
    pub(super) fn push_char(&mut self, character: char) {
        self.sql.push(character);
    }

    /// Adds the stand-in for text that is only known at run time.
    pub(super) fn push_hole(&mut self) {
        let start = self.sql.len();
        self.sql.push_str(HOLE);
        self.holes.push(Span::new(start, self.sql.len()));
    }

    /// Adds another text behind this one.
    pub(super) fn append(&mut self, other: &SqlText) {
        if self.sql.is_empty() {
            self.place = other.place.clone();
        }
        if !other.binds.is_empty() && !self.binds.is_empty() {
            return self.append_renumbered(other);
        }
        let offset = self.sql.len();
        self.sql.push_str(&other.sql);
        self.holes.extend(other.holes.iter().map(|hole| hole.shifted(offset)));
        self.binds.extend(other.binds.iter().map(|bind| bind.shifted(offset)));
        for segment in &other.segments {
            self.push_segment(Segment { sql_start: segment.sql_start + offset, ..segment.clone() });
        }
    }

    fn append_renumbered(&mut self, other: &SqlText) {
        let mut at = 0;
        for bind in &other.binds {
            self.append(&other.slice(at..bind.start));
            let start = self.sql.len();
            self.sql.push_str(&format!("${}", self.binds.len() + 1));
            self.binds.push(Span::new(start, self.sql.len()));
            at = bind.end;
        }
        self.append(&other.slice(at..other.sql.len()));
    }

    /// The part of the text under a range; empty where the range does not fit.
    pub(super) fn slice(&self, range: Range<usize>) -> SqlText {
        let mut part = SqlText::new(self.place.clone());
        let Some(sql) = self.sql.get(range.clone()) else { return part };
        part.sql.push_str(sql);
        for segment in &self.segments {
            let length = segment.span.end - segment.span.start;
            let start = segment.sql_start.max(range.start);
            let end = (segment.sql_start + length).min(range.end);
            if start < end {
                let file_start = segment.span.start + (start - segment.sql_start);
                let span = Span::new(file_start, file_start + (end - start));
                part.push_segment(Segment { sql_start: start - range.start, source: segment.source.clone(), span });
            }
        }
        let inside = |span: &&Span| span.start >= range.start && span.end <= range.end;
        let moved = |span: &Span| Span::new(span.start - range.start, span.end - range.start);
        part.holes.extend(self.holes.iter().filter(inside).map(moved));
        part.binds.extend(self.binds.iter().filter(inside).map(moved));
        part
    }

    /// The text without white space at its ends.
    pub(super) fn trim(&self, start: bool, end: bool) -> SqlText {
        let from = if start { self.sql.len() - self.sql.trim_start().len() } else { 0 };
        let to = if end { self.sql.trim_end().len() } else { self.sql.len() };
        self.slice(from..to.max(from))
    }

    fn push_segment(&mut self, segment: Segment) {
        if let Some(last) = self.segments.last_mut() {
            let length = last.span.end - last.span.start;
            let follows = last.sql_start + length == segment.sql_start && last.span.end == segment.span.start;
            if follows && last.source.path() == segment.source.path() {
                last.span.end = segment.span.end;
                return;
            }
        }
        self.segments.push(segment);
    }
}

/// Whether a text starts like a statement of SQL: what tells `.query("SELECT …")` from `.query("#id > .class")`.
pub(super) fn looks_like_sql(text: &str) -> bool {
    let text = skip_blank(text);
    let word_length = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(word_length);
    let comment = rest.starts_with("--") || rest.starts_with("/*");
    let followed = comment || rest.starts_with(|c: char| c.is_whitespace() || "(*;'\"$".contains(c));
    let alone = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';').is_empty();
    let word = word.to_ascii_uppercase();
    if ALONE.contains(&word.as_str()) && alone {
        return true;
    }
    STATEMENTS.contains(&word.as_str()) && followed && !alone
}

/// The first words of statements.
const STATEMENTS: &[&str] = &[
    "ABORT",
    "ALTER",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "CALL",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMENT",
    "COMMIT",
    "COPY",
    "CREATE",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DESCRIBE",
    "DETACH",
    "DISCARD",
    "DO",
    "DROP",
    "END",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "GRANT",
    "IMPORT",
    "INSERT",
    "LISTEN",
    "LOCK",
    "MERGE",
    "MOVE",
    "NOTIFY",
    "OPTIMIZE",
    "PRAGMA",
    "PREPARE",
    "REASSIGN",
    "REFRESH",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "START",
    "TABLE",
    "TRUNCATE",
    "UNLISTEN",
    "UPDATE",
    "USE",
    "VACUUM",
    "VALUES",
    "WITH",
];

/// Statements that may be one word.
const ALONE: &[&str] = &["ABORT", "ANALYZE", "BEGIN", "CHECKPOINT", "COMMIT", "END", "ROLLBACK", "VACUUM"];

/// The text after white space, comments and opening parentheses.
fn skip_blank(mut text: &str) -> &str {
    loop {
        let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == '\u{feff}');
        let after = if let Some(line) = trimmed.strip_prefix("--") {
            line.find('\n').and_then(|end| line.get(end..)).unwrap_or("")
        } else if let Some(block) = trimmed.strip_prefix("/*") {
            block.find("*/").and_then(|end| block.get(end + 2..)).unwrap_or("")
        } else {
            return trimmed;
        };
        text = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_other_strings() {
        for sql in [
            "SELECT 1",
            " -- note\n/* x */ (select 1)",
            "begin",
            "COMMIT;",
            "WITH a AS (SELECT 1) SELECT 2",
            "INSERT\ninto t",
        ] {
            assert!(looks_like_sql(sql), "{sql}");
        }
        for other in ["", "#id", "select", "selection of things", "/search?q=1", "setting", "update-index", "key = 1"] {
            assert!(!looks_like_sql(other), "{other}");
        }
    }
}
