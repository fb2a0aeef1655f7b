//! Types that no longer fit each other in a query.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "type-mismatch",
    level: Level::Deny,
    summary: "a value, literal or row in a query does not fit the type that the schema gives to its place",
    docs: include_str!("type-mismatch.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("type-mismatch"), words },
};

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} breaks{}: {}", story.release, story.where_from(), story.hit.message);
    let help =
        "in three releases: add a column of the new type and keep both in step; use only the new one; drop the old one";
    Words { message, help: Some(if story.early { story.too_early() } else { help.to_owned() }) }
}
