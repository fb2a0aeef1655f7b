//! A case: a folder of plain files that says what the server does with two releases' queries on each state.
//!
//! ```text
//! case.toml             what the case shows; the last migration that N ships; who sends the queries
//! migrations/*.sql      named as sqlx names them
//! n/queries.sql         queries of the running release, each below a line `-- name: NAME`
//! n1/queries.sql        queries of the next release
//! expected.txt          the cells where a query does not simply run
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use postgres::Client;
use serde::Deserialize;

use crate::describe::{Declared, Shape, declared_at_head};
use crate::judge::{Probe, Sender, Stage, Verdict, judge};
use crate::kept::KeptSession;
use crate::replay::{Migration, apply, read_folder, try_on_rows};
use crate::server::Server;
use crate::sqlite::ask_sqlite;
use crate::{Result, failure};

/// A case as its files say it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The whole history.
    pub migrations: Vec<Migration>,
    /// What `case.toml` says.
    pub settings: Settings,
    /// The queries of both releases: those of N are named `n.…`, those of N+1 `n1.…`.
    pub queries: Vec<CaseQuery>,
    /// The files that the queries stand in: of N and of N+1.
    pub texts: [String; 2],
    /// `expected.txt`, sorted; empty where the file is not there.
    pub expected: BTreeSet<String>,
}

/// `case.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What the case shows, and why its near misses are none.
    pub summary: String,
    /// The last migration that N ships.
    pub baseline: String,
    /// The first major version of the server that knows what the case uses.
    #[serde(default)]
    pub server: u32,
    /// Whose server judges it.
    #[serde(default)]
    pub dialect: Dialect,
    /// The role that sends the queries with the rights that the migrations give it.
    #[serde(default)]
    pub role: Option<String>,
}

/// The judge of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// A private server.
    #[default]
    Postgres,
    /// In process.
    Sqlite,
}

/// A query of a case.
#[derive(Clone, Debug)]
pub struct CaseQuery {
    /// Release and name.
    pub name: String,
    /// As a driver sends it; what the driver declares is settled on the release's own head unless the case says it.
    pub probe: Probe,
    /// The library's call, as the checker names it.
    pub call: String,
    /// Where the text stands in its file, in bytes.
    pub span: std::ops::Range<usize>,
}

impl CaseQuery {
    /// Whether the query is of the running release.
    #[must_use]
    pub fn is_old(&self) -> bool {
        self.name.starts_with("n.")
    }

    fn declares(&self) -> bool {
        !self.call.starts_with("tokio_postgres")
    }

    fn kept(&self) -> bool {
        self.call != "tokio_postgres::query"
    }
}

/// What happens to a query on a state, when it does not simply run: `parse 42703`, `kept 0A000`, `depends 23505`.
///
/// Keyed by the query's name and the state's version.
pub type Outcomes = BTreeMap<(String, String), String>;

impl Case {
    /// Reads a case's folder.
    ///
    /// # Errors
    ///
    /// When a file is missing or malformed.
    pub fn read(folder: &Path) -> Result<Case> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let settings = fs::read_to_string(folder.join("case.toml"))?;
        let settings = toml::from_str(&settings).map_err(|error| failure(format!("{name}/case.toml: {error}")))?;
        let texts =
            ["n", "n1"].map(|release| fs::read_to_string(folder.join(release).join("queries.sql")).unwrap_or_default());
        let [old, new] = &texts;
        let queries = [queries(old, "n"), queries(new, "n1")].concat();
        let expected = fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
        let expected = expected.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Ok(Case {
            name,
            migrations: read_folder(&folder.join("migrations"))?,
            settings,
            queries,
            texts,
            expected: expected.map(str::to_owned).collect(),
        })
    }

    /// The migrations that the database has when the rollout starts, and those to come.
    #[must_use]
    pub fn rollout(&self) -> (&[Migration], &[Migration]) {
        let shipped = self.migrations.iter().position(|migration| migration.version == self.settings.baseline);
        self.migrations.split_at(shipped.map_or(0, |last| last + 1))
    }
}

/// Asks the case's judge what happens to each query on each state of the rollout.
///
/// # Errors
///
/// When the judge fails, or a migration of the baseline does.
pub fn ask(server: &Server, case: &Case) -> Result<Outcomes> {
    match case.settings.dialect {
        Dialect::Postgres => ask_server(server, case),
        Dialect::Sqlite => ask_sqlite(case),
    }
}

fn ask_server(server: &Server, case: &Case) -> Result<Outcomes> {
    let database = server.create_database(None)?;
    let outcomes = walk(server, &database, case);
    server.drop_database(&database)?;
    outcomes
}

fn walk(server: &Server, database: &str, case: &Case) -> Result<Outcomes> {
    let mut client = server.connect(database)?;
    let (applied, pending) = case.rollout();
    for migration in applied {
        apply(&mut client, migration).map_err(|error| failure(format!("{}: {error}", migration.file)))?;
    }
    let sender = case.settings.role.clone().map_or(Sender::Granted, Sender::Role);
    let probes = declare(&mut client, case, pending)?;
    let mut outcomes = Outcomes::new();
    let mut shapes = Shapes::new();
    let mut version = applied.last().map(|last| last.version.clone()).unwrap_or_default();
    add_fresh(&mut client, case, &probes, &version, &sender, &mut outcomes, &mut shapes)?;
    for migration in pending {
        let mut kept = KeptSession::open(server, database, &probes)?;
        version.clone_from(&migration.version);
        let on_rows = try_on_rows(&mut client, std::slice::from_ref(migration))?;
        if let Err(error) = apply(&mut client, migration) {
            outcomes.insert(("migration".to_owned(), version.clone()), format!("fails {}", error.sqlstate));
            break;
        }
        // Other errors come from the samples, which say little about the rows of a real table.
        if let Some((_, error)) = on_rows.filter(|(_, error)| error.sqlstate == "23502") {
            outcomes.insert(("migration".to_owned(), version.clone()), format!("fails on rows {}", error.sqlstate));
        }
        add_fresh(&mut client, case, &probes, &version, &sender, &mut outcomes, &mut shapes)?;
        for (query, error) in case.queries.iter().zip(kept.execute()) {
            if let Some(error) = error.filter(|_| query.kept()) {
                let outcome = format!("{} {}", word(Stage::Kept), error.sqlstate);
                outcomes.entry((query.name.clone(), version.clone())).or_insert(outcome);
            }
        }
    }
    add_driver(case, &version, &shapes, &mut outcomes);
    Ok(outcomes)
}

/// What the server answers to the preparation of each query on each state.
type Shapes = BTreeMap<(String, String), Shape>;

/// What runs on the server and not in the driver: types other than those that the release was built for.
fn add_driver(case: &Case, last: &str, shapes: &Shapes, outcomes: &mut Outcomes) {
    for query in case.queries.iter() {
        let head = if query.is_old() { case.settings.baseline.as_str() } else { last };
        let Some(at_head) = shapes.get(&(query.name.clone(), head.to_owned())) else { continue };
        for ((_, version), shape) in shapes.iter().filter(|((name, _), _)| *name == query.name) {
            if let Some(what) = refused(&query.call, at_head, shape) {
                let cell = (query.name.clone(), version.clone());
                if outcomes.get(&cell).is_none_or(|outcome| outcome.starts_with(word(Stage::Kept))) {
                    outcomes.insert(cell, format!("driver {what}"));
                }
            }
        }
    }
}

/// tokio-postgres asks the Rust types whether they accept the server's types, and sqlx's functions do so for the results, as
/// do its macros that return one value.
fn refused(call: &str, at_head: &Shape, shape: &Shape) -> Option<&'static str> {
    let tokio = call.starts_with("tokio_postgres");
    let asks = tokio || call.starts_with("sqlx::") && (!call.ends_with('!') || call.contains("scalar"));
    if tokio && at_head.parameters.iter().zip(&shape.parameters).any(|(old, new)| !accepted(old, new)) {
        return Some("parameter");
    }
    let types = |shape: &Shape| -> HashMap<String, String> {
        shape.columns.iter().map(|column| (column.name.clone(), column.type_name.clone())).collect()
    };
    let now = types(shape);
    let changed = types(at_head).into_iter().any(|(name, old)| now.get(&name).is_some_and(|new| !accepted(&old, new)));
    (asks && changed).then_some("result")
}

/// Modifiers do not count, and a `String` takes every kind of text.
fn accepted(old: &str, new: &str) -> bool {
    let plain = |name: &str| {
        let name = name.split('(').next().unwrap_or(name).trim().to_owned();
        if ["character varying", "character", "name", "citext"].contains(&name.as_str()) {
            "text".to_owned()
        } else {
            name
        }
    };
    plain(old) == plain(new)
}

/// Lets each driver declare the types that the server infers on the release's own head.
fn declare(client: &mut Client, case: &Case, pending: &[Migration]) -> Result<Vec<Probe>> {
    let mut probes: Vec<Probe> = case.queries.iter().map(|query| query.probe.clone()).collect();
    let old = |query: &CaseQuery| query.is_old();
    declare_on(client, case, &mut probes, old)?;
    client.batch_execute("BEGIN")?;
    for migration in pending {
        // What cannot run in this transaction leaves the candidate's types to be inferred.
        if client.batch_execute(&migration.sql).is_err() {
            client.batch_execute("ROLLBACK")?;
            return Ok(probes);
        }
    }
    declare_on(client, case, &mut probes, |query| !old(query))?;
    client.batch_execute("ROLLBACK")?;
    Ok(probes)
}

fn declare_on(
    client: &mut Client,
    case: &Case,
    probes: &mut [Probe],
    of_release: impl Fn(&CaseQuery) -> bool,
) -> Result<()> {
    for (query, probe) in case.queries.iter().zip(probes) {
        if of_release(query) && query.declares() && probe.declared == Declared::Nothing {
            probe.declared = declared_at_head(client, &probe.sql)?;
        }
    }
    Ok(())
}

fn add_fresh(
    client: &mut Client,
    case: &Case,
    probes: &[Probe],
    version: &str,
    sender: &Sender,
    outcomes: &mut Outcomes,
    shapes: &mut Shapes,
) -> Result<()> {
    let judgement = judge(client, probes, sender)?;
    for (query, cell) in case.queries.iter().zip(judgement.cells) {
        shapes.extend(cell.shape.map(|shape| ((query.name.clone(), version.to_owned()), shape)));
        let outcome = match cell.verdict {
            Verdict::Accepts => continue,
            Verdict::Depends(error) => format!("depends {}", error.sqlstate),
            Verdict::Fails { stage, error } => format!("{} {}", word(stage), error.sqlstate),
        };
        outcomes.insert((query.name.clone(), version.to_owned()), outcome);
    }
    Ok(())
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Parse => "parse",
        Stage::Plan => "plan",
        Stage::Execute => "execute",
        Stage::Kept => "kept",
    }
}

/// Queries below `-- name:` lines; further `-- key: value` lines before the text say how the driver sends it.
fn queries(text: &str, release: &str) -> Vec<CaseQuery> {
    let mut queries: Vec<CaseQuery> = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        if let Some(name) = line.strip_prefix("-- name:") {
            let name = format!("{release}.{}", name.trim());
            let call = "sqlx::query!".to_owned();
            queries.push(CaseQuery { name, probe: Probe::default(), call, span: offset..offset });
            continue;
        }
        let Some(query) = queries.last_mut() else { continue };
        if query.span.is_empty() && header(query, line.trim()) {
            query.span = offset..offset;
        } else if !line.trim().is_empty() {
            query.span.end = start + line.trim_end().len();
        }
    }
    for query in &mut queries {
        query.probe.sql = text.get(query.span.clone()).unwrap_or_default().to_owned();
    }
    queries
}

fn header(query: &mut CaseQuery, line: &str) -> bool {
    if let Some(types) = line.strip_prefix("-- declares:") {
        let types = types.split(',').map(|name| Some(name.trim().to_owned()));
        query.probe.declared = Declared::Types(types.collect());
    } else if let Some(values) = line.strip_prefix("-- sends:") {
        let values = values.split(',').map(str::trim);
        query.probe.arguments = Some(values.map(|value| (value != "NULL").then(|| value.to_owned())).collect());
    } else if let Some(call) = line.strip_prefix("-- call:") {
        call.trim().clone_into(&mut query.call);
    } else {
        return line.is_empty();
    }
    true
}

/// The outcomes that lines of `expected.txt` say.
///
/// # Errors
///
/// On a line of another form.
pub fn outcomes(lines: &BTreeSet<String>) -> Result<Outcomes> {
    let outcome = |line: &String| {
        let (query, rest) = line.split_once(" @ ")?;
        let (version, outcome) = rest.split_once(": ")?;
        Some(((query.to_owned(), version.to_owned()), outcome.to_owned()))
    };
    lines.iter().map(|line| outcome(line).ok_or_else(|| failure(format!("not understood: {line}")))).collect()
}

/// The lines of `expected.txt` that say the outcomes: `n.find @ 2: parse 42703`.
#[must_use]
pub fn lines(outcomes: &Outcomes) -> BTreeSet<String> {
    outcomes.iter().map(|((query, version), outcome)| format!("{query} @ {version}: {outcome}")).collect()
}
