//! Migrations as their tools send them to a server.

use postgres::Client;
use schemacheck_checker::migration::steps::{StepKind, Steps, steps};
use schemacheck_checker::migration::{Commits, Migration};
use schemacheck_checker::rollout::{Run, Survey};
use schemacheck_checker::source::Source;
use schemacheck_checker::sql::{self, Statement};

use super::describe::ServerError;
use super::stop::Stop;

/// What becomes of the steps of a replay.
pub trait Witness {
    /// The database is in a state of the survey now.
    ///
    /// # Errors
    ///
    /// When the replay is to end.
    fn state(&mut self, state: usize) -> Result<(), Stop>;

    /// A migration ran, or what the server says of it.
    ///
    /// # Errors
    ///
    /// When the replay is to end.
    fn migration(&mut self, position: usize, migration: &Migration, error: Option<ServerError>) -> Result<(), Stop>;
}

/// How a replay ended before its last state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It did not.
    AtTheEnd,
    /// A migration is no SQL.
    Opaque(String),
    /// The server refuses a migration or a file.
    Refused(String, ServerError),
}

/// Sends a migration's text, in a transaction of its own where its tool opens one.
///
/// # Errors
///
/// The server's words; the transaction is rolled back.
pub fn apply_text(client: &mut Client, sql: &str, transaction: bool) -> Result<(), ServerError> {
    let done = if transaction {
        client
            .batch_execute("BEGIN")
            .and_then(|()| client.batch_execute(sql))
            .and_then(|()| client.batch_execute("COMMIT"))
    } else {
        client.batch_execute(sql)
    };
    done.map_err(|error| {
        // Outside a transaction this only warns.
        let _ = client.batch_execute("ROLLBACK");
        ServerError::from(&error)
    })
}

/// Sends all migrations of a survey on one session, and tells of each state that other sessions can see.
///
/// # Errors
///
/// What the witness says, or the driver where the session is lost.
pub fn replay(client: &mut Client, survey: &Survey<'_>, witness: &mut dyn Witness) -> Result<Ended, Stop> {
    for (number, run) in survey.runs.iter().enumerate() {
        for source in run.given {
            if let Err(error) = file(client, source)? {
                return Ok(Ended::Refused(source.path().to_owned(), error));
            }
        }
        if number == 0 {
            witness.state(run.start)?;
        }
        let mut sender = Sender { client, survey, run, open: false };
        for (index, migration) in run.migrations.iter().enumerate() {
            if migration.opaque {
                return Ok(Ended::Opaque(migration.up.path().to_owned()));
            }
            let position = run.offset + index;
            let sent = sender.send(position, migration, witness)?;
            witness.migration(position, migration, sent.clone().err())?;
            match sent {
                Ok(Some(state)) => witness.state(state)?,
                Ok(None) => {}
                Err(error) => return Ok(Ended::Refused(migration.up.path().to_owned(), error)),
            }
        }
        for source in run.repeatable {
            if let Err(error) = file(client, source)? {
                return Ok(Ended::Refused(source.path().to_owned(), error));
            }
        }
        if !run.repeatable.is_empty() {
            witness.state(run.end)?;
        }
    }
    Ok(Ended::AtTheEnd)
}

type Sent<T> = Result<Result<T, ServerError>, Stop>;

fn file(client: &mut Client, source: &Source) -> Sent<()> {
    let sent = apply_text(client, source.text(), false);
    settled(client, sent)
}

/// Tells a refusal from a lost session.
fn settled<T>(client: &Client, sent: Result<T, ServerError>) -> Sent<T> {
    match &sent {
        Err(error) if client.is_closed() => Err(Stop::new(format!("the server ended the session: {error}"))),
        _ => Ok(sent),
    }
}

/// Sends migrations as one run of their tool does.
struct Sender<'r, 'a> {
    client: &'r mut Client,
    survey: &'r Survey<'a>,
    run: &'r Run<'a>,
    /// Whether the transaction of the migrations before is open.
    open: bool,
}

impl Sender<'_, '_> {
    /// Sends a migration; the state that it leads to, where others see one.
    fn send(&mut self, position: usize, migration: &Migration, witness: &mut dyn Witness) -> Sent<Option<usize>> {
        let states = self.states_of(position);
        let last = states.last().copied();
        if self.run.layout.splits_statements {
            return Ok(self.statement_by_statement(migration, &states, witness)?.map(|()| last));
        }
        let together = self.run.layout.commits == Commits::Together && migration.transaction;
        let sent = match together {
            true => self.onwards(migration, last.is_some()),
            false => apply_text(self.client, migration.up.text(), migration.transaction),
        };
        Ok(settled(self.client, sent)?.map(|()| last))
    }

    /// A part of the one transaction of all pending migrations.
    fn onwards(&mut self, migration: &Migration, ends: bool) -> Result<(), ServerError> {
        let begin = if self.open { "" } else { "BEGIN" };
        self.open = !ends;
        let end = if ends { "COMMIT" } else { "" };
        let client = &mut self.client;
        let done = [begin, migration.up.text(), end].iter().try_for_each(|sql| client.batch_execute(sql));
        done.map_err(|error| {
            let _ = client.batch_execute("ROLLBACK");
            ServerError::from(&error)
        })
    }

    /// Each statement in a message of its own, as the tool cuts the file.
    fn statement_by_statement(
        &mut self,
        migration: &Migration,
        states: &[usize],
        witness: &mut dyn Witness,
    ) -> Sent<()> {
        let dialect = self.survey.line.states.first().map(|state| state.schema.dialect);
        let Some(dialect) = dialect else { return Ok(Ok(())) };
        let statements = sql::parse(migration.up.text(), dialect);
        let found = steps(migration, &statements, self.run.layout, dialect);
        let mut states = states.iter();
        for step in &found.steps {
            let state = if step.kind == StepKind::RolledBack { None } else { states.next().copied() };
            if step.kind == StepKind::Building {
                continue;
            }
            let part = statements.get(step.statements.clone()).unwrap_or_default();
            let wrapped = is_wrapped(migration, &found, step.statements.clone());
            let sent = self.step(migration, part, wrapped);
            if let Err(error) = settled(self.client, sent)? {
                return Ok(Err(error));
            }
            // The caller tells of the last one.
            if let Some(state) = state.filter(|_| states.len() > 0) {
                witness.state(state)?;
            }
        }
        Ok(Ok(()))
    }

    fn step(&mut self, migration: &Migration, part: &[Statement], wrapped: bool) -> Result<(), ServerError> {
        let begin = wrapped.then_some("BEGIN");
        let end = wrapped.then_some("COMMIT");
        let texts = part.iter().map(|statement| migration.up.slice(statement.span));
        let mut all = begin.into_iter().chain(texts).chain(end);
        let client = &mut self.client;
        all.try_for_each(|sql| client.batch_execute(sql)).map_err(|error| {
            let _ = client.batch_execute("ROLLBACK");
            ServerError::from(&error)
        })
    }

    /// The states that the steps of a migration lead to.
    fn states_of(&self, position: usize) -> Vec<usize> {
        let own = self.survey.line.states.iter().enumerate().skip(self.run.start + 1);
        own.filter(|(_, state)| state.migration == Some(position)).map(|(index, _)| index).collect()
    }
}

/// Whether the tool's transaction is around a step: a statement alone commits by itself, unless the tool sends it inside one
/// although it fails there.
fn is_wrapped(migration: &Migration, found: &Steps, statements: std::ops::Range<usize>) -> bool {
    let fails = found.failures.iter().any(|failure| statements.contains(&failure.statement));
    migration.transaction && (statements.len() > 1 || fails)
}
