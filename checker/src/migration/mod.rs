//! Ordered migrations of one database, and how its tool runs them.

use std::cmp::Ordering;

use crate::source::Source;

mod diesel;
mod files;
mod flyway;
mod named;
mod names;
mod numbered;
mod refinery;
mod rusqlite;
mod sections;
mod sqlx;
pub mod steps;

pub use named::{Named, named, nearest};
pub use numbered::has_twins;

/// All layouts, in the order in which they are tried on a directory that nothing else tells about.
pub static LAYOUTS: &[&Layout] = &[
    &diesel::LAYOUT,
    &rusqlite::LAYOUT,
    &refinery::LAYOUT,
    &flyway::LAYOUT,
    &sqlx::LAYOUT,
    &numbered::LAYOUT,
    &sections::DBMATE,
    &sections::GOOSE,
    &files::LAYOUT,
];

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

impl History {
    /// The position of the migration that configuration or a command line names: by its version, with or without
    /// leading zeros, dashes and the rest of the file name.
    pub fn find(&self, named: &str) -> Option<usize> {
        self.migrations.iter().position(|migration| migration.version.is_named(named))
    }
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
    /// The file says that it is a contract migration, whether or not anything holds it back ([`CONTRACT_MARK`]).
    pub marked: bool,
    /// What the tool does when it is pending and sorts before an applied one, where this migration differs from its layout.
    pub gaps: Option<Gaps>,
    /// Patterns of the names that its unreadable statements touch, where the configuration says so; else they may touch
    /// anything.
    pub touches: Option<Vec<String>>,
    /// A migration written in Rust or another language: `up` is then its source, and what it does is unknown.
    pub opaque: bool,
}

/// The comment, in the lines before the first statement, that marks a contract migration.
pub const CONTRACT_MARK: &str = "schemacheck: contract";

impl Migration {
    /// A migration that runs in a transaction and has nothing special about it.
    pub fn new(version: Version, name: impl Into<String>, up: Source) -> Migration {
        let marked = leading_comments(up.text()).any(|line| line == CONTRACT_MARK);
        Migration {
            version,
            name: name.into(),
            up,
            down: None,
            transaction: true,
            contract: false,
            marked,
            gaps: None,
            touches: None,
            opaque: false,
        }
    }
}

/// The comment lines before the first line with anything else, without their dashes and outer spaces.
pub(crate) fn leading_comments(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with("--"))
        .map(|line| line.trim_start_matches('-').trim())
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

    /// A version whose text alone orders it, byte by byte.
    pub fn textual(text: impl Into<String>) -> Version {
        Version { text: text.into(), numbers: Vec::new() }
    }

    /// Whether a tool would take both for the same: equal numbers, however written.
    fn collides(&self, other: &Version) -> bool {
        self == other || (!self.numbers.is_empty() && self.numbers == other.numbers)
    }

    /// Whether a person who writes `named` means this version: its text, a file name that starts with it, or the same
    /// number written with other zeros or dashes.
    pub fn is_named(&self, named: &str) -> bool {
        let named = named.trim();
        if named == self.text {
            return true;
        }
        let stem = named.split('_').next().unwrap_or(named).trim_start_matches(['V', 'U']);
        let plain = |text: &str| text.replace('-', "").trim_start_matches('0').to_owned();
        !stem.is_empty() && stem.starts_with(|c: char| c.is_ascii_digit()) && plain(stem) == plain(&self.text)
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
    /// How it makes the table in which it notes what it applied, as SQL that all engines take; empty for none.
    pub own_table: &'static str,
    /// Whether files with these names, relative to the directory, are laid out as it wants them.
    pub recognises: fn(&[&str]) -> bool,
    /// Reads the files of a directory.
    pub read: fn(&[File]) -> Reading,
}

/// A file of a directory of migrations: its path relative to the directory, with forward slashes, and its text.
pub type File = (String, Source);

/// What a layout makes of a directory's files.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// In the order in which the tool applies them to an empty database.
    pub migrations: Vec<Migration>,
    /// Replayed after the last migration, each time.
    pub repeatable: Vec<Source>,
    /// What the tool would refuse or leave out.
    pub problems: Vec<LayoutProblem>,
}

/// Something wrong with the files of a directory of migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutProblem {
    /// The file, as messages show it.
    pub path: String,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Whether the tool fails on it; else it leaves the file out without a word.
    pub fails: bool,
}

/// The layout with this id.
pub fn layout(id: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().copied().find(|layout| layout.id == id)
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

/// The layout whose marks in the text of a file say that it holds both directions.
pub fn layout_marked(text: &str) -> Option<&'static Layout> {
    sections::marked(text)
}

/// The same tool where the program tells it to run all pending migrations in one transaction.
pub fn grouped(layout: &'static Layout) -> &'static Layout {
    if *layout == refinery::LAYOUT { &refinery::GROUPED } else { layout }
}

impl Reading {
    /// Several folders of one database as one.
    pub fn merged(readings: impl IntoIterator<Item = Reading>) -> Reading {
        let mut all = Reading::default();
        for reading in readings {
            all.migrations.extend(reading.migrations);
            all.repeatable.extend(reading.repeatable);
            all.problems.extend(reading.problems);
        }
        all.ordered()
    }

    /// Sorts by version and reports the versions that occur twice; the first in path order stays.
    fn ordered(mut self) -> Reading {
        self.migrations.sort_by(|a, b| a.version.cmp(&b.version).then_with(|| a.up.path().cmp(b.up.path())));
        let mut kept: Vec<Migration> = Vec::with_capacity(self.migrations.len());
        for migration in self.migrations {
            match kept.last() {
                Some(before) if before.version.collides(&migration.version) => {
                    let message = format!("version {} is also {}", migration.version.text, before.up.path());
                    self.problems.push(LayoutProblem { path: migration.up.path().to_owned(), message, fails: true });
                }
                _ => kept.push(migration),
            }
        }
        self.migrations = kept;
        self.problems.sort_by(|a, b| (&a.path, &a.message).cmp(&(&b.path, &b.message)));
        self
    }
}

impl PartialEq for Layout {
    fn eq(&self, other: &Layout) -> bool {
        self.id == other.id
    }
}

#[cfg(test)]
mod tests;
