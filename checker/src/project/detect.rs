//! Databases of a project without configuration: folders of migrations, engines, and the packages that use them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::error::{Error, ErrorKind};
use super::manifest::Packages;
use super::tree::Tree;
use crate::migration::Layout;

mod engine;
mod folders;
mod names;
mod owners;
mod resolve;
mod shared;

pub use owners::Tiers;

/// What a project's files say about its databases.
#[derive(Clone, Debug, Default)]
pub struct Detection {
    /// The databases, in order of their names.
    pub databases: Vec<Detected>,
    /// What was seen and is not checked, a line each.
    pub notes: Vec<String>,
}

/// One database.
#[derive(Clone, Debug)]
pub struct Detected {
    /// What output calls it.
    pub name: String,
    /// Its engine's name.
    pub dialect: &'static str,
    /// The tool.
    pub layout: &'static Layout,
    /// Its folders of migrations.
    pub folders: Vec<String>,
    /// What led to it, in words.
    pub why: Vec<String>,
    /// The package that holds or runs the migrations, where there is one.
    pub owner: Option<Arc<str>>,
    /// The packages whose queries go to it first of all.
    pub packages: Vec<Arc<str>>,
    /// The only packages whose queries may go to it, where the configuration says so.
    pub claimed: Option<Vec<Arc<str>>>,
    /// What production code does with the migrations.
    pub migrates: Migrates,
}

/// What production code does with a folder of migrations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migrates {
    /// Where it calls the tool: path and line.
    pub calls: Vec<(String, usize)>,
    /// It tells the tool to accept applied migrations that it does not know.
    pub ignores_unknown: bool,
    /// It tells the tool to run all pending migrations in one transaction.
    pub grouped: bool,
}

impl Migrates {
    /// Adds what the code does with another folder of the same database.
    pub fn add(&mut self, other: &Migrates) {
        self.calls.extend(other.calls.iter().cloned());
        self.ignores_unknown |= other.ignores_unknown;
        self.grouped |= other.grouped;
    }
}

/// One line: name, engine, tool, folders, why, and whose queries.
impl fmt::Display for Detected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folders = self.folders.join(", ");
        write!(f, "{}: {}, {}, {folders} ({})", self.name, self.dialect, self.layout.id, self.why.join("; "))?;
        let names: Vec<&str> = self.packages.iter().map(|name| &**name).collect();
        match names.as_slice() {
            [] => f.write_str(", no package uses it"),
            [only] => write!(f, ", queries of {only}"),
            [first, second, third, _, ..] if names.len() > 4 => {
                write!(f, ", queries of {first}, {second}, {third} and {} more packages", names.len() - 3)
            }
            names => write!(f, ", queries of {}", names.join(", ")),
        }
    }
}

/// Finds the databases of a tree.
///
/// # Errors
///
/// Sources contradict each other about an engine, or say nothing about it: the error has a configuration to paste.
pub fn detect(tree: &Tree, packages: &Packages) -> Result<Detection, Error> {
    let mut detection = Detection::default();
    let found = folders::find(tree, packages, &mut detection.notes);
    let engines = engine::Engines::of(tree, packages);
    for candidate in found {
        let (signs, why) = match engine::decide(tree, packages, &engines, &candidate) {
            Ok(decided) => decided,
            Err(error) if candidate.is_guess => {
                detection.notes.push(format!("{}: not taken: {}", candidate.folder, error.message));
                continue;
            }
            Err(error) => return Err(error),
        };
        if !signs.supported {
            detection.notes.push(format!("{}: {} is not checked ({why})", candidate.folder, signs.name));
            continue;
        }
        let mut whys = candidate.why.clone();
        whys.push(why);
        detection.databases.push(Detected {
            name: String::new(),
            dialect: signs.name,
            layout: candidate.layout,
            folders: vec![candidate.folder],
            why: whys,
            owner: candidate.owner,
            packages: Vec::new(),
            claimed: None,
            migrates: candidate.migrates,
        });
    }
    shared::merge(tree, &mut detection.databases);
    names::name(&mut detection.databases);
    detection.databases.sort_by(|a, b| a.name.cmp(&b.name));
    let tiers = Tiers::of(packages, &engines, &detection.databases);
    for (index, database) in detection.databases.iter_mut().enumerate() {
        database.packages = tiers.first_users(index);
    }
    Ok(detection)
}

/// The tiers of databases for the packages of a tree, for databases that detection or configuration gave.
pub fn tiers(tree: &Tree, packages: &Packages, databases: &[Detected]) -> Tiers {
    Tiers::of(packages, &engine::Engines::of(tree, packages), databases)
}

/// What production code does with each folder of migrations that it names.
pub fn migrates(tree: &Tree, packages: &Packages) -> BTreeMap<String, Migrates> {
    let found = folders::find(tree, packages, &mut Vec::new());
    found.into_iter().map(|candidate| (candidate.folder, candidate.migrates)).collect()
}

/// The package that a folder of migrations belongs to by its place.
pub fn owner_of(packages: &Packages, folder: &str) -> Option<Arc<str>> {
    packages.of(&format!("{folder}/x")).map(|package| package.name.clone())
}

/// The engine of one folder of migrations, for a configuration that does not say it.
///
/// # Errors
///
/// As [`detect`].
pub fn engine_of(tree: &Tree, packages: &Packages, folder: &str) -> Result<&'static str, Error> {
    let layout = layout_of(tree, packages, folder).ok_or_else(|| not_recognised(folder))?;
    let candidate = folders::Candidate::new(folder, layout, packages);
    engine::decide(tree, packages, &engine::Engines::of(tree, packages), &candidate).map(|(signs, _)| signs.name)
}

/// The layout of one folder of migrations, by its file names and the crates that the project uses.
pub fn layout_of(tree: &Tree, packages: &Packages, folder: &str) -> Option<&'static Layout> {
    folders::layout(tree, packages, folder)
}

/// The error for a folder that no layout recognises.
pub fn not_recognised(folder: &str) -> Error {
    let known: BTreeSet<&str> = crate::migration::LAYOUTS.iter().map(|layout| layout.id).collect();
    let known = Vec::from_iter(known).join(", ");
    Error::new(ErrorKind::NoDatabase, "no known layout of migrations has file names like the ones in this folder")
        .at(folder)
        .help(format!("name the layout in schemacheck.toml, one of: {known}"))
}

#[cfg(test)]
mod tests;
