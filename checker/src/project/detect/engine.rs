//! Which engine a folder of migrations and a package are for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::folders::Candidate;
use crate::dialect::signs::{DRIVERS, SIGNS, Signs, named_for};
use crate::project::error::{Error, ErrorKind};
use crate::project::manifest::{DependencyKind, Package, Packages};
use crate::project::tree::{Tree, join};

/// The names of engines.
type Names = BTreeSet<&'static str>;

/// What packages say about their engines.
pub(super) struct Engines {
    packages: BTreeMap<Arc<str>, PackageEngines>,
}

/// What one package says about its engines.
#[derive(Clone, Debug, Default)]
struct PackageEngines {
    /// By its list of prepared queries.
    lists: Names,
    /// By its dependencies and their features.
    dependencies: Names,
    /// By the names of the package and its folder.
    names: Names,
    /// Whether it depends on a driver at all, or has a list.
    uses_any: bool,
}

impl Engines {
    pub(super) fn of(tree: &Tree, packages: &Packages) -> Engines {
        let of = |package: &Package| PackageEngines {
            lists: listed(tree, &package.folder),
            dependencies: depended_on(package),
            names: named_for(&package.folder)
                .or_else(|| named_for(&package.name))
                .map(|signs| signs.name)
                .into_iter()
                .collect(),
            uses_any: !packages.only_serves_tests(tree, package)
                && (package.depends_on(DRIVERS)
                    || tree.has_folder(&join(&package.folder, ".sqlx").unwrap_or_default())),
        };
        Engines { packages: packages.all.iter().map(|package| (package.name.clone(), of(package))).collect() }
    }

    /// The engines that a package may talk to; empty where nothing is known.
    pub(super) fn of_package(&self, name: &str) -> Names {
        let Some(engines) = self.packages.get(name) else { return Names::new() };
        if !engines.lists.is_empty() {
            return engines.lists.clone();
        }
        let both: Names = engines.dependencies.intersection(&engines.names).copied().collect();
        match (both.is_empty(), engines.dependencies.is_empty()) {
            (false, _) => both,
            (true, false) => engines.dependencies.clone(),
            (true, true) => engines.names.clone(),
        }
    }

    /// Whether a package talks to any database.
    pub(super) fn uses_any(&self, name: &str) -> bool {
        self.packages.get(name).is_some_and(|engines| engines.uses_any)
    }
}

/// The engine of a folder of migrations, and what says so.
pub(super) fn decide(
    tree: &Tree,
    packages: &Packages,
    engines: &Engines,
    candidate: &Candidate,
) -> Result<(&'static Signs, String), Error> {
    let owner = candidate.owner.as_ref().and_then(|name| engines.packages.get(name));
    let inner = candidate.owner.as_ref().and_then(|name| packages.named(name)).map_or("", |package| &package.folder);
    let below = candidate.folder.strip_prefix(inner).unwrap_or(&candidate.folder);
    let strong = [
        (at_calls(&candidate.contexts), "the call"),
        (named_for(below).map(|signs| signs.name).into_iter().collect(), "the folder's name"),
        (owner.map(|owner| owner.lists.clone()).unwrap_or_default(), "the package's .sqlx"),
        (
            if owner.is_none_or(|owner| owner.lists.is_empty()) { listed(tree, "") } else { Names::new() },
            "the root's .sqlx",
        ),
    ];
    let strong: Vec<(&'static str, &str)> =
        strong.into_iter().filter_map(|(names, why)| Some((only(&names)?, why))).collect();
    if let [(first, _), rest @ ..] = strong.as_slice() {
        if let Some((other, why)) = rest.iter().find(|(name, _)| name != first) {
            let (first, first_why) = strong[0];
            return Err(contradiction(candidate, (first, first_why), (*other, *why)));
        }
        return known(first, strong[0].1);
    }
    if let Some(name) = only(&at_calls(&candidate.file_contexts)) {
        return known(name, "the file of the call");
    }
    let written = in_sql(tree, &candidate.folder, 1);
    let dependencies = owner.map_or_else(|| of_all(engines), |owner| owner.dependencies.clone());
    if let Some(name) = only(&dependencies) {
        return match only(&written) {
            Some(other) if other != name && in_sql(tree, &candidate.folder, 2) == written => {
                Err(contradiction(candidate, (name, "its driver"), (other, "the SQL")))
            }
            _ => known(name, "its driver"),
        };
    }
    let weak = [
        (owner.map(|owner| owner.names.clone()).unwrap_or_default(), "the package's name"),
        (written, "the SQL"),
        (in_environment(tree, inner), "DATABASE_URL"),
    ];
    match weak.into_iter().find_map(|(names, why)| Some((only(&names)?, why))) {
        Some((name, why)) => known(name, why),
        None => Err(nothing_says(candidate)),
    }
}

fn known(name: &str, why: &str) -> Result<(&'static Signs, String), Error> {
    match crate::dialect::signs::signs(name) {
        Some(signs) => Ok((signs, format!("{name} by {why}"))),
        None => Err(Error::new(ErrorKind::Ambiguous, format!("`{name}` is no known dialect"))),
    }
}

fn only(names: &Names) -> Option<&'static str> {
    if names.len() == 1 { names.first().copied() } else { None }
}

/// By the names near the calls: a call near names of several engines says nothing.
fn at_calls(contexts: &[BTreeSet<String>]) -> Names {
    let mut found = Names::new();
    for context in contexts {
        let names: Names = SIGNS
            .iter()
            .filter(|signs| signs.identifiers.iter().any(|name| context.contains(*name)))
            .map(|signs| signs.name)
            .collect();
        if names.len() == 1 {
            found.extend(names);
        }
    }
    found
}

/// By the product that the lists of prepared queries in a folder name.
fn listed(tree: &Tree, folder: &str) -> Names {
    let Some(folder) = join(folder, ".sqlx") else { return Names::new() };
    let lists: Vec<&str> = tree.under(&folder).filter(|path| path.ends_with(".json")).collect();
    let some = [lists.first(), lists.get(lists.len() / 2), lists.last()];
    some.into_iter()
        .flatten()
        .filter_map(|path| tree.source(path).ok())
        .filter_map(|source| serde_json::from_str::<serde_json::Value>(source.text()).ok())
        .filter_map(|value| {
            let product = value.get("db_name")?.as_str()?;
            SIGNS.iter().find(|signs| signs.products.contains(&product)).map(|signs| signs.name)
        })
        .collect()
}

/// By crates for one engine, and by features of crates for several.
fn depended_on(package: &Package) -> Names {
    let mut found = Names::new();
    let drivers: Vec<_> = package
        .dependencies
        .iter()
        .filter(|d| d.kind == DependencyKind::Normal && (DRIVERS.contains(&d.name.as_str()) || is_of_one(&d.name)))
        .collect();
    for signs in SIGNS {
        let by_crate = drivers.iter().any(|d| signs.crates.contains(&d.name.as_str()));
        let by_feature = drivers.iter().any(|d| d.features.iter().any(|f| signs.features.contains(&f.as_str())));
        let turned_on = package.features.values().flatten().any(|feature| {
            let Some((name, feature)) = feature.split_once('/') else { return false };
            let name = name.trim_end_matches('?');
            drivers.iter().any(|d| d.alias == name) && signs.features.contains(&feature)
        });
        if by_crate || by_feature || turned_on {
            found.insert(signs.name);
        }
    }
    found
}

fn is_of_one(name: &str) -> bool {
    SIGNS.iter().any(|signs| signs.crates.contains(&name))
}

fn of_all(engines: &Engines) -> Names {
    engines.packages.values().flat_map(|engines| &engines.dependencies).copied().collect()
}

/// How many files of a folder are read for the words of an engine.
const READ: usize = 60;

/// By words that only one engine takes, if there are at least so many. Where several engines have some, the one with four
/// times as many as all others.
fn in_sql(tree: &Tree, folder: &str, least: usize) -> Names {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for path in tree.under(folder).filter(|path| path.ends_with(".sql")).take(READ) {
        let Ok(source) = tree.source(path) else { continue };
        let code = source.text().lines().map(|line| line.split("--").next().unwrap_or(""));
        let text = code.collect::<Vec<_>>().join("\n").to_ascii_uppercase();
        for signs in SIGNS {
            let count = signs.sql.iter().filter(|word| has_word(&text, word)).count();
            if count > 0 {
                *counts.entry(signs.name).or_default() += count;
            }
        }
    }
    let total: usize = counts.values().sum();
    let clear = |count: usize| count >= least && count * 5 >= total * 4;
    counts.into_iter().filter(|(_, count)| clear(*count)).map(|(name, _)| name).collect()
}

/// Whether a text has a word that no letter, digit or underscore goes on with on either side.
fn has_word(text: &str, word: &str) -> bool {
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        let starts = goes_on(word.chars().next()) && goes_on(text[..at].chars().next_back());
        let ends = goes_on(word.chars().next_back()) && goes_on(text[at + word.len()..].chars().next());
        !starts && !ends
    })
}

/// By `DATABASE_URL` in the environment files beside the package and at the root.
fn in_environment(tree: &Tree, folder: &str) -> Names {
    let files = [".env", ".env.example", ".env.sample", ".env.local"];
    let paths = files.iter().flat_map(|file| [join(folder, file), Some((*file).to_owned())]).flatten();
    let mut found = Names::new();
    for path in paths.filter(|path| tree.has_file(path)) {
        let Ok(source) = tree.source(&path) else { continue };
        let urls = source.text().lines().filter_map(|line| line.trim().strip_prefix("DATABASE_URL="));
        for url in urls.map(|url| url.trim_matches(['"', '\'', ' '])) {
            let signs = SIGNS.iter().find(|signs| signs.schemes.iter().any(|scheme| url.starts_with(scheme)));
            found.extend(signs.map(|signs| signs.name));
        }
    }
    found
}

fn contradiction(candidate: &Candidate, a: (&'static str, &str), b: (&'static str, &str)) -> Error {
    let message = format!("{} says that these migrations are for {}, {} says {}", a.1, a.0, b.1, b.0);
    Error::new(ErrorKind::Ambiguous, message).at(&candidate.folder).help(to_paste(candidate, &[a.0, b.0]))
}

fn nothing_says(candidate: &Candidate) -> Error {
    let supported: Vec<&str> = SIGNS.iter().filter(|signs| signs.supported).map(|signs| signs.name).collect();
    Error::new(ErrorKind::Ambiguous, "nothing says which dialect these migrations are written in")
        .at(&candidate.folder)
        .help(to_paste(candidate, &supported))
}

/// A configuration that settles it.
fn to_paste(candidate: &Candidate, names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!(
        "say it in schemacheck.toml:\n[database.main]\nmigrations = \"{}\"\ndialect = {}",
        candidate.folder,
        quoted.join(" # or ")
    )
}
