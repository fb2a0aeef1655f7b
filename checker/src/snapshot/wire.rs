//! A snapshot as the bytes of a file.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::{Facts, Snapshot};
use crate::dialect;
use crate::finding::Level;
use crate::migration::{self, Gaps, History, Migration, Version};
use crate::project::release_file::hash;
use crate::rollout::{CheckInput, Known, Migrator, Order, Release, Rollout, Strategy};
use crate::schema::{ColumnNumber, RelationId};
use crate::source::Source;

/// What a file begins with; another number where the form changes.
const MAGIC: &str = "schemacheck snapshot 1 ";

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
    pub fn write(facts: &Facts, databases: &[(CheckInput, Known)]) -> (Vec<u8>, String) {
        let facts = serde_json::to_string(facts).unwrap_or_default();
        let databases: Vec<Database> = databases.iter().map(Database::of).collect();
        let body = format!("{facts}\n{}", serde_json::to_string(&databases).unwrap_or_default());
        let stamp = hash(&body);
        (format!("{MAGIC}{stamp} {}\n{body}", body.len()).into_bytes(), stamp)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// They are no snapshot, or not all of one.
    pub fn read(bytes: Vec<u8>) -> Result<Snapshot, Unreadable> {
        let broken = |reason: &str| Unreadable(reason.to_owned());
        let text = String::from_utf8(bytes).map_err(|_| broken("it is not text"))?;
        let rest = text.strip_prefix(MAGIC).ok_or_else(|| broken("it is none that this version wrote"))?;
        let (head, body) = rest.split_once('\n').ok_or_else(|| broken("it is cut off"))?;
        let length = head.rsplit(' ').next().and_then(|length| length.parse().ok());
        if length != Some(body.len()) {
            return Err(broken("it is cut off"));
        }
        let (facts, databases) = body.split_once('\n').ok_or_else(|| broken("it is cut off"))?;
        let facts = serde_json::from_str(facts).map_err(|error| Unreadable(error.to_string()))?;
        Ok(Snapshot { facts, written: databases.to_owned(), replayed: OnceLock::new(), candidates: OnceLock::new() })
    }
}

/// Reads what was written of the databases.
pub(super) fn databases(written: &str) -> Result<Vec<(CheckInput, Known)>, Unreadable> {
    let databases: Vec<Database> = serde_json::from_str(written).map_err(|error| Unreadable(error.to_string()))?;
    let inputs: Option<Vec<(CheckInput, Known)>> = databases.into_iter().map(Database::into_input).collect();
    inputs.ok_or_else(|| Unreadable("it names what this version does not know".to_owned()))
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
    fn of((input, known): &(CheckInput, Known)) -> Database {
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
