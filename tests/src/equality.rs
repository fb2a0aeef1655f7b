//! The schema model beside the server's catalogs after each migration of a history.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use schemacheck_checker::dialect::{Dialect, postgres, sqlite};
use schemacheck_checker::migration::{self, Version};
use schemacheck_checker::schema::{Plan, Schema, Scripts, replay};
use schemacheck_checker::source::Source;

use crate::catalog::{Cells, Comparison, compare, server_cells};
use crate::describe::ServerError;
use crate::model::{document, document_cells, sqlite_document_cells};
use crate::replay::{Migration, apply};
use crate::server::Server;
use crate::sqlite::sqlite_states;
use crate::{Result, failure};

/// Model and server after one migration.
#[derive(Clone, Debug)]
pub struct StateEquality {
    /// The migration.
    pub version: String,
    /// Cell by cell.
    pub comparison: Comparison,
    /// For each kind of fact how many are equal, and of how many.
    pub kinds: BTreeMap<String, (usize, usize)>,
    /// What the model says went wrong in the migration, each as rule, line and words.
    pub problems: Vec<String>,
}

/// All states of a history, and the migration that the server refuses, if one does.
#[derive(Clone, Debug, Default)]
pub struct Equality {
    /// In order.
    pub states: Vec<StateEquality>,
    /// Where the comparison ends before the last migration.
    pub refused: Option<(String, ServerError)>,
}

impl StateEquality {
    fn new(version: &str, server: &Cells, model: &Cells, problems: Vec<String>) -> StateEquality {
        let comparison = compare(server, model);
        let different: HashSet<&str> = comparison.differences.iter().map(|it| it.cell.as_str()).collect();
        let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for cell in server.keys().chain(model.keys().filter(|cell| !server.contains_key(*cell))) {
            let counts = kinds.entry(kind(cell, server)).or_default();
            counts.0 += usize::from(!different.contains(cell.as_str()));
            counts.1 += 1;
        }
        StateEquality { version: version.to_owned(), comparison, kinds, problems }
    }
}

/// What a fact is about: `columns: type`, `views' columns: type`, `indexes`.
fn kind(cell: &str, server: &Cells) -> String {
    let (object, rest) = cell.split_once(' ').unwrap_or((cell, ""));
    if object != "column" {
        return if object.ends_with('s') { object.to_owned() } else { plural(object) };
    }
    let (path, fact) = match rest.split_once(" position ") {
        Some((path, _)) => (path, "name"),
        None => rest.rsplit_once(": ").map_or((rest, ""), |(column, fact)| (column, fact)),
    };
    let derived = |path: &str| server.get(&format!("relation {path}: kind")).is_some_and(|kind| kind.ends_with("view"));
    let parent = path.rsplit_once('.').map_or(path, |(parent, _)| parent);
    let whose = if derived(path) || derived(parent) { "views' columns" } else { "columns" };
    format!("{whose}: {fact}")
}

fn plural(object: &str) -> String {
    match object {
        "index" => "indexes".to_owned(),
        "policy" => "policies".to_owned(),
        other => format!("{other}s"),
    }
}

impl Equality {
    /// The differences, each once where it first shows, and a table of found/total by kind of fact.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut known = HashSet::new();
        for state in &self.states {
            for problem in &state.problems {
                let _ = writeln!(text, "{}: {problem}", state.version);
            }
            for difference in state.comparison.differences.iter().filter(|it| known.insert((*it).clone())) {
                let show = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
                let (server, model) = (show(&difference.server), show(&difference.model));
                let _ = writeln!(text, "{}: {}: server {server}, model {model}", state.version, difference.cell);
            }
        }
        if let Some((file, error)) = &self.refused {
            let _ = writeln!(text, "the server refuses {file}: {error}");
        }
        let whole = self.states.iter().filter(|state| state.comparison.differences.is_empty()).count();
        let count = self.states.len();
        let _ = writeln!(text, "states without a difference: {whole} of {count}");
        let _ = writeln!(text, "| fact | at the last state | over all states |\n|---|---|---|");
        let mut all: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (kind, (equal, total)) in self.states.iter().flat_map(|state| &state.kinds) {
            let sum = all.entry(kind).or_default();
            *sum = (sum.0 + equal, sum.1 + total);
        }
        let last = self.states.last().map(|state| state.kinds.clone()).unwrap_or_default();
        let mut sums = [(0, 0); 2];
        for (kind, over_all) in all {
            let now = last.get(kind).copied().unwrap_or_default();
            for (sum, counts) in sums.iter_mut().zip([now, over_all]) {
                *sum = (sum.0 + counts.0, sum.1 + counts.1);
            }
            let _ = writeln!(text, "| {kind} | {}/{} | {}/{} |", now.0, now.1, over_all.0, over_all.1);
        }
        let [now, over_all] = sums;
        let _ = writeln!(text, "| all | {}/{} | {}/{} |", now.0, now.1, over_all.0, over_all.1);
        text
    }
}

/// Replays a history on a server and in the model.
///
/// # Errors
///
/// When the server cannot be asked.
pub fn compare_states(server: &Server, migrations: &[Migration], layout: &str) -> Result<Equality> {
    let database = server.create_database(None)?;
    let mut client = server.connect(&database)?;
    let mut catalogs = Vec::new();
    let mut refused = None;
    for migration in migrations {
        if let Err(error) = apply(&mut client, migration) {
            refused = Some((migration.file.clone(), error));
            break;
        }
        catalogs.push(server_cells(&mut server.connect(&database)?)?);
    }
    drop(client);
    server.drop_database(&database)?;
    let empty = Schema::new(&postgres::DIALECT, Some(server.major_version()?));
    Ok(Equality { states: beside(&catalogs, migrations, layout, &empty)?, refused })
}

/// Replays a history on SQLite in process and in the model.
///
/// # Errors
///
/// When the engine refuses a migration.
pub fn compare_sqlite_states(migrations: &[Migration], layout: &str) -> Result<Equality> {
    let catalogs = sqlite_states(migrations)?;
    let states = beside(&catalogs, migrations, layout, &Schema::new(&sqlite::DIALECT, None))?;
    Ok(Equality { states, refused: None })
}

/// The model's states beside the catalogs after each migration.
fn beside(catalogs: &[Cells], migrations: &[Migration], layout: &str, empty: &Schema) -> Result<Vec<StateEquality>> {
    let replayed: Vec<_> = migrations.iter().take(catalogs.len()).map(as_checker_reads).collect();
    let references: Vec<_> = replayed.iter().collect();
    let layout = migration::layout(layout).ok_or_else(|| failure(format!("no layout is called {layout}")))?;
    let plan = Plan { layout, given: &[], migrations: &references, repeatable: &[] };
    let timeline = replay(empty, &plan, &mut Scripts::default());
    let mut states = Vec::new();
    for (position, (catalog, migration)) in catalogs.iter().zip(migrations).enumerate() {
        let last = timeline
            .states
            .iter()
            .rfind(|state| state.step.as_ref().is_some_and(|step| step.migration == Some(position)));
        let Some(state) = last else {
            return Err(failure(format!("the model has no state after {}", migration.file)));
        };
        let problems = timeline.problems.iter().filter(|problem| problem.migration == Some(position));
        let problems = problems.map(|problem| {
            let (line, _) = problem.place.line_column();
            format!("{} {}:{line} {}", problem.problem.rule, migration.file, problem.problem.message)
        });
        let model = cells(&document(&state.schema), empty.dialect);
        states.push(StateEquality::new(&migration.version, catalog, &model, problems.collect()));
    }
    Ok(states)
}

/// The cells of a document of the command, as its engine's catalogs are read.
#[must_use]
pub fn cells(document: &serde_json::Value, dialect: &Dialect) -> Cells {
    if dialect.name == sqlite::DIALECT.name { sqlite_document_cells(document) } else { document_cells(document) }
}

fn as_checker_reads(read: &Migration) -> migration::Migration {
    let source = Source::new(read.file.clone(), read.sql.clone());
    let mut migration = migration::Migration::new(Version::new(read.version.clone()), "", source);
    migration.transaction = read.transaction;
    migration
}
