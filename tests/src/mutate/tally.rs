//! Counts of mutations.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemacheck_checker::finding::Verdict as Says;
use schemacheck_checker::rollout::Stretch;
use serde::{Deserialize, Serialize};

use crate::describe::ServerError;
use crate::judge::{Cell, Stage};

/// Counts over all mutations.
#[derive(Clone, Debug, Default)]
pub struct MutationTally {
    /// Distinct texts of the project.
    pub queries: usize,
    /// Those that do not run on the final schema for both.
    pub left_out: usize,
    /// By kind of change.
    pub kinds: BTreeMap<&'static str, KindTally>,
    /// A few lines for each disagreement.
    pub notes: Vec<String>,
}

/// Counts over the mutations of a kind.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KindTally {
    /// How many were tried.
    pub mutations: usize,
    /// Those that the server refuses, and those of them that the checker says fail.
    pub refused: (usize, usize),
    /// Those that the server takes and the checker says fail.
    pub wrongly_refused: usize,
    /// Those on whose failure on rows with NULL the two differ.
    pub rows_differ: usize,
    /// (query, change) cells.
    pub cells: usize,
    /// Cells that fail on the server, and those of them that the checker says break.
    pub failing: (usize, usize),
    /// Cells that fail and may break, the checker says.
    pub only_may_break: usize,
    /// Cells that fail and run, the checker says.
    pub missed: usize,
    /// Cells that run and break, the checker says.
    pub false_alarms: usize,
    /// Cells that run into the sample rows, or reach none, and break, the checker says.
    pub undecided: usize,
    /// Cells that the checker leaves open.
    pub unknown: usize,
    /// Queries that return other rows after a change that they survive, and those of them of which the checker says something.
    pub silent: (usize, usize),
    /// Result columns of cells that run: as the server says, not said, otherwise.
    pub columns: [usize; 3],
}

impl KindTally {
    /// Adds a cell; says what is wrong with it. `decided`: whether an execution reached a row and ran.
    pub(super) fn add(
        &mut self,
        fails: Option<&(Stage, ServerError)>,
        decided: bool,
        stretch: Option<&Stretch>,
    ) -> Option<String> {
        self.cells += 1;
        let says = stretch.map_or(Says::Unknown, |stretch| stretch.verdict);
        let why = stretch.map(|stretch| format!("{} {}", stretch.rules.join(", "), stretch.reasons.join("; ")));
        let why = why.unwrap_or_default();
        self.failing.0 += usize::from(fails.is_some());
        match (fails, says) {
            (fails, Says::Unknown) => {
                self.unknown += 1;
                let truth = fails.map_or("runs".to_owned(), |(stage, error)| format!("{stage:?} {error}"));
                Some(format!("UNKNOWN {why} (the server: {truth})"))
            }
            (Some(_), Says::Breaks) => {
                self.failing.1 += 1;
                None
            }
            (Some((stage, error)), Says::MayBreak) => {
                self.only_may_break += 1;
                Some(format!("MAY BREAK {why} (the server: {stage:?} {error})"))
            }
            (Some((stage, error)), Says::Runs) => {
                self.missed += 1;
                Some(format!("MISSED {stage:?} {error}"))
            }
            (None, Says::Breaks) if !decided => {
                self.undecided += 1;
                None
            }
            (None, Says::Breaks) => {
                self.false_alarms += 1;
                Some(format!("FALSE ALARM {why}"))
            }
            (None, Says::Runs | Says::MayBreak) => None,
        }
    }

    /// Adds the result columns of a cell that runs; says which are wrong.
    pub(super) fn compare_columns(&mut self, cell: &Cell, stretch: &Stretch) -> Vec<String> {
        let Some(shape) = cell.shape.as_ref().filter(|_| stretch.verdict == Says::Runs) else { return Vec::new() };
        if shape.columns.len() != stretch.columns.len() {
            self.columns[2] += 1;
            return vec![format!("{} columns, on the server {}", stretch.columns.len(), shape.columns.len())];
        }
        let mut wrong = Vec::new();
        for (said, is) in stretch.columns.iter().zip(&shape.columns) {
            match &said.ty {
                None => self.columns[1] += 1,
                Some(ty) if *ty == is.type_name && said.name == is.name => self.columns[0] += 1,
                Some(ty) => {
                    self.columns[2] += 1;
                    wrong.push(format!("{} {ty}, on the server {} {}", said.name, is.name, is.type_name));
                }
            }
        }
        wrong
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: KindTally) -> KindTally {
        let pair = |a: (usize, usize), b: (usize, usize)| (a.0 + b.0, a.1 + b.1);
        let [right, open, wrong] = self.columns;
        KindTally {
            mutations: self.mutations + other.mutations,
            refused: pair(self.refused, other.refused),
            wrongly_refused: self.wrongly_refused + other.wrongly_refused,
            rows_differ: self.rows_differ + other.rows_differ,
            cells: self.cells + other.cells,
            failing: pair(self.failing, other.failing),
            only_may_break: self.only_may_break + other.only_may_break,
            missed: self.missed + other.missed,
            false_alarms: self.false_alarms + other.false_alarms,
            undecided: self.undecided + other.undecided,
            unknown: self.unknown + other.unknown,
            silent: pair(self.silent, other.silent),
            columns: [right + other.columns[0], open + other.columns[1], wrong + other.columns[2]],
        }
    }

    fn row(&self, name: &str) -> String {
        let [right, open, wrong] = self.columns;
        format!(
            "| {name} | {} | {}/{} | {} | {} | {} | {}/{} | {} | {} | {} | {} | {} | {}/{} | {right}/{open}/{wrong} |",
            self.mutations,
            self.refused.1,
            self.refused.0,
            self.wrongly_refused,
            self.rows_differ,
            self.cells,
            self.failing.1,
            self.failing.0,
            self.only_may_break,
            self.missed,
            self.false_alarms,
            self.undecided,
            self.unknown,
            self.silent.1,
            self.silent.0,
        )
    }
}

impl MutationTally {
    /// All kinds together.
    #[must_use]
    pub fn total(&self) -> KindTally {
        self.kinds.values().fold(KindTally::default(), |sum, kind| sum.plus(*kind))
    }

    /// The table.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{} queries, {} left out: not sound at head\n", self.queries, self.left_out);
        text.push_str(
            "| change | tried | refused, said/really | said wrongly | on rows differs | cells | breaks, said/really | \
             only may-break | missed | false alarms | data decides | unknown | other rows, said/really | columns right/open/wrong |\n",
        );
        text.push_str("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (kind, tally) in &self.kinds {
            let _ = writeln!(text, "{}", tally.row(kind));
        }
        let _ = writeln!(text, "{}", self.total().row("all"));
        text
    }
}
