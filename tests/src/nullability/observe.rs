//! Which result columns of a query ever hold NULL.

use postgres::types::{FromSql, ToSql, Type};
use postgres::{Client, Statement};

use super::fill::ROWS;
use super::values::Kinds;
use crate::describe::{Declared, declared_at_head, prepare};
use crate::samples::{TextValue, TypeFacts};
use crate::{Result, savepoint};

/// What executions of a query showed.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// How many executions the server refused, and its last words.
    pub refused: usize,
    /// Its words for the last of them.
    pub why: Option<String>,
    /// How many rows came back.
    pub rows: usize,
    /// For each column, whether NULL was among its values, and for what parameters.
    pub nulls: Vec<Option<String>>,
}

impl Observed {
    /// Takes in what other executions showed.
    pub fn add(&mut self, other: Observed) {
        self.refused += other.refused;
        self.rows += other.rows;
        self.why = other.why.or_else(|| self.why.take());
        if self.nulls.len() < other.nulls.len() {
            self.nulls.resize(other.nulls.len(), None);
        }
        for (own, seen) in self.nulls.iter_mut().zip(other.nulls) {
            if own.is_none() {
                *own = seen;
            }
        }
    }
}

/// What executing needs to know of a database.
#[derive(Debug)]
pub struct Executor {
    kinds: Kinds,
    samples: TypeFacts,
}

impl Executor {
    /// Asks the server for its types.
    ///
    /// # Errors
    ///
    /// What the driver says.
    pub fn load(client: &mut Client) -> Result<Executor> {
        Ok(Executor { kinds: Kinds::load(client)?, samples: TypeFacts::load(client)? })
    }

    /// Executes a query with many values for its parameters, each time inside a transaction that is rolled back. `None`
    /// where the server does not take it.
    ///
    /// # Errors
    ///
    /// When the session is lost.
    pub fn observe(&self, client: &mut Client, sql: &str) -> Result<Option<Observed>> {
        let Some(statement) = prepared(client, sql)? else { return Ok(None) };
        let mut observed = Observed { nulls: vec![None; statement.columns().len()], ..Observed::default() };
        for values in self.arguments(statement.params()) {
            execute(client, &statement, &values, &mut observed)?;
        }
        Ok(Some(observed))
    }

    /// Values of one number, of numbers beside each other, NULL for one after the other and for all.
    fn arguments(&self, types: &[Type]) -> Vec<Vec<TextValue>> {
        let value = |ty: &Type, number: usize| {
            let text = self.kinds.parameter(ty.oid(), number % ROWS);
            TextValue(Some(text.unwrap_or_else(|| self.samples.sample(ty.oid(), -1))))
        };
        let all = |of: &dyn Fn(usize, &Type) -> TextValue| -> Vec<TextValue> {
            types.iter().enumerate().map(|(at, ty)| of(at, ty)).collect()
        };
        if types.is_empty() {
            return vec![Vec::new()];
        }
        let mut vectors: Vec<Vec<TextValue>> = (0..ROWS).map(|number| all(&|_, ty| value(ty, number))).collect();
        vectors.extend((1..ROWS).map(|number| all(&|at, ty| value(ty, number + at * 5))));
        vectors.push(all(&|_, _| TextValue(None)));
        for null in 0..types.len().min(12) {
            for number in [0, 2] {
                vectors.push(all(&|at, ty| if at == null { TextValue(None) } else { value(ty, number) }));
            }
        }
        if types.iter().any(|ty| self.kinds.is_array(ty.oid())) {
            let holed = |ty: &Type| {
                let text = "{NULL}".to_owned();
                if self.kinds.is_array(ty.oid()) { TextValue(Some(text)) } else { value(ty, 0) }
            };
            vectors.push(all(&|_, ty| holed(ty)));
        }
        vectors
    }
}

fn prepared(client: &mut Client, sql: &str) -> Result<Option<Statement>> {
    client.batch_execute("BEGIN")?;
    let mut statement = savepoint(client, false, |client| prepare(client, sql, &Declared::Nothing)).ok();
    if statement.is_none() {
        let declared = declared_at_head(client, sql)?;
        statement = savepoint(client, false, |client| prepare(client, sql, &declared)).ok();
    }
    client.batch_execute("ROLLBACK")?;
    Ok(statement)
}

fn execute(client: &mut Client, statement: &Statement, values: &[TextValue], observed: &mut Observed) -> Result<()> {
    client.batch_execute("BEGIN; SET LOCAL statement_timeout = '2s'")?;
    let references: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    match client.query(statement, &references) {
        Ok(rows) => {
            observed.rows += rows.len();
            for row in &rows {
                for (at, seen) in observed.nulls.iter_mut().enumerate() {
                    if seen.is_none() && matches!(row.try_get::<_, Option<Present>>(at), Ok(None)) {
                        *seen = Some(shown(values));
                    }
                }
            }
        }
        Err(error) => {
            observed.refused += 1;
            observed.why =
                Some(error.as_db_error().map_or_else(|| error.to_string(), |said| said.message().to_owned()));
        }
    }
    Ok(client.batch_execute("ROLLBACK")?)
}

fn shown(values: &[TextValue]) -> String {
    let texts: Vec<&str> = values.iter().map(|value| value.0.as_deref().unwrap_or("NULL")).collect();
    texts.join(", ")
}

/// A value of any type, of which only counts that it is one.
struct Present;

impl FromSql<'_> for Present {
    fn from_sql(_: &Type, _: &[u8]) -> std::result::Result<Present, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Present)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
