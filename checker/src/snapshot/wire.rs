//! A snapshot as the bytes of a file.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::{Facts, Snapshot};
use crate::dialect;
use crate::finding::Level;
use crate::migration::{self, Gaps, History, Migration, Version};
use crate::project::release_file::hash;
use crate::rollout::{CheckInput, Known, Migrator, Order, Release, Replayed, Rollout, Strategy};
use crate::schema::{ColumnNumber, RelationId};
use crate::source::Source;

/// What a file begins with; another number where the form changes.
const MAGIC: &str = "schemacheck snapshot 2 ";

/// Why bytes are no snapshot: lower case, no full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Snapshot {
    /// The bytes of a file, and a stamp that is another one whenever anything in it is.
    pub fn write(facts: &Facts, databases: &[Replayed]) -> (Vec<u8>, String) {
        let facts = serde_json::to_string(facts).unwrap_or_default();
        let entries: Vec<Database> = databases.iter().map(|replayed| Database::of(replayed.origin())).collect();
        let entries = serde_json::to_string(&entries).unwrap_or_default();
        let stamp = hash(&format!("{facts}\n{entries}"));
        let states: Vec<Vec<u8>> = databases.iter().map(|replayed| replayed.write().unwrap_or_default()).collect();
        let state = |(replayed, bytes): (&Replayed, &Vec<u8>)| StatesEntry {
            dialect: replayed.dialect().name.to_owned(),
            length: bytes.len(),
            sum: sum(bytes),
        };
        let parts = Parts {
            facts: facts.len(),
            databases: entries.len(),
            states: databases.iter().zip(&states).map(state).collect(),
        };
        let parts = serde_json::to_string(&parts).unwrap_or_default();
        let mut bytes = format!("{MAGIC}{stamp} {parts}\n{facts}{entries}").into_bytes();
        states.iter().for_each(|states| bytes.extend_from_slice(states));
        (bytes, stamp)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// They are no snapshot, or not all of one.
    pub fn read(bytes: Vec<u8>) -> Result<Snapshot, Unreadable> {
        let broken = |reason: &str| Unreadable(reason.to_owned());
        let foreign = || broken("it is none that this version wrote");
        let start = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| broken("it is cut off"))?;
        let head = std::str::from_utf8(bytes.get(..start).unwrap_or_default()).map_err(|_| foreign())?;
        let rest = head.strip_prefix(MAGIC).ok_or_else(foreign)?;
        let (_, parts) = rest.split_once(' ').ok_or_else(foreign)?;
        let parts: Parts = serde_json::from_str(parts).map_err(|_| foreign())?;
        let mut at = start + 1;
        let mut next = |length: usize| {
            let range = at..at.saturating_add(length);
            at = range.end;
            range
        };
        let facts = next(parts.facts);
        let databases = next(parts.databases);
        let states = parts.states.into_iter().map(|states| States {
            dialect: states.dialect,
            range: next(states.length),
            sum: states.sum,
        });
        let states = states.collect();
        if at != bytes.len() {
            return Err(broken("it is cut off"));
        }
        let facts = bytes.get(facts).unwrap_or_default();
        let facts = serde_json::from_slice(facts).map_err(|error| Unreadable(error.to_string()))?;
        Ok(Snapshot {
            facts,
            written: Arc::new(Written { bytes: Arc::new(bytes), databases, states }),
            replayed: OnceLock::new(),
            candidates: OnceLock::new(),
        })
    }
}

/// What the first line of a file says of the others.
#[derive(Serialize, Deserialize)]
struct Parts {
    facts: usize,
    databases: usize,
    states: Vec<StatesEntry>,
}

#[derive(Serialize, Deserialize)]
struct StatesEntry {
    dialect: String,
    /// Nothing where they can only be replayed.
    length: usize,
    sum: u64,
}

/// The databases of a snapshot as written.
#[derive(Debug)]
pub(super) struct Written {
    bytes: Arc<Vec<u8>>,
    /// What they are replayed from.
    databases: Range<usize>,
    /// What that gave.
    states: Vec<States>,
}

#[derive(Debug)]
struct States {
    dialect: String,
    range: Range<usize>,
    sum: u64,
}

impl Written {
    /// The databases, with what is stored of their states, else replayed.
    pub(super) fn replayed(self: &Arc<Written>) -> Result<Vec<Replayed>, Unreadable> {
        let stored: Option<Vec<Replayed>> = (0..self.states.len()).map(|number| self.stored(number)).collect();
        match stored {
            Some(stored) => Ok(stored),
            None => Ok(self.inputs()?.iter().map(|(input, known)| Replayed::of(input, known.clone())).collect()),
        }
    }

    fn stored(self: &Arc<Written>, number: usize) -> Option<Replayed> {
        let states = self.states.get(number)?;
        let bytes = self.bytes.get(states.range.clone()).filter(|bytes| !bytes.is_empty())?;
        if sum(bytes) != states.sum {
            return None;
        }
        let written = self.clone();
        let replay = move || {
            let (input, known) = written.inputs().ok()?.into_iter().nth(number)?;
            Some(Replayed::of(&input, known))
        };
        Replayed::read(self.bytes.clone(), states.range.clone(), dialect::named(&states.dialect)?, replay)
    }

    fn inputs(&self) -> Result<Vec<(CheckInput, Known)>, Unreadable> {
        let written = self.bytes.get(self.databases.clone()).unwrap_or_default();
        let databases: Vec<Database> =
            serde_json::from_slice(written).map_err(|error| Unreadable(error.to_string()))?;
        let inputs: Option<Vec<(CheckInput, Known)>> = databases.into_iter().map(Database::into_input).collect();
        inputs.ok_or_else(|| Unreadable("it names what this version does not know".to_owned()))
    }
}

/// A sum that tells damaged bytes, eight at a time: macros are not optimised.
fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    let sum = words.iter().fold(0xcbf2_9ce4_8422_2325, |sum, word| step(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)))
}

#[derive(Serialize, Deserialize)]
struct Database {
    name: Arc<str>,
    dialect: String,
    server_version: Option<u32>,
    candidate: ReleaseEntry,
    baselines: Vec<ReleaseEntry>,
    order: Order,
    strategy: Strategy,
    applied: Option<Vec<String>>,
    contract_held_by: Option<String>,
    rollback: Level,
    levels: BTreeMap<String, Level>,
    broken: Vec<Arc<str>>,
    null_writers: Vec<(u32, i32, String)>,
    definitions: Vec<Arc<str>>,
}

#[derive(Serialize, Deserialize)]
struct ReleaseEntry {
    id: String,
    history: Option<HistoryEntry>,
}

#[derive(Serialize, Deserialize)]
struct HistoryEntry {
    layout: String,
    grouped: bool,
    migrations: Vec<MigrationEntry>,
    given: Vec<(String, String)>,
    repeatable: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct MigrationEntry {
    version: String,
    numbers: Vec<u64>,
    name: String,
    path: String,
    text: String,
    transaction: bool,
    contract: bool,
    gaps: Option<u8>,
    touches: Option<Vec<String>>,
    opaque: bool,
}

impl Database {
    fn of((input, known): (&CheckInput, &Known)) -> Database {
        let writer =
            |(&(relation, column), who): (&(RelationId, ColumnNumber), &String)| (relation.0, column.0, who.clone());
        Database {
            name: input.name.clone(),
            dialect: input.dialect.name.to_owned(),
            server_version: input.server_version,
            candidate: ReleaseEntry::of(&input.candidate),
            baselines: input.baselines.iter().map(ReleaseEntry::of).collect(),
            order: input.rollout.order,
            strategy: input.rollout.strategy,
            applied: input.rollout.applied.clone(),
            contract_held_by: input.rollout.contract_held_by.clone(),
            rollback: input.rollout.rollback,
            levels: input.levels.clone(),
            broken: known.broken.iter().cloned().collect(),
            null_writers: known.null_writers.iter().map(writer).collect(),
            definitions: known.definitions.clone(),
        }
    }

    fn into_input(self) -> Option<(CheckInput, Known)> {
        let writer = |(relation, column, who): (u32, i32, String)| ((RelationId(relation), ColumnNumber(column)), who);
        let known = Known {
            broken: self.broken.into_iter().collect(),
            null_writers: self.null_writers.into_iter().map(writer).collect(),
            definitions: self.definitions,
        };
        let baselines: Option<Vec<Release>> = self.baselines.into_iter().map(ReleaseEntry::into_release).collect();
        let input = CheckInput {
            name: self.name,
            dialect: dialect::named(&self.dialect)?,
            server_version: self.server_version,
            base: None,
            candidate: self.candidate.into_release()?,
            baselines: baselines?,
            consumers: Vec::new(),
            upgrades: Vec::new(),
            rollout: Rollout {
                order: self.order,
                strategy: self.strategy,
                applied: self.applied,
                contract_held_by: self.contract_held_by,
                rollback: self.rollback,
            },
            levels: self.levels,
            known: std::collections::BTreeSet::new(),
        };
        Some((input, known))
    }
}

impl ReleaseEntry {
    fn of(release: &Release) -> ReleaseEntry {
        ReleaseEntry { id: release.id.clone(), history: release.history.as_ref().map(HistoryEntry::of) }
    }

    fn into_release(self) -> Option<Release> {
        let history = match self.history {
            Some(history) => Some(history.into_history()?),
            None => None,
        };
        Some(Release {
            id: self.id,
            source: String::new(),
            why: String::new(),
            history,
            queries: Vec::new(),
            unresolved: Vec::new(),
            migrator: Migrator::default(),
        })
    }
}

impl HistoryEntry {
    fn of(history: &History) -> HistoryEntry {
        let texts = |sources: &[Source]| {
            sources.iter().map(|source| (source.path().to_owned(), source.text().to_owned())).collect()
        };
        HistoryEntry {
            layout: history.layout.id.to_owned(),
            grouped: migration::layout(history.layout.id).is_some_and(|plain| plain.commits != history.layout.commits),
            migrations: history.migrations.iter().map(MigrationEntry::of).collect(),
            given: texts(&history.given),
            repeatable: texts(&history.repeatable),
        }
    }

    fn into_history(self) -> Option<History> {
        let layout = migration::layout(&self.layout)?;
        let sources = |texts: Vec<(String, String)>| texts.into_iter().map(|(path, text)| Source::new(path, text));
        Some(History {
            layout: if self.grouped { migration::grouped(layout) } else { layout },
            migrations: self.migrations.into_iter().map(MigrationEntry::into_migration).collect(),
            given: sources(self.given).collect(),
            repeatable: sources(self.repeatable).collect(),
        })
    }
}

impl MigrationEntry {
    fn of(migration: &Migration) -> MigrationEntry {
        MigrationEntry {
            version: migration.version.text.clone(),
            numbers: migration.version.numbers.clone(),
            name: migration.name.clone(),
            path: migration.up.path().to_owned(),
            text: migration.up.text().to_owned(),
            transaction: migration.transaction,
            contract: migration.contract,
            gaps: migration.gaps.map(|gaps| match gaps {
                Gaps::Fills => 0,
                Gaps::Refuses => 1,
                Gaps::Skips => 2,
            }),
            touches: migration.touches.clone(),
            opaque: migration.opaque,
        }
    }

    fn into_migration(self) -> Migration {
        let version = Version { text: self.version, numbers: self.numbers };
        Migration {
            version,
            name: self.name,
            up: Source::new(self.path, self.text),
            down: None,
            transaction: self.transaction,
            contract: self.contract,
            marked: false,
            gaps: self.gaps.map(|gaps| match gaps {
                0 => Gaps::Fills,
                1 => Gaps::Refuses,
                _ => Gaps::Skips,
            }),
            touches: self.touches,
            opaque: self.opaque,
        }
    }
}
