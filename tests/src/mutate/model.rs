//! The checker's side of a mutation: a rollout whose only pending migration is the change.

use std::path::Path;

use schemacheck_checker::dialect::postgres;
use schemacheck_checker::migration::{History, Migration, Version};
use schemacheck_checker::project::config::Config;
use schemacheck_checker::project::inputs::{Loaded, Releases, inputs};
use schemacheck_checker::project::{self, Options, Tree};
use schemacheck_checker::rollout::{self, CheckInput, OwnedQuery, Ownership, Stretch};
use schemacheck_checker::rules;
use schemacheck_checker::source::Source;

use crate::replay::apply_text;
use crate::server::Server;
use crate::{Result, failure};

/// What a check of a project's Postgres database is asked.
pub(crate) fn read(server: &Server, folder: &Path, database: Option<&str>) -> Result<CheckInput> {
    let words = |error: project::Error| failure(error.to_string());
    let tree = Tree::directory(folder).map_err(words)?;
    let config = Config::of(&tree).map_err(words)?;
    let project = project::load(tree, &config, Options::default()).map_err(words)?;
    let queries = project::queries(&project, &config, &project::Scans::default());
    let candidate = Loaded::new("mutated".into(), String::new(), String::new(), &project, queries);
    let releases = Releases { candidate: &candidate, baselines: &[], consumers: &[], upgrades: &[] };
    let wanted = |input: &CheckInput| {
        input.dialect.name == postgres::DIALECT.name && database.is_none_or(|name| *input.name == *name)
    };
    let mut input = inputs(&config, &project, &releases)
        .into_iter()
        .find(wanted)
        .ok_or_else(|| failure("the project has no such Postgres database".into()))?;
    input.server_version = Some(server.major_version()?);
    Ok(input)
}

/// A new database with a project's final schema.
pub(crate) fn replayed(server: &Server, input: &CheckInput) -> Result<String> {
    let database = server.create_database(None)?;
    let mut client = server.connect(&database)?;
    if let Some(history) = &input.candidate.history {
        for source in history.given.iter().chain(&history.repeatable) {
            client.batch_execute(source.text())?;
        }
        for migration in &history.migrations {
            apply_text(&mut client, migration.up.text(), migration.transaction)
                .map_err(|error| format!("{}: {error}", migration.up.path()))?;
        }
    }
    Ok(database)
}

/// A rollout that starts on a project's final schema.
pub(crate) struct Model {
    input: CheckInput,
}

/// What the checker says of a change.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Why it fails.
    pub(crate) refuses: Option<String>,
    /// Whether it fails on rows that hold NULL.
    pub(crate) fails_on_rows: bool,
    /// Whether a part of it is not understood.
    pub(crate) unknown: bool,
}

impl Model {
    pub(crate) fn new(input: &CheckInput) -> Result<Model> {
        let mut input = input.clone();
        let head = rollout::head(&input, None);
        input.base = Some(head.ok_or_else(|| failure("the project has no schema".into()))?);
        let Some(history) = &mut input.candidate.history else {
            return Err(failure("the project has no migrations".into()));
        };
        *history =
            History { layout: history.layout, migrations: Vec::new(), given: Vec::new(), repeatable: Vec::new() };
        input.candidate.queries.clear();
        input.candidate.unresolved.clear();
        input.baselines = vec![input.candidate.clone()];
        Ok(Model { input })
    }

    fn with(&self, sql: &str, queries: Vec<OwnedQuery>) -> CheckInput {
        let mut input = self.input.clone();
        for old in &mut input.baselines {
            old.queries.clone_from(&queries);
        }
        if let Some(history) = input.candidate.history.as_mut().filter(|_| !sql.is_empty()) {
            let source = Source::new("migrations/1_mutation.sql", sql);
            history.migrations.push(Migration::new(Version::new("1"), "mutation", source));
        }
        input
    }

    /// What becomes of the change itself.
    pub(crate) fn change(&self, sql: &str) -> Said {
        let report = rollout::check(&self.with(sql, Vec::new()), rules::ALL);
        let mut said = Said::default();
        for finding in &report.findings {
            match finding.rule {
                "migration-fails" => {
                    said.refuses.get_or_insert_with(|| finding.message.clone());
                }
                "migration-fails-on-rows" => said.fails_on_rows = true,
                "unparsed-statement" => said.unknown = true,
                _ => {}
            }
        }
        said
    }

    /// What each query does after the change, in order.
    pub(crate) fn queries<'a>(&self, sql: &str, queries: impl Iterator<Item = &'a OwnedQuery>) -> Vec<Option<Stretch>> {
        let certain = |owned: &OwnedQuery| OwnedQuery { ownership: Ownership::Certain, ..owned.clone() };
        let input = self.with(sql, queries.map(certain).collect());
        let matrix = rollout::matrix(&input, rules::ALL, &|_| true);
        let last = matrix.states.last().map_or(0, |state| state.index);
        let stretch = |row: &rollout::MatrixRow| {
            row.stretches.iter().find(|stretch| (stretch.from..=stretch.to).contains(&last)).cloned()
        };
        matrix.rows.iter().map(stretch).collect()
    }
}
