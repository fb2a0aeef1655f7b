//! rusqlite_migration's folders: `<number>-<name>/up.sql` and `down.sql`, numbered from 1 without gaps.
//!
//! The database keeps only how many were applied; all pending ones run in one transaction.

use std::collections::BTreeMap;

use super::names::{fails, words};
use super::{Commits, File, Gaps, Layout, Migration, Reading, Version};
use crate::source::Source;

/// What rusqlite_migration does.
pub(super) static LAYOUT: Layout = Layout {
    id: "rusqlite",
    commits: Commits::Together,
    gaps: Gaps::Skips,
    refuses_unknown: true,
    checksums: false,
    splits_statements: false,
    own_table: "",
    recognises,
    read,
};

fn recognises(names: &[&str]) -> bool {
    let mut folders = names.iter().filter_map(|name| name.strip_suffix("/up.sql")).peekable();
    folders.peek().is_some() && folders.all(|folder| parts(folder).is_some())
}

fn read(files: &[File]) -> Reading {
    let downs: BTreeMap<&str, &Source> =
        files.iter().filter_map(|(path, source)| Some((path.strip_suffix("/down.sql")?, source))).collect();
    let mut reading = Reading::default();
    for (path, source) in files {
        let Some((folder, (number, name))) =
            path.strip_suffix("/up.sql").and_then(|folder| Some((folder, parts(folder)?)))
        else {
            continue;
        };
        let mut migration = Migration::new(Version::new(number.to_string()), words(name), source.clone());
        migration.down = downs.get(folder).map(|source| (*source).clone());
        reading.migrations.push(migration);
    }
    let mut reading = reading.ordered();
    let gap = (1..)
        .zip(&reading.migrations)
        .find(|(expected, migration)| migration.version.numbers.first() != Some(expected));
    if let Some((expected, migration)) = gap {
        reading
            .problems
            .push(fails(&migration.up, format!("the numbers go from 1 on without gaps: {expected} is missing")));
    }
    reading
}

fn parts(folder: &str) -> Option<(u64, &str)> {
    let (number, name) = folder.split_once('-')?;
    (!folder.contains('/')).then_some((number.parse().ok()?, name))
}
