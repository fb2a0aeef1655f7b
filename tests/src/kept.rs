//! Sessions that keep their statements while another session changes the schema.

use postgres::{Client, Statement};

use crate::describe::{ServerError, prepare};
use crate::judge::{Probe, speaks_of_data};
use crate::samples::{TextValue, TypeFacts};
use crate::server::Server;
use crate::{Result, savepoint};

/// A session with statements prepared, and executed once, on the state that it was opened on.
pub struct KeptSession {
    client: Client,
    statements: KeptStatements,
}

struct Kept {
    probe: Probe,
    statement: Statement,
    values: Vec<TextValue>,
}

impl std::fmt::Debug for KeptSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptSession").field("statements", &self.statements).finish_non_exhaustive()
    }
}

/// Statements that the caller's own session keeps: prepared, and executed once, on the present state.
pub struct KeptStatements(Vec<Option<Kept>>);

impl std::fmt::Debug for KeptStatements {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("KeptStatements").field(&self.0.len()).finish()
    }
}

impl KeptStatements {
    /// Prepares what the present state accepts.
    ///
    /// # Errors
    ///
    /// When the session itself fails.
    pub fn prepare(client: &mut Client, probes: &[Probe]) -> Result<KeptStatements> {
        let types = TypeFacts::load(client)?;
        let mut statements = Vec::with_capacity(probes.len());
        for probe in probes {
            let kept = prepare(client, &probe.sql, &probe.declared).ok().map(|statement| {
                let values = values(probe, &statement, &types);
                Kept { probe: probe.clone(), statement, values }
            });
            if let Some(kept) = &kept {
                // The first execution compiles the bodies of routines; whether it succeeds is judged elsewhere.
                let _ = run(client, &kept.statement, &kept.values);
            }
            statements.push(kept);
        }
        Ok(KeptStatements(statements))
    }

    /// Executes a kept statement inside the caller's transaction: what fails only because it was kept.
    pub fn failure_within(&self, client: &mut Client, index: usize) -> Option<ServerError> {
        let kept = self.0.get(index)?.as_ref()?;
        failure(client, kept, |client, statement, values| {
            savepoint(client, true, |client| client.execute(statement, &references(values)).map(|_| ()))
                .map_err(|error| ServerError::from(&error))
        })
    }
}

impl KeptSession {
    /// Opens a session and prepares what the present state accepts.
    ///
    /// # Errors
    ///
    /// When the session itself fails.
    pub fn open(server: &Server, database: &str, probes: &[Probe]) -> Result<KeptSession> {
        let mut client = server.connect(database)?;
        client.batch_execute("SET statement_timeout = '5s'")?;
        let statements = KeptStatements::prepare(&mut client, probes)?;
        Ok(KeptSession { client, statements })
    }

    /// Executes the kept statements on the state of now: what fails only because the statement, or something that it
    /// runs, was kept; one per probe.
    pub fn execute(&mut self) -> Vec<Option<ServerError>> {
        let KeptSession { client, statements } = self;
        statements.0.iter().map(|kept| failure(client, kept.as_ref()?, run)).collect()
    }
}

fn failure(
    client: &mut Client,
    kept: &Kept,
    run: impl Fn(&mut Client, &Statement, &[TextValue]) -> std::result::Result<(), ServerError>,
) -> Option<ServerError> {
    let failed = run(client, &kept.statement, &kept.values).err()?;
    if speaks_of_data(&failed.sqlstate) {
        return None;
    }
    let anew = savepoint(client, false, |client| prepare(client, &kept.probe.sql, &kept.probe.declared))
        .and_then(|statement| run(client, &statement, &kept.values));
    let fails_anew = anew.is_err_and(|error| error.sqlstate == failed.sqlstate);
    (!fails_anew).then_some(failed)
}

fn values(probe: &Probe, statement: &Statement, types: &TypeFacts) -> Vec<TextValue> {
    if let Some(arguments) = &probe.arguments {
        return arguments.iter().cloned().map(TextValue).collect();
    }
    statement.params().iter().map(|parameter| TextValue(Some(types.sample(parameter.oid(), -1)))).collect()
}

fn run(client: &mut Client, statement: &Statement, values: &[TextValue]) -> std::result::Result<(), ServerError> {
    let done = client
        .batch_execute("BEGIN")
        .and_then(|()| client.execute(statement, &references(values)))
        .map(|_| ())
        .map_err(|error| ServerError::from(&error));
    let rolled_back = client.batch_execute("ROLLBACK").map_err(|error| ServerError::from(&error));
    done.and(rolled_back)
}

fn references(values: &[TextValue]) -> Vec<&(dyn postgres::types::ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn postgres::types::ToSql + Sync)).collect()
}
