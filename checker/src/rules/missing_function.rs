//! Functions and operators that a query calls and a state lacks.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "missing-function",
    level: Level::Deny,
    summary: "a query calls a function or operator that a schema of its window lacks",
    docs: include_str!("missing-function.md"),
    check: Check::Query {
        family: Family::Failure,
        find: |meeting| meeting.problems("missing-function"),
        words: |story| story.gone(),
    },
};
