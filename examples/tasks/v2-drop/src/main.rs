//! A task list: `tasks FILE add TITLE`, `tasks FILE done ID`, `tasks FILE open`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use schemacheck::{required_schema, rollout, sql};

// The release that runs now must get through this one's rollout.
rollout!();

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// The migrations without which a query of this release does not run.
const NEEDED: &[&str] = required_schema!();

const ADD: &str = sql!("INSERT INTO tasks (title) VALUES (?)");
const DONE: &str = sql!("UPDATE tasks SET done_at = CURRENT_TIMESTAMP WHERE id = ?");
const OPEN: &str = sql!("SELECT title FROM tasks WHERE NOT done ORDER BY id");

#[derive(QueryableByName)]
struct Task {
    #[diesel(sql_type = Text)]
    title: String,
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [file, command @ ..] = arguments.as_slice() else { return Err("usage: tasks FILE add|done|open".into()) };
    let mut tasks = SqliteConnection::establish(file)?;
    tasks.run_pending_migrations(MIGRATIONS)?;
    ready(&mut tasks)?;
    match command {
        ["add", title] => drop(diesel::sql_query(ADD).bind::<Text, _>(*title).execute(&mut tasks)?),
        ["done", id] => drop(diesel::sql_query(DONE).bind::<BigInt, _>(id.parse::<i64>()?).execute(&mut tasks)?),
        ["open"] => {
            for task in diesel::sql_query(OPEN).load::<Task>(&mut tasks)? {
                println!("{}", task.title);
            }
        }
        _ => return Err("usage: tasks FILE add TITLE | done ID | open".into()),
    }
    Ok(())
}

/// Whether all that this release needs is applied.
fn ready(tasks: &mut SqliteConnection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let applied = diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load::<Applied>(tasks)?;
    match NEEDED.iter().find(|needed| !applied.iter().any(|applied| applied.version == **needed)) {
        Some(missing) => Err(format!("migration {missing} is not applied").into()),
        None => Ok(()),
    }
}
