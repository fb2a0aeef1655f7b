//! Which databases the queries of a package may be for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Detected;
use super::engine::Engines;
use crate::project::manifest::{DependencyKind, Package, Packages};

/// For each package that talks to a database: indexes of databases, nearest first. A query belongs to those of the first
/// tier whose head has all its relations, else to those of the next.
#[derive(Clone, Debug, Default)]
pub struct Tiers {
    by_package: BTreeMap<Arc<str>, Vec<Vec<usize>>>,
}

impl Tiers {
    pub(super) fn of(packages: &Packages, engines: &Engines, databases: &[Detected]) -> Tiers {
        let near = Nearness::of(packages);
        let mut by_package = BTreeMap::new();
        // Whoever uses our macros talks to a database, by whatever driver.
        let talks = |package: &&Package| engines.uses_any(&package.name) || package.depends_on(&["schemacheck"]);
        for package in packages.all.iter().filter(talks) {
            let spoken = engines.of_package(&package.name);
            let mut tiers: Vec<Vec<usize>> = vec![Vec::new(); 3];
            for (index, database) in databases.iter().enumerate() {
                let fits = spoken.is_empty() || spoken.contains(database.dialect);
                match tier(packages, &near, &package.name, database) {
                    Some(tier) if tier == 0 || fits => tiers[tier].push(index),
                    _ => {}
                }
            }
            tiers.retain(|tier| !tier.is_empty());
            by_package.insert(package.name.clone(), tiers);
        }
        Tiers { by_package }
    }

    /// The databases that a package's queries may be for, by index, nearest tier first.
    pub fn of_package(&self, package: &str) -> &[Vec<usize>] {
        self.by_package.get(package).map_or(&[], Vec::as_slice)
    }

    /// Whether a package talks to a database, be it one that was not found.
    pub fn knows(&self, package: &str) -> bool {
        self.by_package.contains_key(package)
    }

    /// The packages for which a database is in the nearest tier.
    pub fn first_users(&self, database: usize) -> Vec<Arc<str>> {
        let first = |tiers: &Vec<Vec<usize>>| tiers.first().is_some_and(|tier| tier.contains(&database));
        self.by_package.iter().filter(|(_, tiers)| first(tiers)).map(|(name, _)| name.clone()).collect()
    }
}

/// How far a database is from a package: its own, that of a package it depends on or that depends on it, any other.
/// `None` where the configuration keeps them apart.
fn tier(packages: &Packages, near: &Nearness, package: &str, database: &Detected) -> Option<usize> {
    if let Some(claimed) = &database.claimed {
        return claimed.iter().any(|name| **name == *package).then_some(0);
    }
    let calls = |(path, _): &(String, usize)| packages.of(path).is_some_and(|caller| *caller.name == *package);
    Some(match database.owner.as_deref() {
        owner if owner == Some(package) || database.migrates.calls.iter().any(calls) => 0,
        Some(owner) if near.are_near(package, owner) => 1,
        _ => 2,
    })
}

/// Which packages depend on which, through any number of others.
struct Nearness {
    reaches: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
}

impl Nearness {
    fn of(packages: &Packages) -> Nearness {
        let names: BTreeSet<&str> = packages.all.iter().map(|package| &*package.name).collect();
        let direct: BTreeMap<&str, Vec<&str>> = packages
            .all
            .iter()
            .map(|package| {
                let inner = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
                (&*package.name, inner.map(|d| d.name.as_str()).filter(|name| names.contains(name)).collect())
            })
            .collect();
        let mut reaches = BTreeMap::new();
        for package in &packages.all {
            let mut reached: BTreeSet<Arc<str>> = BTreeSet::new();
            let mut waiting: Vec<&str> = vec![&package.name];
            while let Some(name) = waiting.pop() {
                for next in direct.get(name).into_iter().flatten() {
                    if reached.insert((*next).into()) {
                        waiting.push(next);
                    }
                }
            }
            reaches.insert(package.name.clone(), reached);
        }
        Nearness { reaches }
    }

    /// Whether one depends on the other.
    fn are_near(&self, a: &str, b: &str) -> bool {
        let reaches = |from: &str, to: &str| self.reaches.get(from).is_some_and(|reached| reached.contains(to));
        reaches(a, b) || reaches(b, a)
    }
}
