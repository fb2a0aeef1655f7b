//! Cell by cell: what the checker says of each state beside what the server says.

use std::collections::HashMap;

use postgres::Client;
use schemacheck_checker::dialect::postgres::DIALECT;
use schemacheck_checker::migration::Migration;
use schemacheck_checker::rollout::{Meaning, Survey, SurveyedText};
use schemacheck_checker::schema::{Schema, TimelineProblem};
use schemacheck_checker::source::{Place, Source, Span};
use serde_json::Value;

use super::Watch;
use super::catalog::{self, Cells, server_cells};
use super::describe::ServerError;
use super::document::{document, document_cells};
use super::replay::Witness;
use super::report::{About, Difference, How, QueryAsked, Report};
use super::server::{Database, Server};
use super::stop::Stop;

/// Compares each state that a replay comes to.
pub(super) struct Comparison<'c, 'a> {
    pub(super) server: &'c Server,
    pub(super) database: &'c Database<'c>,
    pub(super) survey: &'c Survey<'a>,
    pub(super) watch: &'c dyn Watch,
    /// What the catalogs hold of the migration tool's own table.
    pub(super) own: Cells,
    pub(super) report: Report,
    /// The differences by what they are, and the state before the present one.
    pub(super) known: HashMap<String, usize>,
    pub(super) before: Option<usize>,
}

/// What the server says of a text.
type Answer = Result<Asked, ServerError>;

/// A described statement: types by object identifier.
struct Asked {
    parameters: Vec<u32>,
    columns: Vec<(String, u32, i32)>,
}

/// Types of a state as the server prints them.
type TypeNames = HashMap<(u32, i32), String>;

impl Witness for Comparison<'_, '_> {
    fn state(&mut self, state: usize) -> Result<(), Stop> {
        let Some(schema) = self.survey.line.schema(state) else { return Ok(()) };
        let mut client = self.database.connect()?;
        self.schema(&mut client, state, schema)?;
        let survey = self.survey;
        let mut answers = Vec::with_capacity(survey.texts.len());
        for text in &survey.texts {
            if let Some(meaning) = meaning(text, state) {
                answers.push((text, meaning, ask(&mut client, text.sql)?));
            }
            self.watch.advance();
        }
        let names = type_names(&mut client, &answers)?;
        for (text, meaning, answer) in &answers {
            self.query(state, text, meaning, answer, &names);
        }
        self.report.compared += 1;
        self.before = Some(state);
        Ok(())
    }

    fn migration(&mut self, position: usize, migration: &Migration, error: Option<ServerError>) -> Result<(), Stop> {
        if let Some(stop) = error.as_ref().and_then(|error| self.lacking(migration, error)) {
            return Err(stop);
        }
        let problems = self.survey.runs.iter().flat_map(|run| &run.problems);
        let own: Vec<&TimelineProblem> = problems.filter(|problem| problem.migration == Some(position)).collect();
        let of_rule =
            |rule: &str| own.iter().filter(|problem| problem.problem.rule == rule).copied().collect::<Vec<_>>();
        let fails = of_rule("migration-fails");
        let doubts = of_rule("unparsed-statement");
        let code = |error: &ServerError| fails.iter().any(|it| it.problem.sqlstate == Some(error.sqlstate.as_str()));
        let how = match (&error, fails.is_empty(), doubts.is_empty()) {
            (_, true, false) => How::Unknown,
            (None, true, true) => How::Agrees,
            (None, false, _) => How::FalseAlarm,
            (Some(_), true, true) => How::Missed,
            (Some(error), false, _) => {
                if code(error) {
                    How::Agrees
                } else {
                    How::Otherwise
                }
            }
        };
        self.report.summary.migrations.add(how);
        let said =
            fails.iter().chain(&doubts).map(|it| refusal(it.problem.sqlstate.unwrap_or_default(), &it.problem.message));
        let said: Vec<String> = said.collect();
        if how == How::Unknown {
            self.leave_open(said.first().map(String::as_str).unwrap_or_default());
        }
        let place = fails.first().map_or_else(|| whole(&migration.up), |it| it.place.clone());
        let server = error.map_or("runs".to_owned(), |error| format!("refuses: {error}"));
        let checker = if said.is_empty() { "runs".to_owned() } else { format!("refuses: {}", said.join("; ")) };
        let state = self.before.map_or(0, |before| before + 1);
        self.differs(how, About::Migration(place), state, server, checker);
        Ok(())
    }
}

impl Comparison<'_, '_> {
    /// Why the server cannot run a migration for reasons of its own.
    fn lacking(&self, migration: &Migration, error: &ServerError) -> Option<Stop> {
        let words = &error.message;
        let help = match error.sqlstate.as_str() {
            "58P01" | "0A000" if words.contains("extension") => "install the extension on this server",
            "42501" if !self.server.superuser => {
                "name a role with the rights that the migrations need, such as a superuser of a server that is there for tests"
            }
            "42704" if words.starts_with("role ") => "create the role on this server before",
            _ => return None,
        };
        let path = migration.up.path();
        Some(Stop::new(format!("{path} cannot run on this server: {error}")).help(help))
    }

    fn schema(&mut self, client: &mut Client, state: usize, schema: &Schema) -> Result<(), Stop> {
        let mut cells = server_cells(client)?;
        cells.retain(|cell, _| !self.own.contains_key(cell));
        let document = document(schema);
        let doubts = doubts(&document);
        let found = catalog::compare(&cells, &document_cells(&document));
        self.report.summary.schema.agree += found.equal;
        for difference in found.differences {
            let doubt = doubts.iter().find(|(name, _)| name.as_ref().is_none_or(|name| names(&difference.cell, name)));
            let how = match (&difference.server, &difference.model) {
                _ if doubt.is_some() => How::Unknown,
                (Some(_), None) => How::Missed,
                (None, _) => How::FalseAlarm,
                (Some(_), Some(_)) => How::Otherwise,
            };
            self.report.summary.schema.add(how);
            if let Some((_, reason)) = doubt {
                self.leave_open(reason);
            }
            let show = |value: Option<String>| value.map_or("nothing".to_owned(), |value| format!("`{value}`"));
            let (server, checker) = (show(difference.server), show(difference.model));
            self.differs(how, About::Schema(difference.cell), state, server, checker);
        }
        Ok(())
    }

    fn query(&mut self, state: usize, text: &SurveyedText<'_>, meaning: &Meaning, answer: &Answer, names: &TypeNames) {
        let refused: Vec<(&str, &str)> = meaning.refusals().collect();
        let reason = meaning.unknowns().next();
        let how = match (answer, refused.is_empty(), reason) {
            (Ok(_), false, _) => How::FalseAlarm,
            (Err(error), false, _) if refused.iter().any(|(code, _)| *code == error.sqlstate) => How::Agrees,
            (Err(_), false, _) => How::Otherwise,
            (_, true, Some(_)) => How::Unknown,
            (Ok(_), true, None) => How::Agrees,
            (Err(_), true, None) => How::Missed,
        };
        self.report.summary.queries.add(how);
        if how == How::Unknown {
            self.leave_open(reason.unwrap_or_default());
        }
        let server = match answer {
            Ok(_) => "accepts".to_owned(),
            Err(error) => format!("refuses: {error}"),
        };
        let refused: Vec<String> = refused.iter().map(|(code, words)| refusal(code, words)).collect();
        let checker =
            if refused.is_empty() { "accepts".to_owned() } else { format!("refuses: {}", refused.join("; ")) };
        self.differs(how, asked(text, None), state, server, checker);
        if let (Ok(answer), How::Agrees) = (answer, how) {
            self.shape(state, text, meaning, answer, names);
        }
    }

    fn shape(&mut self, state: usize, text: &SurveyedText<'_>, meaning: &Meaning, asked_: &Asked, names: &TypeNames) {
        let name = |oid, modifier| names.get(&(oid, modifier)).cloned().unwrap_or_default();
        let is: Vec<String> = asked_.parameters.iter().map(|oid| name(*oid, -1)).collect();
        for at in 0..is.len().max(meaning.parameters.len()) {
            let (server, checker) = (is.get(at), meaning.parameters.get(at));
            let how = beside(server, checker.map(|ty| ty.as_ref()));
            self.report.summary.parameters.add(how);
            self.part(how, text, state, format!("${}", at + 1), server.cloned(), checker.cloned().flatten());
        }
        let is: Vec<String> = asked_
            .columns
            .iter()
            .map(|(column, oid, modifier)| format!("{column} {}", name(*oid, *modifier)))
            .collect();
        let said: Vec<Option<String>> =
            meaning.columns.iter().map(|column| column.ty.as_ref().map(|ty| format!("{} {ty}", column.name))).collect();
        for at in 0..is.len().max(said.len()) {
            let (server, checker) = (is.get(at), said.get(at));
            // There may be more columns than the checker knows.
            let how = match checker {
                None if !meaning.analysis.shape.complete => How::Unknown,
                _ => beside(server, checker.map(|column| column.as_ref())),
            };
            self.report.summary.columns.add(how);
            self.part(how, text, state, format!("column {}", at + 1), server.cloned(), checker.cloned().flatten());
        }
    }

    fn part(
        &mut self,
        how: How,
        text: &SurveyedText<'_>,
        state: usize,
        part: String,
        server: Option<String>,
        checker: Option<String>,
    ) {
        match how {
            How::Agrees => {}
            How::Unknown => self.leave_open("the type of a parameter or column is not known"),
            _ => {
                let show = |value: Option<String>| value.map_or("nothing".to_owned(), |value| format!("`{value}`"));
                self.differs(how, asked(text, Some(part)), state, show(server), show(checker));
            }
        }
    }

    fn leave_open(&mut self, reason: &str) {
        *self.report.unknown.entry(reason.to_owned()).or_default() += 1;
    }

    /// Notes a difference on a state: on the one that it has on the state before, where there is one.
    fn differs(&mut self, how: How, about: About, state: usize, server: String, checker: String) {
        if matches!(how, How::Agrees | How::Unknown) {
            return;
        }
        let what = match &about {
            About::Migration(place) => place.source.path().to_owned(),
            About::Schema(cell) => cell.clone(),
            About::Query(asked) => format!("{}\u{1f}{}", asked.sql, asked.part.as_deref().unwrap_or_default()),
        };
        let key = format!("{what}\u{1f}{}\u{1f}{server}\u{1f}{checker}", how.word());
        let Some(known) = self.known.get(&key).and_then(|at| self.report.differences.get_mut(*at)) else {
            self.known.insert(key, self.report.differences.len());
            self.report.differences.push(Difference { about, how, server, checker, states: vec![(state, state)] });
            return;
        };
        match known.states.last_mut() {
            Some((_, to)) if self.before.is_some_and(|before| *to >= before) => *to = state,
            _ => known.states.push((state, state)),
        }
    }
}

/// What the checker does not know of the schema: names, or anything, each with the reason.
fn doubts(document: &Value) -> Vec<(Option<String>, String)> {
    let doubt = |name: &Value, reason: &Value| Some((name.as_str().map(str::to_owned), reason.as_str()?.to_owned()));
    let items = |key: &str| document[key].as_array().into_iter().flatten();
    let opaque = items("relations").filter_map(|relation| doubt(&relation["name"], &relation["unknown"]));
    items("unknown").filter_map(|it| doubt(&it["name"], &it["reason"])).chain(opaque).collect()
}

/// Whether a cell's path has a name in it.
fn names(cell: &str, name: &str) -> bool {
    cell.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
}

/// A type or column of the server beside what the checker says there, which may be that it does not know.
fn beside(server: Option<&String>, checker: Option<Option<&String>>) -> How {
    match (server, checker) {
        (_, Some(None)) => How::Unknown,
        (Some(is), Some(Some(said))) if is == said => How::Agrees,
        (Some(_), Some(Some(_))) => How::Otherwise,
        (Some(_), None) => How::Missed,
        (None, _) => How::FalseAlarm,
    }
}

fn meaning<'m>(text: &'m SurveyedText<'_>, state: usize) -> Option<&'m Meaning> {
    let after = text.meanings.partition_point(|meaning| meaning.from <= state);
    after.checked_sub(1).and_then(|at| text.meanings.get(at))
}

fn asked(text: &SurveyedText<'_>, part: Option<String>) -> About {
    let senders = text.senders.iter().map(|(release, role, query)| ((*release).to_owned(), *role, query.place.clone()));
    About::Query(QueryAsked { sql: text.sql.to_string(), senders: senders.collect(), part })
}

fn refusal(code: &str, words: &str) -> String {
    if code.is_empty() { words.to_owned() } else { format!("{code} {words}") }
}

fn whole(source: &Source) -> Place {
    Place { source: source.clone(), span: Span::new(0, source.text().len()) }
}

/// Parses and describes a text on a session of its own, outside of any transaction: nothing of it is executed.
fn ask(client: &mut Client, sql: &str) -> Result<Answer, Stop> {
    match client.prepare(sql) {
        Ok(statement) => Ok(Ok(Asked {
            parameters: statement.params().iter().map(postgres::types::Type::oid).collect(),
            columns: statement
                .columns()
                .iter()
                .map(|column| (column.name().to_owned(), column.type_().oid(), column.type_modifier()))
                .collect(),
        })),
        Err(error) if error.as_db_error().is_some() && !client.is_closed() => Ok(Err(ServerError::from(&error))),
        Err(error) => Err(error.into()),
    }
}

/// The names of all types in some answers, asked for at once.
fn type_names(client: &mut Client, answers: &[(&SurveyedText<'_>, &Meaning, Answer)]) -> Result<TypeNames, Stop> {
    let mut wanted: Vec<(u32, i32)> = Vec::new();
    for asked in answers.iter().filter_map(|(_, _, answer)| answer.as_ref().ok()) {
        wanted.extend(asked.parameters.iter().map(|oid| (*oid, -1)));
        wanted.extend(asked.columns.iter().map(|(_, oid, modifier)| (*oid, *modifier)));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let (oids, modifiers): (Vec<u32>, Vec<i32>) = wanted.into_iter().unzip();
    let sql = "SELECT oid, modifier, pg_catalog.format_type(oid, modifier)
        FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[]))
        AS wanted (oid, modifier)";
    let rows = client.query(sql, &[&oids, &modifiers])?;
    Ok(rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect())
}

/// The tool's own table, made before all else as the tool does: its cells in the catalogs.
pub(super) fn make_own_table(client: &mut Client, sql: &str) -> Result<Cells, Stop> {
    let before = server_cells(client)?;
    client.batch_execute(sql)?;
    let mut cells = server_cells(client)?;
    cells.retain(|cell, _| !before.contains_key(cell));
    Ok(cells)
}

/// The text of an engine that verify asks.
pub(super) fn is_asked(dialect: &str) -> bool {
    dialect == DIALECT.name
}
