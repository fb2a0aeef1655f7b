//! Result columns that can be NULL from a state on, read by code that does not expect it.

use crate::analysis::OutputColumn;
use crate::finding::{Level, Verdict};
use crate::query::Reads;
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words, key_of_column};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "result-nullability-loosened",
    level: Level::Warn,
    summary: "a column that the code reads as never NULL can hold NULL, and something in the rollout stores it",
    docs: include_str!("result-nullability-loosened.md"),
    check: Check::Query { family: Family::Own, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    if !meeting.accepted() || !meeting.comparable {
        return Vec::new();
    }
    let pairs = meeting.paired_columns();
    pairs.into_iter().enumerate().filter_map(|(position, (then, now))| loosened(meeting, position, then, now)).collect()
}

fn loosened(meeting: &Meeting<'_>, position: usize, then: &OutputColumn, now: &OutputColumn) -> Option<Hit> {
    let (relation, column) = now.origin?;
    let refuses = |schema: &crate::schema::Schema| {
        schema.relation(relation).and_then(|relation| relation.column_numbered(column).map(|column| column.not_null))
    };
    let newly = refuses(meeting.contract.schema) == Some(true) && refuses(meeting.met.schema) == Some(false);
    if !newly || then.nullable != Some(false) || !reads_plain(meeting, position, then) {
        return None;
    }
    let writer = (meeting.null_writer)(relation, column)?;
    Some(Hit {
        rule: RULE.id,
        verdict: Verdict::MayBreak,
        span: meeting.span_of(then),
        label: "read as never NULL".to_owned(),
        message: format!("{writer} can store NULL in `{}`", then.name),
        about: key_of_column(meeting.contract.schema, then.origin).into_iter().collect(),
        by_step: false,
    })
}

/// Whether the code reads the column without a place for NULL.
fn reads_plain(meeting: &Meeting<'_>, position: usize, column: &OutputColumn) -> bool {
    match &meeting.query.reads {
        Some(Reads::Names(reads)) => reads.iter().any(|read| *read.name == *column.name && !read.optional),
        Some(Reads::Positions(reads)) => reads.get(position).is_some_and(|read| !read.optional),
        // Checked macros give an `Option` to what can be NULL, unless the column's name says otherwise.
        None => meeting.query.call.is_compiled_against() && !column.name.ends_with('?'),
    }
}

fn words(story: &Story<'_>) -> Words {
    let (release, subject) = (story.release, story.subject());
    let message = format!("{release} reads {subject} as never NULL, {}: {}", story.fate.here(), story.hit.message);
    let help = "in two releases: read the column as optional; then drop NOT NULL and store NULL".to_owned();
    Words { message, help: Some(help) }
}
