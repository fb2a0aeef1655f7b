//! Cargo's lines, for editors: what the check found or why it could not check, and what clippy says beside it. Last the line
//! that says how it went.

use std::path::Path;

use schemacheck_checker::finding::Level;
use schemacheck_checker::project::Tree;
use schemacheck_checker::project::manifest::packages;
use schemacheck_checker::project::target::Targets;
use schemacheck_checker::render;
use schemacheck_checker::source::{Place, Source, Span};
use serde_json::{Value, json};

use crate::args::{Common, Tool};
use crate::clippy;
use crate::commands::{Failure, Outcome, check};
use crate::output;
use crate::progress::Progress;
use crate::session::Session;

/// Checks the project in a folder. The lines of the other tool come also where nothing could be checked: an editor has no other
/// compiler errors.
pub(crate) fn run(folder: &Path, common: &Common) -> Result<Outcome, Failure> {
    let checked = lines(folder, common);
    let own = match &checked {
        Ok((lines, _)) => lines.clone(),
        Err(failure) => failure_lines(folder, failure),
    };
    output::documents(&own);
    let beside = match common.with {
        Some(Tool::Clippy) => clippy::run(folder, &own),
        None => Ok(Outcome::Clean),
    };
    if let Err(failure) = &beside {
        output::documents(&failure_lines(folder, failure));
    }
    let outcome = checked.and_then(|(_, outcome)| Ok(if outcome == Outcome::Clean { beside? } else { outcome }));
    let success = matches!(outcome, Ok(Outcome::Clean));
    output::documents(&[json!({ "reason": "build-finished", "success": success })]);
    outcome
}

/// Where no release is known to run, an editor still has the tree checked by itself, and is told so.
fn lines(folder: &Path, common: &Common) -> Result<(Vec<Value>, Outcome), Failure> {
    let mut session = Session::open(folder, common, Progress::new(common.quiet))?;
    let (inputs, alone) = session.inputs_at_hand()?;
    let reports = check::reports(&session, &inputs)?;
    let mut lines = session.cargo_lines(&reports);
    if let Some(why) = alone {
        let message = format!("{why}: only this tree is checked, on its own newest schema");
        lines.extend(lines_for(folder, Level::Warn, &Failure::new(message).help(NAME_A_BASELINE)));
    }
    Ok((lines, check::outcome(&reports)))
}

/// What to do where no release is known to run.
const NAME_A_BASELINE: &str =
    "commit it; or name what runs now: `rollout.baseline` in schemacheck.toml, --baseline-rev, --baseline-file";

/// The place that stands for the project: its configuration, else its manifest, else the first manifest below it.
pub(crate) fn project_place(tree: &Tree) -> Place {
    let below = tree.paths().find(|path| path.ends_with("/Cargo.toml"));
    let paths = ["schemacheck.toml", "Cargo.toml"].into_iter().chain(below);
    let found = paths.filter_map(|path| tree.source(path).ok()).next();
    first_line(found.unwrap_or_else(|| Source::new("Cargo.toml", "")))
}

fn first_line(source: Source) -> Place {
    let end = source.text().lines().next().map_or(0, str::len);
    Place { source, span: Span::new(0, end) }
}

/// Why nothing could be checked.
fn failure_lines(folder: &Path, failure: &Failure) -> Vec<Value> {
    lines_for(folder, Level::Deny, failure)
}

/// What is to be known of the project. Nothing where the folder itself cannot be read.
fn lines_for(folder: &Path, level: Level, failure: &Failure) -> Vec<Value> {
    let Ok(tree) = Tree::directory(folder) else { return Vec::new() };
    let packages = packages(&tree);
    let root = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let there = failure.place.as_deref().map(|place| Path::new(place).strip_prefix(&root).unwrap_or(Path::new(place)));
    let there = there.and_then(|place| at(&tree, place.to_str()?));
    let is_shown = |place: &&Place| [".rs", ".toml"].iter().any(|end| place.source.path().ends_with(end));
    let shown = there.as_ref().filter(is_shown).cloned();
    let (at, there) = match shown {
        Some(place) => (place, None),
        None => (project_place(&tree), there),
    };
    let target = Targets { tree: &tree, packages: &packages, root: &root }.of(at.source.path());
    let said = (failure.message.as_str(), failure.help.as_deref());
    vec![render::project_line(level, said, &at, there.as_ref(), &target)]
}

/// A place that is given as a path, or as `path:line:column`: the rest of its line, or all of it where nothing is left.
fn at(tree: &Tree, place: &str) -> Option<Place> {
    if let Ok(source) = tree.source(place) {
        return Some(first_line(source));
    }
    let mut parts = place.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let source = tree.source(parts.next()?).ok()?;
    let whole = source.offset(line, 1);
    let end = whole + source.text().get(whole..)?.lines().next().map_or(0, str::len);
    let start = source.offset(line, column);
    let span = Span::new(if start < end { start } else { whole }, end);
    Some(Place { source, span })
}
