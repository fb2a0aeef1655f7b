//! Labels that the code's enum and the type of the database do not share, where a value of them is sent or stored.

use crate::finding::{Level, Verdict};
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words, differing, enum_in, key_of_column};
use crate::schema::{Key, Schema, Type};
use crate::source::Span;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "enum-labels-differ",
    level: Level::Warn,
    summary: "the code's enum lacks a label that may be stored, or may send one that the type lacks",
    docs: include_str!("enum-labels-differ.md"),
    check: Check::Query { family: Family::Own, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    if !meeting.accepted() || meeting.query.types.is_empty() {
        return Vec::new();
    }
    let read = meeting.paired_columns().into_iter().filter_map(|(then, now)| {
        let known = key_of_column(meeting.contract.schema, then.origin);
        labels(meeting, true, (then.ty, now.ty), (meeting.span_of(then), known))
    });
    let (then, now) = (&meeting.contract.analysis.shape.parameters, &meeting.met.analysis.shape.parameters);
    let sent = then.iter().zip(now).filter_map(|(a, b)| labels(meeting, false, (*a, *b), (meeting.whole(), None)));
    read.chain(sent).collect()
}

/// The first label that matters, of one result column or parameter.
fn labels(meeting: &Meeting<'_>, reading: bool, (a, b): (Type, Type), at: (Span, Option<Key>)) -> Option<Hit> {
    let (then, now) = ((meeting.contract.schema, a), (meeting.met.schema, b));
    let found = differing(&meeting.query.types, reading, then, now)?;
    let name = found.name;
    let (label, message) = found.labels.into_iter().find_map(|label| {
        if !reading {
            return Some((label, format!("the code's enum may be `{label}`, which the type `{name}` lacks")));
        }
        let why = match renamed(then, now, label) {
            Some(old) => format!("`{old}` is stored"),
            None => format!("{} can store it", (meeting.label_writer)(name, label)?),
        };
        Some((label, format!("the code's enum lacks the label `{label}` of the type `{name}`: {why}")))
    })?;
    let (span, column) = at;
    Some(Hit {
        rule: RULE.id,
        verdict: Verdict::MayBreak,
        span,
        label: format!("{} a value of type `{name}`", if reading { "reads" } else { "sends" }),
        message,
        about: [Key::Label(name.into(), label.into())].into_iter().chain(column).collect(),
        by_step: false,
    })
}

/// The label that is called otherwise now: it is in rows already.
fn renamed<'a>(then: (&'a Schema, Type), now: (&Schema, Type), label: &str) -> Option<&'a str> {
    let (_, _, before) = enum_in(then.0, then.1)?;
    let (_, _, after) = enum_in(now.0, now.1)?;
    let place = after.iter().position(|one| **one == *label).filter(|_| before.len() == after.len())?;
    before.get(place).filter(|old| !after.contains(old)).map(|old| &**old)
}

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} may break{}: {}", story.release, story.where_from(), story.hit.message);
    let help = match story.early {
        true => story.too_early(),
        false => "in two releases: give the code's enum the label; then let something store it".to_owned(),
    };
    Words { message, help: Some(help) }
}
