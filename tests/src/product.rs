//! Running the command on real trees and reading what it prints.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::{Result, failure};

/// A document of `cargo schemacheck --format json`, as far as it is compared.
#[derive(Clone, Debug, Deserialize)]
pub struct Document {
    /// The database.
    pub database: Database,
    /// The releases.
    #[serde(default)]
    pub releases: Vec<Release>,
    /// The schemas of the rollout.
    pub states: Vec<State>,
    /// Which of them each release meets.
    #[serde(default)]
    pub windows: Vec<Window>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Counts.
    pub summary: Summary,
}

/// The database of a document.
#[derive(Clone, Debug, Deserialize)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// Its engine.
    pub dialect: String,
}

/// A release of a document.
#[derive(Clone, Debug, Deserialize)]
pub struct Release {
    /// Its name.
    pub id: String,
    /// Its side.
    pub role: String,
}

/// The states that a release meets.
#[derive(Clone, Debug, Deserialize)]
pub struct Window {
    /// The name of the release.
    pub release: String,
    /// `live` or `return`.
    pub kind: String,
    /// The first state.
    pub from: usize,
    /// The last state.
    pub to: usize,
}

impl Window {
    /// Whether it is that of what is about to roll out.
    #[must_use]
    pub fn is_of_candidate(&self, document: &Document) -> bool {
        document.releases.iter().any(|release| release.id == self.release && release.role == "candidate")
    }
}

/// A state of a document.
#[derive(Clone, Debug, Deserialize)]
pub struct State {
    /// Its number.
    pub index: usize,
    /// The migration that led to it.
    pub version: Option<String>,
}

/// A finding of a document.
#[derive(Clone, Debug, Deserialize)]
pub struct Finding {
    /// Those of one cause and release share it.
    pub group: usize,
    /// The rule.
    pub rule: String,
    /// `deny`, `warn`, `note`.
    pub level: String,
    /// `breaks`, `may-break`, `unknown`, `runs`.
    pub verdict: String,
    /// The side of the release.
    pub role: Option<String>,
    /// In words.
    pub message: String,
    /// The query.
    pub query: Option<Query>,
    /// Ranges of states, both ends included.
    pub states: Vec<(usize, usize)>,
}

/// The query of a finding.
#[derive(Clone, Debug, Deserialize)]
pub struct Query {
    /// Where it stands.
    pub file: String,
    /// From one.
    pub line: u32,
    /// Its text.
    pub sql: String,
}

/// Counts over the queries of all releases.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// All.
    pub queries: usize,
    /// On every state.
    pub runs: usize,
    /// On some state.
    pub breaks: usize,
    /// On some state.
    pub may_break: usize,
    /// Not understood.
    pub unknown: usize,
    /// Calls whose SQL is not known.
    pub unresolved: usize,
}

/// A document of `cargo schemacheck matrix --format json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Matrix {
    /// All states of the history.
    pub states: Vec<State>,
    /// A row for each query.
    pub queries: Vec<MatrixRow>,
}

/// A query on all states.
#[derive(Clone, Debug, Deserialize)]
pub struct MatrixRow {
    /// The side of its release.
    pub role: String,
    /// The query.
    pub query: Query,
    /// Neighbouring states with one verdict.
    pub stretches: Vec<Stretch>,
}

/// Neighbouring states with one verdict.
#[derive(Clone, Debug, Deserialize)]
pub struct Stretch {
    /// The first.
    pub from: usize,
    /// The last.
    pub to: usize,
    /// `breaks`, `may-break`, `unknown`, `runs`.
    pub verdict: String,
    /// What says so.
    pub rules: Vec<String>,
    /// In words.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// As `format_type` prints them.
    pub parameters: Vec<Option<String>>,
    /// Of the result.
    pub columns: Vec<Column>,
}

/// A result column.
#[derive(Clone, Debug, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// As `format_type` prints it.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Where it is known.
    pub nullable: Option<bool>,
}

impl Matrix {
    /// The last state of a version.
    #[must_use]
    pub fn index_of(&self, version: &str) -> Option<usize> {
        let found = self
            .states
            .iter()
            .rfind(|state| state.version.as_deref().is_some_and(|known| same_version(known, version)));
        found.map(|state| state.index)
    }
}

/// Whether two tools' spellings of a version mean the same.
#[must_use]
pub fn same_version(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.replace('-', "").trim_start_matches('0').to_owned();
    plain(a) == plain(b)
}

/// What one run of the command gave.
#[derive(Clone, Debug)]
pub struct Run {
    /// One for each database.
    pub documents: Vec<Document>,
    /// The exit status.
    pub status: Option<i32>,
    /// Standard error.
    pub words: String,
    /// How long it took.
    pub took: Duration,
}

/// A clone that shares the objects of a repository and holds only the files that a check reads.
#[derive(Debug)]
pub struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    /// Makes a clone without files.
    ///
    /// # Errors
    ///
    /// What git says.
    pub fn of(repository: &Path) -> Result<Tree> {
        let tree = Tree { folder: tempfile::tempdir()? };
        let source = std::fs::canonicalize(repository)?;
        let arguments = ["clone", "--quiet", "--shared", "--no-checkout"];
        let status = Command::new("git").args(arguments).arg(source).arg(tree.path()).status()?;
        if !status.success() {
            return Err(failure(format!("git clone of {} failed", repository.display())));
        }
        let mut arguments = vec!["sparse-checkout", "set", "--no-cone"];
        // Other JSON files can be large, and are of no use to a check.
        arguments.extend([
            "*.rs",
            "*.toml",
            "*.sql",
            "**/.sqlx/*.json",
            "sqlx-data.json",
            "_journal.json",
            "Cargo.lock",
        ]);
        arguments.push("!node_modules");
        tree.git(&arguments)?;
        Ok(tree)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Brings the files to a commit.
    ///
    /// # Errors
    ///
    /// What git says.
    pub fn check_out(&self, commit: &str) -> Result<()> {
        self.git(&["checkout", "--quiet", "--force", "--detach", commit])
    }

    fn git(&self, arguments: &[&str]) -> Result<()> {
        let output = Command::new("git").arg("-C").arg(self.path()).args(arguments).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(failure(format!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr))))
    }
}

/// The command under test.
#[derive(Clone, Debug)]
pub struct Product {
    /// The path of `cargo-schemacheck`.
    pub binary: PathBuf,
    /// Arguments that each run gets: which database, which configuration.
    pub arguments: Vec<String>,
}

impl Product {
    /// Checks a tree against a revision.
    ///
    /// # Errors
    ///
    /// When the command cannot be run, or prints no JSON.
    pub fn check(&self, tree: &Path, baseline: &str) -> Result<Run> {
        let started = Instant::now();
        let (documents, status, words) = self.run(tree, &["check", "--baseline-rev", baseline])?;
        Ok(Run { documents, status, words, took: started.elapsed() })
    }

    /// All queries of a tree on all states of its history: one document for each database.
    ///
    /// # Errors
    ///
    /// When the command cannot be run, or prints no JSON.
    pub fn matrix(&self, tree: &Path) -> Result<Vec<Matrix>> {
        let (documents, _, words) = self.run(tree, &["matrix"])?;
        if documents.is_empty() {
            return Err(failure(words));
        }
        Ok(documents)
    }

    /// The queries of a tree, as the command lists them.
    ///
    /// # Errors
    ///
    /// When the command cannot be run.
    pub fn queries(&self, tree: &Path) -> Result<String> {
        let (documents, _, words) = self.run::<serde_json::Value>(tree, &["queries"])?;
        documents.first().map(ToString::to_string).ok_or_else(|| failure(words))
    }

    fn run<T: serde::de::DeserializeOwned>(
        &self,
        tree: &Path,
        command: &[&str],
    ) -> Result<(Vec<T>, Option<i32>, String)> {
        let output = Command::new(&self.binary)
            .arg("schemacheck")
            .args(command)
            .args(["--format", "json"])
            .args(&self.arguments)
            .current_dir(tree)
            .output()?;
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        let mut documents = Vec::new();
        for document in serde_json::Deserializer::from_slice(&output.stdout).into_iter() {
            documents.push(document.map_err(|error| failure(format!("the command's output: {error}\n{words}")))?);
        }
        Ok((documents, output.status.code(), words))
    }
}
