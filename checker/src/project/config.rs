//! `schemacheck.toml`: what files alone do not say. Every key is optional; a key that is not known is an error.
//!
//! ```toml
//! [rollout]
//! order = "migrate-first"       # or "deploy-first", "any"
//! strategy = "rolling"          # or "recreate": versions never overlap
//! baseline = "tag:v*"           # or "merge-base", "branch:prod", "ref:…", "file:release.json", or a list of these
//! releases = 2                  # with tags: how many older releases are live
//! applied = "20240501120000"    # up to this version, or a list of all versions that the database has
//! rollback = "warn"             # level of the finding that there is no way back
//! upgrade_from = "tag:v*"       # users upgrade from any of these at one go
//! contract.folder = "migrations/contract"   # run after the old release is gone; or contract.after = "VERSION",
//!                                           # or contract.marked = "what holds the marked ones back"
//!
//! [database.main]
//! dialect = "postgres"
//! version = 15                  # of the server
//! layout = "sqlx"
//! migrations = "migrations"     # or a list
//! packages = ["api", "worker"]  # whose queries are for this database
//! given = ["db/given/*.sql"]    # replayed before the first migration: objects that others create
//! repeatable = ["db/views/*.sql"]   # replayed after the last one, each time
//! sql = ["reports/**/*.sql"]    # files that hold queries
//! lists = ["db/.sqlx"]          # prepared lists that stand in no package
//! migrator.at_start = false     # whether the program migrates when it starts
//! migrator.ignores_unknown = true
//! rollout.order = "any"         # any key of [rollout], for this database
//!
//! [[consumers]]                 # other programs on the same database
//! name = "reports"
//! file = "ci/reports.json"      # written by `cargo schemacheck record`
//! database = "main"
//!
//! [rules]
//! missing-column = "deny"       # or "warn", "allow"
//!
//! [[expect]]                    # what an annotation in the source says, without touching it
//! paths = ["src/legacy/**"]
//! since = "20240501120000"
//! until = "20240601120000"
//! flag = "new-checkout"
//!
//! [[touches]]                   # what statements of a migration touch that cannot be read
//! paths = ["migrations/20240501120000_partitions.sql"]
//! relations = ["events_*"]
//!
//! [build]                       # what a build script does
//! findings = "deny"             # or "warn", "allow": what it does with findings that no macro reports
//! baseline = "schemacheck.release.json"   # what runs now: committed release files, or a list of them
//!
//! [queries]
//! tests = true                  # those of tests, benchmarks and examples too
//! ```

use std::collections::BTreeMap;

use super::error::{Error, ErrorKind};
use super::tree::Tree;
use crate::finding::Level;
use crate::migration::{self, Layout};
use crate::rollout::{Order, Strategy};
use crate::source::{Place, Source};

mod section;

use section::Section;
pub(super) use section::{error as error_at, unknown as unknown_word};

/// The file's name.
pub const FILE: &str = "schemacheck.toml";

/// All that a configuration says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `[database.NAME]`, in order of their names.
    pub databases: Vec<Database>,
    /// `[rollout]`.
    pub rollout: Rollout,
    /// `[[consumers]]`.
    pub consumers: Vec<Consumer>,
    /// `[rules]`: levels by rule, with the place of the key.
    pub rules: BTreeMap<String, (Level, Place)>,
    /// `[[expect]]`.
    pub expect: Vec<Expect>,
    /// `[[touches]]`.
    pub touches: Vec<Touches>,
    /// `[build]`.
    pub build: Build,
    /// `queries.tests`: whether the queries of tests, benchmarks and examples are checked too.
    pub tests: bool,
}

/// `[database.NAME]`. Without `migrations` it adds to the database of that name that was found.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// The engine, by the name of its dialect.
    pub dialect: Option<String>,
    /// The major version of the server.
    pub version: Option<u32>,
    /// The tool.
    pub layout: Option<&'static Layout>,
    /// Folders of migrations.
    pub migrations: Vec<String>,
    /// Names of the packages whose queries are for it.
    pub packages: Option<Vec<String>>,
    /// Patterns of files replayed before the first migration.
    pub given: Vec<String>,
    /// Patterns of files replayed after the last migration.
    pub repeatable: Vec<String>,
    /// Patterns of files that hold queries.
    pub sql: Vec<String>,
    /// Folders of prepared lists.
    pub lists: Vec<String>,
    /// Whether the program migrates, or checks its migrations, when it starts.
    pub at_start: Option<bool>,
    /// Whether the program's migrator accepts applied migrations that it does not know.
    pub ignores_unknown: Option<bool>,
    /// Its own rollout; what it leaves out is as for all.
    pub rollout: Rollout,
    /// Where it stands.
    pub place: Place,
}

/// `[rollout]`, of all databases or of one.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    /// Whether code or migrations go first.
    pub order: Option<Order>,
    /// Whether versions overlap.
    pub strategy: Option<Strategy>,
    /// What runs now.
    pub baseline: Option<Vec<Spec>>,
    /// How many releases are live, counted by tags.
    pub releases: Option<usize>,
    /// The migrations that the database has.
    pub applied: Option<Applied>,
    /// The level of `rollback-blocked`.
    pub rollback: Option<Level>,
    /// The releases from which users upgrade at one go.
    pub upgrade_from: Option<Spec>,
    /// What holds contract migrations back.
    pub contract: Option<Contract>,
}

/// `[build]`: what a build script does.
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// What it does with findings that no macro reports.
    pub findings: Option<Level>,
    /// The release files that are its baseline, relative to the project.
    pub baseline: Option<Vec<String>>,
}

/// How a baseline is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// `merge-base`: where this branch left the default branch.
    MergeBase,
    /// `branch:NAME`.
    Branch(String),
    /// `tag:PATTERN`: the highest released version among the ancestors.
    Tag(String),
    /// `ref:REVISION`.
    Reference(String),
    /// `file:PATH`: a release file, relative to the project.
    File(String),
}

/// The migrations that the database has when the rollout starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// All up to this version.
    UpTo(String),
    /// Exactly these.
    Exactly(Vec<String>),
}

/// What holds contract migrations back until the old release is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contract {
    /// They stand in a folder of their own.
    Folder(String),
    /// The deployment migrates up to this version only.
    After(String),
    /// The marked ones are held back by what these words say.
    Marked(String),
}

/// `[[consumers]]`.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its name.
    pub name: String,
    /// Its release file, relative to the project.
    pub file: String,
    /// The database that it shares; with one database it need not be said.
    pub database: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// `[[expect]]`: the schema versions that queries are for.
#[derive(Clone, Debug)]
pub struct Expect {
    /// Patterns of source files.
    pub paths: Vec<String>,
    /// Only queries whose text contains one of these.
    pub containing: Vec<String>,
    /// The first version.
    pub since: Option<String>,
    /// The version from which on they are no longer sent.
    pub until: Option<String>,
    /// The feature flag that guards them.
    pub flag: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// `[[touches]]`: what unreadable statements of migrations touch.
#[derive(Clone, Debug)]
pub struct Touches {
    /// Patterns of migrations.
    pub paths: Vec<String>,
    /// Patterns of the relations that they touch; none for a statement that touches nothing.
    pub relations: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

impl Config {
    /// Reads the configuration at the root of a tree; the default where there is none.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or says something that is not understood.
    pub fn of(tree: &Tree) -> Result<Config, Error> {
        if tree.has_file(FILE) { Config::read(&tree.source(FILE)?) } else { Ok(Config::default()) }
    }

    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// It is not TOML, or has a key or a value that is not known.
    pub fn read(source: &Source) -> Result<Config, Error> {
        section::document(source, |top| {
            let mut config = Config::default();
            if let Some(mut section) = top.table("rollout")? {
                config.rollout = rollout(&mut section)?;
                section.finish()?;
            }
            for (name, mut section) in top.tables_by_name("database")? {
                config.databases.push(database(name, &mut section)?);
                section.finish()?;
            }
            for mut section in top.tables("consumers")? {
                config.consumers.push(consumer(&mut section)?);
                section.finish()?;
            }
            for mut section in top.tables("expect")? {
                config.expect.push(expect(&mut section)?);
                section.finish()?;
            }
            for mut section in top.tables("touches")? {
                let place = section.place();
                let (paths, relations) =
                    (section.required_texts("paths")?, section.texts("relations")?.unwrap_or_default());
                config.touches.push(Touches { paths, relations, place });
                section.finish()?;
            }
            if let Some(mut section) = top.table("rules")? {
                config.rules = section.rest_as(LEVELS)?;
            }
            if let Some(mut section) = top.table("build")? {
                config.build.findings = section.choice("findings", LEVELS)?;
                config.build.baseline = section.texts("baseline")?;
                section.finish()?;
            }
            if let Some(mut section) = top.table("queries")? {
                config.tests = section.boolean("tests")?.unwrap_or(false);
                section.finish()?;
            }
            Ok(config)
        })
    }

    /// An error for each key of `[rules]` that names no rule.
    pub fn unknown_rules(&self, known: &[&str]) -> Vec<Error> {
        let unknown = self.rules.iter().filter(|(id, _)| !known.contains(&id.as_str()));
        unknown.map(|(id, (_, place))| section::unknown("there is no rule", id, known, place)).collect()
    }

    /// The rollout of one database: its own keys, else those for all.
    pub fn rollout_of(&self, database: &str) -> Rollout {
        let own = self.databases.iter().find(|own| own.name == database).map(|own| own.rollout.clone());
        let (own, all) = (own.unwrap_or_default(), self.rollout.clone());
        Rollout {
            order: own.order.or(all.order),
            strategy: own.strategy.or(all.strategy),
            baseline: own.baseline.or(all.baseline),
            releases: own.releases.or(all.releases),
            applied: own.applied.or(all.applied),
            rollback: own.rollback.or(all.rollback),
            upgrade_from: own.upgrade_from.or(all.upgrade_from),
            contract: own.contract.or(all.contract),
        }
    }
}

impl Spec {
    /// Reads `merge-base`, `branch:…`, `tag:…`, `ref:…` or `file:…`.
    ///
    /// # Errors
    ///
    /// It is none of these; the message says what it may be.
    pub fn parse(text: &str) -> Result<Spec, String> {
        let known = "one of `merge-base`, `branch:NAME`, `tag:PATTERN`, `ref:REVISION`, `file:PATH`";
        match text.split_once(':') {
            _ if text == "merge-base" => Ok(Spec::MergeBase),
            Some((_, "")) | None => Err(format!("`{text}` names no baseline: write {known}")),
            Some(("branch", name)) => Ok(Spec::Branch(name.to_owned())),
            Some(("tag", pattern)) => Ok(Spec::Tag(pattern.to_owned())),
            Some(("ref", revision)) => Ok(Spec::Reference(revision.to_owned())),
            Some(("file", path)) => Ok(Spec::File(path.to_owned())),
            Some(_) => Err(format!("`{text}` names no baseline: write {known}")),
        }
    }
}

impl std::fmt::Display for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Spec::MergeBase => f.write_str("merge-base"),
            Spec::Branch(name) => write!(f, "branch:{name}"),
            Spec::Tag(pattern) => write!(f, "tag:{pattern}"),
            Spec::Reference(revision) => write!(f, "ref:{revision}"),
            Spec::File(path) => write!(f, "file:{path}"),
        }
    }
}

/// Levels as configuration names them.
const LEVELS: &[(&str, Level)] = &[("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];

fn database(name: String, section: &mut Section<'_>) -> Result<Database, Error> {
    let dialects: Vec<(&str, &str)> = crate::dialect::ALL.iter().map(|dialect| (dialect.name, dialect.name)).collect();
    let layouts: Vec<(&str, &'static Layout)> = migration::LAYOUTS.iter().map(|layout| (layout.id, *layout)).collect();
    let mut database = Database {
        name,
        dialect: section.choice("dialect", &dialects)?.map(str::to_owned),
        version: section.integer("version")?.map(|version| u32::try_from(version).unwrap_or(u32::MAX)),
        layout: section.choice("layout", &layouts)?,
        migrations: section.texts("migrations")?.unwrap_or_default(),
        packages: section.texts("packages")?,
        given: section.texts("given")?.unwrap_or_default(),
        repeatable: section.texts("repeatable")?.unwrap_or_default(),
        sql: section.texts("sql")?.unwrap_or_default(),
        lists: section.texts("lists")?.unwrap_or_default(),
        at_start: None,
        ignores_unknown: None,
        rollout: Rollout::default(),
        place: section.place(),
    };
    if let Some(mut migrator) = section.table("migrator")? {
        database.at_start = migrator.boolean("at_start")?;
        database.ignores_unknown = migrator.boolean("ignores_unknown")?;
        migrator.finish()?;
    }
    if let Some(mut own) = section.table("rollout")? {
        database.rollout = rollout(&mut own)?;
        own.finish()?;
    }
    Ok(database)
}

fn rollout(section: &mut Section<'_>) -> Result<Rollout, Error> {
    let orders = [("migrate-first", Order::MigrateFirst), ("deploy-first", Order::DeployFirst), ("any", Order::Any)];
    let strategies = [("rolling", Strategy::Rolling), ("recreate", Strategy::Recreate)];
    let applied = section.text_or_texts("applied")?.map(|(texts, one)| match (texts.as_slice(), one) {
        ([only], true) => Applied::UpTo(only.clone()),
        _ => Applied::Exactly(texts),
    });
    Ok(Rollout {
        order: section.choice("order", &orders)?,
        strategy: section.choice("strategy", &strategies)?,
        baseline: section.texts_as("baseline", Spec::parse)?,
        releases: section.positive("releases")?,
        applied,
        rollback: section.choice("rollback", LEVELS)?,
        upgrade_from: section.texts_as("upgrade_from", Spec::parse)?.and_then(|specs| specs.into_iter().next()),
        contract: contract(section)?,
    })
}

fn contract(section: &mut Section<'_>) -> Result<Option<Contract>, Error> {
    let Some(mut section) = section.table("contract")? else { return Ok(None) };
    let found: Vec<Contract> = [
        section.text("folder")?.map(Contract::Folder),
        section.text("after")?.map(Contract::After),
        section.text("marked")?.map(Contract::Marked),
    ]
    .into_iter()
    .flatten()
    .collect();
    let place = section.place();
    section.finish()?;
    match <[Contract; 1]>::try_from(found) {
        Ok([only]) => Ok(Some(only)),
        Err(_) => Err(section::error("`contract` has one of `folder`, `after` and `marked`", &place)),
    }
}

fn consumer(section: &mut Section<'_>) -> Result<Consumer, Error> {
    Ok(Consumer {
        name: section.required_text("name")?,
        file: section.required_text("file")?,
        database: section.text("database")?,
        place: section.place(),
    })
}

fn expect(section: &mut Section<'_>) -> Result<Expect, Error> {
    let expect = Expect {
        paths: section.required_texts("paths")?,
        containing: section.texts("containing")?.unwrap_or_default(),
        since: section.text("since")?,
        until: section.text("until")?,
        flag: section.text("flag")?,
        place: section.place(),
    };
    if expect.flag.is_some() && expect.since.is_none() {
        return Err(section::error(
            "`flag` needs `since`: the version that has to be there before it is turned on",
            &expect.place,
        ));
    }
    if expect.since.is_none() && expect.until.is_none() {
        return Err(section::error("an expectation has `since`, `until` or both", &expect.place));
    }
    Ok(expect)
}

#[cfg(test)]
mod tests;
