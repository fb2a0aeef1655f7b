//! Queries that are not understood.

use crate::finding::{Level, Role, Verdict};
use crate::rollout::{Alarm, Check, Course, Judged, Part, Rule, Standing};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unparsed-query",
    level: Level::Warn,
    summary: "a query is not understood",
    docs: include_str!("unparsed-query.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for (release, part) in course.releases.iter().enumerate() {
        let unread = part.queries.iter().enumerate().filter(|(_, judged)| judged.standing == Standing::Unread);
        alarms.extend(unread.filter_map(|(index, judged)| alarm(course, (release, part), index, judged)));
    }
    alarms
}

fn alarm(course: &Course<'_>, (release, part): (usize, &Part<'_>), index: usize, judged: &Judged) -> Option<Alarm> {
    let (owned, _) = part.query(index)?;
    let unknown = judged.contract.unknowns.first()?;
    // One whose names nothing touches does what it did before.
    let touched = judged.stretches.iter().filter(|stretch| stretch.live).count() > 1;
    let old = part.role != Role::Candidate
        || course.running_twin(&owned.query.sql).is_some_and(|twin| twin.standing == Standing::Unread);
    let level = match (touched, old) {
        (true, _) | (_, false) => None,
        (false, true) if part.role == Role::Candidate && !course.nothing_pending() => Some(Level::Note),
        (false, true) => return None,
    };
    Some(Alarm {
        level,
        verdict: Verdict::Unknown,
        release: Some(release),
        subject: format!("{release} {level:?}"),
        message: format!("queries of {} are not understood", part.release.id),
        help: None,
        query: Some((index, unknown.span, unknown.reason.clone())),
        states: judged
            .stretches
            .iter()
            .filter(|stretch| stretch.live)
            .map(|stretch| (stretch.from, stretch.to))
            .collect(),
        causes: Vec::new(),
    })
}
