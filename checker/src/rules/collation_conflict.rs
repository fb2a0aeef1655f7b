//! Texts of different collations that a query compares.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "collation-conflict",
    level: Level::Deny,
    summary: "a query compares columns that have different collations on a schema of its window",
    docs: include_str!("collation-conflict.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("collation-conflict"), words },
};

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} {}{}: {}", story.release, story.breaks(), story.where_from(), story.hit.message);
    let help = "name the collation in the query (`COLLATE …`), release that, then change the column";
    Words { message, help: Some(if story.early { story.too_early() } else { help.to_owned() }) }
}
