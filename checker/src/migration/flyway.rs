//! Flyway's names: `V<version>__<description>.sql`, `U` to undo, `R__` for what is replayed after each run, with an
//! optional `.conf` beside a file. Folders below the directory count.

use super::names::{attach_downs, fails, file_name, words};
use super::{Commits, File, Gaps, Layout, Migration, Reading, Version};
use crate::source::Source;

/// What Flyway does.
///
/// An applied version newer than all known ones counts as "future" and is ignored by default.
pub(super) static LAYOUT: Layout = Layout {
    id: "flyway",
    commits: Commits::Each,
    gaps: Gaps::Refuses,
    refuses_unknown: false,
    checksums: true,
    splits_statements: true,
    own_table: "CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), \
         description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT, \
         installed_by VARCHAR(100) NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, \
         execution_time INT NOT NULL, success BOOLEAN NOT NULL)",
    recognises,
    read,
};

fn recognises(names: &[&str]) -> bool {
    names.iter().any(|name| matches!(parts(file_name(name)), Some(('V', _, _))))
}

fn read(files: &[File]) -> Reading {
    let mut reading = Reading::default();
    let mut undos = Vec::new();
    let mut repeatable: Vec<(&str, &Source)> = Vec::new();
    for (path, source) in files {
        let file = file_name(path);
        if let Some(name) = file.strip_prefix("R__").filter(|name| name.ends_with(".sql")) {
            repeatable.push((name, source));
            continue;
        }
        let Some((prefix, version, name)) = parts(file) else { continue };
        let Some(version) = version_of(version) else {
            reading.problems.push(fails(source, format!("`{version}` is not a version: numbers separated by dots")));
            continue;
        };
        if prefix == 'U' {
            undos.push((version, source.clone()));
            continue;
        }
        let mut migration = Migration::new(version, words(name), source.clone());
        migration.transaction = !conf_says_no(files, path);
        reading.migrations.push(migration);
    }
    repeatable.sort_by_key(|(name, source)| (*name, source.path()));
    reading.repeatable = repeatable.into_iter().map(|(_, source)| source.clone()).collect();
    let mut reading = reading.ordered();
    attach_downs(&mut reading.migrations, undos, &mut reading.problems);
    reading
}

/// Prefix, version and description of a file name.
fn parts(file: &str) -> Option<(char, &str, &str)> {
    let stem = file.strip_suffix(".sql")?;
    let prefix = stem.chars().next().filter(|c| matches!(c, 'U' | 'V'))?;
    let (version, name) = stem[1..].split_once("__")?;
    version.starts_with(|c: char| c.is_ascii_digit()).then_some((prefix, version, name))
}

/// A version of numbers separated by dots or underscores; zeros at its end do not count.
fn version_of(text: &str) -> Option<Version> {
    let text = text.replace('_', ".");
    if !text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let mut version = Version::new(text);
    while version.numbers.len() > 1 && version.numbers.last() == Some(&0) {
        version.numbers.pop();
    }
    let parts: Vec<String> = version.numbers.iter().map(u64::to_string).collect();
    version.text = parts.join(".");
    Some(version)
}

/// Whether `<file>.conf` says `executeInTransaction=false`.
fn conf_says_no(files: &[File], path: &str) -> bool {
    let conf = format!("{path}.conf");
    files.iter().filter(|(other, _)| *other == conf).flat_map(|(_, source)| source.text().lines()).any(|line| {
        let setting = line.split_once('=').map(|(key, value)| (key.trim(), value.trim()));
        setting == Some(("executeInTransaction", "false"))
    })
}
