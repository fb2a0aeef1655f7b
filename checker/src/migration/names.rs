//! Pieces of file names that several layouts share.

use super::{LayoutProblem, Migration};
use crate::source::Source;

/// The last component of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A description as people read it.
pub(super) fn words(name: &str) -> String {
    name.replace(['_', '-'], " ").trim().to_owned()
}

/// Gives each down file to the migration of its version; what finds none is left out.
pub(super) fn attach_downs(
    migrations: &mut [Migration],
    downs: Vec<(super::Version, Source)>,
    problems: &mut Vec<LayoutProblem>,
) {
    for (version, source) in downs {
        match migrations.iter_mut().find(|migration| migration.version == version) {
            Some(migration) => migration.down = Some(source),
            None => problems.push(left_out(&source, format!("version {} has no file that applies it", version.text))),
        }
    }
}

/// A file on which the tool fails.
pub(super) fn fails(source: &Source, message: impl Into<String>) -> LayoutProblem {
    LayoutProblem { path: source.path().to_owned(), message: message.into(), fails: true }
}

/// A file that the tool leaves out.
pub(super) fn left_out(source: &Source, message: impl Into<String>) -> LayoutProblem {
    LayoutProblem { path: source.path().to_owned(), message: message.into(), fails: false }
}
