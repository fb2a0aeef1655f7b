//! What a comparison found.

use std::collections::BTreeMap;

use schemacheck_checker::finding::Role;
use schemacheck_checker::source::Place;

/// Checker and server on one database.
#[derive(Clone, Debug)]
pub struct Report {
    /// The database's name in the project.
    pub database: String,
    /// The server's version as it says it.
    pub server: String,
    /// Its major version.
    pub major: u32,
    /// The version that the configuration names.
    pub configured: Option<u32>,
    /// All states of the history.
    pub states: Vec<StateName>,
    /// How many of them were compared.
    pub compared: usize,
    /// Distinct texts that were sent.
    pub queries: usize,
    /// Why texts were not sent, with how many.
    pub withheld: BTreeMap<&'static str, usize>,
    /// Why the comparison ended before the last state.
    pub ended: Option<String>,
    /// Counts.
    pub summary: Summary,
    /// In order of what they are about: migrations, the schema, queries.
    pub differences: Vec<Difference>,
    /// Cells that the checker leaves open, by reason.
    pub unknown: BTreeMap<String, usize>,
}

/// A state as messages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateName {
    /// The migration that led to it.
    pub version: Option<String>,
    /// The line of its statement, where the migration has several steps.
    pub line: Option<usize>,
}

/// Counts over all cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Whether each migration runs.
    pub migrations: Counts,
    /// Facts of the schema on each state.
    pub schema: Counts,
    /// Whether each query is accepted on each state.
    pub queries: Counts,
    /// Parameter types of queries that both accept.
    pub parameters: Counts,
    /// Names and types of the result columns of queries that both accept.
    pub columns: Counts,
}

/// How cells of a kind compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Both say the same.
    pub agree: usize,
    /// The server refuses, or has, what the checker does not.
    pub missed: usize,
    /// The checker refuses, or has, what the server does not.
    pub false_alarms: usize,
    /// Each says something else.
    pub otherwise: usize,
    /// The checker does not say.
    pub unknown: usize,
}

impl Counts {
    /// All cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.agree + self.different() + self.unknown
    }

    /// Cells that differ.
    #[must_use]
    pub fn different(&self) -> usize {
        self.missed + self.false_alarms + self.otherwise
    }

    /// Notes a cell.
    pub fn add(&mut self, how: How) {
        *match how {
            How::Agrees => &mut self.agree,
            How::Missed => &mut self.missed,
            How::FalseAlarm => &mut self.false_alarms,
            How::Otherwise => &mut self.otherwise,
            How::Unknown => &mut self.unknown,
        } += 1;
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Counts) -> Counts {
        Counts {
            agree: self.agree + other.agree,
            missed: self.missed + other.missed,
            false_alarms: self.false_alarms + other.false_alarms,
            otherwise: self.otherwise + other.otherwise,
            unknown: self.unknown + other.unknown,
        }
    }
}

impl Summary {
    /// The kinds with their names.
    #[must_use]
    pub fn kinds(&self) -> [(&'static str, Counts); 5] {
        [
            ("migrations", self.migrations),
            ("schema", self.schema),
            ("queries", self.queries),
            ("parameters", self.parameters),
            ("columns", self.columns),
        ]
    }

    /// All kinds together.
    #[must_use]
    pub fn all(&self) -> Counts {
        self.kinds().iter().fold(Counts::default(), |sum, (_, counts)| sum.plus(*counts))
    }
}

/// How a cell compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Both say the same.
    Agrees,
    /// The server refuses, or has, what the checker does not.
    Missed,
    /// The checker refuses, or has, what the server does not.
    FalseAlarm,
    /// Each says something else.
    Otherwise,
    /// The checker does not say.
    Unknown,
}

impl How {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            How::Agrees => "agrees",
            How::Missed => "missed",
            How::FalseAlarm => "false alarm",
            How::Otherwise => "otherwise",
            How::Unknown => "unknown",
        }
    }
}

/// A difference, on all states that have it.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What it is about.
    pub about: About,
    /// In what way.
    pub how: How,
    /// What the server says.
    pub server: String,
    /// What the checker says.
    pub checker: String,
    /// Ranges of states, both ends included.
    pub states: Vec<(usize, usize)>,
}

/// What a difference is about.
#[derive(Clone, Debug)]
pub enum About {
    /// A migration, by its file.
    Migration(Place),
    /// A fact of the schema: `column public.users.id: type`.
    Schema(String),
    /// A query.
    Query(QueryAsked),
}

/// A query that was asked.
#[derive(Clone, Debug)]
pub struct QueryAsked {
    /// Its text.
    pub sql: String,
    /// Who sends it: the release's id and side, and the place.
    pub senders: Vec<(String, Role, Place)>,
    /// A parameter or a result column of it, where the difference is about one: `$1`, `column 2`.
    pub part: Option<String>,
}

impl Report {
    /// How a state is called.
    #[must_use]
    pub fn state(&self, index: usize) -> String {
        match self.states.get(index) {
            Some(StateName { version: Some(version), line: Some(line) }) => format!("{version} line {line}"),
            Some(StateName { version: Some(version), line: None }) => version.clone(),
            _ if index == 0 => "(empty)".to_owned(),
            _ => "(repeatable files)".to_owned(),
        }
    }
}
