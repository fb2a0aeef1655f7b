//! Applied migrations whose text the candidate changes.

use crate::finding::{Level, Verdict};
use crate::migration::Migration;
use crate::rollout::{Alarm, Check, Course, Rule, migration_cause};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "migration-edited",
    level: Level::Deny,
    summary: "a migration that is applied already has another text in the new release",
    docs: include_str!("migration-edited.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let layout = course.input.candidate.history.as_ref().map(|history| history.layout);
    let checked = layout.filter(|layout| layout.checksums);
    let alarm = |(_, now): &(&Migration, &Migration)| {
        let version = &now.version.text;
        let message = match (checked, &course.plan.edit_differs) {
            (Some(layout), _) => {
                format!("{version} was edited after it was applied: {} refuses it by its checksum", layout.id)
            }
            (None, Some(difference)) => {
                format!(
                    "{version} was edited after it was applied, and databases differ by when they got it: {difference}"
                )
            }
            (None, None) => return None,
        };
        Some(Alarm {
            level: None,
            verdict: Verdict::Breaks,
            release: course.candidate().map(|(release, _)| release),
            subject: version.clone(),
            message,
            help: Some("put the old text back, and the change into a new migration".to_owned()),
            query: None,
            states: vec![(course.plan.start, course.plan.end)],
            causes: vec![migration_cause(now)],
        })
    };
    course.plan.edited.iter().filter_map(alarm).collect()
}
