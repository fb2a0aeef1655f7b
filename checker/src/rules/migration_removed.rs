//! Applied migrations that the candidate does not ship.

use crate::finding::{Level, Verdict};
use crate::rollout::{Alarm, Check, Course, Rule, migration_cause};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "migration-removed",
    level: Level::Deny,
    summary: "a migration that is applied already is not in the new release, whose own schema differs without it",
    docs: include_str!("migration-removed.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let removed = &course.plan.removed;
    let Some(first) = removed.first() else { return Vec::new() };
    let rest = match removed.len() {
        1 => String::new(),
        more => format!(" and {} more", more - 1),
    };
    let verb = if removed.len() == 1 { "is" } else { "are" };
    vec![Alarm {
        level: None,
        verdict: Verdict::Breaks,
        release: course.candidate().map(|(release, _)| release),
        subject: String::new(),
        message: format!("{}{rest} {verb} applied and no longer shipped", first.version.text),
        help: Some("put the files back, and undo what they did in a new migration".to_owned()),
        query: None,
        states: vec![(course.plan.start, course.plan.end)],
        causes: removed.iter().map(|migration| migration_cause(migration)).collect(),
    }]
}
