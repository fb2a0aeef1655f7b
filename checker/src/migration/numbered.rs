//! Plain numbered SQL: `001_x.sql`, `1-x.up.sql`, `2024-05-01-120000_x.sql`, for tools that are not known.

use super::names::{attach_downs, left_out, words};
use super::{Commits, File, Gaps, Layout, Migration, Reading, Version};

/// What is assumed of an unknown tool: a transaction for each file, in order of the numbers, gaps filled.
pub(super) static LAYOUT: Layout = Layout {
    id: "numbered",
    commits: Commits::Each,
    gaps: Gaps::Fills,
    refuses_unknown: false,
    checksums: false,
    splits_statements: false,
    own_table: "",
    recognises,
    read,
};

fn recognises(names: &[&str]) -> bool {
    let mut sql = names.iter().filter(|name| !name.contains('/') && name.ends_with(".sql")).peekable();
    sql.peek().is_some() && sql.all(|name| parts(name).is_some())
}

/// Whether two files that apply have one number: what runs them goes by whole names.
pub fn has_twins(names: &[&str]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let ups = names.iter().filter(|name| !name.contains('/')).filter_map(|name| parts(name)).filter(|(.., down)| !down);
    ups.map(|(version, ..)| version).any(|version| !seen.insert(version))
}

fn read(files: &[File]) -> Reading {
    let mut reading = Reading::default();
    let mut downs = Vec::new();
    for (path, source) in files {
        if path.contains('/') || !path.ends_with(".sql") {
            continue;
        }
        let Some((version, name, down)) = parts(path) else {
            reading.problems.push(left_out(source, "the name starts with no number"));
            continue;
        };
        if down {
            downs.push((Version::new(version), source.clone()));
        } else {
            reading.migrations.push(Migration::new(Version::new(version), words(name), source.clone()));
        }
    }
    let mut reading = reading.ordered();
    attach_downs(&mut reading.migrations, downs, &mut reading.problems);
    reading
}

/// Version, description and whether it reverts.
fn parts(file: &str) -> Option<(&str, &str, bool)> {
    let stem = file.strip_suffix(".sql")?;
    let (stem, down) = match direction(stem) {
        Some((stem, down)) => (stem, down),
        None => (stem, false),
    };
    let end = version_end(stem)?;
    Some((&stem[..end], stem[end..].trim_start_matches(['_', '-', '.', ' ']), down))
}

fn direction(stem: &str) -> Option<(&str, bool)> {
    let (rest, word) = stem.rsplit_once(['.', '_', '-'])?;
    match word {
        "up" => Some((rest, false)),
        "down" | "undo" | "rollback" => Some((rest, true)),
        _ => None,
    }
}

/// Where the leading numbers end: numbers joined by `_`, `-` or `.`, each followed by such a sign or the end.
pub(super) fn version_end(stem: &str) -> Option<usize> {
    let mut end = None;
    let mut at = 0;
    loop {
        let digits = stem[at..].bytes().take_while(u8::is_ascii_digit).count();
        let after = stem[at + digits..].chars().next();
        if digits == 0 || !matches!(after, None | Some('_' | '-' | '.' | ' ')) {
            return end;
        }
        end = Some(at + digits);
        at += digits + 1;
        if at > stem.len() {
            return end;
        }
    }
}
