//! Result columns whose type the code does not read.

use crate::analysis::OutputColumn;
use crate::finding::{Level, Verdict};
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words, key_of_column, reads, refuses};
use crate::schema::Key;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "result-type-changed",
    level: Level::Deny,
    summary: "a result column has a type that the code was not made for",
    docs: include_str!("result-type-changed.md"),
    check: Check::Query { family: Family::Failure, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    if !meeting.accepted() {
        return Vec::new();
    }
    let pairs = meeting.paired_columns();
    let mapped = pairs.iter().filter_map(|(then, now)| unmapped(meeting, then, now));
    let mapped: Vec<Hit> = mapped.collect();
    let changed = pairs.into_iter().filter(|(then, now)| then.ty != now.ty).filter_map(|(then, now)| {
        if !then.ty.id.is_sure() || !now.ty.id.is_sure() {
            return None;
        }
        let (old, new) = (meeting.contract.schema, meeting.met.schema);
        let verdict = match reads(meeting.query.call, (old, then.ty), (new, now.ty)) {
            Some(true) => return None,
            Some(false) if meeting.surely_read(then) => Verdict::Breaks,
            Some(false) => Verdict::Unknown,
            None if old.format_type(then.ty) == new.format_type(now.ty) => return None,
            None => Verdict::Unknown,
        };
        let (from, to) = (old.format_type(then.ty), new.format_type(now.ty));
        Some(Hit {
            rule: RULE.id,
            verdict,
            span: meeting.span_of(then),
            label: format!("{to}, read as {from}"),
            message: format!("result column `{}` is {to}, and the code reads {from}", then.name),
            about: key_of_column(old, then.origin).into_iter().collect(),
            by_step: false,
        })
    });
    changed.chain(mapped).collect()
}

/// A type that has other parts than the code's own.
fn unmapped(meeting: &Meeting<'_>, then: &OutputColumn, now: &OutputColumn) -> Option<Hit> {
    let (old, new) = (meeting.contract.schema, meeting.met.schema);
    let refused = refuses(&meeting.query.types, true, (old, then.ty), (new, now.ty))?;
    let read = meeting.surely_read(then);
    Some(Hit {
        rule: RULE.id,
        verdict: if read { Verdict::Breaks } else { Verdict::Unknown },
        span: meeting.span_of(then),
        label: format!("of type `{}`", refused.name),
        message: format!("the type `{}` of result column `{}` {}", refused.name, then.name, refused.why),
        about: vec![Key::Type(refused.name)],
        by_step: false,
    })
}

fn words(story: &Story<'_>) -> Words {
    let (release, subject) = (story.release, story.subject());
    if story.early {
        let message = format!("{release} already reads {subject} as it is from here on: {}", story.hit.message);
        return Words { message, help: Some(story.too_early()) };
    }
    let message = match story.hit.about.first() {
        Some(_) => format!("{release} reads {subject}, {}: {}", story.fate.here(), story.hit.message),
        None => format!("{release} breaks{}: {}", story.where_from(), story.hit.message),
    };
    Words { message, help: Some(HELP.to_owned()) }
}

const HELP: &str =
    "in three releases: add a column of the new type and keep both in step; read only the new one; drop the old one";
