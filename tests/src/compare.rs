//! The command's findings on real rollouts beside what the server does.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::history::{Failure, ReleaseTruth, StepTruth};
use crate::judge::{Probe, Sender, Stage, Verdict, judge};
use crate::product::{Document, Finding, Product, Summary, Tree, same_version};
use crate::queries::{ListedQuery, normalised};
use crate::replay::apply;
use crate::server::Server;
use crate::steps::Step;
use crate::{Result, failure};

/// What one step, or all of them, came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Steps compared.
    pub steps: usize,
    /// Their pending migrations.
    pub migrations: usize,
    /// Old (query, state) cells that fail on the server.
    pub failing: usize,
    /// Those of them that are reported on that state.
    pub reported: usize,
    /// Old queries that fail on some state.
    pub failing_queries: usize,
    /// Those of them that are reported on some state where they fail.
    pub reported_queries: usize,
    /// The failing cells by stage and code of the failure, and those of them that are reported.
    pub kinds: BTreeMap<String, (usize, usize)>,
    /// Findings shown, by rule: one for each cause and release.
    pub findings: BTreeMap<String, usize>,
    /// Findings that say `breaks` of an old (query, state) cell that runs on the server.
    pub false_alarms: usize,
    /// New queries that fail on the server on a state of their release's window, and those of them that are reported.
    pub new_failing: (usize, usize),
    /// Queries called broken at their own head, and those of them that run there.
    pub broken_at_head: (usize, usize),
    /// Migrations that fail on the server, and those of them that are reported.
    pub failing_migrations: (usize, usize),
    /// Migrations reported to fail that do not.
    pub false_migrations: usize,
    /// The command's own counts, summed.
    pub summary: Summary,
    /// The time of all runs, and of the longest.
    pub took: (Duration, Duration),
    /// A line for each disagreement.
    #[serde(skip)]
    pub notes: Vec<String>,
}

impl Tally {
    /// Adds another tally to this one.
    pub fn add(&mut self, other: Tally) {
        self.steps += other.steps;
        self.migrations += other.migrations;
        for (kind, (failing, reported)) in other.kinds {
            let sum = self.kinds.entry(kind).or_default();
            *sum = (sum.0 + failing, sum.1 + reported);
        }
        for (rule, findings) in other.findings {
            *self.findings.entry(rule).or_default() += findings;
        }
        self.failing += other.failing;
        self.reported += other.reported;
        self.failing_queries += other.failing_queries;
        self.reported_queries += other.reported_queries;
        self.false_alarms += other.false_alarms;
        self.new_failing.0 += other.new_failing.0;
        self.new_failing.1 += other.new_failing.1;
        self.broken_at_head.0 += other.broken_at_head.0;
        self.broken_at_head.1 += other.broken_at_head.1;
        self.failing_migrations.0 += other.failing_migrations.0;
        self.failing_migrations.1 += other.failing_migrations.1;
        self.false_migrations += other.false_migrations;
        self.summary.queries += other.summary.queries;
        self.summary.runs += other.summary.runs;
        self.summary.breaks += other.summary.breaks;
        self.summary.may_break += other.summary.may_break;
        self.summary.unknown += other.summary.unknown;
        self.summary.unresolved += other.summary.unresolved;
        self.took.0 += other.took.0;
        self.took.1 = self.took.1.max(other.took.1);
        self.notes.extend(other.notes);
    }

    /// A page of text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for note in &self.notes {
            let _ = writeln!(text, "{note}");
        }
        let _ = writeln!(text, "steps compared: {}", self.steps);
        let _ = writeln!(text, "failing old cells reported: {} of {}", self.reported, self.failing);
        let _ = writeln!(text, "failing old queries reported: {} of {}", self.reported_queries, self.failing_queries);
        let _ = writeln!(text, "false alarms: {}", self.false_alarms);
        let (fail, found) = self.new_failing;
        let _ = writeln!(text, "failing new queries reported: {found} of {fail}");
        let (called, wrongly) = self.broken_at_head;
        let _ = writeln!(text, "called broken at head: {called}, of which run: {wrongly}");
        let (fail, found) = self.failing_migrations;
        let _ = writeln!(text, "failing migrations reported: {found} of {fail}; false: {}", self.false_migrations);
        let summary = self.summary;
        let _ = writeln!(
            text,
            "unknown: {} of {} queries; unresolved calls: {}",
            summary.unknown, summary.queries, summary.unresolved
        );
        let _ = writeln!(text, "time: {:.1?} in all, {:.1?} for the slowest step", self.took.0, self.took.1);
        text
    }
}

/// Runs the command on a step and compares its findings with the truth.
///
/// # Errors
///
/// When the command or the server cannot be run.
pub fn compare_step(server: &Server, product: &Product, tree: &Tree, step: &Step, truth: &StepTruth) -> Result<Tally> {
    tree.check_out(&step.commit.id)?;
    let run = product.check(tree.path(), &step.commit.parent)?;
    let mut tally = Tally { steps: 1, migrations: step.pending.len(), took: (run.took, run.took), ..Tally::default() };
    let commit = step.commit.id.get(..10).unwrap_or_default();
    let Some(document) = document_of(&run.documents, step) else {
        let status = run.status.map_or("a signal".to_owned(), |status| status.to_string());
        tally.notes.push(format!("{commit} no document for this database: exit {status}: {}", run.words.trim()));
        return Ok(tally);
    };
    tally.summary = document.summary;
    let shown = document.findings.iter().filter(|finding| ["deny", "warn"].contains(&finding.level.as_str()));
    for (_, rule) in shown.map(|finding| (finding.group, &finding.rule)).collect::<BTreeSet<_>>() {
        *tally.findings.entry(rule.clone()).or_default() += 1;
    }
    let mut cells = Cells::new(document, step, truth);
    cells.judge_unlisted(server, step)?;
    cells.compare_baseline(&mut tally, commit);
    cells.compare_candidate(&mut tally, commit);
    cells.compare_heads(&mut tally, commit);
    compare_migrations(document, truth, &mut tally, commit);
    Ok(tally)
}

/// The document whose states end with the step's migrations.
fn document_of<'a>(documents: &'a [Document], step: &Step) -> Option<&'a Document> {
    let last = step.pending.last()?;
    let knows = |document: &&Document| {
        document
            .states
            .iter()
            .filter_map(|state| state.version.as_deref())
            .any(|version| same_version(version, &last.version))
    };
    let postgres = |document: &&Document| document.database.dialect == "postgres";
    documents.iter().filter(postgres).find(knows).or_else(|| documents.iter().find(postgres))
}

/// A release's query on a state: what the server said.
type Answers = HashMap<(String, usize), Option<(Stage, String)>>;

struct Cells<'a> {
    document: &'a Document,
    /// For each state of the truth, the last index in the document.
    indexes: Vec<Option<usize>>,
    baseline: Answers,
    candidate: Answers,
}

impl<'a> Cells<'a> {
    fn new(document: &'a Document, step: &Step, truth: &StepTruth) -> Cells<'a> {
        let indexes = truth.states.iter().enumerate().map(|(position, state)| {
            if position == 0 {
                return Some(0);
            }
            let found = document.states.iter().rfind(|known| {
                known.index > 0 && known.version.as_deref().is_some_and(|version| same_version(version, &state.version))
            });
            found.map(|known| known.index)
        });
        let mut cells =
            Cells { document, indexes: indexes.collect(), baseline: Answers::new(), candidate: Answers::new() };
        for (position, state) in truth.states.iter().enumerate() {
            answers(&mut cells.baseline, &step.baseline, position, &state.baseline);
            answers(&mut cells.candidate, &step.candidate, position, &state.candidate);
        }
        cells
    }

    /// Queries that only the command found are judged as soon as it says that they break.
    fn judge_unlisted(&mut self, server: &Server, step: &Step) -> Result<()> {
        let mut unlisted: Vec<String> = Vec::new();
        for finding in self.document.findings.iter().filter(|finding| finding.verdict == "breaks") {
            let Some(query) = &finding.query else { continue };
            let known = |answers: &Answers| answers.contains_key(&(normalised(&query.sql), 0));
            if !known(&self.baseline) && !known(&self.candidate) && !unlisted.contains(&query.sql) {
                unlisted.push(query.sql.clone());
            }
        }
        if unlisted.is_empty() {
            return Ok(());
        }
        let probe = |sql: &String| Probe { sql: sql.clone(), ..Probe::default() };
        let probes: Vec<Probe> = unlisted.iter().map(probe).collect();
        let database = server.create_database(None)?;
        let mut client = server.connect(&database)?;
        for migration in &step.applied {
            apply(&mut client, migration).map_err(|error| failure(error.to_string()))?;
        }
        for position in 0..self.indexes.len() {
            let pending = position.checked_sub(1).and_then(|last| step.pending.get(last));
            if pending.is_some_and(|migration| apply(&mut client, migration).is_err()) {
                break;
            }
            let judged = judge(&mut server.connect(&database)?, &probes, &Sender::Granted)?;
            for (sql, cell) in unlisted.iter().zip(judged.cells) {
                let answer = match cell.verdict {
                    Verdict::Fails { stage, error } => Some((stage, error.sqlstate)),
                    Verdict::Accepts | Verdict::Depends(_) => None,
                };
                for answers in [&mut self.baseline, &mut self.candidate] {
                    answers.insert((normalised(sql), position), answer.clone());
                }
            }
        }
        drop(client);
        server.drop_database(&database)
    }

    fn compare_baseline(&self, tally: &mut Tally, commit: &str) {
        let breaks = self.findings("baseline", |finding| finding.verdict == "breaks");
        let mut queries: BTreeMap<&str, bool> = BTreeMap::new();
        for ((sql, position), answer) in sorted(&self.baseline) {
            let (Some(index), true) = (self.indexes.get(*position).copied().flatten(), *position > 0) else { continue };
            let rules = breaks.get(&(sql.clone(), index));
            // What fails on its own head is outside of the rollout.
            let at_head = self.baseline.get(&(sql.clone(), 0)).is_some_and(Option::is_some);
            match (answer, rules) {
                (Some((stage, sqlstate)), _) if !at_head => {
                    tally.failing += 1;
                    let known = queries.entry(sql.as_str()).or_default();
                    let kind = tally.kinds.entry(format!("{} {sqlstate}", stage.word())).or_default();
                    kind.0 += 1;
                    if rules.is_some() {
                        tally.reported += 1;
                        kind.1 += 1;
                        *known = true;
                    } else {
                        tally.notes.push(format!("{commit} state {position} MISSED {stage:?} {sqlstate}: {sql}"));
                    }
                }
                (None, Some(rules)) => {
                    tally.false_alarms += 1;
                    tally.notes.push(format!("{commit} state {position} FALSE ALARM {}: {sql}", rules.join(", ")));
                }
                _ => {}
            }
        }
        tally.failing_queries += queries.len();
        tally.reported_queries += queries.values().filter(|reported| **reported).count();
    }

    fn compare_candidate(&self, tally: &mut Tally, commit: &str) {
        let live =
            self.document.windows.iter().find(|window| window.kind == "live" && window.is_of_candidate(self.document));
        let Some(live) = live else { return };
        let met = |index: usize| (live.from..=live.to).contains(&index);
        let mut failing: BTreeMap<&str, &(Stage, String)> = BTreeMap::new();
        for ((sql, position), answer) in sorted(&self.candidate) {
            let index = self.indexes.get(*position).copied().flatten();
            if let (Some(failure), true) = (answer, index.is_some_and(met)) {
                failing.insert(sql, failure);
            }
        }
        let reported = |sql: &str| {
            self.document.findings.iter().any(|finding| {
                let speaks = finding.verdict == "breaks" || finding.rule == "broken-at-head";
                speaks
                    && finding.role.as_deref() == Some("candidate")
                    && finding.query.as_ref().is_some_and(|query| normalised(&query.sql) == sql)
            })
        };
        for (sql, (stage, sqlstate)) in failing {
            tally.new_failing.0 += 1;
            if reported(sql) {
                tally.new_failing.1 += 1;
            } else {
                tally.notes.push(format!("{commit} NEW MISSED {stage:?} {sqlstate}: {sql}"));
            }
        }
    }

    fn compare_heads(&self, tally: &mut Tally, commit: &str) {
        let last = self.indexes.len().saturating_sub(1);
        let mut seen = HashSet::new();
        for finding in &self.document.findings {
            let (Some(query), Some(role)) = (&finding.query, &finding.role) else { continue };
            let sql = normalised(&query.sql);
            let candidate = role == "candidate" && finding.verdict == "breaks";
            if !(finding.rule == "broken-at-head" || candidate) || !seen.insert(sql.clone()) {
                continue;
            }
            tally.broken_at_head.0 += 1;
            let answer = match role.as_str() {
                "candidate" => self.candidate.get(&(sql.clone(), last)),
                _ => self.baseline.get(&(sql.clone(), 0)),
            };
            if let Some(None) = answer {
                tally.broken_at_head.1 += 1;
                let place = format!("{}:{}", query.file, query.line);
                tally.notes.push(format!("{commit} RUNS AT HEAD {} {place} {}: {sql}", finding.rule, finding.message));
            }
        }
    }

    /// Rules by query and state.
    fn findings(&self, role: &str, keep: impl Fn(&Finding) -> bool) -> HashMap<(String, usize), Vec<&'a str>> {
        let mut found: HashMap<(String, usize), Vec<&str>> = HashMap::new();
        let of_role = self.document.findings.iter().filter(|finding| finding.role.as_deref() == Some(role));
        for finding in of_role.filter(|finding| keep(finding)) {
            let Some(query) = &finding.query else { continue };
            for index in finding.states.iter().flat_map(|(from, to)| *from..=*to) {
                found.entry((normalised(&query.sql), index)).or_default().push(&finding.rule);
            }
        }
        found
    }
}

fn sorted(answers: &Answers) -> BTreeMap<&(String, usize), &Option<(Stage, String)>> {
    answers.iter().collect()
}

fn answers(answers: &mut Answers, queries: &[ListedQuery], position: usize, truth: &ReleaseTruth) {
    for query in queries {
        answers.insert((normalised(&query.sql), position), None);
    }
    let forgets = |sql: &str| queries.iter().any(|query| query.forgets && query.sql == sql);
    let failures = truth.failures.iter().filter(|failure| failure.stage != Stage::Kept || !forgets(&failure.sql));
    for Failure { sql, stage, error, .. } in failures {
        answers.insert((normalised(sql), position), Some((*stage, error.sqlstate.clone())));
    }
}

fn compare_migrations(document: &Document, truth: &StepTruth, tally: &mut Tally, commit: &str) {
    let reported: Vec<&Finding> =
        document.findings.iter().filter(|finding| finding.rule == "migration-fails").collect();
    match &truth.failed_migration {
        Some(failed) => {
            tally.failing_migrations.0 += 1;
            if reported.is_empty() {
                tally.notes.push(format!("{commit} MISSED migration fails: {}: {}", failed.file, failed.error));
            } else {
                tally.failing_migrations.1 += 1;
            }
        }
        None => {
            tally.false_migrations += reported.len();
            tally.notes.extend(reported.iter().map(|f| format!("{commit} FALSE migration-fails: {}", f.message)));
        }
    }
}
