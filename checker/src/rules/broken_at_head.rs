//! Queries of the candidate that do not run on its own schema.

use crate::analysis::Problem;
use crate::finding::{Level, Verdict};
use crate::rollout::{Alarm, Check, Course, Fate, Judged, OwnedQuery, Ownership, Part, Rule, Standing, named};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "broken-at-head",
    level: Level::Deny,
    summary: "a query does not run on the schema of its own release",
    docs: include_str!("broken-at-head.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let Some((release, part)) = course.candidate() else { return Vec::new() };
    let broken = (0..part.queries.len()).filter_map(|index| {
        let (owned, judged) = part.query(index)?;
        let problem = judged.contract.refused_for_good()?;
        (judged.standing == Standing::Broken).then_some((index, owned, judged, problem))
    });
    let alarm = |(index, owned, judged, problem)| alarm(course, (release, part), (index, owned, judged), problem);
    broken.filter_map(alarm).collect()
}

fn alarm(
    course: &Course<'_>,
    (release, part): (usize, &Part<'_>),
    (index, owned, judged): (usize, &OwnedQuery, &Judged),
    problem: &Problem,
) -> Option<Alarm> {
    let twin = course.running_twin(&owned.query.sql);
    let old = twin.is_some_and(|twin| twin.standing == Standing::Broken);
    if old && course.nothing_pending() {
        return None;
    }
    let unknown = judged.contract.problems.iter().all(|problem| names_unknown_relation(course, problem));
    // What stands in `sql!` is meant for the package's database.
    let meant = owned.query.in_sql_macro && owned.ownership == Ownership::Certain;
    let foreign = unknown && !meant;
    let level = match (old, foreign || owned.query.listed_only) {
        (true, _) => Some(Level::Note),
        (false, true) => Some(Level::Warn),
        (false, false) => None,
    };
    let id = &part.release.id;
    let change = judged.broke_at.and_then(|state| course.change_at(state, &problem.about));
    let message = match (&change, problem.about.first()) {
        (_, Some(_)) if foreign => format!("queries of {id} name relations that its migrations do not create"),
        (Some((_, fate @ (Fate::Renamed(_) | Fate::Dropped | Fate::Moved(_) | Fate::Retyped(..)))), Some(key)) => {
            format!("{id} itself still uses {}, {}", named(key), fate.here())
        }
        _ => format!("a query of {id} does not run on its own schema: {}", problem.message),
    };
    let help = match (foreign, unknown) {
        (true, _) => "say in schemacheck.toml which database they are for, or list what others create under `given`",
        (false, true) => "change the query, or list what others create under `given` in schemacheck.toml",
        (false, false) => "change the query or the migration, so that they fit",
    };
    Some(Alarm {
        level,
        verdict: Verdict::Breaks,
        release: Some(release),
        subject: message.clone(),
        message,
        help: Some(help.to_owned()),
        query: Some((index, problem.span, problem.label.clone())),
        states: vec![(course.plan.end, course.plan.end)],
        causes: change.into_iter().map(|(cause, _)| cause).collect(),
    })
}

/// Whether the problem is a relation that no migration ever named.
fn names_unknown_relation(course: &Course<'_>, problem: &Problem) -> bool {
    problem.rule == "missing-table" && !problem.about.iter().any(|key| course.plan.line.knew(key, course.plan.end))
}
