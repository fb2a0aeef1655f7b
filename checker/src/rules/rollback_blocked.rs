//! Migrations after which the old code cannot come back.

use crate::finding::{Level, Verdict};
use crate::rollout::{Alarm, Check, Course, Judged, Part, Rule, Standing};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "rollback-blocked",
    level: Level::Warn,
    summary: "after a migration the old release cannot come back",
    docs: include_str!("rollback-blocked.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for (release, part) in course.baselines() {
        for (index, judged) in part.queries.iter().enumerate() {
            alarms.extend(alarm(course, (release, part), index, judged));
        }
    }
    alarms
}

fn alarm(course: &Course<'_>, (release, part): (usize, &Part<'_>), index: usize, judged: &Judged) -> Option<Alarm> {
    // What breaks while the rollout goes on is said already.
    if judged.standing != Standing::Sound || judged.worst() == Verdict::Breaks {
        return None;
    }
    let breaks = |verdict| verdict == Verdict::Breaks;
    let after = judged.stretches.iter().filter(|stretch| !stretch.live);
    let (stretch, hit) =
        after.filter_map(|stretch| Some((stretch, stretch.hits.iter().find(|hit| breaks(hit.verdict))?))).next()?;
    let id = &part.release.id;
    let origin = course.origin(judged, stretch, hit);
    let version = match &origin {
        Some((cause, _)) => cause.version.clone(),
        None => course.migration_of(stretch.from)?.version.text.clone(),
    };
    let to = judged.stretches.iter().filter(|other| !other.live && other.hits.iter().any(|hit| breaks(hit.verdict)));
    Some(Alarm {
        level: Some(course.input.rollout.rollback),
        verdict: Verdict::Breaks,
        release: Some(release),
        message: format!("no way back to {id} after {version}"),
        subject: format!("{id} {version}"),
        help: Some("put what takes things away into a later release than what stops using them".to_owned()),
        query: Some((index, hit.span, hit.label.clone())),
        states: to.map(|stretch| (stretch.from, stretch.to)).collect(),
        causes: origin.into_iter().map(|(cause, _)| cause).collect(),
    })
}
