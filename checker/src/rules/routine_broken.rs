//! Triggers and functions on a query's path whose bodies no longer resolve.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "routine-broken",
    level: Level::Deny,
    summary: "a query runs a trigger or function whose body no longer resolves",
    docs: include_str!("routine-broken.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("routine-broken"), words },
};

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} {}{}: {}", story.release, story.breaks(), story.where_from(), story.hit.message);
    Words {
        message,
        help: Some(
            "replace the trigger or function in the same migration, so that its body fits both before and after"
                .to_owned(),
        ),
    }
}
