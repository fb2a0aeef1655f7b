//! From releases as read to what a check of each database is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::config::Config;
use super::load::{Database, Project};
use super::spoken;
use crate::dialect::Dialect;
use crate::finding::Level;
use crate::migration::History;
use crate::query::{Queries, Query, Unresolved};
use crate::rollout::{self, Candidates, CheckInput, Migrator, OwnedQuery, Ownership, Release, Upgrade};

/// One version of a project, as a check sees it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// As messages call it.
    pub id: String,
    /// What it was read from: a commit, a folder, a file.
    pub source: String,
    /// Why this one.
    pub why: String,
    /// Its databases.
    pub databases: Vec<LoadedDatabase>,
    /// Its queries.
    pub queries: Queries,
    /// Databases that the queries of a package may be for, nearest first; none where the package talks to an engine of
    /// which no database was found. A package that is not in it may talk to any.
    pub tiers: BTreeMap<Arc<str>, Vec<Vec<Arc<str>>>>,
}

/// A database of a release.
#[derive(Clone, Debug)]
pub struct LoadedDatabase {
    /// As output and configuration call it.
    pub name: Arc<str>,
    /// Its engine.
    pub dialect: &'static Dialect,
    /// The major version of its server, where the configuration says it.
    pub server_version: Option<u32>,
    /// Its migrations.
    pub history: History,
    /// What the release's own migrator does when it starts.
    pub migrator: Migrator,
}

impl Loaded {
    /// A release from its project and its queries.
    pub fn new(id: String, source: String, why: String, project: &Project, queries: Queries) -> Loaded {
        let name = |index: &usize| project.databases.get(*index).map(|database| database.name.clone());
        let known = project.packages.all.iter().filter(|package| project.tiers.knows(&package.name));
        let tiers = known.map(|package| {
            let tiers = project.tiers.of_package(&package.name).iter();
            (package.name.clone(), tiers.map(|tier| tier.iter().filter_map(name).collect()).collect())
        });
        let tiers = tiers.collect();
        let databases = project.databases.iter().map(LoadedDatabase::new).collect();
        let mut loaded = Loaded { id, source, why, databases, queries, tiers };
        super::alternatives::settle(&mut loaded);
        loaded
    }
}

impl Loaded {
    /// The databases that a package's queries may be for; all where nothing is known of the package.
    fn tiers(&self, package: &str) -> Vec<Vec<Arc<str>>> {
        match self.tiers.get(package) {
            Some(tiers) => tiers.clone(),
            None => vec![self.databases.iter().map(|database| database.name.clone()).collect()],
        }
    }

    /// Those of them whose engine the query is written for.
    fn spoken_tiers(&self, query: &Query) -> Vec<Vec<Arc<str>>> {
        let mut tiers = self.tiers(&query.package);
        if let Some(engine) = spoken::of(query).filter(|_| query.database.is_none()) {
            let speaks = |name: &Arc<str>| {
                self.databases.iter().any(|database| database.name == *name && database.dialect.name == engine)
            };
            tiers.iter_mut().for_each(|tier| tier.retain(speaks));
            tiers.retain(|tier| !tier.is_empty());
        }
        tiers
    }

    /// The release's databases at its head, where there are several to choose from, or texts.
    pub(super) fn candidates(&self) -> Candidates {
        let heads = self.databases.iter().map(|it| (it.name.clone(), it.dialect, it.server_version, &it.history));
        Candidates::new(heads)
    }

    /// How many queries are for no database of the project, by package.
    pub fn elsewhere(&self) -> BTreeMap<Arc<str>, usize> {
        let mut counts = BTreeMap::new();
        for query in &self.queries.queries {
            let silent = self.tiers.get(&query.package).is_some_and(Vec::is_empty);
            if query.database.is_none() && (silent || self.spoken_tiers(query).iter().all(Vec::is_empty)) {
                *counts.entry(query.package.clone()).or_default() += 1;
            }
        }
        counts
    }
}

impl LoadedDatabase {
    fn new(database: &Database) -> LoadedDatabase {
        LoadedDatabase {
            name: database.name.clone(),
            dialect: database.dialect,
            server_version: database.server_version,
            history: database.history.clone(),
            migrator: database.migrator,
        }
    }
}

/// The releases of a check.
#[derive(Debug)]
pub struct Releases<'a> {
    /// What is about to roll out.
    pub candidate: &'a Loaded,
    /// What runs now, the one whose migrations the database has first. For each the databases that it counts for; all
    /// where none is named.
    pub baselines: &'a [(Vec<Arc<str>>, Loaded)],
    /// Other programs, each with its database.
    pub consumers: &'a [(Arc<str>, Loaded)],
    /// Releases from which users upgrade at one go, each with its database.
    pub upgrades: &'a [(Arc<str>, Loaded)],
}

/// What a check of each of the candidate's databases is asked, in order of their names.
pub fn inputs(config: &Config, project: &Project, releases: &Releases<'_>) -> Vec<CheckInput> {
    let mut candidate = Shares::of(releases.candidate);
    let mut baselines: Vec<_> = releases.baselines.iter().map(|(names, loaded)| (names, Shares::of(loaded))).collect();
    let input = |database: &Database| {
        let mut older = Vec::new();
        for (names, shares) in &mut baselines {
            if names.is_empty() || names.contains(&database.name) {
                older.push(shares.release(&database.name));
            }
        }
        let consumers = releases.consumers.iter().filter(|(name, _)| *name == database.name);
        let upgrades = releases.upgrades.iter().filter(|(name, _)| *name == database.name);
        CheckInput {
            name: database.name.clone(),
            dialect: database.dialect,
            server_version: database.server_version,
            base: None,
            candidate: candidate.release(&database.name),
            baselines: older,
            consumers: consumers.map(|(name, loaded)| consumer(name, loaded)).collect(),
            upgrades: upgrades.filter_map(|(name, loaded)| upgrade(name, loaded)).collect(),
            rollout: rollout_of(config, database),
            levels: config.rules.iter().map(|(id, (level, _))| (id.clone(), *level)).collect(),
            known: BTreeSet::new(),
        }
    };
    project.databases.iter().map(input).collect()
}

fn rollout_of(config: &Config, database: &Database) -> rollout::Rollout {
    let said = config.rollout_of(&database.name);
    let recreate = database.dialect.embedded;
    let strategy = if recreate { rollout::Strategy::Recreate } else { rollout::Strategy::Rolling };
    rollout::Rollout {
        order: said.order.unwrap_or_default(),
        strategy: said.strategy.unwrap_or(strategy),
        applied: database.applied.clone(),
        contract_held_by: database.contract_held_by.clone(),
        rollback: said.rollback.unwrap_or(Level::Warn),
    }
}

fn consumer(name: &Arc<str>, loaded: &Loaded) -> Release {
    let owned = |query: &Query| OwnedQuery { query: Arc::new(query.clone()), ownership: Ownership::Certain };
    let own = |query: &&Query| query.database.as_ref().is_none_or(|database| database == name);
    Release {
        id: loaded.id.clone(),
        source: loaded.source.clone(),
        why: loaded.why.clone(),
        history: None,
        queries: loaded.queries.queries.iter().filter(own).map(owned).collect(),
        unresolved: loaded.queries.unresolved.clone(),
        migrator: Migrator::default(),
    }
}

fn upgrade(name: &Arc<str>, loaded: &Loaded) -> Option<Upgrade> {
    let database = loaded.databases.iter().find(|database| database.name == *name)?;
    Some(Upgrade { id: loaded.id.clone(), history: database.history.clone() })
}

/// A release's queries, shared out among its databases.
pub(super) struct Shares<'a> {
    loaded: &'a Loaded,
    queries: BTreeMap<Arc<str>, Vec<OwnedQuery>>,
    unresolved: BTreeMap<Arc<str>, Vec<Unresolved>>,
}

impl<'a> Shares<'a> {
    fn of(loaded: &'a Loaded) -> Shares<'a> {
        let mut shares = Shares::empty(loaded);
        let candidates = if loaded.databases.len() > 1 { loaded.candidates() } else { Candidates::new([]) };
        for query in &loaded.queries.queries {
            let query = Arc::new(query.clone());
            for (name, owned) in shares.owners(&candidates, &query) {
                shares.queries.entry(name).or_default().push(owned);
            }
        }
        for call in &loaded.queries.unresolved {
            let first = loaded.tiers(&call.package).first().and_then(|tier| tier.first().cloned());
            if let Some(name) = first {
                shares.unresolved.entry(name).or_default().push(call.clone());
            }
        }
        shares
    }

    /// Before any query is shared out.
    pub(super) fn empty(loaded: &'a Loaded) -> Shares<'a> {
        Shares { loaded, queries: BTreeMap::new(), unresolved: BTreeMap::new() }
    }

    /// The databases of the first tier that holds all of the query's relations, else of the first tier at all.
    pub(super) fn owners(&self, candidates: &Candidates, query: &Arc<Query>) -> Vec<(Arc<str>, OwnedQuery)> {
        rollout::owners(candidates, &self.loaded.spoken_tiers(query), query)
    }

    fn release(&mut self, database: &Arc<str>) -> Release {
        let own = self.loaded.databases.iter().find(|own| own.name == *database);
        Release {
            id: self.loaded.id.clone(),
            source: self.loaded.source.clone(),
            why: self.loaded.why.clone(),
            history: own.map(|own| own.history.clone()),
            queries: self.queries.remove(database).unwrap_or_default(),
            unresolved: self.unresolved.remove(database).unwrap_or_default(),
            migrator: own.map(|own| own.migrator).unwrap_or_default(),
        }
    }
}
