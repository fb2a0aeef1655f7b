//! Bytes as a history of migrations and as the queries of both releases: all is judged without a panic, and what findings
//! point at lies in the texts.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use schemacheck_checker::dialect::{Dialect, postgres, sqlite};
use schemacheck_checker::migration::{History, Migration, Version, layout};
use schemacheck_checker::query::{Query, Segment, profiles};
use schemacheck_checker::render;
use schemacheck_checker::rollout::{CheckInput, Migrator, OwnedQuery, Ownership, Release, Rollout};
use schemacheck_checker::source::{Place, Source, Span};

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let dialect: &'static Dialect = if first % 4 == 0 { &sqlite::DIALECT } else { &postgres::DIALECT };
    let text = String::from_utf8_lossy(rest);
    let statements: Vec<&str> = text.split_inclusive(';').collect();
    let (applied, pending) = statements.split_at(statements.len() / 2);
    let (applied, pending) = (applied.concat(), pending.concat());
    let source = Source::new("src/lib.rs", text.clone());
    let report = schemacheck_checker::check(&CheckInput {
        name: "main".into(),
        dialect,
        server_version: None,
        base: None,
        candidate: release("next", &[&applied, &pending], &statements, &source),
        baselines: vec![release("now", &[&applied], &statements, &source)],
        consumers: Vec::new(),
        upgrades: Vec::new(),
        rollout: Rollout::default(),
        levels: BTreeMap::new(),
        known: BTreeSet::new(),
    });
    for finding in &report.findings {
        for place in finding.query.iter().map(|query| &query.place).chain(finding.causes.iter().map(|cause| &cause.place)) {
            assert!(place.span.start <= place.span.end && place.span.end <= place.source.text().len(), "{finding:?}");
        }
    }
    assert!(render::blocks(&report).len() <= report.findings.len(), "a block holds a finding at least");
});

fn release(id: &str, migrations: &[&str], statements: &[&str], source: &Source) -> Release {
    let migrations = migrations.iter().enumerate().map(|(at, text)| {
        let version = (at + 1).to_string();
        Migration::new(Version::new(version.clone()), "step", Source::new(format!("migrations/{version}.sql"), *text))
    });
    let layout = layout("sqlx").expect("it is known");
    let mut start = 0;
    let queries = statements.iter().map(|sql| {
        let span = Span::new(start, start + sql.len());
        start = span.end;
        let query = Query {
            sql: (*sql).into(),
            place: Place { source: source.clone(), span },
            segments: vec![Segment { sql_start: 0, source: source.clone(), span }],
            call: profiles::by_id("sqlx::query").expect("it is known"),
            package: "p".into(),
            database: None,
            expectation: None,
            described: None,
            reads: None,
            holes: Vec::new(),
            listed_only: false,
            alternative: None,
            types: [].into(),
            in_sql_macro: false,
        };
        OwnedQuery { query: Arc::new(query), ownership: Ownership::Certain }
    });
    Release {
        id: id.to_owned(),
        source: String::new(),
        why: String::new(),
        queries: queries.collect(),
        history: Some(History { layout, migrations: migrations.collect(), given: Vec::new(), repeatable: Vec::new() }),
        unresolved: Vec::new(),
        migrator: Migrator::default(),
    }
}
