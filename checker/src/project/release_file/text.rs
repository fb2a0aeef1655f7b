//! Where the SQL texts stand in a release file: its JSON strings, with the pieces that stand there byte for byte.

use crate::query::Segment;
use crate::source::{Place, Source, Span};

/// A text with its place.
#[derive(Clone, Debug)]
pub(super) struct Located {
    /// Between the quotes.
    pub(super) place: Place,
    /// The pieces without escapes.
    pub(super) segments: Vec<Segment>,
}

impl Located {
    /// A text whose place is not known.
    pub(super) fn unknown(source: &Source) -> Located {
        Located { place: Place { source: source.clone(), span: Span::default() }, segments: Vec::new() }
    }
}

/// The values of the `sql` fields, in order. A line holds one at most, as [`super::write`] writes them.
pub(super) fn query_texts(source: &Source) -> Vec<Located> {
    const FIELD: &str = "\",\"sql\":\"";
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in source.text().split_inclusive('\n') {
        if let Some(at) = line.strip_prefix("{\"file\":\"").and_then(|_| line.find(FIELD)) {
            found.push(located(source, line_start + at + FIELD.len()));
        }
        line_start += line.len();
    }
    found
}

/// The string whose first byte after the quote is at `start`.
fn located(source: &Source, start: usize) -> Located {
    let bytes = source.text().as_bytes();
    let mut segments = Vec::new();
    let (mut at, mut piece, mut decoded, mut piece_decoded) = (start, start, 0, 0);
    let push = |segments: &mut Vec<Segment>, piece: usize, at: usize, sql_start: usize| {
        if piece < at {
            segments.push(Segment { sql_start, source: source.clone(), span: Span::new(piece, at) });
        }
    };
    while let Some(byte) = bytes.get(at).filter(|byte| **byte != b'"') {
        if *byte != b'\\' {
            at += 1;
            decoded += 1;
            continue;
        }
        push(&mut segments, piece, at, piece_decoded);
        let (escape, length) = escape(source.text().get(at..).unwrap_or(""));
        at += escape;
        decoded += length;
        (piece, piece_decoded) = (at, decoded);
    }
    push(&mut segments, piece, at, piece_decoded);
    Located { place: Place { source: source.clone(), span: Span::new(start, at.min(bytes.len())) }, segments }
}

/// How many bytes an escape takes in the file, and how many its character takes in the text.
fn escape(text: &str) -> (usize, usize) {
    let unit = |text: &str| text.strip_prefix("\\u").and_then(|rest| u32::from_str_radix(rest.get(..4)?, 16).ok());
    match unit(text) {
        None => (2.min(text.len()), 1),
        Some(high @ 0xD800..0xDC00) => match text.get(6..).and_then(unit) {
            Some(0xDC00..0xE000) => (12, 4),
            _ => (6, char::from_u32(high).map_or(3, char::len_utf8)),
        },
        Some(code) => (6, char::from_u32(code).map_or(3, char::len_utf8)),
    }
}
