//! How often checker and server agree on public projects: measured part by part, kept as one file for each project, and shown
//! as one page.
//!
//! The files hold figures alone: nothing of a project's text stands in them.

mod classes;
mod measure;
mod page;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cargo_schemacheck::verify::report::Summary;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::compare::Tally;
use crate::mutate::KindTally;
use crate::nullability::NullabilityTally;
use crate::project::ProjectTally;
use crate::{Result, failure};

pub use measure::{Bench, measure};
pub use page::page;

/// A public project.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corpus {
    /// What it is called here, and the folder that the caller cloned it into.
    pub name: String,
    /// Where it comes from.
    pub repository: String,
    /// The commit whose tree and history are measured.
    pub commit: String,
    /// Folders of migrations: a commit's is the first that it has.
    pub migrations: Vec<String>,
    /// Folders below which sqlx's prepared lists stand.
    pub sqlx: Vec<String>,
    /// Where steps begin, where the whole history is too long.
    #[serde(default)]
    pub steps_from: Option<String>,
    /// Steps along the first parents alone: merges, not the commits that they bring.
    #[serde(default)]
    pub first_parents: bool,
    /// The database, where the project has several of this engine.
    #[serde(default)]
    pub database: Option<String>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Every fact of the schema, and every query as the server prepares it, on every state.
    States,
    /// Every query executed on every state.
    Cells,
    /// Every real step N → N+1.
    Steps,
    /// Whether columns said to be never NULL ever are.
    Nullability,
    /// Random changes of the final schema.
    Mutations,
}

impl Part {
    /// All, in the order of the page.
    pub const ALL: [Part; 5] = [Part::States, Part::Cells, Part::Steps, Part::Nullability, Part::Mutations];

    /// How the command line names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Part::States => "states",
            Part::Cells => "cells",
            Part::Steps => "steps",
            Part::Nullability => "nullability",
            Part::Mutations => "mutations",
        }
    }
}

/// What was measured of a project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// The project.
    pub corpus: Corpus,
    /// [`Part::States`].
    #[serde(default)]
    pub states: Option<Measured<StatesFigures>>,
    /// [`Part::Cells`].
    #[serde(default)]
    pub cells: Option<Measured<CellsFigures>>,
    /// [`Part::Steps`].
    #[serde(default)]
    pub steps: Option<Measured<StepsFigures>>,
    /// [`Part::Nullability`].
    #[serde(default)]
    pub nullability: Option<Measured<NullabilityTally>>,
    /// [`Part::Mutations`], by seed.
    #[serde(default)]
    pub mutations: BTreeMap<u64, Measured<MutationFigures>>,
}

/// Figures, and what they hold for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured<T> {
    /// The day.
    pub date: String,
    /// The commit of this repository; with a plus where files were changed.
    pub checker: String,
    /// The server's version.
    pub server: String,
    /// How long it took.
    pub seconds: u64,
    /// What was found.
    pub figures: T,
}

/// Counts of disagreements of one class: what the server says and what the checker says, without a project's words.
pub type Classes = BTreeMap<String, usize>;

/// Figures of [`Part::States`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StatesFigures {
    /// States compared.
    pub states: usize,
    /// All of the history.
    pub of_states: usize,
    /// Distinct texts sent.
    pub queries: usize,
    /// Texts not sent: parts of them are known only at run time, or they have several statements.
    pub withheld: usize,
    /// Cells by kind.
    pub summary: Summary,
    /// What differs.
    pub classes: Classes,
}

/// Figures of [`Part::Cells`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CellsFigures {
    /// Counts.
    pub tally: ProjectTally,
    /// What differs.
    pub classes: Classes,
}

/// Figures of [`Part::Steps`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepsFigures {
    /// Counts.
    pub tally: Tally,
    /// What differs.
    pub classes: Classes,
}

/// Figures of one seed of [`Part::Mutations`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MutationFigures {
    /// How many mutations were drawn.
    pub count: u64,
    /// Distinct texts of the project.
    pub queries: usize,
    /// Those that do not run on the final schema for both.
    pub left_out: usize,
    /// By kind of change.
    pub kinds: BTreeMap<String, KindTally>,
    /// What differs.
    pub classes: Classes,
}

/// The projects of a list.
///
/// # Errors
///
/// When the file cannot be read.
pub fn corpora(file: &Path) -> Result<Vec<Corpus>> {
    #[derive(Deserialize)]
    struct List {
        corpus: Vec<Corpus>,
    }
    let text = std::fs::read_to_string(file).map_err(|error| failure(format!("{}: {error}", file.display())))?;
    let list: List = toml::from_str(&text)?;
    Ok(list.corpus)
}

/// The kept results of a project; empty where there are none, or where they are of another commit of it.
///
/// # Errors
///
/// When a file is there and cannot be read.
pub fn kept(folder: &Path, corpus: &Corpus) -> Result<Results> {
    let file = file_of(folder, corpus);
    let empty = Results {
        corpus: corpus.clone(),
        states: None,
        cells: None,
        steps: None,
        nullability: None,
        mutations: BTreeMap::new(),
    };
    if !file.exists() {
        return Ok(empty);
    }
    let results: Results = read(&file)?;
    Ok(if results.corpus.commit == corpus.commit { Results { corpus: corpus.clone(), ..results } } else { empty })
}

/// Keeps the results of a project.
///
/// # Errors
///
/// When the file cannot be written.
pub fn keep(folder: &Path, results: &Results) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let text = serde_json::to_string_pretty(results)?;
    Ok(std::fs::write(file_of(folder, &results.corpus), text + "\n")?)
}

fn file_of(folder: &Path, corpus: &Corpus) -> PathBuf {
    folder.join(format!("{}.json", corpus.name))
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let text = std::fs::read_to_string(file)?;
    serde_json::from_str(&text).map_err(|error| failure(format!("{}: {error}", file.display())))
}
