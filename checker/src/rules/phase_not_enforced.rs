//! Contract migrations that nothing holds back.

use crate::finding::{Level, Verdict};
use crate::rollout::{Alarm, Check, Course, Rule, migration_cause};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "phase-not-enforced",
    level: Level::Warn,
    summary: "a migration is marked to run after the old release is gone, and nothing holds it back",
    docs: include_str!("phase-not-enforced.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let loose = course.pending().iter().enumerate().filter(|(_, migration)| migration.marked && !migration.contract);
    let alarm = |(position, migration): (usize, &&crate::migration::Migration)| {
        Alarm {
        level: None,
        verdict: Verdict::Runs,
        release: None,
        subject: migration.version.text.clone(),
        message: format!("{} is marked as a contract migration, and nothing holds it back", migration.version.text),
        help: Some(
            "say in schemacheck.toml what does (a directory of its own, a target version, the next release); until then it counts \
             as applied with the others"
                .to_owned(),
        ),
        query: None,
        states: course.plan.line.steps_of(course.plan.applied + position).map(|(first, _)| (first, first)).into_iter().collect(),
        causes: vec![migration_cause(migration)],
    }
    };
    loose.map(alarm).collect()
}
