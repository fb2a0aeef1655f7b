//! What a check found, as plain data for the renderers.

use std::sync::Arc;

use crate::finding::{Finding, QueryPlace, Role, Verdict};
use crate::source::Place;

/// What a check of one database found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was checked.
    pub database: DatabaseInfo,
    /// How the rollout goes.
    pub rollout: RolloutInfo,
    /// Baselines, the one that runs now first; then the candidate, then consumers.
    pub releases: Vec<ReleaseInfo>,
    /// The states of the rollout: the first is the one where it starts.
    pub states: Vec<StateInfo>,
    /// Which states each release meets.
    pub windows: Vec<Window>,
    /// In order of output: by group, in a group by place. One for each query that is concerned.
    pub findings: Vec<Finding>,
    /// Which pending migrations the candidate cannot do without.
    pub requires: Vec<Requirement>,
    /// How many queries do what.
    pub summary: Summary,
    /// Calls whose SQL is not known.
    pub unresolved: Vec<UnresolvedCall>,
    /// Sentences for the reader that are no findings: lower case, no full stop.
    pub notes: Vec<String>,
}

/// The database that was checked.
#[derive(Clone, Debug, Default)]
pub struct DatabaseInfo {
    /// Its name in the configuration.
    pub name: Arc<str>,
    /// The dialect's name.
    pub dialect: &'static str,
    /// The layout's name.
    pub layout: &'static str,
    /// How many migrations the candidate ships.
    pub migrations: usize,
}

/// How the rollout goes.
#[derive(Clone, Debug, Default)]
pub struct RolloutInfo {
    /// `migrate-first`, `deploy-first`, `any`; `recreate` where versions never overlap.
    pub order: &'static str,
    /// The versions of the pending migrations, in the order in which they are applied.
    pub pending: Vec<String>,
    /// Those of them that wait until the old release is gone.
    pub contract: Vec<String>,
}

/// A release that was checked.
#[derive(Clone, Debug)]
pub struct ReleaseInfo {
    /// As messages call it: `v1.8.0`, a short commit, `this tree`.
    pub id: String,
    /// Its side.
    pub role: Role,
    /// What it was read from: a commit, a folder, a file.
    pub source: String,
    /// Why this one: the option or setting that chose it.
    pub why: String,
    /// The version of its newest migration.
    pub head: Option<String>,
    /// How many of its queries belong to this database.
    pub queries: usize,
}

/// A state: what the database holds after a step.
#[derive(Clone, Debug)]
pub struct StateInfo {
    /// Its number.
    pub index: usize,
    /// The version of the migration whose step leads to it.
    pub version: Option<String>,
    /// The migration's description.
    pub name: Option<String>,
    /// The step: from its first to its last statement. `None` for the state where the rollout starts and for an empty database.
    pub step: Option<Place>,
    /// The file of the migration.
    pub file: Option<String>,
}

/// The states that a release meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The release's index in the report.
    pub release: usize,
    /// When.
    pub kind: WindowKind,
    /// The first state.
    pub from: usize,
    /// The last state.
    pub to: usize,
}

/// When a release meets a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
#[cfg_attr(feature = "command", serde(rename_all = "lowercase"))]
pub enum WindowKind {
    /// While the rollout goes on.
    Live,
    /// After a return to the old code.
    Return,
}

/// A pending migration that the candidate cannot do without.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its version.
    pub version: String,
    /// The candidate's queries that need it.
    pub because: Vec<QueryPlace>,
}

/// How many queries of all releases do what on their live windows: each counts once, by its worst state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
pub struct Summary {
    /// All of them.
    pub queries: usize,
    /// Those that run on every state.
    pub runs: usize,
    /// Those that break on some state.
    pub breaks: usize,
    /// Those that may break on some state, and break on none.
    pub may_break: usize,
    /// Those that are not understood on some state, and break on none.
    pub unknown: usize,
    /// Calls whose SQL is not known.
    pub unresolved: usize,
}

/// A call whose SQL is not known.
#[derive(Clone, Debug)]
pub struct UnresolvedCall {
    /// The release's index in the report.
    pub release: usize,
    /// The call, as its profile names it.
    pub call: &'static str,
    /// The argument, or the whole call.
    pub place: Place,
    /// Why.
    pub reason: String,
}

/// The verdict of queries on every state of the whole history, from the empty database on.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// All states of the history: indexes differ from a report's, which starts where the rollout starts.
    pub states: Vec<StateInfo>,
    /// The state where the rollout starts.
    pub start: usize,
    /// A row for each query that was asked for.
    pub rows: Vec<MatrixRow>,
}

/// One query on all states.
#[derive(Clone, Debug)]
pub struct MatrixRow {
    /// The id of the release that it belongs to.
    pub release: String,
    /// Its side.
    pub role: Role,
    /// The query.
    pub query: QueryPlace,
    /// Neighbouring states with one verdict, in order; together all states.
    pub stretches: Vec<Stretch>,
}

/// Neighbouring states on which a query does the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first state.
    pub from: usize,
    /// The last state.
    pub to: usize,
    /// What happens.
    pub verdict: Verdict,
    /// The rules that say so, sorted.
    pub rules: Vec<&'static str>,
    /// Why, in words: one for each rule.
    pub reasons: Vec<String>,
    /// The parameter types as the server prints them; `None` where not known.
    pub parameters: Vec<Option<String>>,
    /// The result columns.
    pub columns: Vec<ColumnInfo>,
}

/// A result column of a query on a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// Its type as the server prints it; `None` where not known.
    pub ty: Option<String>,
    /// Whether it can be NULL, where that is known.
    pub nullable: Option<bool>,
}
