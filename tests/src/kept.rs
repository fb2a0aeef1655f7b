//! Sessions that keep their statements while another session changes the schema.

use postgres::{Client, Statement};

use crate::Result;
use crate::describe::{ServerError, prepare};
use crate::judge::{Probe, speaks_of_data};
use crate::samples::{TextValue, TypeFacts};
use crate::server::Server;

/// A session with statements prepared, and executed once, on the state that it was opened on.
pub struct KeptSession {
    client: Client,
    statements: Vec<Option<Kept>>,
}

struct Kept {
    probe: Probe,
    statement: Statement,
    values: Vec<TextValue>,
}

impl std::fmt::Debug for KeptSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptSession").field("statements", &self.statements.len()).finish_non_exhaustive()
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
        let types = TypeFacts::load(&mut client)?;
        let mut statements = Vec::with_capacity(probes.len());
        for probe in probes {
            let kept = prepare(&mut client, &probe.sql, &probe.declared).ok().map(|statement| {
                let values = values(probe, &statement, &types);
                Kept { probe: probe.clone(), statement, values }
            });
            if let Some(kept) = &kept {
                // The first execution compiles the bodies of routines; whether it succeeds is judged elsewhere.
                let _ = run(&mut client, &kept.statement, &kept.values);
            }
            statements.push(kept);
        }
        Ok(KeptSession { client, statements })
    }

    /// Executes the kept statements on the state of now: what fails only because the statement, or something that it
    /// runs, was kept; one per probe.
    pub fn execute(&mut self) -> Vec<Option<ServerError>> {
        let statements = std::mem::take(&mut self.statements);
        let errors = statements.iter().map(|kept| self.failure(kept.as_ref()?)).collect();
        self.statements = statements;
        errors
    }

    fn failure(&mut self, kept: &Kept) -> Option<ServerError> {
        let failed = run(&mut self.client, &kept.statement, &kept.values).err()?;
        if speaks_of_data(&failed.sqlstate) {
            return None;
        }
        let anew = prepare(&mut self.client, &kept.probe.sql, &kept.probe.declared)
            .and_then(|statement| run(&mut self.client, &statement, &kept.values));
        let fails_anew = anew.is_err_and(|error| error.sqlstate == failed.sqlstate);
        (!fails_anew).then_some(failed)
    }
}

fn values(probe: &Probe, statement: &Statement, types: &TypeFacts) -> Vec<TextValue> {
    if let Some(arguments) = &probe.arguments {
        return arguments.iter().cloned().map(TextValue).collect();
    }
    statement.params().iter().map(|parameter| TextValue(Some(types.sample(parameter.oid(), -1)))).collect()
}

fn run(client: &mut Client, statement: &Statement, values: &[TextValue]) -> std::result::Result<(), ServerError> {
    let references: Vec<&(dyn postgres::types::ToSql + Sync)> =
        values.iter().map(|value| value as &(dyn postgres::types::ToSql + Sync)).collect();
    let done = client
        .batch_execute("BEGIN")
        .and_then(|()| client.execute(statement, &references))
        .map(|_| ())
        .map_err(|error| ServerError::from(&error));
    let rolled_back = client.batch_execute("ROLLBACK").map_err(|error| ServerError::from(&error));
    done.and(rolled_back)
}
