//! Migrators of running releases that refuse to start on a newer database.

use crate::finding::{Level, Verdict};
use crate::rollout::{Alarm, Check, Course, Part, Rule, migration_cause};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "migrator-refuses-schema",
    level: Level::Warn,
    summary: "the old release migrates when it starts, and refuses a database with newer migrations",
    docs: include_str!("migrator-refuses-schema.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    course.baselines().filter_map(|(release, part)| alarm(course, release, part)).collect()
}

fn alarm(course: &Course<'_>, release: usize, part: &Part<'_>) -> Option<Alarm> {
    let history = part.history()?;
    let migrator = part.release.migrator;
    let unknown = course
        .pending()
        .iter()
        .find(|migration| !history.migrations.iter().any(|own| own.version == migration.version))?;
    if !history.layout.refuses_unknown || !migrator.at_start || migrator.ignores_unknown {
        return None;
    }
    let (id, version) = (&part.release.id, &unknown.version.text);
    Some(Alarm {
        level: None,
        verdict: Verdict::Runs,
        release: Some(release),
        subject: id.clone(),
        message: format!(
            "{id} cannot start again after {version}: it migrates when it starts, and {} refuses applied migrations that it \
             does not ship",
            history.layout.id
        ),
        help: Some(
            "tell the migrator to accept them (`set_ignore_missing(true)`, `ignore_missing`, …), or migrate outside the program"
                .to_owned(),
        ),
        query: None,
        states: vec![(course.plan.start + 1, course.plan.end)],
        causes: vec![migration_cause(unknown)],
    })
}
