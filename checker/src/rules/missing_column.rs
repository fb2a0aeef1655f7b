//! Columns that a query names, or that code expects from a `*`, and a state lacks.

use crate::finding::{Level, Verdict};
use crate::query::Reads;
use crate::rollout::{Check, Family, Hit, Meeting, Rule, key_of_column};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "missing-column",
    level: Level::Deny,
    summary: "a query names a column that a schema of its window lacks, or code reads one that `*` no longer gives",
    docs: include_str!("missing-column.md"),
    check: Check::Query { family: Family::Failure, find, words: |story| story.gone() },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    let mut hits = meeting.problems(RULE.id);
    if meeting.accepted() {
        hits.extend(unread(meeting));
    }
    hits
}

/// A column that the query gave at its contract and does not give now.
fn unread(meeting: &Meeting<'_>) -> Option<Hit> {
    let (then, now) = (&meeting.contract.analysis.shape, &meeting.met.analysis.shape);
    if !then.complete || !now.complete {
        return None;
    }
    let lost = then.columns.iter().find(|column| !now.columns.iter().any(|other| other.name == column.name))?;
    let by_position = meeting.query.by_position();
    let verdict = match (&meeting.query.reads, by_position) {
        (Some(Reads::Names(reads)), Some(false)) => match reads.iter().find(|read| *read.name == *lost.name) {
            Some(read) if !read.default => Verdict::Breaks,
            _ => return None,
        },
        // A column that goes moves all that follow.
        (_, Some(true)) if now.columns.len() < then.columns.len() => Verdict::Breaks,
        (_, Some(true)) => return None,
        _ => Verdict::Unknown,
    };
    let about = key_of_column(meeting.contract.schema, lost.origin).into_iter().collect();
    Some(Hit {
        rule: RULE.id,
        verdict,
        span: meeting.span_of(lost),
        label: format!("no longer gives `{}`", lost.name),
        message: format!("the query no longer returns `{}`", lost.name),
        about,
        by_step: false,
    })
}
