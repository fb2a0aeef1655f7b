//! What a macro asks of a snapshot.

use std::sync::Arc;

use super::{Snapshot, key};
use crate::finding::{Finding, Level};
use crate::query::{Expectation, Query, Segment, profiles};
use crate::render;
use crate::rollout::{self, OwnedQuery, Ownership, Replayed};
use crate::rules;
use crate::source::{Place, Source, Span};

/// A query as a macro has it.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The text.
    pub sql: &'a str,
    /// What the macro's arguments say.
    pub expectation: Option<Expectation>,
    /// The Rust file that the macro stands in, relative to the project with forward slashes; `None` where the compiler does
    /// not say it.
    pub file: Option<&'a str>,
    /// The file that holds the text, as messages show it, where it is not the call itself.
    pub sql_file: Option<&'a str>,
}

impl Snapshot {
    /// What is wrong with a query and fails a check: one message for each cause. Nothing where it cannot be told.
    pub fn check(&self, asked: &Asked<'_>) -> Vec<String> {
        let Some(expectation) = self.expectation(asked) else { return Vec::new() };
        if self.facts.clean.contains(&key(asked.sql, expectation.as_ref())) {
            return Vec::new();
        }
        if let Err(unreadable) = self.replayed() {
            return vec![format!("the snapshot that the build script left cannot be read: {unreadable}")];
        }
        let query = Arc::new(query(&self.facts.package, asked, expectation));
        let mut messages = Vec::new();
        for (database, owned) in self.owners(&query) {
            let Some(replayed) = self.databases().find(|one| *one.database() == database) else { continue };
            let found = replayed.findings(owned, rules::ALL);
            let denied = found.iter().filter(|finding| finding.level == Level::Deny);
            messages.extend(denied.map(|finding| message(replayed, finding, asked)));
        }
        messages.dedup();
        messages
    }

    /// What is wrong with the versions that a query is said to be for: with `since`, then with `until`.
    pub fn misnamed(&self, since: Option<&str>, until: Option<&str>) -> (Option<String>, Option<String>) {
        if since.is_none() && until.is_none() {
            return (None, None);
        }
        let wrong = |since: Option<&str>, until: Option<&str>| {
            let said = Expectation {
                since: since.map(str::to_owned),
                until: until.map(str::to_owned),
                ..Expectation::default()
            };
            // With several databases it is enough that one knows the version.
            let mut wrongs = Vec::new();
            for database in self.databases() {
                wrongs.push(database.misnamed(&said)?);
            }
            wrongs.into_iter().next()
        };
        match (wrong(since, None), wrong(None, until)) {
            (None, None) => (None, wrong(since, until)),
            found => found,
        }
    }

    /// What is said of the query; `None` where it is not checked.
    fn expectation(&self, asked: &Asked<'_>) -> Option<Option<Expectation>> {
        let facts = &self.facts;
        match asked.file {
            Some(file) if !facts.tests && facts.is_test_file(file) => None,
            // The configuration may say something of this file.
            None if asked.expectation.is_none() && !facts.expects.is_empty() => None,
            Some(file) if asked.expectation.is_none() => {
                Some(facts.expects.iter().find(|said| said.is_meant(file, asked.sql)).map(|said| said.expectation()))
            }
            _ => Some(asked.expectation.clone()),
        }
    }

    fn owners(&self, query: &Arc<Query>) -> Vec<(Arc<str>, OwnedQuery)> {
        if let [tier] = self.facts.tiers.as_slice()
            && let [only] = tier.as_slice()
        {
            return vec![(only.clone(), OwnedQuery { query: query.clone(), ownership: Ownership::Certain })];
        }
        rollout::owners(self.candidates(), &self.facts.tiers, query)
    }
}

fn query(package: &str, asked: &Asked<'_>, expectation: Option<Expectation>) -> Query {
    let source = Source::new(asked.sql_file.unwrap_or_default(), asked.sql);
    let span = Span::new(0, asked.sql.len());
    Query {
        sql: asked.sql.into(),
        place: Place { source: source.clone(), span },
        segments: vec![Segment { sql_start: 0, source, span }],
        call: profiles::by_id(profiles::OWN_MACRO).unwrap_or(&profiles::ALL[0]),
        package: package.into(),
        database: None,
        expectation,
        described: None,
        reads: None,
        holes: Vec::new(),
        listed_only: false,
        alternative: None,
        types: [].into(),
        in_sql_macro: true,
    }
}

fn message(replayed: &Replayed, finding: &Finding, asked: &Asked<'_>) -> String {
    let (from, until) = replayed.versions(finding);
    let states = match (from, until) {
        (Some(from), Some(until)) if from == until => Some(format!("only on the schema after {from}")),
        (Some(from), Some(until)) => Some(format!("on the schemas from {from} until {until}")),
        (Some(from), None) => Some(format!("on the schema from {from} on")),
        (None, _) => None,
    };
    render::expansion(finding, states.as_deref(), asked.sql_file.is_some())
}
