//! Labels of enums that a query names and a state lacks.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "enum-label-missing",
    level: Level::Deny,
    summary: "a query names an enum label that a schema of its window lacks",
    docs: include_str!("enum-label-missing.md"),
    check: Check::Query {
        family: Family::Failure,
        find: |meeting| meeting.problems("enum-label-missing"),
        words: |story| story.gone(),
    },
};
