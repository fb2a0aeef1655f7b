//! What each text means on every state of the history, as its server is asked it: before execution, whoever sends it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::analysis::{Analysis, OutputColumn, Stage};
use crate::finding::Role;
use crate::migration::{History, Layout, Migration};
use crate::query::Query;
use crate::schema::{Schema, Scripts, TimelineProblem};
use crate::source::Source;

use super::input::{CheckInput, OwnedQuery, Ownership};
use super::line::Line;
use super::made::Programs;
use super::matrix::printed;
use super::plan;
use super::report::ColumnInfo;
use super::texts::{Text, Texts};

/// The whole history of a database and every text that its releases send.
#[derive(Debug)]
pub struct Survey<'a> {
    /// All states; the first is that before the first migration.
    pub line: Line,
    /// What leads through them: what the database has when the rollout starts, then what is pending.
    pub runs: Vec<Run<'a>>,
    /// Each distinct text once, in order of first occurrence.
    pub texts: Vec<SurveyedText<'a>>,
}

/// One run of the migration tool.
#[derive(Debug)]
pub struct Run<'a> {
    /// The tool.
    pub layout: &'static Layout,
    /// Files that come before its migrations.
    pub given: &'a [Source],
    /// The position of its first migration in the line's order of application.
    pub offset: usize,
    /// In the order of application.
    pub migrations: Vec<&'a Migration>,
    /// Files that come after its migrations.
    pub repeatable: &'a [Source],
    /// The state where it starts.
    pub start: usize,
    /// The state where it ends.
    pub end: usize,
    /// What goes wrong in it, or could not be followed. Migrations are given by their position in the line's order.
    pub problems: Vec<TimelineProblem>,
}

/// A text with what it means on each state.
#[derive(Debug)]
pub struct SurveyedText<'a> {
    /// The text.
    pub sql: &'a Arc<str>,
    /// Who sends it: the release's id and side, and the query.
    pub senders: Vec<(&'a str, Role, &'a Query)>,
    /// Why it cannot be sent as it is, where that is so.
    pub withheld: Option<&'static str>,
    /// In order; together all states. Empty for a text that is withheld.
    pub meanings: Vec<Meaning>,
}

/// What a text means on neighbouring states.
#[derive(Clone, Debug)]
pub struct Meaning {
    /// The first state.
    pub from: usize,
    /// The last state.
    pub to: usize,
    /// All that was found out.
    pub analysis: Arc<Analysis>,
    /// The parameter types as the server prints them; `None` where not known.
    pub parameters: Vec<Option<String>>,
    /// The result columns as the server describes them: of a domain's the type below.
    pub columns: Vec<ColumnInfo>,
}

impl Meaning {
    /// The server's codes and the words of what it would refuse the text for before it is executed, the first first.
    pub fn refusals(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parsed = self.analysis.problems.iter().filter(|problem| problem.stage == Stage::Parse && problem.certain);
        parsed.map(|problem| (problem.sqlstate, problem.message.as_str()))
    }

    /// Why it is not certain what the text means.
    pub fn unknowns(&self) -> impl Iterator<Item = &str> {
        self.analysis.unknowns.iter().map(|unknown| unknown.reason.as_str())
    }
}

/// Goes through the whole history with every text of all releases.
pub fn survey(input: &CheckInput) -> Survey<'_> {
    let (line, runs) = replayed(input);
    let programs = Programs::default();
    let texts = Texts::new(&line, input.dialect, &programs);
    let mut found: Vec<SurveyedText<'_>> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (release, role) in super::releases(input) {
        for owned in &release.queries {
            let sender = (release.id.as_str(), role, &*owned.query);
            match known.get(&*owned.query.sql).and_then(|at| found.get_mut(*at)) {
                Some(text) => text.senders.push(sender),
                None => {
                    known.insert(&owned.query.sql, found.len());
                    let mut text = surveyed(&texts, owned);
                    text.senders.push(sender);
                    found.push(text);
                }
            }
        }
    }
    Survey { texts: found, runs, line }
}

fn surveyed<'a>(texts: &Texts<'_>, owned: &'a OwnedQuery) -> SurveyedText<'a> {
    let text = texts.text(&owned.query.sql);
    let withheld = withheld(owned, &text);
    let meanings = if withheld.is_some() { Vec::new() } else { meanings(texts, &text) };
    SurveyedText { sql: &owned.query.sql, senders: Vec::new(), withheld, meanings }
}

fn withheld(owned: &OwnedQuery, text: &Text) -> Option<&'static str> {
    if !owned.query.holes.is_empty() {
        return Some("a part of its text is only known at run time");
    }
    if owned.ownership == Ownership::Unclear {
        return Some("it is not known which database it is for");
    }
    match text.statements() {
        0 => Some("there is no statement in it"),
        1 => None,
        _ => Some("it has several statements"),
    }
}

fn meanings(texts: &Texts<'_>, text: &Text) -> Vec<Meaning> {
    let mut meanings = Vec::new();
    let mut state = 0;
    while let Some(schema) = texts.schema(state) {
        let (from, to, analysis) = texts.on(text, state);
        meanings.push(meaning(from, to, analysis, schema));
        state = to + 1;
    }
    meanings
}

fn meaning(from: usize, to: usize, analysis: Arc<Analysis>, schema: &Schema) -> Meaning {
    let parameters = analysis.shape.parameters.iter().map(|ty| printed(schema, *ty)).collect();
    let column = |column: &OutputColumn| ColumnInfo {
        name: column.name.to_string(),
        ty: printed(schema, schema.base_type(column.ty)),
        nullable: column.nullable,
    };
    let columns = analysis.shape.columns.iter().map(column).collect();
    Meaning { from, to, parameters, columns, analysis }
}

/// The history replayed: at once where nothing runs yet, else what is there, then what is pending.
fn replayed(input: &CheckInput) -> (Line, Vec<Run<'_>>) {
    let plan = plan::plan(input);
    let now = input.baselines.first().and_then(|release| release.history.as_ref());
    let next = input.candidate.history.as_ref();
    let (applied, pending) = plan.migrations.split_at(plan.applied.min(plan.migrations.len()));
    let mut scripts = Scripts::default();
    let mut line = Line::default();
    let mut runs = Vec::new();
    let mut schema = input.empty();
    let mut run = |history: &'_ History, given, migrations: &[_], repeatable, runs: &mut Vec<_>| {
        let timeline = plan::run(&schema, history, given, migrations, repeatable, &mut scripts);
        let offset = runs.iter().map(|run: &Run<'_>| run.migrations.len()).sum();
        let mut problems = timeline.problems.clone();
        for problem in &mut problems {
            problem.migration = problem.migration.map(|position| position + offset);
        }
        let start = line.last();
        line.extend(timeline, offset);
        let end = line.last();
        if let Some(last) = line.schema(end) {
            schema = last.clone();
        }
        let (layout, migrations) = (history.layout, migrations.to_vec());
        runs.push(Run { layout, given, offset, migrations, repeatable, start, end, problems });
    };
    match (now, next) {
        (None, Some(next)) => run(next, &next.given, &plan.migrations, &next.repeatable, &mut runs),
        (Some(now), _) => {
            run(now, &now.given, applied, &now.repeatable, &mut runs);
            if let Some(next) = next {
                let again = plan::repeats(!pending.is_empty(), next, Some(now));
                run(next, &[], pending, again, &mut runs);
            }
        }
        (None, None) => {}
    }
    (line, runs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollout::fixture::{blocks, input};

    #[test]
    fn each_text_has_one_meaning_on_each_state() {
        let section = "```sql before\nCREATE TABLE users (id int PRIMARY KEY, name text);\n```\n\
             ```sql migration\nALTER TABLE users RENAME COLUMN name TO full_name;\n```\n\
             ```sql both\nSELECT name FROM users WHERE id = $1\n```\n";
        let input = input(&blocks(section));
        let survey = survey(&input);
        let [text] = survey.texts.as_slice() else { panic!("{:?}", survey.texts) };
        assert_eq!(text.senders.len(), 1 + input.baselines.len());
        let mut next = 0;
        for meaning in &text.meanings {
            assert_eq!(meaning.from, next);
            next = meaning.to + 1;
        }
        assert_eq!(next, survey.line.states.len());
        let codes: Vec<Option<&str>> =
            text.meanings.iter().map(|meaning| meaning.refusals().next().map(|(code, _)| code)).collect();
        assert_eq!(codes, [Some("42P01"), None, Some("42703")]);
        let sound = &text.meanings[1];
        assert_eq!(sound.parameters, [Some("integer".to_owned())]);
        assert_eq!(sound.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["name"]);
        assert_eq!(survey.runs.last().map(|run| run.end), Some(survey.line.last()));
    }
}
