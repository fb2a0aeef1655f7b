//! diesel: `<version>_<name>/up.sql` and `down.sql`, with an optional `metadata.toml`.
//!
//! As `migrations_internals` and `diesel_migrations` read them: the version is the folder's name up to the first `_`,
//! without dashes, and is compared as text.

use std::collections::BTreeMap;

use super::names::{fails, words};
use super::{Commits, File, Gaps, Layout, Migration, Reading, Version};
use crate::source::Source;

/// What diesel does.
pub(super) static LAYOUT: Layout = Layout {
    id: "diesel",
    commits: Commits::Each,
    gaps: Gaps::Fills,
    refuses_unknown: false,
    checksums: false,
    splits_statements: false,
    own_table: "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
         run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    recognises,
    read,
};

fn recognises(names: &[&str]) -> bool {
    names.iter().any(|name| matches!(name.split_once('/'), Some((folder, "up.sql")) if starts_with_version(folder)))
}

fn starts_with_version(folder: &str) -> bool {
    folder.starts_with(|c: char| c.is_ascii_digit())
}

fn read(files: &[File]) -> Reading {
    let mut folders: BTreeMap<&str, BTreeMap<&str, &Source>> = BTreeMap::new();
    for (path, source) in files {
        if let Some((folder, file)) = path.split_once('/').filter(|(folder, _)| !folder.starts_with('.')) {
            folders.entry(folder).or_default().insert(file, source);
        }
    }
    let mut reading = Reading::default();
    for (folder, files) in folders {
        let Some(up) = files.get("up.sql") else {
            if let Some(source) = files.values().next() {
                reading.problems.push(fails(source, format!("diesel wants an up.sql in the folder `{folder}`")));
            }
            continue;
        };
        let (version, name) = folder.split_once('_').unwrap_or((folder, ""));
        let mut migration = Migration::new(Version::textual(version.replace('-', "")), words(name), (*up).clone());
        migration.down = files.get("down.sql").map(|source| (*source).clone());
        if let Some(metadata) = files.get("metadata.toml") {
            match run_in_transaction(metadata) {
                Ok(transaction) => migration.transaction = transaction,
                Err(message) => reading.problems.push(fails(metadata, message)),
            }
        }
        reading.migrations.push(migration);
    }
    reading.ordered()
}

/// `run_in_transaction` of a `metadata.toml`: false where the file is there without the key.
#[cfg(feature = "project")]
fn run_in_transaction(metadata: &Source) -> Result<bool, String> {
    let table: toml::Table = metadata.text().parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    match table.get("run_in_transaction") {
        None => Ok(false),
        Some(toml::Value::Boolean(value)) => Ok(*value),
        Some(_) => Err("`run_in_transaction` is not a boolean".to_owned()),
    }
}

/// Only projects on disk have such files.
#[cfg(not(feature = "project"))]
fn run_in_transaction(_: &Source) -> Result<bool, String> {
    Err("`metadata.toml` is read with the feature `project`".to_owned())
}
