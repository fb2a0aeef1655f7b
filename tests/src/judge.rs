//! The verdict of a real server on a query: parsed, planned, executed, and kept over a change.

use postgres::{Client, Statement};
use serde::{Deserialize, Serialize};

use crate::describe::{Declared, ServerError, Shape, TypeNames, prepare, shape};
use crate::rows::{self, EmptyTable, Rows};
use crate::samples::{TextValue, TypeFacts};
use crate::server::APP;
use crate::{Result, failure, savepoint};

/// A query to judge, as a driver's call sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Probe {
    /// The statement's text.
    pub sql: String,
    /// The parameter types that the call declares.
    #[serde(default)]
    pub declared: Declared,
    /// Values that replace the samples.
    #[serde(default)]
    pub arguments: Option<Vec<Option<String>>>,
}

/// How far a statement came before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Parse and describe.
    Parse,
    /// Planning for values that are not known yet.
    Plan,
    /// Execution with sample values on tables that hold a row.
    Execute,
    /// Execution of a statement that was prepared on the state before.
    Kept,
}

impl Stage {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Stage::Parse => "parse",
            Stage::Plan => "plan",
            Stage::Execute => "execute",
            Stage::Kept => "kept",
        }
    }
}

/// What the server does with a query on one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "verdict")]
pub enum Verdict {
    /// It runs.
    Accepts,
    /// It parses and plans; with each sample the execution ran into the data (a duplicate key, a failed cast).
    Depends(ServerError),
    /// It fails whatever the data.
    Fails {
        /// Where.
        stage: Stage,
        /// How.
        #[serde(flatten)]
        error: ServerError,
    },
}

/// One cell of a query × state matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Whether it runs.
    pub verdict: Verdict,
    /// Parameter and column types, where it parses.
    pub shape: Option<Shape>,
    /// Whether the execution returned or changed a row.
    pub reached: bool,
}

/// The verdicts on one state.
#[derive(Clone, Debug)]
pub struct StateJudgement {
    /// One per probe.
    pub cells: Vec<Cell>,
    /// Tables that could not be given a row.
    pub empty_tables: Vec<EmptyTable>,
}

/// Who sends the queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A role that owns nothing and is granted the use of everything; where that is not enough, the owner.
    Granted,
    /// A role with what the migrations granted to it, and nothing else.
    Role(String),
}

/// Judges queries on the present state of a database, inside one transaction that is rolled back.
///
/// # Errors
///
/// When the session itself fails; what a query makes the server say is a verdict.
pub fn judge(client: &mut Client, probes: &[Probe], sender: &Sender) -> Result<StateJudgement> {
    client.batch_execute("BEGIN")?;
    let judgement = judge_within(client, probes, sender)?;
    client.batch_execute("ROLLBACK")?;
    Ok(judgement)
}

/// The same inside a transaction that the caller rolls back.
///
/// # Errors
///
/// When the session itself fails.
pub fn judge_within(client: &mut Client, probes: &[Probe], sender: &Sender) -> Result<StateJudgement> {
    client.clear_type_cache();
    client.batch_execute("SET LOCAL statement_timeout = '5s'; SET LOCAL plan_cache_mode = force_generic_plan")?;
    let types = TypeFacts::load(client)?;
    let empty_tables = rows::fill(client, &types, Rows::Full)?;
    if *sender == Sender::Granted {
        grant_everything(client)?;
    }
    let sending = Sending { sender, types: &types };
    let mut names = TypeNames::default();
    let mut cells = Vec::with_capacity(probes.len());
    for probe in probes {
        cells.push(cell(client, probe, &sending, &mut names)?);
    }
    Ok(StateJudgement { cells, empty_tables })
}

/// Whether an error of an execution speaks of the rows and values, and not of the schema.
#[must_use]
pub fn speaks_of_data(sqlstate: &str) -> bool {
    match sqlstate {
        "23502" | "22P01" => false,
        "P0001" | "57014" | "55P03" | "" => true,
        other => ["21", "22", "23", "40", "44"].iter().any(|class| other.starts_with(class)),
    }
}

/// Who sends, and what is known of the types of the present state.
struct Sending<'a> {
    sender: &'a Sender,
    types: &'a TypeFacts,
}

impl Sending<'_> {
    fn take_role(&self, client: &mut Client) -> std::result::Result<(), ServerError> {
        let role = match self.sender {
            Sender::Granted => APP,
            Sender::Role(role) => role,
        };
        run(client, &format!("SET LOCAL ROLE {role}"))
    }
}

fn cell(client: &mut Client, probe: &Probe, sending: &Sending<'_>, names: &mut TypeNames) -> Result<Cell> {
    let prepared = savepoint(client, true, |client| {
        sending.take_role(client)?;
        prepare(client, &probe.sql, &probe.declared)
    });
    let statement = match prepared {
        Ok(statement) => statement,
        Err(error) => return Ok(failed(Stage::Parse, error, None)),
    };
    let shape = Some(shape(client, &statement, names)?);
    if let Err(error) = plan(client, probe, sending, shape.as_ref())
        && !(error.sqlstate == "42501" && *sending.sender == Sender::Granted)
    {
        return Ok(failed(Stage::Plan, error, shape));
    }
    let (verdict, reached) = execute(client, probe, &statement, sending);
    if client.is_closed() {
        return Err(failure(format!("the server ended the session at: {}", probe.sql)));
    }
    Ok(Cell { verdict, shape, reached })
}

fn failed(stage: Stage, error: ServerError, shape: Option<Shape>) -> Cell {
    Cell { verdict: Verdict::Fails { stage, error }, shape, reached: false }
}

/// Plans for parameters that are not known, as a kept statement is planned.
fn plan(
    client: &mut Client,
    probe: &Probe,
    sending: &Sending<'_>,
    shape: Option<&Shape>,
) -> std::result::Result<(), ServerError> {
    let parameters = shape.map(|shape| shape.parameters.as_slice()).unwrap_or_default();
    if !can_be_planned(&probe.sql) {
        return Ok(());
    }
    let (types, nulls) = match parameters {
        [] => (String::new(), String::new()),
        some => (format!("({})", some.join(", ")), format!("({})", vec!["NULL"; some.len()].join(", "))),
    };
    savepoint(client, true, |client| {
        sending.take_role(client)?;
        run(client, &format!("PREPARE judge_plan{types} AS {}", probe.sql))
    })?;
    let planned = savepoint(client, true, |client| {
        sending.take_role(client)?;
        run(client, &format!("EXPLAIN EXECUTE judge_plan{nulls}"))
    });
    // Prepared statements outlive the savepoint.
    run(client, "DEALLOCATE judge_plan")?;
    // A domain that refuses the null sent here says nothing about the statement.
    planned.or_else(|error| if error.sqlstate.starts_with("23") { Ok(()) } else { Err(error) })
}

fn run(client: &mut Client, sql: &str) -> std::result::Result<(), ServerError> {
    client.batch_execute(sql).map_err(|error| ServerError::from(&error))
}

/// Only these can be prepared by SQL and explained; all else is planned when it is executed.
fn can_be_planned(sql: &str) -> bool {
    let words = ["select", "insert", "update", "delete", "merge", "values", "with", "table"];
    let first = first_word(sql).to_lowercase();
    words.contains(&first.as_str())
}

/// The first word behind comments and opening parentheses.
fn first_word(sql: &str) -> &str {
    let mut rest = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    loop {
        let after = match rest.strip_prefix("--") {
            Some(comment) => comment.split_once('\n').map(|(_, after)| after),
            None => rest.strip_prefix("/*").and_then(|comment| comment.split_once("*/")).map(|(_, after)| after),
        };
        let Some(after) = after else { break };
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    }
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// One way to execute a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attempt {
    /// An insert whose target was emptied, so that the sample row is new.
    Emptied,
    /// On the rows as they are.
    Filled,
    /// With every parameter null.
    Nulls,
    /// By the owner, for what only the owner may do.
    Owner,
}

fn execute(client: &mut Client, probe: &Probe, statement: &Statement, sending: &Sending<'_>) -> (Verdict, bool) {
    let targets = insert_targets(&probe.sql);
    let mut once =
        |attempt| savepoint(client, true, |client| try_once(client, probe, statement, attempt, &targets, sending));
    let mut depends = None;
    for attempt in attempts(probe, &targets) {
        match once(*attempt) {
            // The statement's own source of rows was emptied with its target, or nothing equals null.
            Ok(0) if *attempt != Attempt::Filled => {}
            Ok(rows) => return (Verdict::Accepts, rows > 0),
            Err(_) if *attempt == Attempt::Nulls => {}
            Err(error) if speaks_of_data(&error.sqlstate) => {
                depends.get_or_insert(error);
            }
            Err(error) if error.sqlstate == "42501" && *sending.sender == Sender::Granted => {
                let by_owner = once(Attempt::Owner);
                return (by_owner.as_ref().map_or_else(by_owner_failed, |_| Verdict::Accepts), by_owner.is_ok());
            }
            Err(error) => return (Verdict::Fails { stage: Stage::Execute, error }, false),
        }
    }
    (depends.map_or(Verdict::Accepts, Verdict::Depends), false)
}

fn by_owner_failed(error: &ServerError) -> Verdict {
    if speaks_of_data(&error.sqlstate) {
        return Verdict::Depends(error.clone());
    }
    Verdict::Fails { stage: Stage::Execute, error: error.clone() }
}

fn attempts(probe: &Probe, targets: &[String]) -> &'static [Attempt] {
    match (&probe.arguments, targets) {
        (Some(_), _) => &[Attempt::Filled],
        (None, []) => &[Attempt::Filled, Attempt::Nulls],
        (None, _) => &[Attempt::Emptied, Attempt::Filled, Attempt::Nulls],
    }
}

fn try_once(
    client: &mut Client,
    probe: &Probe,
    statement: &Statement,
    attempt: Attempt,
    targets: &[String],
    sending: &Sending<'_>,
) -> std::result::Result<u64, ServerError> {
    if attempt == Attempt::Emptied {
        empty(client, targets)?;
    }
    if attempt != Attempt::Owner {
        sending.take_role(client)?;
    }
    let mut values = values(probe, statement, attempt, sending.types);
    let mut tried = send(client, statement, &values);
    if probe.arguments.is_none() && attempt != Attempt::Nulls {
        let mut texts = texts(statement);
        for _ in 0..CASTS {
            let Err(error) = &tried else { break };
            let Some(sample) = unreadable(&error.message).and_then(|name| sending.types.sample_of(name)) else { break };
            let mended = texts.iter().enumerate().find_map(|(position, text)| {
                Some((position, mend(client, statement, &values, *text, &sample, error)?))
            });
            let Some((position, (mended, outcome))) = mended else { break };
            texts.remove(position);
            (values, tried) = (mended, outcome);
        }
    }
    tried
}

/// How many texts that a statement casts are given the sample of the type that they are cast to.
const CASTS: usize = 12;

fn send(client: &mut Client, statement: &Statement, values: &[TextValue]) -> std::result::Result<u64, ServerError> {
    let references: Vec<&(dyn postgres::types::ToSql + Sync)> =
        values.iter().map(|value| value as &(dyn postgres::types::ToSql + Sync)).collect();
    savepoint(client, true, |client| {
        let rows = client.execute(statement, &references).map_err(|error| ServerError::from(&error))?;
        run(client, "SET CONSTRAINTS ALL IMMEDIATE")?;
        Ok(rows)
    })
}

/// Sends the sample of another type in a text's place: what comes of it, if it is another error or none.
fn mend(
    client: &mut Client,
    statement: &Statement,
    values: &[TextValue],
    text: usize,
    sample: &str,
    error: &ServerError,
) -> Option<(Vec<TextValue>, std::result::Result<u64, ServerError>)> {
    let mut values = values.to_vec();
    let value = values.get_mut(text)?;
    let array = value.0.as_deref().is_some_and(|value| value.starts_with('{'));
    let sample = if array { format!("{{\"{}\"}}", sample.replace('"', "\\\"")) } else { sample.to_owned() };
    if value.0.as_ref() == Some(&sample) {
        return None;
    }
    value.0 = Some(sample);
    let outcome = send(client, statement, &values);
    (outcome.as_ref().err() != Some(error)).then_some((values, outcome))
}

/// The type that could not read a text: `invalid input value for enum mood: "1"`, `invalid input syntax for type uuid: "1"`.
fn unreadable(message: &str) -> Option<&str> {
    let rest = message
        .strip_prefix("invalid input value for enum ")
        .or_else(|| message.strip_prefix("invalid input syntax for type "))?;
    rest.split(": ").next()
}

/// The positions of parameters that are texts or arrays of them.
fn texts(statement: &Statement) -> Vec<usize> {
    let text = |name: &str| ["text", "varchar", "bpchar", "_text", "_varchar"].contains(&name);
    statement.params().iter().enumerate().filter(|(_, ty)| text(ty.name())).map(|(position, _)| position).collect()
}

fn values(probe: &Probe, statement: &Statement, attempt: Attempt, types: &TypeFacts) -> Vec<TextValue> {
    if let Some(arguments) = &probe.arguments {
        return arguments.iter().cloned().map(TextValue).collect();
    }
    let parameters = statement.params().iter();
    let sample = |oid| (attempt != Attempt::Nulls).then(|| types.sample(oid, -1));
    parameters.map(|parameter| TextValue(sample(parameter.oid()))).collect()
}

/// Removes the rows of insert targets without firing their triggers; a target that is no table keeps them.
fn empty(client: &mut Client, targets: &[String]) -> std::result::Result<(), ServerError> {
    run(client, "SET LOCAL session_replication_role = replica")?;
    for target in targets {
        let _ = savepoint(client, false, |client| run(client, &format!("DELETE FROM {target}")));
    }
    run(client, "SET LOCAL session_replication_role = origin")
}

/// The relations that `INSERT INTO` and `MERGE INTO` name, wherever they stand in the statement.
fn insert_targets(sql: &str) -> Vec<String> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let mut targets = Vec::new();
    for window in words.windows(3) {
        let [verb, into, name] = window else { continue };
        let verb = verb.trim_start_matches('(').to_lowercase();
        if ["insert", "merge"].contains(&verb.as_str()) && into.eq_ignore_ascii_case("into") {
            targets.push(name.split('(').next().unwrap_or_default().to_owned());
        }
    }
    targets.retain(|target| !target.is_empty());
    targets
}

fn grant_everything(client: &mut Client) -> Result<()> {
    client.batch_execute(&format!(
        "DO $$ DECLARE s name; BEGIN
            FOR s IN SELECT nspname FROM pg_catalog.pg_namespace
                WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' LOOP
                EXECUTE format('GRANT USAGE ON SCHEMA %I TO {APP}', s);
                EXECUTE format('GRANT ALL ON ALL TABLES IN SCHEMA %I TO {APP}', s);
                EXECUTE format('GRANT ALL ON ALL SEQUENCES IN SCHEMA %I TO {APP}', s);
                EXECUTE format('GRANT ALL ON ALL ROUTINES IN SCHEMA %I TO {APP}', s);
            END LOOP; END $$"
    ))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kept::KeptSession;
    use crate::server::Server;

    #[test]
    fn finds_the_words_it_needs() {
        assert_eq!(first_word(" -- note\n /* x */ (SELECT 1)"), "SELECT");
        let sql = "WITH a AS (INSERT INTO b(c) VALUES (1)) INSERT  INTO\nd.e (f) SELECT 1";
        assert_eq!(insert_targets(sql), ["b", "d.e"]);
    }

    const BEFORE: &str = "
        CREATE TYPE mood AS ENUM ('ok', 'sad');
        CREATE TABLE users (id bigserial PRIMARY KEY, name varchar(9) NOT NULL CHECK (name IN ('ann', 'bob')),
            email text UNIQUE, mood mood NOT NULL DEFAULT 'ok');
        CREATE TABLE orders (id bigint PRIMARY KEY, buyer bigint NOT NULL REFERENCES users, total int NOT NULL);
        CREATE TABLE audit (order_id bigint);
        CREATE FUNCTION audit_order() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO audit VALUES (NEW.id + NEW.total); RETURN NEW; END $$;
        CREATE TRIGGER audit AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION audit_order();";

    const CHANGES: &str = "
        ALTER TABLE users ADD COLUMN age int NOT NULL;
        ALTER TABLE users DROP CONSTRAINT users_email_key;
        ALTER TABLE orders RENAME COLUMN total TO amount";

    /// Query, and where it fails after the changes.
    const QUERIES: &[(&str, Option<(Stage, &str)>)] = &[
        ("SELECT total FROM orders WHERE id = $1", Some((Stage::Parse, "42703"))),
        ("INSERT INTO users (name, email) VALUES ('ann', $1)", Some((Stage::Execute, "23502"))),
        ("INSERT INTO orders (id, buyer) SELECT $1, $2 WHERE false", None),
        ("UPDATE users SET name = 'bob' WHERE id = $1", None),
        (
            "INSERT INTO users (name, email) VALUES ('ann', $1) ON CONFLICT (email) DO NOTHING",
            Some((Stage::Plan, "42P10")),
        ),
        ("INSERT INTO orders VALUES ($1, $2, $3)", Some((Stage::Execute, "42703"))),
        ("SELECT * FROM users", Some((Stage::Kept, "0A000"))),
        ("SELECT count(*) FROM users WHERE mood = $1 AND id = ANY($2)", None),
    ];

    #[test]
    fn judges_each_stage() {
        let server = Server::start().unwrap();
        let database = server.create_database(None).unwrap();
        let mut client = server.connect(&database).unwrap();
        client.batch_execute(BEFORE).unwrap();
        let probes: Vec<Probe> =
            QUERIES.iter().map(|(sql, _)| Probe { sql: (*sql).to_owned(), ..Probe::default() }).collect();
        let before = judge(&mut client, &probes, &Sender::Granted).unwrap();
        assert_eq!(before.empty_tables, []);
        for (cell, probe) in before.cells.iter().zip(&probes) {
            assert_eq!(cell.verdict, Verdict::Accepts, "{}", probe.sql);
        }
        let mut kept = KeptSession::open(&server, &database, &probes).unwrap();
        client.batch_execute(CHANGES).unwrap();
        let after = judge(&mut client, &probes, &Sender::Granted).unwrap();
        for ((cell, kept), (sql, expected)) in after.cells.iter().zip(kept.execute()).zip(QUERIES) {
            let found = match (&cell.verdict, &kept) {
                (Verdict::Fails { stage, error }, _) => Some((*stage, error.sqlstate.as_str())),
                (_, Some(error)) => Some((Stage::Kept, error.sqlstate.as_str())),
                _ => None,
            };
            assert_eq!(found, *expected, "{sql}: {cell:?}");
        }
    }
}
