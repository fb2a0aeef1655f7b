//! Releases from release files.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::{Error, ErrorKind};
use super::inputs::{Loaded, LoadedDatabase};
use super::load::Project;
use super::release_file;
use crate::source::Source;

/// A release from its file, which messages call `shown`, with what of its migrations differs from the project's, in words.
///
/// # Errors
///
/// The file cannot be read, is no release file, or has none of the project's databases.
pub fn read(
    file: &Path,
    shown: &str,
    (id, why): (&str, &str),
    project: &Project,
) -> Result<(Loaded, Vec<String>), Error> {
    let path = shown.to_owned();
    let text = std::fs::read_to_string(file).map_err(|error| {
        Error::new(ErrorKind::ReleaseFile, format!("the release file {path} cannot be read: {error}"))
            .help("`cargo schemacheck record --output FILE` writes one")
    })?;
    let recorded = release_file::read(&Source::new(path.clone(), text))?;
    let mut notes = Vec::new();
    let mut databases = Vec::new();
    for own in &project.databases {
        let Some(entry) = recorded.databases.iter().find(|entry| *entry.name == *own.name) else { continue };
        let (history, differences) = entry.history(&own.history);
        let mut note = |versions: &[String], what: &str| {
            if !versions.is_empty() {
                notes.push(format!("{path}: {what}: {}", versions.join(", ")));
            }
        };
        note(&differences.missing, "migrations that this tree does not have, and that are left out");
        note(&differences.edited, "migrations whose text is another in this tree, which is taken");
        databases.push(LoadedDatabase {
            name: own.name.clone(),
            dialect: own.dialect,
            server_version: own.server_version,
            history,
            migrator: entry.migrator(),
        });
    }
    if databases.is_empty() {
        let names: Vec<&str> = recorded.databases.iter().map(|entry| entry.name.as_str()).collect();
        let message = format!("{path} has none of this project's databases, only {}", names.join(", "));
        return Err(Error::new(ErrorKind::ReleaseFile, message).help("record it again from the release's sources"));
    }
    let loaded = Loaded {
        id: id.to_owned(),
        source: path,
        why: why.to_owned(),
        databases,
        queries: recorded.queries,
        tiers: BTreeMap::new(),
    };
    Ok((loaded, notes))
}
