//! Cases as text: files of a project, and what is found in them.
//!
//! A file in `tests/` holds cases. Each starts with `=== what it shows`; `depends: a, b` names the crates that the
//! package depends on; `--- path` starts a file; `--- expect` what is found, a line each. Run with
//! `UPDATE_EXPECT=1` to write what is found into the files, and read the difference.

#![expect(clippy::disallowed_methods, reason = "cases are files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;

mod hostile;

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/query/source/tests");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).expect("the folder").flatten().map(|e| e.path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "txt")) {
        let text = std::fs::read_to_string(file).expect("a case file");
        let mut updated = String::new();
        for case in text.split_inclusive("\n=== ").map(|case| case.trim_end_matches("=== ")) {
            let (before, expected) = case.split_once("--- expect\n").unwrap_or((case, ""));
            let found = run(before);
            if found != expected.trim_end_matches('\n') {
                wrong.push(format!("{}: {before}--- expect\n{expected}--- found\n{found}\n", file.display()));
            }
            let _ = write!(updated, "{}{before}--- expect\n{found}\n", if updated.is_empty() { "" } else { "\n=== " });
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(file, updated).expect("to write");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is found in a case's files.
fn run(case: &str) -> String {
    let mut sections = case.split("--- ");
    let head = sections.next().unwrap_or_default();
    let depends = head.lines().find_map(|line| line.strip_prefix("depends: ")).unwrap_or("sqlx");
    let dependencies: BTreeMap<String, String> = depends
        .split(", ")
        .map(|one| one.split_once('=').unwrap_or((one, one)))
        .map(|(a, b)| (a.into(), b.into()))
        .collect();
    let package = Arc::new(Package { name: "shop".into(), library: "shop".into(), dependencies, ..Package::default() });
    let unescape = |text: &str| text.replace("\\CR", "\r").replace("\\BOM", "\u{feff}");
    let files: Vec<Source> = sections
        .filter_map(|section| section.split_once('\n'))
        .map(|(path, text)| Source::new(path, unescape(text)))
        .collect();
    let scans: Vec<FileScan> =
        files.iter().filter(|file| file.path().ends_with(".rs")).map(|file| scan_file(file, &package)).collect();
    let lists: Vec<Source> = files.iter().filter(|file| file.path().ends_with(".json")).cloned().collect();
    let includes = |path: &str| files.iter().find(|file| file.path() == path).cloned();
    let options = Options { include_tests: head.contains("include tests") };
    describe(&collect(&scans, &lists, &includes, &options))
}

fn describe(found: &Queries) -> String {
    let mut lines = Vec::new();
    for query in &found.queries {
        check_places(query);
        let mut line = format!("{} {} {}", at(&query.place), query.call.id, one_line(&query.sql));
        for hole in &query.holes {
            assert_eq!(query.sql.get(hole.start..hole.end), Some(HOLE));
        }
        if let Some(expectation) = &query.expectation {
            let part = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!(" {name}={value}"));
            let parts = [("since", &expectation.since), ("until", &expectation.until), ("flag", &expectation.flag)];
            line.push_str(" | expects");
            parts.iter().filter_map(|(name, value)| part(name, value)).for_each(|part| line.push_str(&part));
        }
        match &query.reads {
            Some(Reads::Names(reads)) => {
                write!(line, " | reads {}", reads.iter().map(read).collect::<Vec<_>>().join(", "))
            }
            Some(Reads::Positions(reads)) => {
                write!(line, " | reads by position {}", reads.iter().map(read).collect::<Vec<_>>().join(", "))
            }
            None => Ok(()),
        }
        .expect("a line");
        if let Some(described) = &query.described {
            let names: Vec<&str> = described.columns.iter().map(|column| column.0.as_str()).collect();
            let _ = write!(line, " | described {}", names.join(", "));
        }
        line.push_str(if query.listed_only { " | listed only" } else { "" });
        lines.push(line);
    }
    for unresolved in &found.unresolved {
        lines.push(format!("{} {} unresolved: {}", at(&unresolved.place), unresolved.call.id, unresolved.reason));
    }
    for (place, reason) in &found.unread {
        lines.push(format!("{} unread: {reason}", at(place)));
    }
    lines.join("\n")
}

fn read(read: &Read) -> String {
    let mut text = [read.name.as_str(), read.ty.as_str()].join(if read.name.is_empty() { "" } else { ": " });
    text.push_str(if read.optional { "?" } else { "" });
    text.push_str(if read.default { " or default" } else { "" });
    text
}

fn at(place: &Place) -> String {
    let (line, column) = place.line_column();
    format!("{}:{line}:{column}", place.source.path())
}

fn one_line(sql: &str) -> String {
    sql.replace('\n', "⏎").replace('\r', "␍")
}

/// Each byte of a segment stands in the file as it stands in the text.
fn check_places(query: &Query) {
    let mut end = 0;
    for segment in &query.segments {
        assert!(segment.sql_start >= end, "segments in order: {query:?}");
        end = segment.sql_start + segment.span.end - segment.span.start;
        assert_eq!(Some(segment.source.slice(segment.span)), query.sql.get(segment.sql_start..end), "{query:?}");
    }
    for word in query.sql.split_whitespace().filter(|word| word.chars().all(char::is_alphanumeric)) {
        let start = word.as_ptr() as usize - query.sql.as_ptr() as usize;
        let place = query.locate(Span::new(start, start + word.len()));
        let covered = query.segments.iter().any(|segment| {
            let length = segment.span.end - segment.span.start;
            segment.sql_start <= start && start + word.len() <= segment.sql_start + length
        });
        if covered {
            assert_eq!(place.source.slice(place.span), word);
        }
    }
}
