//! What a check is asked: releases, the history of each, and how the rollout goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::dialect::Dialect;
use crate::finding::Level;
use crate::migration::History;
use crate::query::{Query, Unresolved};
use crate::schema::Schema;

/// Everything that a check of one database depends on.
#[derive(Clone, Debug)]
pub struct CheckInput {
    /// The database's name in the configuration.
    pub name: Arc<str>,
    /// Its engine.
    pub dialect: &'static Dialect,
    /// The major version of the server, where the configuration says it.
    pub server_version: Option<u32>,
    /// What the database holds before the first migration; nothing where none is given.
    pub base: Option<Schema>,
    /// What is about to roll out.
    pub candidate: Release,
    /// What runs now, first the one whose migrations the database has; then older live releases.
    pub baselines: Vec<Release>,
    /// Other programs on the same database.
    pub consumers: Vec<Release>,
    /// Releases from which users upgrade at one go: from the migrations of each, the rest must succeed.
    pub upgrades: Vec<Upgrade>,
    /// How the rollout goes.
    pub rollout: Rollout,
    /// Levels that the configuration gives to rules, by id.
    pub levels: BTreeMap<String, Level>,
    /// Findings that were there before the change under review ([`crate::rollout::finding_key`]): they become notes.
    pub known: BTreeSet<String>,
}

impl CheckInput {
    /// The database before the first migration.
    pub(crate) fn empty(&self) -> Schema {
        self.base.clone().unwrap_or_else(|| Schema::new(self.dialect, self.server_version))
    }
}

/// One version of the code, as far as it concerns one database.
#[derive(Clone, Debug)]
pub struct Release {
    /// As messages call it.
    pub id: String,
    /// What it was read from.
    pub source: String,
    /// Why this one.
    pub why: String,
    /// The migrations it ships; `None` for a program that ships none of its own.
    pub history: Option<History>,
    /// Its queries on this database.
    pub queries: Vec<OwnedQuery>,
    /// Calls whose SQL is not known.
    pub unresolved: Vec<Unresolved>,
    /// What its own migrator does when it starts.
    pub migrator: Migrator,
}

/// A query with what ties it to the database under check.
#[derive(Clone, Debug)]
pub struct OwnedQuery {
    /// The query.
    pub query: Arc<Query>,
    /// Why it is taken to belong to this database.
    pub ownership: Ownership,
}

/// Why a query is taken to belong to a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// It is the only database of the query's package, or source or configuration name it.
    Certain,
    /// Others of the package hold all its relations too: what happens here may not concern it.
    Tied,
    /// The package has several, and none holds all its relations.
    Unclear,
}

/// What the migrator in a release does when the release starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Migrator {
    /// Whether the release migrates, or checks its migrations, when it starts.
    pub at_start: bool,
    /// Whether it is told to accept applied migrations that it does not ship.
    pub ignores_unknown: bool,
}

/// A release from which users upgrade at one go.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// As messages call it.
    pub id: String,
    /// The migrations it ships.
    pub history: History,
}

/// How the rollout goes.
#[derive(Clone, Debug)]
pub struct Rollout {
    /// Whether code or migrations go first.
    pub order: Order,
    /// Whether versions overlap.
    pub strategy: Strategy,
    /// The versions that the database has when the rollout starts, where the configuration says so.
    pub applied: Option<Vec<String>>,
    /// What holds contract migrations back, in words; `None` where nothing does.
    pub contract_held_by: Option<String>,
    /// The level of `rollback-blocked`.
    pub rollback: Level,
}

impl Default for Rollout {
    fn default() -> Rollout {
        Rollout {
            order: Order::MigrateFirst,
            strategy: Strategy::Rolling,
            applied: None,
            contract_held_by: None,
            rollback: Level::Warn,
        }
    }
}

/// Whether code or migrations go first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "command", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "command", serde(rename_all = "kebab-case"))]
pub enum Order {
    /// Migrations finish before the first new instance serves.
    #[default]
    MigrateFirst,
    /// The code goes out first.
    DeployFirst,
    /// No order is guaranteed.
    Any,
}

/// Whether versions overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "command", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "command", serde(rename_all = "kebab-case"))]
pub enum Strategy {
    /// Old and new instances run side by side.
    #[default]
    Rolling,
    /// All old instances stop before the first new one starts.
    Recreate,
}
