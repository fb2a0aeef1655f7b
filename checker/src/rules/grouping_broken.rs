//! Grouped queries whose columns the group no longer determines.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "grouping-broken",
    level: Level::Deny,
    summary: "a query selects columns that its GROUP BY no longer determines",
    docs: include_str!("grouping-broken.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("grouping-broken"), words },
};

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} breaks{}: {}", story.release, story.where_from(), story.hit.message);
    let help = "in two releases: name every selected column in GROUP BY; then change the key".to_owned();
    Words { message, help: Some(if story.early { story.too_early() } else { help }) }
}
