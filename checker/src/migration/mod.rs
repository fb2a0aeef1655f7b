//! Ordered migrations of one database, and how its tool runs them.

use std::cmp::Ordering;

use crate::source::Source;

/// All migrations of one database in the order in which a fresh database gets them.
#[derive(Clone, Debug)]
pub struct History {
    /// The tool that runs them.
    pub layout: &'static Layout,
    /// In version order; versions are unique.
    pub migrations: Vec<Migration>,
    /// Files replayed before the first migration: objects that others create.
    pub given: Vec<Source>,
    /// Files replayed after the head, each time: routines and views kept outside migrations.
    pub repeatable: Vec<Source>,
}

/// One entry of a history.
#[derive(Clone, Debug)]
pub struct Migration {
    /// What orders it.
    pub version: Version,
    /// Its description, as the file name gives it.
    pub name: String,
    /// The SQL that applies it.
    pub up: Source,
    /// The SQL that reverts it, where there is one.
    pub down: Option<Source>,
    /// Whether the tool wraps it in a transaction.
    pub transaction: bool,
    /// A contract migration: configured to run only after the old release is gone.
    pub contract: bool,
    /// A migration written in Rust or another language: `up` is then its source, and what it does is unknown.
    pub opaque: bool,
}

/// A migration's version: compared by its numbers, then by its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// As messages show it, and as configuration may name it.
    pub text: String,
    /// The numbers in it, most significant first.
    pub numbers: Vec<u64>,
}

impl Version {
    /// A version from its text: maximal runs of ASCII digits are its numbers (saturating at `u64::MAX`).
    pub fn new(text: impl Into<String>) -> Version {
        let text = text.into();
        let numbers = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().unwrap_or(u64::MAX))
            .collect();
        Version { text, numbers }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What a migration tool does, as data.
#[derive(Debug)]
pub struct Layout {
    /// As configuration and output name it.
    pub id: &'static str,
    /// How it commits.
    pub commits: Commits,
    /// What it does with a pending migration older than the newest applied one.
    pub gaps: Gaps,
    /// Whether its migrator refuses to start when the database has versions that it does not know.
    pub refuses_unknown: bool,
    /// Whether it compares checksums of applied files.
    pub checksums: bool,
    /// Whether it sends each statement by itself, so that without a transaction each is one step.
    pub splits_statements: bool,
}

/// How a tool commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commits {
    /// All pending migrations in one transaction.
    Together,
    /// A transaction for each migration, unless the migration opts out.
    Each,
}

/// What a tool does with a pending migration that sorts before an applied one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// Applies it, in ascending order with the other pending ones.
    Fills,
    /// Refuses to run.
    Refuses,
    /// Leaves it out.
    Skips,
}

impl PartialEq for Layout {
    fn eq(&self, other: &Layout) -> bool {
        self.id == other.id
    }
}
