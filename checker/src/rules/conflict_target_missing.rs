//! Conflict targets without a unique index that fits.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "conflict-target-missing",
    level: Level::Deny,
    summary: "an ON CONFLICT target has no unique index that fits",
    docs: include_str!("conflict-target-missing.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("conflict-target-missing"), words },
};

fn words(story: &Story<'_>) -> Words {
    let release = story.release;
    if story.early {
        let message = format!(
            "{release} already relies on a unique index that is only there from here on: {}",
            story.hit.message
        );
        return Words { message, help: Some(story.too_early()) };
    }
    let help = "in two releases: create the new unique index beside the old one and use it; then drop the old one";
    let message = format!("{release} relies on a unique index that goes{}: {}", story.where_from(), story.hit.message);
    Words { message, help: Some(help.to_owned()) }
}
