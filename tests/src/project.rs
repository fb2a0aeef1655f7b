//! A project's tree: each of its queries on each state of its history, by the command and by the server.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::describe::{Declared, Shape};
use crate::judge::{Cell, Probe, Sender, Verdict, judge};
use crate::product::{Matrix, MatrixRow, Stretch};
use crate::queries::{ListedQuery, from_sqlx_data, is_sqlx_data, normalised};
use crate::replay::{Migration, apply};
use crate::server::Server;

/// Counts over all cells that were compared.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectTally {
    /// Queries of the command.
    pub queries: usize,
    /// (query, state) cells.
    pub cells: usize,
    /// Cells that fail on the server, and those of them that the command calls `breaks`.
    pub failing: (usize, usize),
    /// Of the others, those that the command calls `may-break`, `unknown`, and `runs`.
    pub not_called: [usize; 3],
    /// Cells that run on the server, and those of them that the command calls `breaks`.
    pub running: (usize, usize),
    /// Cells that the command calls `unknown`.
    pub unknown: usize,
    /// Cells that the command calls `may-break`.
    pub may_break: usize,
    /// At the last state: queries that the command says break, and those of them that run.
    pub broken_at_head: (usize, usize),
    /// At the last state: result columns and parameters, with those of the right type, of no known type, and wrong.
    pub types: Types,
    /// A line for each disagreement.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// How types compare.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Types {
    /// As the server says.
    pub right: usize,
    /// The command does not say.
    pub open: usize,
    /// Otherwise.
    pub wrong: usize,
}

impl ProjectTally {
    /// A page of text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for note in &self.notes {
            let _ = writeln!(text, "{note}");
        }
        let _ = writeln!(text, "queries: {}, cells: {}", self.queries, self.cells);
        let _ = writeln!(text, "cells that fail, called so: {} of {}", self.failing.1, self.failing.0);
        let _ = writeln!(text, "cells that run, called broken: {} of {}", self.running.1, self.running.0);
        let _ = writeln!(text, "unknown: {}, may-break: {}", self.unknown, self.may_break);
        let (called, wrongly) = self.broken_at_head;
        let _ = writeln!(text, "called broken at head: {called}, of which run: {wrongly}");
        let Types { right, open, wrong } = self.types;
        let _ = writeln!(text, "types at head: {right} right, {open} not said, {wrong} wrong");
        text
    }
}

/// sqlx's offline data below a folder.
///
/// # Errors
///
/// When a file cannot be read.
pub fn listed_queries(folder: &Path) -> Result<Vec<ListedQuery>> {
    let mut queries = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() && !["target", "node_modules", ".git"].contains(&name.as_str()) {
                folders.push(path);
            } else if is_sqlx_data(&path.to_string_lossy()) {
                queries.extend(from_sqlx_data(&path.to_string_lossy(), &std::fs::read_to_string(&path)?)?);
            }
        }
    }
    Ok(queries)
}

/// Compares the rows of a matrix with the server on the last state, or on all of them.
///
/// # Errors
///
/// When the server cannot be asked, or refuses a migration.
pub fn compare_matrix(
    server: &Server,
    migrations: &[Migration],
    listed: &[ListedQuery],
    matrix: &Matrix,
    every_state: bool,
) -> Result<ProjectTally> {
    let declared: HashMap<String, &Declared> =
        listed.iter().map(|query| (normalised(&query.sql), &query.declared)).collect();
    let rows: Vec<&MatrixRow> = matrix.queries.iter().filter(|row| row.role == "candidate").collect();
    let probe = |row: &&MatrixRow| Probe {
        sql: row.query.sql.clone(),
        declared: declared.get(&normalised(&row.query.sql)).copied().cloned().unwrap_or_default(),
        arguments: None,
    };
    let mut probes: Vec<Probe> = rows.iter().map(probe).collect();
    let mut tally = ProjectTally { queries: rows.len(), ..ProjectTally::default() };
    let database = server.create_database(None)?;
    let mut client = server.connect(&database)?;
    let mut states: Vec<(usize, String, Vec<Cell>)> = Vec::new();
    for (position, migration) in migrations.iter().enumerate() {
        if let Err(error) = apply(&mut client, migration) {
            tally.notes.push(format!("the server refuses {}: {error}", migration.file));
            break;
        }
        let last = position + 1 == migrations.len();
        if every_state || last {
            let mut judged = judge(&mut server.connect(&database)?, &probes, &Sender::Granted)?;
            if last {
                infer_where_refused(server, &database, &mut probes, &mut judged.cells)?;
            }
            states.push((position + 1, migration.version.clone(), judged.cells));
        }
    }
    drop(client);
    server.drop_database(&database)?;
    let last = migrations.len();
    for (position, version, cells) in &states {
        let Some(index) = matrix.index_of(version) else {
            tally.notes.push(format!("the command has no state {version}"));
            continue;
        };
        for ((row, cell), probe) in rows.iter().zip(cells).zip(&probes) {
            compare_cell(&mut tally, row, &probe.declared, cell, index, (version, *position == last));
        }
    }
    tally.notes = grouped(&tally.notes);
    Ok(tally)
}

/// Where the types that the list implies are refused and inferred ones are not, the call does not declare them.
fn infer_where_refused(server: &Server, database: &str, probes: &mut [Probe], cells: &mut [Cell]) -> Result<()> {
    let refused: Vec<usize> = (0..cells.len())
        .filter(|index| cells.get(*index).is_some_and(|cell| matches!(cell.verdict, Verdict::Fails { .. })))
        .collect();
    let inferred: Vec<Probe> = refused
        .iter()
        .filter_map(|index| probes.get(*index))
        .map(|probe| Probe { declared: Declared::Nothing, ..probe.clone() })
        .collect();
    let judged = judge(&mut server.connect(database)?, &inferred, &Sender::Granted)?;
    for (index, cell) in refused.iter().zip(judged.cells) {
        if let Some(known) = cells.get_mut(*index) {
            *known = cell;
        }
    }
    Ok(())
}

fn compare_cell(
    tally: &mut ProjectTally,
    row: &MatrixRow,
    declared: &Declared,
    cell: &Cell,
    index: usize,
    (version, head): (&str, bool),
) {
    let Some(stretch) = row.stretches.iter().find(|stretch| (stretch.from..=stretch.to).contains(&index)) else {
        return;
    };
    tally.cells += 1;
    let says = stretch.verdict.as_str();
    let place = format!("{}:{}", row.query.file, row.query.line);
    let sql = normalised(&row.query.sql);
    tally.unknown += usize::from(says == "unknown");
    tally.may_break += usize::from(says == "may-break");
    tally.broken_at_head.0 += usize::from(head && says == "breaks");
    match &cell.verdict {
        Verdict::Fails { stage, error } => {
            tally.failing.0 += 1;
            tally.failing.1 += usize::from(says == "breaks");
            for (count, word) in tally.not_called.iter_mut().zip(["may-break", "unknown", "runs"]) {
                *count += usize::from(says == word);
            }
            if says == "runs" || says == "may-break" {
                tally.notes.push(format!("{place} MISSED {stage:?} {error} ({says})\u{1f}{version}\u{1f}{sql}"));
            }
        }
        Verdict::Accepts | Verdict::Depends(_) => {
            tally.running.0 += 1;
            if says == "breaks" {
                tally.running.1 += 1;
                tally.broken_at_head.1 += usize::from(head);
                let why = stretch.reasons.join("; ");
                let rules = stretch.rules.join(", ");
                tally.notes.push(format!("{place} FALSE ALARM {rules}: {why}\u{1f}{version}\u{1f}{sql}"));
            }
        }
    }
    if says == "unknown" && head {
        tally.notes.push(format!("{place} UNKNOWN {}\u{1f}{version}\u{1f}{sql}", stretch.reasons.join("; ")));
    }
    if let (true, "runs", Some(shape)) = (head, says, &cell.shape) {
        let shape = without_declared(shape, declared);
        compare_types(tally, &format!("{place} TYPE"), stretch, &shape, version, &sql);
    }
}

/// The shape without the types of parameters that the call declares: the server gives back what it is told.
fn without_declared(shape: &Shape, declared: &Declared) -> Shape {
    let Declared::Types(names) = declared else { return shape.clone() };
    let is_declared = |at: usize| names.get(at).is_some_and(Option::is_some);
    let parameters = shape.parameters.iter().enumerate();
    let inferred = parameters.map(|(at, ty)| if is_declared(at) { String::new() } else { ty.clone() });
    Shape { parameters: inferred.collect(), ..shape.clone() }
}

fn compare_types(tally: &mut ProjectTally, place: &str, stretch: &Stretch, shape: &Shape, version: &str, sql: &str) {
    let mut wrong = Vec::new();
    if stretch.columns.len() != shape.columns.len() || stretch.parameters.len() != shape.parameters.len() {
        wrong.push(format!(
            "{} columns and {} parameters, on the server {} and {}",
            stretch.columns.len(),
            stretch.parameters.len(),
            shape.columns.len(),
            shape.parameters.len()
        ));
    }
    let columns = stretch.columns.iter().zip(&shape.columns);
    let columns = columns.map(|(said, is)| {
        let said = said.ty.as_ref().map(|ty| format!("{} {ty}", said.name));
        (said, format!("{} {}", is.name, is.type_name))
    });
    let parameters = stretch.parameters.iter().cloned().zip(shape.parameters.iter().cloned());
    let parameters = parameters.filter(|(_, is)| !is.is_empty());
    for (said, is) in columns.chain(parameters) {
        match said {
            None => tally.types.open += 1,
            Some(said) if said == is => tally.types.right += 1,
            Some(said) => wrong.push(format!("{said}, on the server {is}")),
        }
    }
    tally.types.wrong += wrong.len();
    tally.notes.extend(wrong.into_iter().map(|what| format!("{place} {what}\u{1f}{version}\u{1f}{sql}")));
}

/// One line for each disagreement, with the first and last state that it holds on.
fn grouped(notes: &[String]) -> Vec<String> {
    let mut groups: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    let mut lines = Vec::new();
    for note in notes {
        let mut parts = note.split('\u{1f}');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(what), Some(version), Some(sql)) => groups.entry((what, sql)).or_default().push(version),
            _ => lines.push(note.clone()),
        }
    }
    lines.extend(groups.into_iter().map(|((what, sql), versions)| {
        let (first, last) = (versions.first().unwrap_or(&""), versions.last().unwrap_or(&""));
        format!("{what} [{first}..{last}, {} states]: {sql}", versions.len())
    }));
    lines
}
