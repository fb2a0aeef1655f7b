//! The statement that a finding comes from.

use crate::finding::Cause;
use crate::schema::{Change, Key};

use super::course::{Judged, Judgement};
use super::fate::{Fate, fate};
use super::plan::Plan;
use super::rule::Hit;

/// The change that a hit comes from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The state that the change leads to.
    pub(crate) state: usize,
    /// The statement.
    pub(crate) cause: Cause,
    /// What it did to what the hit is about.
    pub(crate) fate: Fate,
    /// The query fails before the change, not after it.
    pub(crate) early: bool,
}

/// Finds the change that a hit comes from: for code that was made for an earlier schema the last one before the query
/// fails, for code that was made for a later one the first one after it stops failing.
pub(crate) fn origin(plan: &Plan<'_>, judged: &Judged, stretch: &Judgement, hit: &Hit) -> Option<Origin> {
    let names = &hit.about;
    let early = !hit.by_step && judged.home.is_some_and(|home| home > stretch.to);
    let found = if early {
        plan.line.first_change(stretch.to + 1..=plan.end, names)
    } else if hit.by_step {
        plan.line.last_change(stretch.from..=stretch.from, names)
    } else {
        let from = judged.home.filter(|&home| home < stretch.from).map_or(1, |home| home + 1);
        plan.line.last_change(from..=stretch.from, names)
    };
    let (state, change) = found.or_else(|| any_dependency(plan, stretch, early))?;
    let about = names.first().unwrap_or(&change.key);
    let (before, after) = (plan.line.schema(state.checked_sub(1)?)?, plan.line.schema(state)?);
    Some(Origin { state, cause: cause(plan, change), fate: fate(before, after, about), early })
}

/// Where the names that a hit is about lead nowhere: anything that the query looks up.
fn any_dependency<'p>(plan: &'p Plan<'_>, stretch: &Judgement, early: bool) -> Option<(usize, &'p Change)> {
    let names: Vec<Key> = stretch.analysis.dependencies.iter().cloned().collect();
    if early {
        return plan.line.first_change(stretch.to + 1..=stretch.to + 1, &names);
    }
    plan.line.last_change(stretch.from..=stretch.from, &names)
}

/// A change as findings name it.
pub(crate) fn cause(plan: &Plan<'_>, change: &Change) -> Cause {
    let migration = change.migration.and_then(|position| plan.migrations.get(position));
    let version = migration.map_or(String::new(), |migration| migration.version.text.clone());
    Cause { version, place: change.place.clone() }
}
