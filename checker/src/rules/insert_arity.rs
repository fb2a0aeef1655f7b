//! Values and columns whose numbers do not fit.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "insert-arity",
    level: Level::Deny,
    summary: "an insert, set operation or row gives another number of values than the schema takes",
    docs: include_str!("insert-arity.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("insert-arity"), words },
};

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} breaks{}: {}", story.release, story.where_from(), story.hit.message);
    let help = "in two releases: name the columns in the query; then change the table".to_owned();
    Words { message, help: Some(if story.early { story.too_early() } else { help }) }
}
