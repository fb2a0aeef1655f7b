//! Columns that an insert leaves out and that take neither NULL nor a default.

use crate::finding::Level;
use crate::rollout::{Check, Family, Fate, Rule, Story, Words, named};
use crate::schema::Key;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "required-column-omitted",
    level: Level::Deny,
    summary: "an insert leaves out a column that takes neither NULL nor a default",
    docs: include_str!("required-column-omitted.md"),
    check: Check::Query { family: Family::Failure, find: |meeting| meeting.problems("required-column-omitted"), words },
};

fn words(story: &Story<'_>) -> Words {
    let column = story.hit.about.iter().find(|key| matches!(key, Key::Column(..)));
    let (release, subject) = (story.release, column.map_or_else(|| story.subject(), named));
    if story.early {
        let message = format!("{release} already inserts without {subject}, which must be given until here");
        return Words { message, help: Some(story.too_early()) };
    }
    let how = match &story.fate {
        Fate::Added => "added here without a default",
        Fate::WithoutDefault => "which has no default from here on",
        _ => "required from here on",
    };
    let help = "give it a default, or add it nullable and make it NOT NULL when no running release inserts without it";
    Words { message: format!("{release} inserts without {subject}, {how}"), help: Some(help.to_owned()) }
}
