//! Two folders of migrations for one database.

use std::collections::BTreeSet;

use super::Detected;
use crate::project::tree::{Tree, parent};
use crate::source::Source;

/// Joins folders that one program runs on one database one after the other: the same source file runs both and tells the
/// tool to ignore what it does not know, as it must where both share one table of applied versions; no version is in both;
/// and one folder is named after the other (`migrations`, `migrations_later`).
pub(super) fn merge(tree: &Tree, databases: &mut Vec<Detected>) {
    databases.sort_by(|a, b| a.folders.cmp(&b.folders));
    let mut at = 0;
    while at < databases.len() {
        let with = (0..at).find(|before| are_one(tree, &databases[*before], &databases[at]));
        let Some(with) = with else {
            at += 1;
            continue;
        };
        let later = databases.remove(at);
        let first = &mut databases[with];
        first.why.push(format!("{} runs on the same database", later.folders.join(", ")));
        first.folders.extend(later.folders);
        first.migrates.add(&later.migrates);
    }
}

fn are_one(tree: &Tree, first: &Detected, later: &Detected) -> bool {
    let files = |database: &Detected| -> BTreeSet<String> {
        database.migrates.calls.iter().map(|(path, _)| path.clone()).collect()
    };
    let named_after = |first: &str, later: &str| {
        let rest = later.strip_prefix(first);
        parent(first) == parent(later) && rest.is_some_and(|rest| rest.starts_with(['_', '-', '.']))
    };
    first.layout.refuses_unknown
        && first.layout == later.layout
        && first.dialect == later.dialect
        && first.owner == later.owner
        && first.migrates.ignores_unknown
        && later.migrates.ignores_unknown
        && !files(first).is_disjoint(&files(later))
        && first.folders.iter().any(|first| later.folders.iter().all(|later| named_after(first, later)))
        && versions(tree, first).is_disjoint(&versions(tree, later))
}

fn versions(tree: &Tree, database: &Detected) -> BTreeSet<String> {
    let of = |folder: &String| {
        let skip = folder.len() + 1;
        let names = tree.under(folder).filter_map(move |path| path.get(skip..));
        let files: Vec<_> = names.map(|name| (name.to_owned(), Source::new(name, ""))).collect();
        (database.layout.read)(&files).migrations.into_iter().map(|migration| migration.version.text)
    };
    database.folders.iter().flat_map(of).collect()
}
