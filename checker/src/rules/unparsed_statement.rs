//! Statements of pending migrations that are not understood.

use crate::finding::{Cause, Level, Verdict};
use crate::rollout::{Alarm, Check, Course, PendingProblem, Rule, Standing};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unparsed-statement",
    level: Level::Warn,
    summary: "a statement of a pending migration is not understood",
    docs: include_str!("unparsed-statement.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let unread: Vec<&PendingProblem> =
        course.plan.problems.iter().filter(|problem| problem.problem.rule == RULE.id).collect();
    let mut alarms: Vec<Alarm> = unread.iter().map(|problem| alarm(course, problem)).collect();
    for (release, part) in course.releases.iter().enumerate() {
        for (index, judged) in part.queries.iter().enumerate() {
            if judged.standing != Standing::Sound || !judged.contract.unknowns.is_empty() {
                continue;
            }
            let Some(stretch) =
                judged.stretches.iter().find(|stretch| stretch.live && !stretch.analysis.unknowns.is_empty())
            else {
                continue;
            };
            let Some(problem) = unread.iter().rev().find(|problem| problem.state <= stretch.from) else { continue };
            let span =
                stretch.analysis.unknowns.first().map_or_else(crate::source::Span::default, |unknown| unknown.span);
            alarms.push(Alarm {
                release: Some(release),
                query: Some((index, span, "depends on it".to_owned())),
                states: vec![(stretch.from, stretch.to)],
                ..alarm(course, problem)
            });
        }
    }
    alarms
}

fn alarm(course: &Course<'_>, problem: &PendingProblem) -> Alarm {
    let migration = problem.migration.and_then(|position| course.plan.migrations.get(position));
    let version = migration.map_or(String::new(), |migration| migration.version.text.clone());
    Alarm {
        level: None,
        verdict: Verdict::Unknown,
        release: None,
        subject: format!("{}:{:012}", problem.place.source.path(), problem.place.span.start),
        message: format!("what {version} does here is not understood: {}", problem.problem.message),
        help: Some("queries that name what the statement names are unknown from here on".to_owned()),
        query: None,
        states: vec![(problem.state, course.plan.end)],
        causes: vec![Cause { version, place: problem.place.clone() }],
    }
}
