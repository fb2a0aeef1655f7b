//! Files in order of their names, each its own version: for tools that know a migration by its file's name.

use super::names::words;
use super::{Commits, File, Gaps, Layout, Migration, Reading, Version};

/// What is assumed of a tool that goes by file names. It is only used where the configuration names it.
pub(super) static LAYOUT: Layout = Layout {
    id: "files",
    commits: Commits::Each,
    gaps: Gaps::Fills,
    refuses_unknown: false,
    checksums: false,
    splits_statements: false,
    own_table: "",
    recognises: |_| false,
    read,
};

fn read(files: &[File]) -> Reading {
    let sql = files.iter().filter(|(path, _)| path.ends_with(".sql") && !path.ends_with(".down.sql"));
    let migrations = sql.map(|(path, source)| {
        let stem = path.trim_end_matches(".sql").trim_end_matches(".up");
        let name = stem.trim_start_matches(|c: char| c.is_ascii_digit());
        Migration::new(Version::textual(stem), words(name), source.clone())
    });
    Reading { migrations: migrations.collect(), ..Reading::default() }.ordered()
}
