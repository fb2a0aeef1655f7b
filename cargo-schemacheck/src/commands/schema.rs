//! `schema`: what the migrations make.

use schemacheck_checker::render::{self, DatabaseAt, SchemaAt};
use schemacheck_checker::rollout;
use schemacheck_checker::schema;

use super::{Failure, Outcome};
use crate::output;
use crate::session::Session;

pub(crate) fn run(session: &mut Session, at: Option<&str>) -> Result<Outcome, Failure> {
    let inputs = session.candidate_inputs()?;
    let mut schemas = Vec::new();
    for input in &inputs {
        session.progress.say(format!("replaying the migrations of {}", input.name));
        let Some(schema) = rollout::head(input, at) else { continue };
        let migrations = input.candidate.history.as_ref().map_or(&[][..], |history| &history.migrations);
        let last = match at {
            Some(version) => migrations.iter().position(|migration| migration.version.is_named(version)),
            None => migrations.len().checked_sub(1),
        };
        schemas.push(SchemaAt {
            database: DatabaseAt { name: &input.name, dialect: input.dialect.name },
            version: last.and_then(|last| migrations.get(last)).map(|migration| migration.version.text.as_str()),
            migrations: last.map_or(0, |last| last + 1),
            description: schema::describe(&schema),
        });
    }
    session.progress.clear();
    if let (Some(version), true) = (at, schemas.is_empty()) {
        return Err(Failure::new(format!("no migration has the version `{version}`"))
            .help("a version is the first part of a migration's file name"));
    }
    if output::is_json(&session.common) {
        output::documents(&schemas.iter().map(render::schema_json).collect::<Vec<_>>());
    } else {
        let texts: Vec<String> = schemas.iter().map(render::schema_text).collect();
        output::rendered(&texts.join("\n"));
    }
    Ok(Outcome::Clean)
}
