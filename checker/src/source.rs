//! Text of a file, byte spans in it, and the line and column of an offset.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// The text of one file, with the path to show for it. Cheap to clone.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    path: String,
    text: String,
    line_starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// A file with the path that messages show: relative to the project, with forward slashes.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Source {
        Source(Arc::new(Inner { path: path.into(), text: text.into(), line_starts: OnceLock::new() }))
    }

    fn line_starts(&self) -> &[usize] {
        let found = || std::iter::once(0).chain(self.0.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.0.line_starts.get_or_init(found)
    }

    /// Whether both are one file, read once.
    pub(crate) fn is(&self, other: &Source) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The path that messages show.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The text under a span; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.0.text.get(span.start..span.end).unwrap_or("")
    }

    /// The 1-based line and the 1-based column, counted in characters, of a byte offset.
    /// Offsets past the end or inside a character are moved back to the nearest character.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.0.text.len());
        while !self.0.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts().partition_point(|&start| start <= offset);
        let start = self.line_starts()[line - 1];
        (line, self.0.text[start..offset].chars().count() + 1)
    }

    /// The byte offset of a 1-based line and a 1-based column counted in characters;
    /// positions past the end of a line or of the text give the end.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let Some(&start) = self.line_starts().get(line.saturating_sub(1)) else {
            return self.0.text.len();
        };
        let end = self.line_starts().get(line).copied().unwrap_or(self.0.text.len());
        let line_text = &self.0.text[start..end];
        line_text.char_indices().nth(column.saturating_sub(1)).map_or(end, |(at, _)| start + at)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?})", self.path())
    }
}

/// A range of bytes in a text, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from its two ends.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span moved by `offset` bytes to the right.
    pub fn shifted(self, offset: usize) -> Span {
        Span { start: self.start + offset, end: self.end + offset }
    }

    /// Whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// A span in a file.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub source: Source,
    /// The bytes in it.
    pub span: Span,
}

impl Place {
    /// The 1-based line and column where the place starts.
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters() {
        let source = Source::new("a.sql", "é1\nsecond\r\n");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(1), (1, 1), "inside é");
        assert_eq!(source.line_column(2), (1, 2));
        assert_eq!(source.line_column(4), (2, 1));
        assert_eq!(source.line_column(99), (3, 1));
        assert_eq!(source.offset(1, 2), 2);
        assert_eq!(source.offset(2, 1), 4);
        assert_eq!(source.offset(9, 9), source.text().len());
    }
}
