//! Tables and views that a query names and a state lacks.

use crate::finding::Level;
use crate::rollout::{Check, Family, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "missing-table",
    level: Level::Deny,
    summary: "a query names a table or view that a schema of its window lacks",
    docs: include_str!("missing-table.md"),
    check: Check::Query {
        family: Family::Failure,
        find: |meeting| meeting.problems("missing-table"),
        words: |story| story.gone(),
    },
};
