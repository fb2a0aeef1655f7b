//! Views that no longer resolve.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "view-broken",
    level: Level::Deny,
    summary: "a query reads a view that no longer resolves",
    docs: include_str!("view-broken.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("view-broken"), words },
};

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} breaks{}: {}", story.release, story.where_from(), story.hit.message);
    Words { message, help: Some("recreate the view in the same migration".to_owned()) }
}
