//! Numbered files that hold both directions: dbmate's `-- migrate:up` and goose's `-- +goose Up`.
//!
//! What belongs to the other direction is replaced by spaces, so that places in the file stay what they are.

use super::names::{file_name, words};
use super::numbered::version_end;
use super::{Commits, File, Gaps, Layout, LayoutProblem, Migration, Reading, Version};
use crate::source::Source;

/// What dbmate does.
pub(super) static DBMATE: Layout = Layout {
    id: "dbmate",
    commits: Commits::Each,
    gaps: Gaps::Fills,
    refuses_unknown: false,
    checksums: false,
    splits_statements: false,
    own_table: "CREATE TABLE schema_migrations (version VARCHAR(128) NOT NULL PRIMARY KEY)",
    recognises: |_| false,
    read: |files| read(files, &DBMATE_MARKS),
};

/// What goose does.
pub(super) static GOOSE: Layout = Layout {
    id: "goose",
    commits: Commits::Each,
    gaps: Gaps::Refuses,
    refuses_unknown: false,
    checksums: false,
    splits_statements: true,
    own_table: "CREATE TABLE goose_db_version (id INT NOT NULL PRIMARY KEY, version_id BIGINT NOT NULL, \
         is_applied BOOLEAN NOT NULL, tstamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    recognises: |_| false,
    read: |files| read(files, &GOOSE_MARKS),
};

/// The comments that start the parts of a file, without their dashes.
struct Marks {
    up: &'static str,
    down: &'static str,
    /// In the line of the mark, or on a line of its own.
    no_transaction: &'static str,
}

static DBMATE_MARKS: Marks = Marks { up: "migrate:up", down: "migrate:down", no_transaction: "transaction:false" };
static GOOSE_MARKS: Marks = Marks { up: "+goose Up", down: "+goose Down", no_transaction: "+goose NO TRANSACTION" };

/// The layout whose marks a file has.
pub(super) fn marked(text: &str) -> Option<&'static Layout> {
    [(&DBMATE, &DBMATE_MARKS), (&GOOSE, &GOOSE_MARKS)]
        .into_iter()
        .find(|(_, marks)| text.lines().any(|line| mark(line).is_some_and(|mark| mark.starts_with(marks.up))))
        .map(|(layout, _)| layout)
}

fn read(files: &[File], marks: &Marks) -> Reading {
    let mut reading = Reading::default();
    for (path, source) in files.iter().filter(|(path, _)| path.ends_with(".sql") && !path.contains('/')) {
        let stem = file_name(path).trim_end_matches(".sql");
        let Some(end) = version_end(stem) else { continue };
        let (up, has_up) = part(source, marks, true);
        if !has_up {
            let message = format!("there is no `-- {}` in it", marks.up);
            reading.problems.push(LayoutProblem { path: source.path().to_owned(), message, fails: true });
            continue;
        }
        let mut migration = Migration::new(Version::new(&stem[..end]), words(&stem[end..]), up);
        migration.transaction = !source.text().lines().filter_map(mark).any(|mark| mark.contains(marks.no_transaction));
        let (down, has_down) = part(source, marks, false);
        migration.down = has_down.then_some(down);
        reading.migrations.push(migration);
    }
    reading.ordered()
}

/// The file with everything but one direction replaced by spaces, and whether that direction is there.
fn part(source: &Source, marks: &Marks, wants_up: bool) -> (Source, bool) {
    let mut text = String::with_capacity(source.text().len());
    let (mut inside, mut found) = (false, false);
    for line in source.text().split_inclusive('\n') {
        match mark(line) {
            Some(mark) if mark.starts_with(marks.up) => inside = wants_up,
            Some(mark) if mark.starts_with(marks.down) => inside = !wants_up,
            _ => {}
        }
        found |= inside;
        if inside {
            text.push_str(line);
        } else {
            text.extend(line.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }));
        }
    }
    (Source::new(source.path(), text), found)
}

/// What a comment line says.
fn mark(line: &str) -> Option<&str> {
    line.trim().strip_prefix("--").map(str::trim)
}
