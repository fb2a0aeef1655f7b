//! One random change of a real project's final schema after the other: the checker and the server on all queries that it may
//! concern.
//!
//! Each change is made inside a transaction on a database that holds the project's schema and a row in each table, and is
//! rolled back. A seed and a number replay it.

pub mod inventory;
pub mod kinds;
mod model;
pub mod random;
mod silent;
mod tally;

use std::collections::BTreeSet;
use std::path::Path;

use postgres::Client;
use schemacheck_checker::finding::Verdict as Says;
use schemacheck_checker::rollout::{CheckInput, OwnedQuery, Ownership, Stretch};

use crate::describe::{Declared, ServerError, declared_at_head};
use crate::judge::{Cell, Probe, Sender, Stage, Verdict, judge, judge_within};
use crate::kept::KeptStatements;
use crate::queries::normalised;
use crate::rows::{self, Rows};
use crate::samples::TypeFacts;
use crate::server::Server;
use crate::{Result, savepoint};
use inventory::{Inventory, has_word};
use kinds::{Mutation, draw};
pub(crate) use model::{Model, read, replayed};
use random::Random;
pub use tally::{KindTally, MutationTally};

/// Which mutations are tried.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What all is drawn from.
    pub seed: u64,
    /// How many.
    pub count: u64,
    /// Only the one with this number.
    pub only: Option<u64>,
    /// The database, where the project has several.
    pub database: Option<String>,
}

/// Tries mutations of a project's final schema.
///
/// # Errors
///
/// When the project cannot be read, or the server refuses its history.
pub fn mutate(
    server: &Server,
    folder: &Path,
    settings: &Settings,
    mut progress: impl FnMut(u64, &MutationTally),
) -> Result<MutationTally> {
    let input = read(server, folder, settings.database.as_deref())?;
    let mut bench = Bench::open(server, &input)?;
    let numbers = settings.only.map_or(0..settings.count, |only| only..only + 1);
    for number in numbers {
        let mut random = Random::new(settings.seed ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d));
        if let Some(mutation) = draw(&mut random, &bench.inventory) {
            bench.try_one(number, &mutation, &mut random)?;
        }
        progress(number, &bench.tally);
    }
    Ok(bench.tally)
}

/// A query that runs on the final schema, for checker and server.
struct Known {
    query: OwnedQuery,
    text: String,
    probe: Probe,
    /// Whether the call goes on with a statement that it prepared before.
    keeps: bool,
}

struct Bench {
    client: Client,
    inventory: Inventory,
    queries: Vec<Known>,
    kept: KeptStatements,
    model: Model,
    tally: MutationTally,
}

/// One in how many queries is asked that a mutation does not seem to concern.
const SAMPLED: usize = 40;

impl Bench {
    fn open(server: &Server, input: &CheckInput) -> Result<Bench> {
        let database = replayed(server, input)?;
        let mut client = server.connect(&database)?;
        client.batch_execute("BEGIN")?;
        let types = TypeFacts::load(&mut client)?;
        rows::fill(&mut client, &types, Rows::Full)?;
        client.batch_execute("COMMIT")?;
        let model = Model::new(input)?;
        let mut tally = MutationTally::default();
        let queries = known_queries(&mut client, input, &model, &mut tally)?;
        let probes: Vec<Probe> = queries.iter().map(|known| known.probe.clone()).collect();
        let kept = KeptStatements::prepare(&mut client, &probes)?;
        let inventory = Inventory::read(&mut client, words(&queries))?;
        Ok(Bench { client, inventory, queries, kept, model, tally })
    }

    fn try_one(&mut self, number: u64, mutation: &Mutation, random: &mut Random) -> Result<()> {
        self.client.batch_execute("BEGIN; SET LOCAL statement_timeout = '20s'")?;
        let said = self.model.change(&mutation.sql);
        let change = self.change(&mutation.sql, said.fails_on_rows);
        let kind = self.tally.kinds.entry(mutation.kind).or_default();
        kind.mutations += 1;
        let place = format!("{number} [{}] {}", mutation.kind, mutation.sql);
        let says = said.refuses.clone().unwrap_or_else(|| "it runs".to_owned());
        match (&change, &said.refuses) {
            (Change::Refused(error), None) if said.unknown => {
                kind.refused.0 += 1;
                kind.unknown += 1;
                self.tally.notes.push(format!("{place}\n    UNKNOWN migration: the server: {error}"));
            }
            (Change::Refused(error), None) => {
                kind.refused.0 += 1;
                self.tally.notes.push(format!("{place}\n    MISSED migration fails: {error}"));
            }
            (Change::Refused(_), Some(_)) => {
                kind.refused.0 += 1;
                kind.refused.1 += 1;
            }
            (Change::Made(_), Some(_)) => {
                kind.wrongly_refused += 1;
                self.tally.notes.push(format!("{place}\n    FALSE ALARM migration: {says}"));
            }
            (Change::Made(on_rows), None) => {
                let not_null = on_rows.as_ref().is_some_and(|error| error.sqlstate == "23502");
                if not_null != said.fails_on_rows {
                    kind.rows_differ += 1;
                    let error = on_rows.as_ref().map_or("runs on rows".to_owned(), ToString::to_string);
                    let words = if said.fails_on_rows { "FALSE ALARM" } else { "MISSED" };
                    self.tally.notes.push(format!("{place}\n    {words} migration fails on rows: {error}"));
                }
                self.compare(&place, mutation, random)?;
            }
        }
        self.client.batch_execute("ROLLBACK")?;
        if silent::concerns(mutation.kind) {
            self.client.batch_execute("BEGIN; SET LOCAL statement_timeout = '20s'")?;
            self.compare_rows(&place, mutation)?;
            self.client.batch_execute("ROLLBACK")?;
        }
        Ok(())
    }

    /// Compares the rows of queries before and after a change.
    fn compare_rows(&mut self, place: &str, mutation: &Mutation) -> Result<()> {
        let client = &mut self.client;
        client.clear_type_cache();
        let types = TypeFacts::load(client)?;
        silent::tell_columns_apart(client)?;
        let names = self.inventory.concerned(&mutation.names);
        let concerned = |known: &&Known| names.iter().any(|name| has_word(&known.text, name));
        let before = self.queries.iter().filter(concerned);
        let before = before.filter_map(|known| {
            let rows = silent::rows_of(client, &known.probe, &types)?;
            // Sequences and chance give others each time.
            (silent::rows_of(client, &known.probe, &types).as_ref() == Some(&rows)).then_some((known, rows))
        });
        let before: Vec<(&Known, Vec<String>)> = before.collect();
        if savepoint(client, false, |client| client.batch_execute(&mutation.sql)).is_err() {
            return Ok(());
        }
        client.clear_type_cache();
        let says = self.model.queries(&mutation.sql, before.iter().map(|(known, _)| &known.query));
        let kind = self.tally.kinds.entry(mutation.kind).or_default();
        for ((known, before), stretch) in before.iter().zip(&says) {
            let says = stretch.as_ref().map_or(Says::Unknown, |stretch| stretch.verdict);
            let after = silent::rows_of(client, &known.probe, &types);
            let Some(after) = after.filter(|after| after != before) else { continue };
            kind.silent.0 += 1;
            if says != Says::Runs {
                kind.silent.1 += 1;
                continue;
            }
            let sql = normalised(&known.probe.sql);
            let note = format!("{place}\n    MISSED other rows, {} for {}: {sql}", after.join("; "), before.join("; "));
            self.tally.notes.push(note);
        }
        Ok(())
    }

    /// Makes a change on tables with rows, and where that fails on tables without. Rows with every NULL that they may hold
    /// are tried where the full ones do not tell.
    fn change(&mut self, sql: &str, fails_on_rows: bool) -> Change {
        let client = &mut self.client;
        let attempt = |client: &mut Client, keep: bool| {
            savepoint(client, !keep, |client| client.batch_execute(sql)).map_err(|error| ServerError::from(&error))
        };
        let on_rows = match attempt(client, !fails_on_rows) {
            Ok(()) if !fails_on_rows => return Change::Made(None),
            Ok(()) => self.empty(Some(Rows::Sparse)).and_then(|()| attempt(&mut self.client, false)).err(),
            Err(error) => Some(error),
        };
        match self.empty(None).and_then(|()| attempt(&mut self.client, true)) {
            Ok(()) => Change::Made(on_rows),
            Err(error) => Change::Refused(error),
        }
    }

    /// Takes the rows out of all tables, and puts others in.
    fn empty(&mut self, rows: Option<Rows>) -> std::result::Result<(), ServerError> {
        let deletes = self.inventory.tables.iter().map(|table| format!("DELETE FROM {};", table.path));
        let sql = format!(
            "SET LOCAL session_replication_role = replica; {} SET LOCAL session_replication_role = origin",
            deletes.collect::<String>()
        );
        let client = &mut self.client;
        let filled = client.batch_execute(&sql).and_then(|()| {
            let Some(rows) = rows else { return Ok(()) };
            let types = TypeFacts::load(client)?;
            rows::fill(client, &types, rows).map(|_| ())
        });
        filled.map_err(|error| ServerError::from(&error))
    }

    fn compare(&mut self, place: &str, mutation: &Mutation, random: &mut Random) -> Result<()> {
        let names = self.inventory.concerned(&mutation.names);
        let concerned = |known: &Known| names.iter().any(|name| has_word(&known.text, name));
        let mut picked: Vec<usize> = Vec::new();
        for (index, known) in self.queries.iter().enumerate() {
            if concerned(known) || random.one_in(SAMPLED) {
                picked.push(index);
            }
        }
        let known: Vec<&Known> = picked.iter().filter_map(|index| self.queries.get(*index)).collect();
        let probes: Vec<Probe> = known.iter().map(|known| known.probe.clone()).collect();
        let judged = judge_within(&mut self.client, &probes, &Sender::Granted)?;
        let stretches = self.model.queries(&mutation.sql, known.iter().map(|known| &known.query));
        let kind = self.tally.kinds.entry(mutation.kind).or_default();
        for (((index, known), cell), stretch) in picked.iter().zip(known).zip(&judged.cells).zip(&stretches) {
            let fails = match &cell.verdict {
                Verdict::Fails { stage, error } => Some((*stage, error.clone())),
                _ if known.keeps => {
                    self.kept.failure_within(&mut self.client, *index).map(|error| (Stage::Kept, error))
                }
                _ => None,
            };
            let decided = cell.reached && cell.verdict == Verdict::Accepts;
            if let Some(note) = kind.add(fails.as_ref(), decided, stretch.as_ref()) {
                self.tally.notes.push(format!("{place}\n    {note}: {}", normalised(&known.probe.sql)));
            }
            if let (None, Some(stretch)) = (&fails, stretch) {
                let wrong = kind.compare_columns(cell, stretch);
                self.tally.notes.extend(
                    wrong.into_iter().map(|what| format!("{place}\n    TYPE {what}: {}", normalised(&known.probe.sql))),
                );
            }
        }
        Ok(())
    }
}

/// What became of a change.
enum Change {
    /// It was made; the error is that of tables with rows.
    Made(Option<ServerError>),
    /// It fails on empty tables too.
    Refused(ServerError),
}

/// The queries that run on the final schema, by the server and by the checker; each text once.
fn known_queries(
    client: &mut Client,
    input: &CheckInput,
    model: &Model,
    tally: &mut MutationTally,
) -> Result<Vec<Known>> {
    let mut seen = BTreeSet::new();
    let whole = |owned: &&OwnedQuery| owned.ownership != Ownership::Unclear && owned.query.holes.is_empty();
    let queries = input.candidate.queries.iter().filter(whole).filter(|owned| seen.insert(owned.query.sql.clone()));
    let queries: Vec<&OwnedQuery> = queries.collect();
    let mut probes = Vec::with_capacity(queries.len());
    for owned in &queries {
        let id = owned.query.call.id;
        let declares = ["sqlx::", "diesel::", "sea_orm::"].iter().any(|driver| id.starts_with(driver));
        let declared = if declares { declared_at_head(client, &owned.query.sql)? } else { Declared::Nothing };
        probes.push(Probe { sql: owned.query.sql.to_string(), declared, arguments: None });
    }
    let mut cells = judge(client, &probes, &Sender::Granted)?.cells;
    for (probe, cell) in probes.iter_mut().zip(&mut cells) {
        if matches!(cell.verdict, Verdict::Fails { .. }) && probe.declared != Declared::Nothing {
            probe.declared = Declared::Nothing;
            *cell = judge(client, std::slice::from_ref(probe), &Sender::Granted)?.cells.remove(0);
        }
    }
    let stretches = model.queries("", queries.iter().copied());
    let mut known = Vec::new();
    for (((owned, probe), cell), stretch) in queries.into_iter().zip(probes).zip(cells).zip(stretches) {
        tally.queries += 1;
        if runs_for_both(&cell, stretch.as_ref(), &probe, tally) {
            let keeps = owned.query.call.keeps_statement == Some(true);
            known.push(Known { query: owned.clone(), text: probe.sql.to_lowercase(), probe, keeps });
        }
    }
    Ok(known)
}

/// Only what runs can break; where server and checker differ already on the final schema, that is said once.
fn runs_for_both(cell: &Cell, stretch: Option<&Stretch>, probe: &Probe, tally: &mut MutationTally) -> bool {
    let says = stretch.map_or(Says::Unknown, |stretch| stretch.verdict);
    let runs = !matches!(cell.verdict, Verdict::Fails { .. });
    if runs && says == Says::Runs {
        return true;
    }
    tally.left_out += 1;
    if runs || says == Says::Runs {
        let why = stretch.map(|stretch| stretch.reasons.join("; ")).unwrap_or_default();
        let (verdict, sql) = (&cell.verdict, normalised(&probe.sql));
        tally.notes.push(format!("at head\n    the checker: {says:?} {why}, the server: {verdict:?}: {sql}"));
    }
    false
}

/// The identifiers that queries use, each once.
fn words(queries: &[Known]) -> Vec<String> {
    let part = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let words = queries.iter().flat_map(|known| known.text.split(part));
    let word = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') && word.len() > 1;
    words.filter(word).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}
