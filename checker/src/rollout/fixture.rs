//! Rollouts as labelled blocks of text, for tests.
//!
//! ```text
//! sql before       applied when the rollout starts, in both releases
//! sql edited       what the candidate ships in place of the block before it
//! sql removed      applied, and not shipped by the candidate
//! sql late         pending, and sorting between its neighbours
//! sql migration    pending
//! sql query        a query of the baseline
//! sql next query   a query of the candidate
//! sql both         a query of both
//! toml rollout     settings
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::dialect::{Dialect, postgres, sqlite};
use crate::finding::Level;
use crate::migration::{History, Migration, Version, layout};
use crate::query::{CallProfile, Expectation, MappedParts, MappedType, Query, Read, Reads, Segment, profiles};
use crate::source::{Place, Source, Span};

use super::{CheckInput, Migrator, Order, OwnedQuery, Ownership, Release, Rollout, Strategy};

/// A labelled block.
pub(crate) type Block<'a> = (&'a str, &'a str);

/// The fenced blocks of a piece of Markdown: the words after the fence, and the text.
pub(crate) fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut rest = markdown;
    while let Some(at) = rest.find("```") {
        let opened = &rest[at + 3..];
        let Some((label, body)) = opened.split_once('\n') else { break };
        let Some(end) = body.find("```") else { break };
        blocks.push((label.trim(), body[..end].trim_end()));
        rest = &body[end + 3..];
    }
    blocks
}

/// Settings of a rollout under test.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    dialect: Option<String>,
    layout: Option<String>,
    order: Option<Order>,
    strategy: Option<Strategy>,
    call: Option<String>,
    reads: Option<Vec<String>>,
    /// The labels that the baseline's code knows of each enum.
    labels: Option<Vec<String>>,
    /// The labels that the candidate's code knows.
    next_labels: Option<Vec<String>>,
    since: Option<String>,
    until: Option<String>,
    applied: Option<Vec<String>>,
    contract_held: bool,
    migrates_at_start: bool,
    ignores_unknown: bool,
    rollback: Option<Level>,
}

/// The input that the blocks describe.
pub(crate) fn input(blocks: &[Block<'_>]) -> CheckInput {
    let settings = blocks.iter().find(|(label, _)| *label == "toml rollout");
    let settings: Settings =
        settings.map_or_else(Settings::default, |(_, text)| toml::from_str(text).expect("settings"));
    let dialect: &'static Dialect = match settings.dialect.as_deref() {
        Some("sqlite") => &sqlite::DIALECT,
        _ => &postgres::DIALECT,
    };
    let (deployed, shipped) = migrations(blocks, &settings);
    let queries = |wanted: &str| -> Vec<OwnedQuery> {
        let texts = blocks.iter().filter(|(label, _)| *label == wanted || *label == "sql both");
        texts.enumerate().map(|(at, (label, sql))| query(&settings, label, at, sql)).collect()
    };
    let history = |migrations| {
        let layout = layout(settings.layout.as_deref().unwrap_or("sqlx")).expect("layout");
        Some(History { layout, migrations, given: Vec::new(), repeatable: Vec::new() })
    };
    let migrator = Migrator { at_start: settings.migrates_at_start, ignores_unknown: settings.ignores_unknown };
    let release = |id: &str, history, queries| Release {
        id: id.to_owned(),
        source: String::new(),
        why: String::new(),
        history,
        queries,
        unresolved: Vec::new(),
        migrator,
    };
    CheckInput {
        name: "main".into(),
        dialect,
        server_version: None,
        base: None,
        candidate: release("this tree", history(shipped), queries("sql next query")),
        baselines: vec![release("v1", history(deployed), queries("sql query"))],
        consumers: Vec::new(),
        upgrades: Vec::new(),
        rollout: Rollout {
            order: settings.order.unwrap_or_default(),
            strategy: settings.strategy.unwrap_or_default(),
            applied: settings.applied.clone(),
            rollback: settings.rollback.unwrap_or(Level::Warn),
            ..Rollout::default()
        },
        levels: BTreeMap::new(),
        known: BTreeSet::new(),
    }
}

/// What the database has, and what the candidate ships.
fn migrations(blocks: &[Block<'_>], settings: &Settings) -> (Vec<Migration>, Vec<Migration>) {
    let (mut deployed, mut shipped) = (Vec::new(), Vec::new());
    let mut version = 0;
    for (label, text) in blocks {
        let mut next = |step: u32| {
            version += step;
            version
        };
        let migration = |version: u32| {
            let text = format!("{text}\n");
            let source = Source::new(format!("migrations/{version}_step.sql"), text);
            let mut migration = Migration::new(Version::new(version.to_string()), "step", source);
            migration.contract = migration.marked && settings.contract_held;
            migration.transaction = !migration.up.text().starts_with("-- no-transaction");
            migration
        };
        match *label {
            "sql before" => {
                let migration = migration(next(10));
                deployed.push(migration.clone());
                shipped.push(migration);
            }
            "sql edited" => {
                shipped.pop();
                shipped.push(migration(next(0)));
            }
            "sql removed" => deployed.push(migration(next(10))),
            "sql late" => shipped.push(migration(next(5))),
            "sql migration" => shipped.push(migration(next(10))),
            _ => {}
        }
    }
    (deployed, shipped)
}

fn query(settings: &Settings, label: &str, at: usize, sql: &str) -> OwnedQuery {
    let call: &'static CallProfile =
        profiles::by_id(settings.call.as_deref().unwrap_or("sqlx::query!")).expect("call profile");
    let path = format!("src/{}{at}.rs", label.trim_start_matches("sql ").replace(' ', "_"));
    let source = Source::new(path, sql);
    let whole = Span::new(0, sql.len());
    let read = |name: &String| Read { name: name.clone(), ty: "String".to_owned(), optional: false, default: false };
    let expectation = (settings.since.is_some() || settings.until.is_some()).then(|| Expectation {
        since: settings.since.clone(),
        until: settings.until.clone(),
        flag: None,
        place: None,
    });
    let labels = if label == "sql query" { &settings.labels } else { &settings.next_labels };
    let mapped = |labels: &Vec<String>| MappedType {
        name: "status".into(),
        driver: call.driver,
        parts: MappedParts::Labels(labels.clone()),
        reads: true,
        writes: true,
    };
    let query = Query {
        sql: sql.into(),
        place: Place { source: source.clone(), span: whole },
        segments: vec![Segment { sql_start: 0, source, span: whole }],
        call,
        package: "shop".into(),
        database: None,
        expectation,
        described: None,
        reads: settings.reads.as_ref().map(|names| Reads::Names(names.iter().map(read).collect())),
        holes: Vec::new(),
        listed_only: false,
        alternative: None,
        types: labels.iter().map(mapped).collect(),
        in_sql_macro: false,
    };
    OwnedQuery { query: Arc::new(query), ownership: Ownership::Certain }
}
