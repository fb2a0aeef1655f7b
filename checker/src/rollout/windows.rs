//! Which states each release can meet.

use crate::finding::Role;
use crate::migration::{History, Version};
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
    if let Some(since) = &expectation.since {
        let reached = migrations.clone().filter(|(_, migration)| reaches(since, &migration.version));
        let last = reached.filter_map(|(position, _)| plan.line.steps_of(position)).map(|(_, last)| last).max();
        narrowed.from = last.unwrap_or(0);
    }
    if let Some(until) = &expectation.until {
        let passed = migrations.filter(|(_, migration)| {
            let version = &migration.version;
            version.is_named(until) || *version > version_like(until, version)
        });
        let first = passed.filter_map(|(position, _)| plan.line.steps_of(position)).map(|(first, _)| first).min();
        if let Some(first) = first {
            narrowed.to = first.checked_sub(1);
        }
    }
    narrowed
}

/// Whether a migration is up to and including the version that `named` names.
fn reaches(named: &str, version: &Version) -> bool {
    version.is_named(named) || *version < version_like(named, version)
}

/// The version that a person names, to compare with versions written like `like`.
fn version_like(named: &str, like: &Version) -> Version {
    if like.numbers.is_empty() { Version::textual(named) } else { Version::new(named) }
}

/// What is wrong with the schema versions that a query of a release is said to be for.
pub(crate) fn out_of_range(history: Option<&History>, expectation: &Expectation) -> Option<String> {
    if expectation.flag.is_some() && expectation.since.is_none() {
        return Some(
            "`flag` says who sends the query, and `since` is missing, which says from which schema on".to_owned(),
        );
    }
    let since = expectation.since.as_deref();
    let head = history.and_then(|history| history.migrations.last());
    if let Some(since) = since {
        let Some(head) = head else {
            return Some(format!("`since = \"{since}\"` names a migration, and the release ships none"));
        };
        let known = history.is_some_and(|history| history.find(since).is_some());
        if !known && version_like(since, &head.version) > head.version {
            return Some(format!(
                "`since = \"{since}\"` is above the release's newest migration, {}",
                head.version.text
            ));
        }
    }
    if let (Some(since), Some(until)) = (since, expectation.until.as_deref()) {
        let like = head.map_or_else(|| Version::new(until), |head| head.version.clone());
        if version_like(until, &like) <= version_like(since, &like) {
            return Some(format!(
                "`until = \"{until}\"` is not above `since = \"{since}\"`: the query is for no schema"
            ));
        }
    }
    None
}
