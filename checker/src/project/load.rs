//! A project: databases with their histories, packages with their sources.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::config::{Applied, Config, Contract, Touches};
use super::detect::{self, Detected, Migrates, Tiers};
use super::error::{Error, ErrorKind};
use super::manifest::{Packages, packages};
use super::tree::Tree;
use crate::dialect::{self, Dialect};
use crate::glob;
use crate::migration::{self, File, History, LayoutProblem, Migration, Reading};
use crate::rollout::Migrator;
use crate::source::Source;

mod pair;
mod refuse;

use refuse::{no_migrations, nothing_found, refuse_problems};

/// One version of a project, as its files have it.
pub struct Project {
    /// Its files.
    pub tree: Tree,
    /// Its packages.
    pub packages: Packages,
    /// Its databases, in order of their names.
    pub databases: Vec<Database>,
    /// Which databases the queries of a package may be for, as indexes into `databases`.
    pub tiers: Tiers,
    /// What was seen and is not checked, a line each.
    pub notes: Vec<String>,
}

/// One database of a project.
#[derive(Clone, Debug)]
pub struct Database {
    /// What output and configuration call it.
    pub name: Arc<str>,
    /// Its engine.
    pub dialect: &'static Dialect,
    /// The major version of its server, where the configuration says it.
    pub server_version: Option<u32>,
    /// Its migrations.
    pub history: History,
    /// What its migration tool would refuse or leave out.
    pub problems: Vec<LayoutProblem>,
    /// What led to it, and whose queries go to it.
    pub found: Detected,
    /// What the program's own migrator does when it starts.
    pub migrator: Migrator,
    /// The versions that the database has when the rollout starts, where the configuration says so.
    pub applied: Option<Vec<String>>,
    /// What holds contract migrations back, in words.
    pub contract_held_by: Option<String>,
    /// Files that hold queries for it.
    pub sql: Vec<String>,
    /// Folders of prepared lists for it that stand in no package.
    pub lists: Vec<String>,
}

/// How strictly a project is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether it may have no database and databases no migrations.
    pub allow_empty: bool,
    /// Whether a build script asks, to which nothing can be passed.
    pub in_build: bool,
}

impl Project {
    /// The database with this name.
    pub fn database(&self, name: &str) -> Option<&Database> {
        self.databases.iter().find(|database| &*database.name == name)
    }
}

/// Reads the project that is about to roll out.
///
/// # Errors
///
/// Files or folders cannot be read, the configuration does not fit the tree, databases are missing or contradict each
/// other, or a migration tool would refuse its files.
pub fn load(tree: Tree, config: &Config, options: Options) -> Result<Project, Error> {
    let packages = packages(&tree);
    check_packages(config, &packages)?;
    let (found, mut notes) = definitions(&tree, &packages, config)?;
    notes.extend(packages.unread.iter().map(|(path, reason)| format!("{path}: {reason}")));
    if found.is_empty() && !options.allow_empty {
        return Err(nothing_found(&tree, &packages, &notes, options));
    }
    let project = assemble(tree, packages, config, found, notes, Reads::Strictly)?;
    for database in &project.databases {
        refuse_problems(database)?;
        if database.history.migrations.is_empty() && !options.allow_empty {
            return Err(no_migrations(database, options));
        }
    }
    Ok(project)
}

/// Reads another release of a project: its databases are those of `candidate`, found again in its own files, which may
/// lie elsewhere or not be there yet. Its own configuration is not read, and its faults are no errors.
///
/// # Errors
///
/// Files cannot be read.
pub fn load_release(tree: Tree, config: &Config, candidate: &Project) -> Result<Project, Error> {
    let packages = packages(&tree);
    let found = pair::definitions(&tree, &packages, candidate);
    assemble(tree, packages, config, found, Vec::new(), Reads::Leniently)
}

/// Whether what does not fit is an error or left out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Strictly,
    Leniently,
}

/// The databases: those that the configuration gives folders to, else those that are found, with what it adds to them.
fn definitions(tree: &Tree, packages: &Packages, config: &Config) -> Result<(Vec<Detected>, Vec<String>), Error> {
    let configured: Vec<&super::config::Database> =
        config.databases.iter().filter(|database| !database.migrations.is_empty()).collect();
    if configured.is_empty() {
        let found = detect::detect(tree, packages)?;
        return Ok((with_additions(found.databases, config)?, found.notes));
    }
    if let Some(other) = config.databases.iter().find(|database| database.migrations.is_empty()) {
        return Err(at(other, format!("`database.{}` needs `migrations`, as other databases have it", other.name)));
    }
    let migrates = detect::migrates(tree, packages);
    let mut found = Vec::new();
    for database in configured {
        let folders: Vec<String> =
            database.migrations.iter().filter_map(|folder| super::tree::join("", folder)).collect();
        let Some(first) = folders.first().filter(|folder| tree.has_folder(folder)) else {
            let missing = database.migrations.first().map_or("", String::as_str);
            return Err(at(database, format!("there is no folder `{missing}` with files in it")));
        };
        let layout = database.layout.or_else(|| detect::layout_of(tree, packages, first));
        let named = database.dialect.as_deref().and_then(dialect::named).map(|dialect| dialect.name);
        let mut merged = Migrates::default();
        for (_, migrates) in migrates.iter().filter(|(folder, _)| folders.contains(folder)) {
            merged.add(migrates);
        }
        found.push(Detected {
            name: database.name.clone(),
            layout: layout.ok_or_else(|| detect::not_recognised(first))?,
            dialect: match named {
                Some(name) => name,
                None => detect::engine_of(tree, packages, first)?,
            },
            owner: merged.calls.first().and_then(|(path, _)| packages.of(path)).map(|package| package.name.clone()),
            folders,
            why: vec![super::config::FILE.to_owned()],
            packages: Vec::new(),
            claimed: claimed(database),
            migrates: merged,
        });
    }
    Ok((found, Vec::new()))
}

/// Adds what the configuration says of found databases.
fn with_additions(mut found: Vec<Detected>, config: &Config) -> Result<Vec<Detected>, Error> {
    let names = Vec::from_iter(found.iter().map(|database| database.name.clone())).join(", ");
    for addition in &config.databases {
        let Some(database) = found.iter_mut().find(|database| database.name == addition.name) else {
            let message = format!("no database `{}` was found, and it has no `migrations`", addition.name);
            let help = format!("found were: {}", if names.is_empty() { "none" } else { &names });
            return Err(at(addition, message).help(help));
        };
        if let Some(dialect) = addition.dialect.as_deref().and_then(dialect::named) {
            database.dialect = dialect.name;
        }
        database.layout = addition.layout.unwrap_or(database.layout);
        database.claimed = claimed(addition);
    }
    Ok(found)
}

fn claimed(database: &super::config::Database) -> Option<Vec<Arc<str>>> {
    database.packages.as_ref().map(|names| names.iter().map(|name| Arc::from(name.as_str())).collect())
}

fn check_packages(config: &Config, packages: &Packages) -> Result<(), Error> {
    for database in &config.databases {
        for name in database.packages.iter().flatten() {
            if packages.named(name).is_none() {
                let known: Vec<&str> = packages.all.iter().map(|package| &*package.name).collect();
                return Err(super::config::unknown_word("there is no package", name, &known, &database.place));
            }
        }
    }
    Ok(())
}

/// Reads the histories of databases.
fn assemble(
    tree: Tree,
    packages: Packages,
    config: &Config,
    mut found: Vec<Detected>,
    notes: Vec<String>,
    reads: Reads,
) -> Result<Project, Error> {
    let tiers = detect::tiers(&tree, &packages, &found);
    for (index, database) in found.iter_mut().enumerate() {
        database.packages = tiers.first_users(index);
    }
    let databases = found.into_iter().map(|found| read_database(&tree, config, found, reads));
    let databases = databases.collect::<Result<Vec<_>, _>>()?;
    Ok(Project { tree, packages, databases, tiers, notes })
}

fn read_database(tree: &Tree, config: &Config, found: Detected, reads: Reads) -> Result<Database, Error> {
    let own = config.databases.iter().find(|database| database.name == found.name);
    let rollout = config.rollout_of(&found.name);
    let mut readings = Vec::new();
    for folder in &found.folders {
        readings.push((found.layout.read)(&files(tree, folder)?));
    }
    let mut held_by = None;
    match &rollout.contract {
        Some(Contract::Folder(folder)) => {
            readings.push(held_back((found.layout.read)(&files(tree, folder)?)));
            held_by = Some(format!("the folder {folder}"));
        }
        Some(Contract::After(version)) => held_by = Some(format!("the target version {version}")),
        Some(Contract::Marked(words)) => held_by = Some(words.clone()),
        None => {}
    }
    let mut reading = Reading::merged(readings);
    mark_contracts(&mut reading.migrations, rollout.contract.as_ref());
    mark_touches(&mut reading.migrations, &config.touches);
    let mut repeatable = reading.repeatable;
    let patterns = |patterns: Option<&Vec<String>>| sources(tree, patterns.map_or(&[], Vec::as_slice), own, reads);
    repeatable.extend(patterns(own.map(|own| &own.repeatable))?);
    let given = patterns(own.map(|own| &own.given))?;
    let sql = paths(tree, own.map_or(&[], |own| own.sql.as_slice()), own, reads)?;
    let migrator = Migrator {
        at_start: own.and_then(|own| own.at_start).unwrap_or(!found.migrates.calls.is_empty()),
        ignores_unknown: own.and_then(|own| own.ignores_unknown).unwrap_or(found.migrates.ignores_unknown),
    };
    let applied = rollout.applied.as_ref().map(|applied| applied_versions(applied, &reading.migrations));
    let dialect = dialect::named(found.dialect)
        .ok_or_else(|| Error::new(ErrorKind::Ambiguous, format!("`{}` is no known dialect", found.dialect)))?;
    let layout = if found.migrates.grouped { migration::grouped(found.layout) } else { found.layout };
    Ok(Database {
        name: found.name.as_str().into(),
        dialect,
        server_version: own.and_then(|own| own.version),
        history: History { layout, migrations: reading.migrations, given, repeatable },
        problems: reading.problems,
        migrator,
        applied,
        contract_held_by: held_by,
        sql,
        lists: own.map(|own| own.lists.clone()).unwrap_or_default(),
        found,
    })
}

/// The endings of the files that layouts look at.
const READ: &[&str] = &[".sql", ".rs", ".toml", ".conf"];

/// The files of a folder of migrations, by their paths relative to it.
fn files(tree: &Tree, folder: &str) -> Result<Vec<File>, Error> {
    let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let wanted = tree.under(folder).filter(|path| READ.iter().any(|ending| path.ends_with(ending)));
    wanted.map(|path| Ok((path.get(skip..).unwrap_or(path).to_owned(), tree.source(path)?))).collect()
}

fn held_back(mut reading: Reading) -> Reading {
    for migration in &mut reading.migrations {
        migration.contract = true;
    }
    reading
}

fn mark_contracts(migrations: &mut [Migration], contract: Option<&Contract>) {
    match contract {
        Some(Contract::Marked(_)) => {
            for migration in migrations {
                migration.contract = migration.marked;
            }
        }
        Some(Contract::After(version)) => {
            let last = migrations.iter().position(|migration| migration.version.is_named(version));
            for migration in migrations.iter_mut().skip(last.map_or(usize::MAX, |last| last + 1)) {
                migration.contract = true;
            }
        }
        Some(Contract::Folder(_)) | None => {}
    }
}

fn mark_touches(migrations: &mut [Migration], touches: &[Touches]) {
    for migration in migrations {
        let path = migration.up.path();
        let said = touches.iter().filter(|touches| touches.paths.iter().any(|pattern| glob::matches(pattern, path)));
        let names: Vec<Vec<String>> = said.map(|touches| touches.relations.clone()).collect();
        migration.touches = (!names.is_empty()).then(|| names.concat());
    }
}

/// The versions that a configuration says are applied. One that names no migration is kept as it is written.
fn applied_versions(applied: &Applied, migrations: &[Migration]) -> Vec<String> {
    let named = |name: &str| migrations.iter().position(|migration| migration.version.is_named(name));
    let text = |at: usize| migrations.get(at).map(|migration| migration.version.text.clone());
    match applied {
        Applied::UpTo(name) => match named(name) {
            Some(last) => (0..=last).filter_map(text).collect(),
            None => vec![name.clone()],
        },
        Applied::Exactly(names) => {
            names.iter().map(|name| named(name).and_then(text).unwrap_or_else(|| name.clone())).collect()
        }
    }
}

/// The files that patterns match, pattern by pattern.
fn paths(
    tree: &Tree,
    patterns: &[String],
    own: Option<&super::config::Database>,
    reads: Reads,
) -> Result<Vec<String>, Error> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for pattern in patterns {
        let before = found.len();
        found.extend(tree.matching(pattern).filter(|path| seen.insert((*path).to_owned())).map(str::to_owned));
        if let (true, Reads::Strictly, Some(own)) = (found.len() == before, reads, own) {
            return Err(at(own, format!("`{pattern}` matches no file")));
        }
    }
    Ok(found)
}

fn sources(
    tree: &Tree,
    patterns: &[String],
    own: Option<&super::config::Database>,
    reads: Reads,
) -> Result<Vec<Source>, Error> {
    paths(tree, patterns, own, reads)?.iter().map(|path| Ok(tree.source(path)?)).collect()
}

fn at(database: &super::config::Database, message: String) -> Error {
    super::config::error_at(message, &database.place)
}

#[cfg(test)]
mod tests;
