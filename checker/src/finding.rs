//! Findings: a rule, a level, places, words and help.

use crate::source::Place;

/// How serious a finding is to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "command", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "command", serde(rename_all = "lowercase"))]
pub enum Level {
    /// Not shown.
    Allow,
    /// Shown for information: already there before the change under review.
    Note,
    /// Shown; does not fail the run.
    Warn,
    /// Fails the run.
    Deny,
}

/// What happens to a query on a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
#[cfg_attr(feature = "command", serde(rename_all = "kebab-case"))]
pub enum Verdict {
    /// It runs and means the same.
    Runs,
    /// It fails for some data.
    MayBreak,
    /// Not understood.
    Unknown,
    /// Each execution that reaches a row fails.
    Breaks,
}

/// Which side of the rollout a release is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
#[cfg_attr(feature = "command", serde(rename_all = "lowercase"))]
pub enum Role {
    /// It runs now.
    Baseline,
    /// It is about to roll out.
    Candidate,
    /// Another program on the same database.
    Consumer,
}

/// One finding: about one query, or about a migration alone. Findings of one cause share `group`.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Number of the group, from 0, in order of output.
    pub group: usize,
    /// The rule's id.
    pub rule: &'static str,
    /// How serious.
    pub level: Level,
    /// What happens.
    pub verdict: Verdict,
    /// The release that it concerns, by its index in the report.
    pub release: Option<usize>,
    /// The group's headline: lower case, no full stop, names in backticks.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// What to write in place of the query's part, where that is sure.
    pub fix: Option<String>,
    /// The query.
    pub query: Option<QueryPlace>,
    /// The states on which it holds, as ranges of state indexes, both ends inclusive.
    pub states: Vec<(usize, usize)>,
    /// The statements that cause it.
    pub causes: Vec<Cause>,
}

/// A query as findings show it.
#[derive(Clone, Debug)]
pub struct QueryPlace {
    /// The whole literal.
    pub place: Place,
    /// The part that the finding is about.
    pub part: Place,
    /// A few words for that part.
    pub label: String,
    /// The SQL text.
    pub sql: std::sync::Arc<str>,
    /// The index of the query in its release.
    pub index: usize,
}

/// A statement of a migration that causes a finding.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The migration's version.
    pub version: String,
    /// The statement, or the part of it.
    pub place: Place,
}
