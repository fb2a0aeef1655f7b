//! Queries on every state, for people.

use std::fmt::Write as _;

use super::printable;
use crate::finding::Verdict;
use crate::rollout::Matrix;

/// Queries on every state: a line for each stretch.
pub fn text(matrix: &Matrix) -> String {
    let mut out = String::new();
    let version = |index: usize| {
        matrix.states.get(index).and_then(|state| state.version.as_deref()).unwrap_or("(empty)").to_owned()
    };
    for row in &matrix.rows {
        let place = &row.query.place;
        let (line, column) = place.line_column();
        let _ = writeln!(out, "{}:{}:{line}:{column}", row.release, place.source.path());
        for text in row.query.sql.trim().lines().take(4) {
            let _ = writeln!(out, "    | {}", text.trim_end());
        }
        for stretch in &row.stretches {
            let verdict = match stretch.verdict {
                Verdict::Runs => "runs",
                Verdict::Breaks => "breaks",
                Verdict::MayBreak => "may break",
                Verdict::Unknown => "unknown",
            };
            let range = if stretch.from == stretch.to {
                version(stretch.from)
            } else {
                format!("{} .. {}", version(stretch.from), version(stretch.to))
            };
            let why =
                if stretch.reasons.is_empty() { String::new() } else { format!(": {}", stretch.reasons.join("; ")) };
            let _ = writeln!(out, "    {range}: {verdict}{why}");
        }
        out.push('\n');
    }
    printable(&out).into_owned()
}
