//! Relations that no longer take what a query does to them, although all names are found.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "operation-refused",
    level: Level::Deny,
    summary: "a table or view of a query no longer takes what the query does to it",
    docs: include_str!("operation-refused.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("operation-refused"), words },
};

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} {}{}: {}", story.release, story.breaks(), story.where_from(), story.hit.message);
    let help = "change the query first, so that it runs both before and after; release that; then migrate";
    Words { message, help: Some(if story.early { story.too_early() } else { help.to_owned() }) }
}
