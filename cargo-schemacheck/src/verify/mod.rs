//! `cargo schemacheck verify`: what a real server says about the same migrations and queries, beside what the checker says.
//!
//! [`verify`] makes a database of its own on the server, replays the history there as its tool does, and compares each state:
//! the catalogs with the schema document, and each query's acceptance and shape. Truth comes from the server alone; only
//! [`document`] and the comparison ask the checker. Nothing is executed but migrations.

pub mod catalog;
mod compare;
pub mod describe;
pub mod document;
pub mod interrupt;
pub mod json;
pub mod reach;
pub mod replay;
pub mod report;
pub mod server;
pub mod stop;
pub mod text;

use std::collections::{BTreeMap, HashMap};

use schemacheck_checker::rollout::{self, CheckInput, Survey};
use schemacheck_checker::source::Place;

use compare::Comparison;
use interrupt::Interrupt;
use replay::Ended;
use report::{Report, StateName, Summary};
use server::Server;
use stop::Stop;

/// Who watches a comparison go on.
pub trait Watch {
    /// So many cells are to be compared, of this database.
    fn begin(&self, database: &str, cells: usize);
    /// One more is.
    fn advance(&self);
    /// Something that must be known at once.
    fn say(&self, line: &str);
}

/// Whether a database of a project can be verified.
#[must_use]
pub fn can_verify(input: &CheckInput) -> bool {
    compare::is_asked(input.dialect.name)
}

/// The statements of migrations and queries that reach beyond the database they run in, each with its place.
#[must_use]
pub fn beyond(input: &CheckInput) -> Vec<(Place, String)> {
    let mut found: Vec<(Place, String)> = Vec::new();
    let releases = || input.baselines.iter().chain([&input.candidate]).chain(&input.consumers);
    for history in releases().filter_map(|release| release.history.as_ref()) {
        let ups = history.migrations.iter().filter(|migration| !migration.opaque).map(|migration| &migration.up);
        for source in history.given.iter().chain(ups).chain(&history.repeatable) {
            let reaches = reach::reaches(source.text()).into_iter();
            found.extend(reaches.map(|it| (Place { source: source.clone(), span: it.span }, it.what)));
        }
    }
    for owned in releases().flat_map(|release| &release.queries) {
        let reaches = reach::reaches(&owned.query.sql).into_iter();
        found.extend(reaches.map(|it| (owned.query.locate(it.span), it.what)));
    }
    let place = |(place, what): &(Place, String)| (place.source.path().to_owned(), place.span, what.clone());
    found.sort_by_key(place);
    found.dedup_by_key(|it| place(it));
    found
}

/// Replays a database's history on a server and compares each state with what the checker says for that server's version.
///
/// # Errors
///
/// When the server cannot be asked, lacks what the migrations need, or `interrupt` is raised. What was made is dropped.
pub fn verify(input: &CheckInput, server: &Server, interrupt: &Interrupt, watch: &dyn Watch) -> Result<Report, Stop> {
    let asked = CheckInput { server_version: Some(server.major), ..input.clone() };
    let survey = rollout::survey(&asked);
    let report = empty_report(input, server, &survey);
    watch.begin(&input.name, survey.line.states.len() * survey.texts.len());
    server.with_database(interrupt, &|line| watch.say(line), |database| {
        let mut client = database.connect()?;
        let table = survey.runs.first().map_or("", |run| run.layout.own_table);
        let own = compare::make_own_table(&mut client, table)?;
        let mut comparison =
            Comparison { server, database, survey: &survey, watch, own, report, known: HashMap::new(), before: None };
        let ended = replay::replay(&mut client, &survey, &mut comparison);
        // What was cancelled failed for no other reason.
        interrupt.check()?;
        let mut report = comparison.report;
        report.ended = match ended? {
            Ended::AtTheEnd => None,
            Ended::Opaque(path) => Some(format!("{path} is no SQL, and verify runs no programs")),
            Ended::Refused(path, error) => Some(format!("the server refuses {path}: {error}")),
        };
        Ok(report)
    })
}

fn empty_report(input: &CheckInput, server: &Server, survey: &Survey<'_>) -> Report {
    let name = |state: &rollout::LineState| {
        let migration = state.migration.and_then(|position| {
            let run =
                survey.runs.iter().find(|run| (run.offset..run.offset + run.migrations.len()).contains(&position))?;
            run.migrations.get(position - run.offset)
        });
        StateName {
            version: migration.map(|migration| migration.version.text.clone()),
            line: state.statement.as_ref().map(|place| place.line_column().0),
        }
    };
    let mut withheld = BTreeMap::new();
    for reason in survey.texts.iter().filter_map(|text| text.withheld) {
        *withheld.entry(reason).or_default() += 1;
    }
    Report {
        database: input.name.to_string(),
        server: server.version.clone(),
        major: server.major,
        configured: input.server_version,
        states: survey.line.states.iter().map(name).collect(),
        compared: 0,
        queries: survey.texts.iter().filter(|text| text.withheld.is_none()).count(),
        withheld,
        ended: None,
        summary: Summary::default(),
        differences: Vec::new(),
        unknown: BTreeMap::new(),
    }
}
