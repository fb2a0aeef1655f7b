//! Types that a query names and a state lacks.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "missing-type",
    level: Level::Deny,
    summary: "a query names a type that a schema of its window lacks",
    docs: include_str!("missing-type.md"),
    check: Check::Query {
        family: Family::Failure,
        find: |meeting| meeting.problems("missing-type"),
        words: |story| story.gone(),
    },
};
