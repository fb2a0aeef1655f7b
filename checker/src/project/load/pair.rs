//! The databases of a release, found again in another release's files.

use std::collections::BTreeSet;

use super::{Project, files};
use crate::project::detect::{self, Detected};
use crate::project::manifest::Packages;
use crate::project::tree::Tree;

/// The candidate's databases with the folders that they have in this tree: the same ones, else those of a database that
/// was found there, for the same engine, with the most versions in common.
pub(super) fn definitions(tree: &Tree, packages: &Packages, candidate: &Project) -> Vec<Detected> {
    let migrates = detect::migrates(tree, packages);
    let elsewhere = detect::detect(tree, packages).map(|found| found.databases).unwrap_or_default();
    let mut found = Vec::new();
    for database in &candidate.databases {
        let mut own = database.found.clone();
        own.folders.retain(|folder| tree.has_folder(folder));
        if own.folders.is_empty()
            && let Some(moved) = most_alike(tree, database, &elsewhere)
        {
            own.folders.clone_from(&moved.folders);
            own.layout = moved.layout;
        }
        own.migrates = detect::Migrates::default();
        for (_, migrates) in migrates.iter().filter(|(folder, _)| own.folders.contains(folder)) {
            own.migrates.add(migrates);
        }
        let caller = own.migrates.calls.first().and_then(|(path, _)| packages.of(path));
        let by_place = || own.folders.first().and_then(|folder| detect::owner_of(packages, folder));
        own.owner = caller.map(|package| package.name.clone()).or_else(by_place);
        found.push(own);
    }
    found
}

fn most_alike<'a>(tree: &Tree, database: &super::Database, elsewhere: &'a [Detected]) -> Option<&'a Detected> {
    let known: BTreeSet<&str> =
        database.history.migrations.iter().map(|migration| migration.version.text.as_str()).collect();
    let common = |other: &Detected| -> usize {
        let read = other.folders.iter().filter_map(|folder| files(tree, folder).ok());
        read.flat_map(|files| (other.layout.read)(&files).migrations)
            .filter(|migration| known.contains(migration.version.text.as_str()))
            .count()
    };
    elsewhere
        .iter()
        .filter(|other| other.dialect == database.found.dialect)
        .map(|other| (common(other), other))
        .filter(|(count, _)| *count > 0)
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.name.cmp(&a.1.name)))
        .map(|(_, other)| other)
}
