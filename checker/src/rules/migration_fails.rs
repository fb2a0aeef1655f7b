//! Pending migrations that the server refuses.

use crate::finding::{Cause, Level, Verdict};
use crate::rollout::{Alarm, Check, Course, PendingProblem, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "migration-fails",
    level: Level::Deny,
    summary: "a pending migration fails on the schema that it finds",
    docs: include_str!("migration-fails.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let own = course.plan.problems.iter().filter(|problem| problem.problem.rule == RULE.id && !problem.by_order);
    let mut alarms: Vec<Alarm> = own.map(|problem| alarm(course, problem)).collect();
    for upgrade in &course.plan.upgrades {
        alarms.extend(upgrade.problems.iter().map(|(cause, message)| Alarm {
            message: format!("the upgrade from {} fails: {message}", upgrade.id),
            causes: vec![cause.clone()],
            ..blank(format!("{}{}", upgrade.id, message))
        }));
    }
    alarms
}

fn alarm(course: &Course<'_>, problem: &PendingProblem) -> Alarm {
    let migration = problem.migration.and_then(|position| course.plan.migrations.get(position));
    let version = migration.map_or(String::new(), |migration| migration.version.text.clone());
    let name = if version.is_empty() { "a repeatable file".to_owned() } else { version.clone() };
    Alarm {
        message: format!("{name} fails: {}", problem.problem.message),
        states: vec![(problem.state, problem.state)],
        causes: vec![Cause { version, place: problem.place.clone() }],
        ..blank(format!("{}:{:012}", problem.place.source.path(), problem.place.span.start))
    }
}

fn blank(subject: String) -> Alarm {
    Alarm {
        level: None,
        verdict: Verdict::Breaks,
        release: None,
        subject,
        message: String::new(),
        help: None,
        query: None,
        states: Vec::new(),
        causes: Vec::new(),
    }
}
