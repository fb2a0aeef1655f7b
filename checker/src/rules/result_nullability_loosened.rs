//! Result columns that can be NULL from a state on, read by code that does not expect it.

use crate::analysis::OutputColumn;
use crate::finding::{Level, Verdict};
use crate::query::{MacroColumn, Query, Reads, macro_column};
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
    // A condition of the query may keep the new rows out.
    if !newly || now.nullable == Some(false) || !reads_plain(meeting, position, then) {
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
    let query = meeting.query;
    let never = column.nullable == Some(false);
    let by_macro = query.call.is_compiled_against();
    let named = if by_macro { macro_column(&column.name) } else { MacroColumn { name: &column.name, nullable: None } };
    match &query.reads {
        Some(Reads::Names(reads)) => {
            let plain = reads.iter().any(|read| *read.name == *named.name && !read.optional);
            plain && (never || named.nullable == Some(false))
        }
        Some(Reads::Positions(reads)) => never && reads.get(position).is_some_and(|read| !read.optional),
        None if !by_macro => false,
        None => match (named.nullable, listed(query, position)) {
            (Some(nullable), _) => !nullable,
            (None, Some(nullable)) => !nullable,
            (None, None) => column.is_described_not_null(meeting.contract.schema),
        },
    }
}

/// What the prepared list says of a column's nullability: what the code was compiled with.
fn listed(query: &Query, position: usize) -> Option<bool> {
    let (_, _, nullable) = query.described.as_ref()?.columns.get(position)?;
    // What is not known is given an `Option`.
    Some(nullable.unwrap_or(true))
}

fn words(story: &Story<'_>) -> Words {
    let (release, subject) = (story.release, story.subject());
    let message = format!("{release} reads {subject} as never NULL, {}: {}", story.fate.here(), story.hit.message);
    let help = "in two releases: read the column as optional; then drop NOT NULL and store NULL".to_owned();
    Words { message, help: Some(help) }
}
