//! Real rollouts: each commit of a repository that adds migrations, against its first parent.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::describe::{Declared, ServerError, declared_at_head};
use crate::judge::{Cell, Probe, Sender, Stage, Verdict, judge};
use crate::kept::KeptSession;
use crate::queries::ListedQuery;
use crate::replay::{Migration, apply, try_on_rows};
use crate::server::Server;
use crate::steps::Step;

/// What the server says about a step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepTruth {
    /// The candidate.
    pub commit: String,
    /// The baseline.
    pub parent: String,
    /// Day of the commit.
    pub date: String,
    /// First line of the commit's message.
    pub subject: String,
    /// Versions whose text the commit changes.
    pub edited: Vec<String>,
    /// Versions that the commit removes.
    pub removed: Vec<String>,
    /// Why the parent's own history cannot be replayed; nothing else is known then.
    pub unreplayable: Option<MigrationError>,
    /// The first migration that fails on tables with rows and does not without.
    pub fails_on_rows: Option<MigrationError>,
    /// State `a`, then the state after each migration that succeeds.
    pub states: Vec<StateTruth>,
    /// The migration that ended the rollout.
    pub failed_migration: Option<MigrationError>,
}

/// A migration that the server refuses.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MigrationError {
    /// Its file.
    pub file: String,
    /// The server's words.
    pub error: ServerError,
}

/// What the server says on one state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StateTruth {
    /// The last migration applied; empty before the first.
    pub version: String,
    /// The baseline's queries.
    pub baseline: ReleaseTruth,
    /// The candidate's queries.
    pub candidate: ReleaseTruth,
    /// Tables that could not be given a row.
    pub empty_tables: Vec<String>,
}

/// What the server says about one release's queries on one state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ReleaseTruth {
    /// Distinct texts that run on the release's own head; only these are judged elsewhere.
    pub queries: usize,
    /// Those that fail here.
    pub failures: Vec<Failure>,
    /// Those that ran into the data here and not on the release's own head.
    pub suspects: Vec<Failure>,
}

/// A query that fails, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The query's text.
    pub sql: String,
    /// Where it is listed.
    pub file: String,
    /// How far it came.
    pub stage: Stage,
    /// The server's words.
    pub error: ServerError,
}

/// Judges steps one after the other; answers are kept in a folder and taken from there the next time.
///
/// # Errors
///
/// When the server or the folder fails.
pub fn judge_steps(
    server: &Server,
    steps: &[Step],
    cache: &Path,
    mut progress: impl FnMut(usize, &StepTruth),
) -> Result<Vec<StepTruth>> {
    std::fs::create_dir_all(cache)?;
    let mut chain = Chain::default();
    let mut truths = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let file = cache_file(cache, step);
        let truth = match std::fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str(&text).ok()) {
            Some(truth) => truth,
            None => {
                let truth = judge_step(server, &mut chain, step)?;
                std::fs::write(&file, serde_json::to_string(&truth)?)?;
                truth
            }
        };
        progress(index, &truth);
        truths.push(truth);
    }
    chain.forget(server)?;
    Ok(truths)
}

/// Changes whenever the judge would answer differently.
const JUDGE_VERSION: u32 = 4;

fn cache_file(cache: &Path, step: &Step) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    (JUDGE_VERSION, step.key()).hash(&mut hasher);
    cache.join(format!("{}-{:016x}.json", step.commit.id.get(..12).unwrap_or_default(), hasher.finish()))
}

/// A database that walks along the history, and the verdicts that were given on its states.
#[derive(Debug, Default)]
struct Chain {
    database: Option<String>,
    applied: Vec<(String, String)>,
    verdicts: HashMap<(u64, u64), Verdict>,
    empty_tables: HashMap<u64, Vec<String>>,
}

impl Chain {
    /// Brings the database to the state after some migrations, from where it is if that is on the way.
    fn reach(
        &mut self,
        server: &Server,
        migrations: &[Migration],
    ) -> Result<std::result::Result<String, MigrationError>> {
        let wanted: Vec<_> = migrations.iter().map(|migration| (&migration.version, &migration.sql)).collect();
        let on_the_way = self.applied.len() <= wanted.len()
            && self.applied.iter().zip(&wanted).all(|(have, want)| have.0 == *want.0 && have.1 == *want.1);
        if !on_the_way {
            self.forget(server)?;
        }
        let database = match &self.database {
            Some(database) => database.clone(),
            None => self.database.insert(server.create_database(None)?).clone(),
        };
        let mut client = server.connect(&database)?;
        for migration in migrations.iter().skip(self.applied.len()) {
            if let Err(error) = self.apply(&mut client, migration) {
                self.forget(server)?;
                return Ok(Err(error));
            }
        }
        Ok(Ok(database))
    }

    fn apply(
        &mut self,
        client: &mut postgres::Client,
        migration: &Migration,
    ) -> std::result::Result<(), MigrationError> {
        apply(client, migration).map_err(|error| MigrationError { file: migration.file.clone(), error })?;
        self.applied.push((migration.version.clone(), migration.sql.clone()));
        Ok(())
    }

    fn forget(&mut self, server: &Server) -> Result<()> {
        self.applied.clear();
        match self.database.take() {
            Some(database) => server.drop_database(&database),
            None => Ok(()),
        }
    }

    fn state(&self) -> u64 {
        hash(&self.applied)
    }

    /// The verdicts on the present state, asking the server only for those not known yet.
    fn judge(&mut self, server: &Server, database: &str, probes: &[Probe]) -> Result<(Vec<Verdict>, Vec<String>)> {
        let state = self.state();
        let unknown: Vec<Probe> =
            probes.iter().filter(|probe| !self.verdicts.contains_key(&(state, hash(probe)))).cloned().collect();
        if !unknown.is_empty() {
            let judgement = judge(&mut server.connect(database)?, &unknown, &Sender::Granted)?;
            for (probe, Cell { verdict, .. }) in unknown.iter().zip(judgement.cells) {
                self.verdicts.insert((state, hash(probe)), verdict);
            }
            let empty = judgement.empty_tables.into_iter().map(|empty| format!("{}: {}", empty.table, empty.why));
            self.empty_tables.insert(state, empty.collect());
        }
        let verdicts = probes.iter().filter_map(|probe| self.verdicts.get(&(state, hash(probe))).cloned()).collect();
        Ok((verdicts, self.empty_tables.get(&state).cloned().unwrap_or_default()))
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn judge_step(server: &Server, chain: &mut Chain, step: &Step) -> Result<StepTruth> {
    let mut truth = StepTruth {
        commit: step.commit.id.clone(),
        parent: step.commit.parent.clone(),
        date: step.commit.date.clone(),
        subject: step.commit.subject.clone(),
        edited: step.edited.clone(),
        removed: step.removed.clone(),
        unreplayable: None,
        fails_on_rows: None,
        states: Vec::new(),
        failed_migration: None,
    };
    let database = match chain.reach(server, &step.applied)? {
        Ok(database) => database,
        Err(error) => {
            truth.unreplayable = Some(error);
            return Ok(truth);
        }
    };
    let on_rows = try_on_rows(&mut server.connect(&database)?, &step.pending)?;
    let mut baseline = Release::of(&step.baseline);
    let mut candidate = Release::of(&step.candidate);
    baseline.settle(server, chain, &database)?;
    truth.states.push(judge_releases(server, chain, &database, &baseline, &candidate)?);
    let mut client = server.connect(&database)?;
    for migration in &step.pending {
        let mut kept = KeptSession::open(server, &database, &baseline.probes)?;
        if let Err(error) = chain.apply(&mut client, migration) {
            truth.failed_migration = Some(error);
            break;
        }
        let mut state = judge_releases(server, chain, &database, &baseline, &candidate)?;
        add_kept(&mut state.baseline, &baseline, kept.execute());
        truth.states.push(state);
    }
    if truth.failed_migration.is_none() {
        truth.fails_on_rows = on_rows.and_then(|(position, error)| {
            Some(MigrationError { file: step.pending.get(position)?.file.clone(), error })
        });
    }
    let declared = candidate.probes.clone();
    candidate.settle(server, chain, &database)?;
    if let (None, Some(last)) = (&truth.failed_migration, truth.states.last_mut()) {
        let (verdicts, _) = chain.judge(server, &database, &candidate.probes)?;
        last.candidate = candidate.truth(&verdicts);
    }
    let resettled = declared.iter().zip(&candidate.probes).filter(|(before, after)| before != after);
    drop_what_fails_at_head(&mut truth, &resettled.map(|(_, probe)| probe.sql.as_str()).collect());
    Ok(truth)
}

/// What fails on its own release's head says nothing about the other states, and neither does a query that was judged
/// there with other declared types than on its head.
fn drop_what_fails_at_head(truth: &mut StepTruth, unsettled: &HashSet<&str>) {
    let failing = |release: Option<&ReleaseTruth>| -> HashSet<String> {
        release.into_iter().flat_map(|release| &release.failures).map(|failure| failure.sql.clone()).collect()
    };
    let old = failing(truth.states.first().map(|state| &state.baseline));
    for state in truth.states.iter_mut().skip(1) {
        state.baseline.failures.retain(|failure| !old.contains(&failure.sql));
        state.baseline.queries = state.baseline.queries.saturating_sub(old.len());
    }
    let mut new = failing(truth.states.last().map(|state| &state.candidate));
    new.extend(unsettled.iter().map(|sql| (*sql).to_owned()));
    let before_last = truth.states.len().saturating_sub(1);
    for state in truth.states.iter_mut().take(before_last) {
        state.candidate.failures.retain(|failure| !new.contains(&failure.sql));
        state.candidate.queries = state.candidate.queries.saturating_sub(new.len());
    }
}

/// A release's queries, as the driver sends them.
#[derive(Debug)]
struct Release {
    files: Vec<String>,
    /// Whether the types that the call declares are those that its release's head infers.
    infers: Vec<bool>,
    probes: Vec<Probe>,
    at_head: Vec<Option<Verdict>>,
}

impl Release {
    fn of(queries: &[ListedQuery]) -> Release {
        let probe =
            |query: &ListedQuery| Probe { sql: query.sql.clone(), declared: query.declared.clone(), arguments: None };
        Release {
            files: queries.iter().map(|query| query.file.clone()).collect(),
            infers: queries.iter().map(|query| query.infers).collect(),
            probes: queries.iter().map(probe).collect(),
            at_head: vec![None; queries.len()],
        }
    }

    /// Judges the release on its own head, the present state: where the types that the list implies are refused and
    /// inferred ones are not, the call does not declare them.
    fn settle(&mut self, server: &Server, chain: &mut Chain, database: &str) -> Result<()> {
        let mut client = server.connect(database)?;
        for (probe, infers) in self.probes.iter_mut().zip(&self.infers) {
            if *infers {
                probe.declared = declared_at_head(&mut client, &probe.sql)?;
            }
        }
        drop(client);
        let (verdicts, _) = chain.judge(server, database, &self.probes)?;
        for (probe, verdict) in self.probes.iter_mut().zip(&verdicts) {
            if matches!(verdict, Verdict::Fails { .. }) {
                probe.declared = Declared::Nothing;
            }
        }
        let (verdicts, _) = chain.judge(server, database, &self.probes)?;
        self.at_head = verdicts.into_iter().map(Some).collect();
        Ok(())
    }

    fn truth(&self, verdicts: &[Verdict]) -> ReleaseTruth {
        let mut truth = ReleaseTruth { queries: self.probes.len(), ..ReleaseTruth::default() };
        for (index, verdict) in verdicts.iter().enumerate() {
            let at_head = self.at_head.get(index).and_then(Option::as_ref);
            match verdict {
                Verdict::Accepts => {}
                Verdict::Depends(_) if at_head != Some(&Verdict::Accepts) => {}
                Verdict::Depends(error) => truth.suspects.extend(self.failure(index, Stage::Execute, error)),
                Verdict::Fails { stage, error } => truth.failures.extend(self.failure(index, *stage, error)),
            }
        }
        truth
    }

    fn failure(&self, index: usize, stage: Stage, error: &ServerError) -> Option<Failure> {
        let probe = self.probes.get(index)?;
        let file = self.files.get(index)?.clone();
        Some(Failure { sql: probe.sql.clone(), file, stage, error: error.clone() })
    }
}

fn judge_releases(
    server: &Server,
    chain: &mut Chain,
    database: &str,
    baseline: &Release,
    candidate: &Release,
) -> Result<StateTruth> {
    let (old, empty_tables) = chain.judge(server, database, &baseline.probes)?;
    let (new, _) = chain.judge(server, database, &candidate.probes)?;
    Ok(StateTruth {
        version: chain.applied.last().map(|(version, _)| version.clone()).unwrap_or_default(),
        baseline: baseline.truth(&old),
        candidate: candidate.truth(&new),
        empty_tables,
    })
}

/// A statement that runs when it is prepared anew, and does not when it was kept.
fn add_kept(truth: &mut ReleaseTruth, release: &Release, errors: Vec<Option<ServerError>>) {
    for (index, error) in errors.into_iter().enumerate() {
        let Some(failure) = error.and_then(|error| release.failure(index, Stage::Kept, &error)) else { continue };
        if !truth.failures.iter().any(|known| known.sql == failure.sql) {
            truth.failures.push(failure);
        }
    }
}
