//! Which states each release can meet.

use std::borrow::Cow;

use crate::finding::Role;
use crate::migration::{self, History, Migration, Named, Version};
use crate::query::Expectation;

use super::input::{Order, Rollout, Strategy};
use super::plan::Plan;

/// The states that a release meets, as ranges of states of the plan's line; both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// While the rollout goes on.
    pub live: (usize, usize),
    /// After a return to the old code.
    pub back: Option<(usize, usize)>,
}

/// The window of a release.
pub(crate) fn stay(rollout: &Rollout, plan: &Plan<'_>, role: Role) -> Stay {
    let (a, e, b) = (plan.start, plan.expanded, plan.end);
    let live = match (role, rollout.strategy, rollout.order) {
        (Role::Consumer, _, _) => (a, b),
        (Role::Baseline, Strategy::Recreate, _) => (a, a),
        (Role::Candidate, Strategy::Recreate, _) => (b, b),
        (Role::Baseline, _, Order::MigrateFirst) => (a, e),
        (Role::Candidate, _, Order::MigrateFirst) => (e, b),
        (Role::Baseline, _, Order::DeployFirst) => (a, a),
        (Role::Candidate, _, Order::DeployFirst) | (_, _, Order::Any) => (a, b),
    };
    let back = (role == Role::Baseline && live.1 < b).then_some((live.1 + 1, b));
    Stay { live, back }
}

/// What the schema versions that a query is for leave of the states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Narrowed {
    /// The first state.
    pub from: usize,
    /// The last state; `None` where it is sent on no state of the line.
    pub to: Option<usize>,
}

/// The states on which a query is sent, as its author says.
pub(crate) fn narrow(plan: &Plan<'_>, expectation: Option<&Expectation>) -> Narrowed {
    let mut narrowed = Narrowed { from: 0, to: Some(plan.end) };
    let Some(expectation) = expectation else { return narrowed };
    let migrations = plan.migrations.iter().enumerate();
    // A line that starts with what is applied has it on all states.
    let steps = |position: usize| match position < plan.applied && plan.start == 0 {
        true => Some((0, 0)),
        false => plan.line.steps_of(position),
    };
    if let Some(since) = &expectation.since {
        let since = &*canonical(plan.migrations.iter().copied(), since);
        let reached = migrations.clone().filter(|(_, migration)| reaches(since, &migration.version));
        let last = reached.filter_map(|(position, _)| steps(position)).map(|(_, last)| last).max();
        narrowed.from = last.unwrap_or(0);
    }
    if let Some(until) = &expectation.until {
        let until = &*canonical(plan.migrations.iter().copied(), until);
        let passed = migrations.filter(|(_, migration)| {
            let version = &migration.version;
            version.is_named(until) || *version > version_like(until, version)
        });
        let first = passed.filter_map(|(position, _)| steps(position)).map(|(first, _)| first).min();
        if let Some(first) = first {
            narrowed.to = first.checked_sub(1);
        }
    }
    narrowed
}

/// The version of the migration that a text names; the text itself where it names none, or several.
fn canonical<'a>(migrations: impl Iterator<Item = &'a Migration> + Clone, text: &'a str) -> Cow<'a, str> {
    match migration::named(migrations, text) {
        Named::One(migration) => Cow::Borrowed(&migration.version.text),
        Named::Several(_) | Named::Unknown => Cow::Borrowed(text),
    }
}

/// Whether a migration is up to and including the version that `named` names.
fn reaches(named: &str, version: &Version) -> bool {
    version.is_named(named) || *version < version_like(named, version)
}

/// The version that a person names, to compare with versions written like `like`.
fn version_like(named: &str, like: &Version) -> Version {
    if like.numbers.is_empty() { Version::textual(named) } else { Version::new(named) }
}

/// The rule of what [`out_of_range`] says.
pub(crate) const OUT_OF_RANGE: &str = "expectation-out-of-range";

/// What is wrong with the schema versions that a query of a release is said to be for.
pub fn out_of_range(history: Option<&History>, expectation: &Expectation) -> Option<String> {
    if expectation.flag.is_some() && expectation.since.is_none() {
        return Some(
            "`flag` says who sends the query, and `since` is missing, which says from which schema on".to_owned(),
        );
    }
    let migrations = history.map_or(&[][..], |history| &history.migrations);
    let said = [("since", expectation.since.as_deref()), ("until", expectation.until.as_deref())];
    if let Some(wrong) = said.into_iter().find_map(|(key, text)| misnamed(migrations, key, text?)) {
        return Some(wrong);
    }
    if let (Some(since), Some(until)) = (expectation.since.as_deref(), expectation.until.as_deref()) {
        let (lower, upper) = (canonical(migrations.iter(), since), canonical(migrations.iter(), until));
        let like = migrations.last().map_or_else(|| Version::new(&*upper), |head| head.version.clone());
        if version_like(&upper, &like) <= version_like(&lower, &like) {
            return Some(format!(
                "`until = \"{until}\"` is not above `since = \"{since}\"`: the query is for no schema"
            ));
        }
    }
    None
}

/// What is wrong with a text that is to name a migration. `until` may name one that is yet to be written.
fn misnamed(migrations: &[Migration], key: &str, text: &str) -> Option<String> {
    let said = format!("`{key} = \"{text}\"`");
    let Some(head) = migrations.last() else {
        return (key == "since").then(|| format!("{said} names a migration, and the release ships none"));
    };
    match migration::named(migrations.iter(), text) {
        Named::One(_) => None,
        Named::Several(several) => {
            let versions: Vec<&str> = several.iter().map(|migration| migration.version.text.as_str()).collect();
            Some(format!("{said} may be any of {}", versions.join(", ")))
        }
        Named::Unknown if version_like(text, &head.version) > head.version => {
            (key == "since").then(|| format!("{said} is above the release's newest migration, {}", head.version.text))
        }
        Named::Unknown => {
            let nearest = migration::nearest(migrations.iter(), text)?;
            let name = if nearest.name.is_empty() { String::new() } else { format!(" ({})", nearest.name) };
            Some(format!("{said} names no migration; the nearest is {}{name}", nearest.version.text))
        }
    }
}
