//! Pending migrations that fail on rows which the table may hold.

use crate::finding::{Cause, Level, Verdict};
use crate::rollout::{Alarm, Check, Course, PendingProblem, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "migration-fails-on-rows",
    level: Level::Warn,
    summary: "a pending migration fails if the table holds rows that it cannot take",
    docs: include_str!("migration-fails-on-rows.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let own = course.plan.problems.iter().filter(|problem| problem.problem.rule == RULE.id);
    own.filter(|problem| course.may_hold_rows(&problem.problem.about)).map(|problem| alarm(course, problem)).collect()
}

fn alarm(course: &Course<'_>, problem: &PendingProblem) -> Alarm {
    let migration = problem.migration.and_then(|position| course.plan.migrations.get(position));
    let version = migration.map_or(String::new(), |migration| migration.version.text.clone());
    Alarm {
        level: None,
        verdict: Verdict::MayBreak,
        release: None,
        subject: format!("{}:{:012}", problem.place.source.path(), problem.place.span.start),
        message: format!("{version} fails if the table has rows that it cannot take: {}", problem.problem.message),
        help: Some(
            "give the column a value in every row first: add it nullable or with a default, fill it, then require it"
                .to_owned(),
        ),
        query: None,
        states: vec![(problem.state, problem.state)],
        causes: vec![Cause { version, place: problem.place.clone() }],
    }
}
