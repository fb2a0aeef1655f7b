//! Names that stand for more than one column on a state.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "ambiguous-column",
    level: Level::Deny,
    summary: "a name in a query can mean two columns on a schema of its window",
    docs: include_str!("ambiguous-column.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("ambiguous-column"), words },
};

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} breaks{}: {}", story.release, story.where_from(), story.hit.message);
    let help = "in two releases: qualify the column in the query; then add the column".to_owned();
    Words { message, help: Some(if story.early { story.too_early() } else { help }) }
}
