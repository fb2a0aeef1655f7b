//! The schema model beside the server's catalogs after each migration of a history.

use schemacheck_checker::dialect::postgres;
use schemacheck_checker::migration::{self, Version};
use schemacheck_checker::schema::{Plan, Schema, Scripts, replay};
use schemacheck_checker::source::Source;

use crate::catalog::{Comparison, compare, server_cells};
use crate::describe::ServerError;
use crate::model::model_cells;
use crate::replay::{Migration, apply};
use crate::server::Server;
use crate::{Result, failure};

/// Model and server after one migration.
#[derive(Clone, Debug)]
pub struct StateEquality {
    /// The migration.
    pub version: String,
    /// Cell by cell.
    pub comparison: Comparison,
    /// What the model says went wrong in the migration, each as rule, line and words.
    pub problems: Vec<String>,
}

/// All states of a history, and the migration that the server refuses, if one does.
#[derive(Clone, Debug, Default)]
pub struct Equality {
    /// In order.
    pub states: Vec<StateEquality>,
    /// Where the comparison ends before the last migration.
    pub refused: Option<(String, ServerError)>,
}

/// Replays a history on a server and in the model.
///
/// # Errors
///
/// When the server cannot be asked.
pub fn compare_states(server: &Server, migrations: &[Migration], layout: &str) -> Result<Equality> {
    let database = server.create_database(None)?;
    let mut client = server.connect(&database)?;
    let mut catalogs = Vec::new();
    let mut equality = Equality::default();
    for migration in migrations {
        if let Err(error) = apply(&mut client, migration) {
            equality.refused = Some((migration.file.clone(), error));
            break;
        }
        catalogs.push(server_cells(&mut server.connect(&database)?)?);
    }
    drop(client);
    server.drop_database(&database)?;
    let replayed: Vec<_> = migrations.iter().take(catalogs.len()).map(as_checker_reads).collect();
    let references: Vec<_> = replayed.iter().collect();
    let layout = migration::layout(layout).ok_or_else(|| failure(format!("no layout is called {layout}")))?;
    let plan = Plan { layout, given: &[], migrations: &references, repeatable: &[] };
    let version = server.major_version()?;
    let timeline = replay(&Schema::new(&postgres::DIALECT, Some(version)), &plan, &mut Scripts::default());
    for (position, (catalog, migration)) in catalogs.iter().zip(migrations).enumerate() {
        let last = timeline
            .states
            .iter()
            .rfind(|state| state.step.as_ref().is_some_and(|step| step.migration == Some(position)));
        let Some(state) = last else {
            return Err(failure(format!("the model has no state after {}", migration.file)));
        };
        let problems = timeline.problems.iter().filter(|problem| problem.migration == Some(position));
        let problems = problems.map(|problem| {
            let (line, _) = problem.place.line_column();
            format!("{} {}:{line} {}", problem.problem.rule, migration.file, problem.problem.message)
        });
        equality.states.push(StateEquality {
            version: migration.version.clone(),
            comparison: compare(catalog, &model_cells(&state.schema)),
            problems: problems.collect(),
        });
    }
    Ok(equality)
}

fn as_checker_reads(read: &Migration) -> migration::Migration {
    let source = Source::new(read.file.clone(), read.sql.clone());
    let mut migration = migration::Migration::new(Version::new(read.version.clone()), "", source);
    migration.transaction = read.transaction;
    migration
}
