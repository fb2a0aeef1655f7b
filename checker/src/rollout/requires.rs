//! Which pending migrations the candidate cannot do without.

use std::collections::BTreeMap;

use crate::analysis::Problem;

use super::course::{Course, Standing};
use super::findings::place;
use super::report::Requirement;
use super::texts::Texts;

/// The pending migrations after which a query of the candidate gets further than before, with those queries.
pub(crate) fn requires(course: &Course<'_>, texts: &Texts<'_>) -> Vec<Requirement> {
    let Some((_, part)) = course.candidate() else { return Vec::new() };
    let plan = course.plan;
    let mut needed: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, (owned, judged)) in part.release.queries.iter().zip(&part.queries).enumerate() {
        if judged.standing != Standing::Sound {
            continue;
        }
        let text = texts.sent(part.release, &owned.query);
        let (_, mut end, mut before) = texts.on(&text, plan.start);
        while end < plan.end {
            let state = end + 1;
            let (_, to, now) = texts.on(&text, state);
            let solved = before.problems.iter().any(|problem| !now.problems.iter().any(|other| alike(problem, other)));
            if let (true, Some(migration)) = (solved, plan.line.states.get(state).and_then(|state| state.migration)) {
                let because = needed.entry(migration).or_default();
                if because.last() != Some(&index) {
                    because.push(index);
                }
            }
            (end, before) = (to, now);
        }
    }
    let requirement = |(migration, because): (usize, Vec<usize>)| {
        let version = plan.migrations.get(migration)?.version.text.clone();
        let query = |index: usize| {
            let query = &part.release.queries.get(index)?.query;
            Some(place(query, index, super::texts::whole(&query.sql), ""))
        };
        Some(Requirement { version, because: because.into_iter().filter_map(query).collect() })
    };
    needed.into_iter().filter_map(requirement).collect()
}

fn alike(a: &Problem, b: &Problem) -> bool {
    a.rule == b.rule && a.span == b.span && a.about == b.about
}
