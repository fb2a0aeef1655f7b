//! What a build script leaves for the macros of its package: the rollout's databases, and what the script found.
//!
//! A [`Snapshot`] answers for one query at a time with the findings of a check of the whole release: both judge with the same
//! code. Nothing here reads files or the environment.

mod check;
mod wire;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

pub use check::Asked;
pub use wire::Unreadable;

use crate::glob;
use crate::hash::hash;
#[cfg(feature = "project")]
use crate::project::{config, manifest};
use crate::query::Expectation;
use crate::rollout::{Candidates, Replayed};

/// What a build script leaves for the macros of its package.
#[derive(Debug)]
pub struct Snapshot {
    facts: Facts,
    /// The databases as written, read when the first query has to be judged.
    written: Arc<wire::Written>,
    replayed: OnceLock<Result<Vec<Replayed>, Unreadable>>,
    candidates: OnceLock<Candidates>,
}

/// All of a snapshot but the databases.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The package that it is for.
    pub package: String,
    /// The package's folder in the project, with forward slashes.
    pub folder: String,
    /// The project's folder on this machine.
    pub root: String,
    /// What the package calls the macros' crate in its code.
    pub alias: String,
    /// Files of the package that only tests compile, beside the folders that hold tests by their name.
    pub test_files: Vec<String>,
    /// Whether the queries of tests are checked too.
    pub tests: bool,
    /// What the configuration says of queries by the files they stand in.
    pub expects: Vec<Expects>,
    /// The databases that the package's queries may be for, nearest first.
    pub tiers: Vec<Vec<Arc<str>>>,
    /// The migrations that the release needs, with the queries that need each; nothing where nobody seemed to ask.
    pub required: Option<Vec<Required>>,
    /// What is wrong with the rollout and no macro can show where: blocks of text.
    pub refused: Vec<String>,
    /// The queries in which the build script found nothing, by their [`key`]: most calls need no more than this.
    pub clean: BTreeSet<String>,
    /// The releases that run now, in words; none without a committed release file.
    pub baselines: Vec<String>,
}

/// What tells a query and what is said of it apart from others.
pub fn key(sql: &str, expectation: Option<&Expectation>) -> String {
    let said = expectation.map_or([None; 3], |said| [&said.since, &said.until, &said.flag].map(Option::as_deref));
    hash(&format!("{said:?}{sql}"))
}

/// What the configuration says of the queries in some files.
#[derive(Clone, Debug)]
pub struct Expects {
    /// Patterns of paths.
    pub paths: Vec<String>,
    /// Only queries whose text contains one of these.
    pub containing: Vec<String>,
    /// The first version.
    pub since: Option<String>,
    /// The version from which on they are no longer sent.
    pub until: Option<String>,
    /// The feature flag.
    pub flag: Option<String>,
}

/// A migration that a release needs.
#[derive(Clone, Debug)]
pub struct Required {
    /// The database that it is a migration of.
    pub database: Arc<str>,
    /// Its version.
    pub version: String,
    /// The first query that needs it, as `FILE:LINE`.
    pub because: String,
}

/// Why the versions that a release needs are not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRequired<'a> {
    /// The build script saw nobody ask for them.
    NotAsked,
    /// The package has no database of that name, or several that need different migrations: their names.
    NotClear(Vec<&'a str>),
}

impl Facts {
    /// What a package and the configuration say, without anything that was found.
    #[cfg(feature = "project")]
    pub fn new(package: &manifest::Package, config: &config::Config, root: String) -> Facts {
        let tests = package.targets.iter().filter(|target| !matches!(target.kind, "lib" | "bin"));
        Facts {
            package: package.name.to_string(),
            folder: package.folder.clone(),
            root,
            alias: package.name_in_code("schemacheck").unwrap_or_else(|| "schemacheck".to_owned()),
            test_files: tests.map(|target| target.path.clone()).collect(),
            tests: config.tests,
            expects: config.expect.iter().map(Expects::of).collect(),
            ..Facts::default()
        }
    }

    /// The versions that the release needs, in order; of the only database where none is named.
    ///
    /// # Errors
    ///
    /// They are not told.
    pub fn required(&self, database: Option<&str>) -> Result<Vec<&str>, NotRequired<'_>> {
        let required = self.required.as_ref().ok_or(NotRequired::NotAsked)?;
        let of = |name: &str| -> Vec<&str> {
            let own = required.iter().filter(|required| *required.database == *name);
            own.map(|required| required.version.as_str()).collect()
        };
        let names: BTreeSet<&str> = self.tiers.iter().flatten().map(|name| &**name).collect();
        let not_clear = || NotRequired::NotClear(names.iter().copied().collect());
        match database {
            Some(name) if names.contains(name) => Ok(of(name)),
            Some(_) => Err(not_clear()),
            None => {
                let mut lists = names.iter().map(|name| of(name));
                let first = lists.next().unwrap_or_default();
                if lists.all(|list| list == first) { Ok(first) } else { Err(not_clear()) }
            }
        }
    }

    /// Whether only tests compile a file of the package.
    fn is_test_file(&self, path: &str) -> bool {
        let inner = match self.folder.as_str() {
            "" => Some(path),
            folder => path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
        };
        let by_folder = |inner: &str| ["tests/", "benches/", "examples/"].iter().any(|start| inner.starts_with(start));
        self.test_files.iter().any(|test| test == path) || inner.is_some_and(by_folder)
    }
}

impl Expects {
    #[cfg(feature = "project")]
    fn of(expect: &config::Expect) -> Expects {
        Expects {
            paths: expect.paths.clone(),
            containing: expect.containing.clone(),
            since: expect.since.clone(),
            until: expect.until.clone(),
            flag: expect.flag.clone(),
        }
    }

    fn is_meant(&self, path: &str, sql: &str) -> bool {
        let by_text = self.containing.is_empty() || self.containing.iter().any(|text| sql.contains(text.as_str()));
        by_text && self.paths.iter().any(|pattern| glob::matches(pattern, path))
    }

    fn expectation(&self) -> Expectation {
        Expectation { since: self.since.clone(), until: self.until.clone(), flag: self.flag.clone(), place: None }
    }
}

impl Snapshot {
    /// All but the databases.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The databases, read at the first use.
    fn replayed(&self) -> Result<&[Replayed], &Unreadable> {
        self.replayed.get_or_init(|| self.written.replayed()).as_deref()
    }

    /// The databases; none where they cannot be read.
    pub fn databases(&self) -> impl Iterator<Item = &Replayed> {
        self.replayed().unwrap_or_default().iter()
    }

    fn candidates(&self) -> &Candidates {
        self.candidates.get_or_init(|| {
            let heads = self.databases().filter_map(|database| Some((database.database().clone(), database.head()?)));
            heads.map(|(name, schema)| (name, schema.clone())).collect()
        })
    }
}
