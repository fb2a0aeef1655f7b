//! A script of SQL, statement by statement, on a server and in the model: what either refuses, and the shapes of its queries.
//!
//! Any script serves; an engine's own regression tests reach the corners that applications seldom do.

use std::collections::BTreeMap;
use std::sync::Arc;

use postgres::Client;
use schemacheck_checker::analysis::{Analysis, Context, Stage, analyze};
use schemacheck_checker::dialect::postgres::DIALECT;
use schemacheck_checker::schema::{Schema, apply};
use schemacheck_checker::source::Source;
use schemacheck_checker::sql::{self, Query, StatementKind, Transaction};

use crate::catalog::{Comparison, compare, server_cells};
use crate::describe::{Declared, ServerError, Shape, TypeNames, prepare, shape};
use crate::model::{document, document_cells};
use crate::server::Server;
use crate::{Result, failure};

/// How model and server compare on one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Both run it, with the same shape, or both refuse it.
    Agree,
    /// The server runs it, the model refuses it.
    FalseAlarm,
    /// The server refuses it, the model does not.
    Missed,
    /// Both refuse it, for different reasons.
    OtherReason,
    /// Both run it; a name or a type of the shape differs.
    OtherShape,
    /// The model says that it does not know.
    Unknown,
    /// The model cannot read it.
    Unparsed,
}

/// One statement on which they do not agree.
#[derive(Clone, Debug)]
pub struct Remark {
    /// How they compare.
    pub outcome: Outcome,
    /// The statement's first line in its file, from one.
    pub line: usize,
    /// Its text.
    pub sql: String,
    /// What the server says and what the model says.
    pub words: String,
}

/// All statements of a script.
#[derive(Clone, Debug, Default)]
pub struct Comparisons {
    /// How many queries ended how.
    pub queries: BTreeMap<Outcome, usize>,
    /// How many other statements ended how.
    pub definitions: BTreeMap<Outcome, usize>,
    /// Those that do not agree.
    pub remarks: Vec<Remark>,
    /// The schema model against the server's catalogs after the script.
    pub catalog: Option<Comparison>,
}

impl Comparisons {
    /// Each disagreement, then the numbers, of the script of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        let mut lines = Vec::new();
        for Remark { outcome, line, sql, words } in &self.remarks {
            lines.push(format!("{name}:{line}: {outcome:?}: {words}\n    {}", sql.replace('\n', "\n    ")));
        }
        let counts = |counts: &BTreeMap<Outcome, usize>| {
            let all: Vec<_> = counts.iter().map(|(outcome, count)| format!("{outcome:?} {count}")).collect();
            all.join(", ")
        };
        lines.push(format!("{name}: queries: {}", counts(&self.queries)));
        lines.push(format!("{name}: other statements: {}", counts(&self.definitions)));
        lines.extend(
            self.catalog.iter().map(|found| format!("{name}: catalog: {} of {} cells equal", found.equal, found.total)),
        );
        lines.join("\n")
    }
}

/// Runs scripts one after the other in one session of a new database; one comparison for each.
///
/// # Errors
///
/// When the server cannot be asked.
pub fn compare_scripts(server: &Server, scripts: &[(String, String)]) -> Result<Vec<Comparisons>> {
    let database = server.create_database(None)?;
    let mut run = Run {
        client: server.connect(&database)?,
        schema: Schema::new(&DIALECT, Some(server.major_version()?)),
        saved: Vec::new(),
        names: TypeNames::default(),
        out: Comparisons::default(),
    };
    let mut all = Vec::new();
    for (name, text) in scripts {
        run.script(name, text)?;
        let mut out = std::mem::take(&mut run.out);
        out.catalog =
            Some(compare(&server_cells(&mut server.connect(&database)?)?, &document_cells(&document(&run.schema))));
        all.push(out);
    }
    Ok(all)
}

struct Run {
    client: Client,
    schema: Schema,
    /// The model at the start of the transaction and at each savepoint, with its name.
    saved: Vec<(String, Schema)>,
    names: TypeNames,
    out: Comparisons,
}

impl Run {
    fn script(&mut self, name: &str, text: &str) -> Result<()> {
        let text = without_commands(text);
        let source = Source::new(name, text.as_str());
        self.client.batch_execute("SET statement_timeout = '20s'; SET client_min_messages = error")?;
        for statement in sql::parse(&text, &DIALECT) {
            let Some(words) = text.get(statement.span.start..statement.span.end) else { continue };
            if self.client.is_closed() {
                return Err(failure(format!("{name}: the server ended the session")));
            }
            if names_a_variable(words) {
                continue;
            }
            let (line, _) = source.line_column(statement.span.start);
            match &statement.kind {
                StatementKind::Query(query) => self.query(line, words, &text, query)?,
                StatementKind::Transaction(control) => self.transaction(*control, words),
                StatementKind::Unparsed(unparsed) => {
                    let refused = self.send(words).err();
                    let outcome = if refused.is_some() { Outcome::Agree } else { Outcome::Unparsed };
                    *self.out.definitions.entry(outcome).or_default() += 1;
                    self.remark(outcome, line, words, unparsed.reason.clone());
                }
                _ => {
                    let before = self.schema.clone();
                    let applied = apply(&mut self.schema, &statement, &source);
                    let refused = self.send(words).err();
                    let problem = applied.problems.iter().find(|problem| problem.rule == "migration-fails");
                    let (outcome, said) = match (&refused, problem) {
                        (Some(error), None) if !skipped(error) => (Outcome::Missed, error.to_string()),
                        (None, Some(problem)) => (Outcome::FalseAlarm, problem.message.clone()),
                        _ => (Outcome::Agree, String::new()),
                    };
                    if refused.is_some() {
                        self.schema = before;
                    }
                    *self.out.definitions.entry(outcome).or_default() += 1;
                    self.remark(outcome, line, words, said);
                }
            }
        }
        Ok(())
    }

    fn send(&mut self, words: &str) -> std::result::Result<(), ServerError> {
        self.client.batch_execute(words).map_err(|error| ServerError::from(&error))
    }

    fn remark(&mut self, outcome: Outcome, line: usize, sql: &str, words: String) {
        if outcome != Outcome::Agree {
            self.out.remarks.push(Remark { outcome, line, sql: sql.to_owned(), words });
        }
    }

    /// Keeps the model with the server's transaction: what is rolled back there is rolled back here.
    fn transaction(&mut self, control: Transaction, words: &str) {
        let done = self.send(words).is_ok();
        let mut parts = words.split_whitespace().map(str::to_lowercase);
        let (first, last) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
        match control {
            Transaction::Begin => self.saved = vec![(String::new(), self.schema.clone())],
            Transaction::Savepoint if done && first == "savepoint" => self.saved.push((last, self.schema.clone())),
            Transaction::Savepoint if first == "rollback" => {
                if let Some(position) = self.saved.iter().rposition(|(name, _)| *name == last) {
                    self.saved.truncate(position + 1);
                    self.schema = self.saved.last().map_or_else(|| self.schema.clone(), |(_, saved)| saved.clone());
                }
            }
            Transaction::Savepoint => {}
            Transaction::Rollback | Transaction::Commit => {
                let prepared = words.to_lowercase().contains("prepared");
                let undone = if control == Transaction::Rollback { !prepared } else { !done };
                if let Some((_, first)) = self.saved.drain(..).next().filter(|_| undone) {
                    self.schema = first;
                }
            }
        }
    }

    fn query(&mut self, line: usize, words: &str, text: &str, query: &Query) -> Result<()> {
        let context = Context { text: Arc::from(text), ..Context::default() };
        let found = analyze(&self.schema, query, &context);
        let described = self.describe(words)?;
        let (outcome, said) = match &described {
            Err(error) if skipped(error) => (Outcome::Agree, String::new()),
            described => judged(&self.schema, &found, described),
        };
        *self.out.queries.entry(outcome).or_default() += 1;
        self.remark(outcome, line, words, said);
        // For what it does to the tables and to the session.
        let _ = self.send(words);
        Ok(())
    }

    fn describe(&mut self, words: &str) -> Result<std::result::Result<Shape, ServerError>> {
        let inside = !self.saved.is_empty();
        let open = if inside { "SAVEPOINT judge" } else { "BEGIN" };
        if let Err(error) = self.send(open) {
            return Ok(Err(error));
        }
        let prepared = prepare(&mut self.client, words, &Declared::Nothing);
        let outcome = match prepared {
            Ok(statement) => Ok(shape(&mut self.client, &statement, &mut self.names)?),
            Err(error) => Err(error),
        };
        let outcome = outcome.and_then(|shape| self.plan(words, &shape).map(|()| shape));
        self.send(if inside { "ROLLBACK TO SAVEPOINT judge; RELEASE SAVEPOINT judge" } else { "ROLLBACK" })
            .map_err(|error| failure(error.to_string()))?;
        self.names = TypeNames::default();
        Ok(outcome)
    }

    fn plan(&mut self, words: &str, shape: &Shape) -> std::result::Result<(), ServerError> {
        if shape.parameters.is_empty() {
            return match self.send(&format!("EXPLAIN {words}")) {
                // What the planner computes beforehand may fail on its values, and some statements cannot be explained.
                Err(error) if error.sqlstate.starts_with("22") && error.sqlstate != "22001" => Ok(()),
                Err(error) if error.sqlstate == "42601" => Ok(()),
                other => other,
            };
        }
        Ok(())
    }
}

/// Errors that say nothing about the schema: failed transactions, rights of roles, limits, the environment.
fn skipped(error: &ServerError) -> bool {
    ["25", "42501", "57", "53", "54", "58", "55P03", "0A000", "XX", "P0"]
        .iter()
        .any(|class| error.sqlstate.starts_with(class))
        || error.sqlstate.is_empty()
}

fn judged(schema: &Schema, found: &Analysis, described: &std::result::Result<Shape, ServerError>) -> (Outcome, String) {
    let mut early = found.problems.iter().filter(|problem| problem.stage != Stage::Execute);
    match (described, early.clone().next()) {
        (Ok(_), Some(problem)) => (Outcome::FalseAlarm, format!("model: {} {}", problem.sqlstate, problem.message)),
        (Err(error), None) if found.problems.iter().any(|problem| error.sqlstate == problem.sqlstate) => {
            (Outcome::Agree, String::new())
        }
        (Err(error), Some(problem)) => {
            if early.any(|problem| error.sqlstate == problem.sqlstate) {
                (Outcome::Agree, String::new())
            } else {
                (Outcome::OtherReason, format!("server: {error}; model: {} {}", problem.sqlstate, problem.message))
            }
        }
        (_, None) if !found.unknowns.is_empty() => {
            (Outcome::Unknown, found.unknowns.first().map(|unknown| unknown.reason.clone()).unwrap_or_default())
        }
        (Err(error), None) => (Outcome::Missed, format!("server: {error}")),
        (Ok(real), None) => match shape_difference(schema, found, real) {
            Some(words) => (Outcome::OtherShape, words),
            None => (Outcome::Agree, String::new()),
        },
    }
}

/// How the shapes differ, if they do; a type that the model is not sure of differs from none.
#[must_use]
pub fn shape_difference(schema: &Schema, found: &Analysis, real: &Shape) -> Option<String> {
    let shown = |ty| schema.format_type(schema.base_type(ty));
    let parameters = found.shape.parameters.iter().zip(&real.parameters);
    for (ours, theirs) in parameters.filter(|(ours, _)| ours.id.is_sure()) {
        if schema.format_type(*ours) != *theirs {
            return Some(format!("a parameter of type {theirs}, not {}", schema.format_type(*ours)));
        }
    }
    if found.shape.parameters.len() != real.parameters.len() {
        return Some(format!("{} parameters, not {}", real.parameters.len(), found.shape.parameters.len()));
    }
    if found.shape.complete && found.shape.columns.len() != real.columns.len() {
        return Some(format!("{} columns, not {}", real.columns.len(), found.shape.columns.len()));
    }
    for (ours, theirs) in found.shape.columns.iter().zip(&real.columns) {
        if *ours.name != *theirs.name {
            return Some(format!("a column `{}`, not `{}`", theirs.name, ours.name));
        }
        if ours.ty.id.is_sure() && shown(ours.ty) != theirs.type_name {
            return Some(format!("`{}` of type {}, not {}", theirs.name, theirs.type_name, shown(ours.ty)));
        }
    }
    None
}

/// The script without the client's own commands and the rows after `COPY … FROM stdin`; lines keep their numbers.
fn without_commands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rows = false;
    let mut quoted = false;
    for line in text.lines() {
        if rows {
            rows = line != "\\.";
            out.push('\n');
            continue;
        }
        if !quoted && line.trim_start().starts_with('\\') {
            out.push('\n');
            continue;
        }
        if line.matches("$$").count() % 2 == 1 {
            quoted = !quoted;
        }
        let lower = line.to_lowercase();
        rows = lower.starts_with("copy ") && lower.contains("from stdin");
        match line.find(['\\']).filter(|at| ["\\g", "\\crosstab"].iter().any(|word| line[*at..].starts_with(word))) {
            _ if rows => {}
            Some(at) => {
                out.push_str(&line[..at]);
                out.push(';');
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// Whether psql would put a variable's value in.
fn names_a_variable(words: &str) -> bool {
    words.match_indices(':').any(|(at, _)| {
        let before = words[..at].chars().next_back();
        let after = words[at + 1..].chars().next();
        before != Some(':')
            && after.is_some_and(|c| c == '\'' || c == '"' || c.is_ascii_alphabetic())
            && before.is_none_or(|c| c.is_whitespace() || "(,=".contains(c))
    })
}
