//! Generated and identity columns that a query writes.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule, Story, Words};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "generated-column-written",
    level: Level::Deny,
    summary: "a query writes a column whose values the database computes",
    docs: include_str!("generated-column-written.md"),
    check: Check::Query {
        family: Family::Failure,
        find: |meeting| meeting.problems("generated-column-written"),
        words,
    },
};

fn words(story: &Story<'_>) -> Words {
    let (release, subject) = (story.release, story.subject());
    if story.early {
        let message = format!("{release} already writes {subject}, which is generated until here");
        return Words { message, help: Some(story.too_early()) };
    }
    let help = "in two releases: stop writing it; then make it generated";
    Words { message: format!("{release} still writes {subject}, generated from here on"), help: Some(help.to_owned()) }
}
