//! What the checker says of a case, beside what its judge says.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use schemacheck_checker::dialect;
use schemacheck_checker::finding::Verdict;
use schemacheck_checker::migration::{History, layout};
use schemacheck_checker::query::{Described, Query, Segment, profiles};
use schemacheck_checker::rollout::{self, CheckInput, Migrator, OwnedQuery, Ownership, Release, Report, Rollout};
use schemacheck_checker::rules;
use schemacheck_checker::source::{Place, Source, Span};

use crate::case::{Case, CaseQuery, Dialect, Outcomes};
use crate::describe::Declared;
use crate::{Result, failure};

/// The verdict and the rules for each query on each state of the rollout, by the query's name and the state's version.
pub type Answers = BTreeMap<(String, String), (Verdict, Vec<&'static str>)>;

/// What the checker says of each query on each state of the rollout.
///
/// # Errors
///
/// When the case names a call that the checker does not know.
pub fn answers(case: &Case) -> Result<Answers> {
    let matrix = rollout::matrix(&input(case, &case.migrations)?, rules::ALL, &|_| true);
    let mut answers = Answers::new();
    for (row, query) in matrix.rows.iter().filter_map(|row| Some((row, query_of(case, &row.query.place)?))) {
        for state in matrix.states.iter().filter(|state| state.index >= matrix.start) {
            let stretch = row.stretches.iter().find(|stretch| (stretch.from..=stretch.to).contains(&state.index));
            if let (Some(stretch), Some(version)) = (stretch, &state.version) {
                let answer = (stretch.verdict, stretch.rules.clone());
                answers.insert((query.name.clone(), version.clone()), answer);
            }
        }
    }
    Ok(answers)
}

/// What the checker finds in the rollout, a line each: `stale-session n.star @ 2..3`.
///
/// # Errors
///
/// When the case names a call that the checker does not know.
pub fn findings(case: &Case) -> Result<(Report, BTreeSet<String>)> {
    let report = rollout::check(&input(case, &case.migrations)?, rules::ALL);
    let lines = lines(case, &report);
    Ok((report, lines))
}

/// What the checker finds when the running release is rolled out again: nothing may come of it.
///
/// # Errors
///
/// When the case names a call that the checker does not know.
pub fn findings_against_itself(case: &Case) -> Result<BTreeSet<String>> {
    let (applied, _) = case.rollout();
    let mut input = input(case, applied)?;
    input.candidate.queries.clone_from(&input.baselines.first().map(|old| old.queries.clone()).unwrap_or_default());
    Ok(lines(case, &rollout::check(&input, rules::ALL)))
}

/// Where checker and judge disagree, a line each; and how many cells the checker leaves open.
#[must_use]
pub fn disagreements(
    case: &Case,
    answers: &Answers,
    stale: &BTreeSet<(String, String)>,
    outcomes: &Outcomes,
) -> (Vec<String>, usize) {
    let mut lines = Vec::new();
    let mut unknown = 0;
    for ((query, version), (verdict, rules)) in answers {
        if never_reached(case, version, outcomes) {
            continue;
        }
        let outcome = outcomes.get(&(query.clone(), version.clone())).map_or("runs", String::as_str);
        let kept = outcome.starts_with("kept");
        let breaks = *verdict == Verdict::Breaks || kept && stale.contains(&(query.clone(), version.clone()));
        let agrees = match (*verdict, outcome) {
            (Verdict::Unknown, _) => {
                unknown += 1;
                true
            }
            (_, "runs") => !breaks,
            // The samples do not tell: `findings.txt` holds what the checker says.
            // Some executions fail, and the samples are such.
            (Verdict::MayBreak, failing) if !failing.starts_with("kept") => true,
            (_, depends) if depends.starts_with("depends") => true,
            _ => breaks,
        };
        if !agrees {
            let rules = rules.join(", ");
            lines.push(format!("{query} @ {version}: the server: {outcome}, the checker: {verdict:?} {rules}"));
        }
    }
    let known = answers.len();
    if known == 0 && !case.queries.is_empty() {
        lines.push("the checker answered nothing".to_owned());
    }
    (lines, unknown)
}

/// Whether a migration fails on the way to a state.
fn never_reached(case: &Case, version: &str, outcomes: &Outcomes) -> bool {
    let fails = |migration: &crate::replay::Migration| {
        let outcome = outcomes.get(&("migration".to_owned(), migration.version.clone()));
        outcome.is_some_and(|outcome| !outcome.starts_with("fails on rows"))
    };
    let position = case.migrations.iter().position(|migration| migration.version == version);
    case.migrations.iter().take(position.map_or(0, |last| last + 1)).any(fails)
}

/// Where checker and judge disagree about migrations, a line each.
#[must_use]
pub fn migration_disagreements(report: &Report, outcomes: &Outcomes) -> Vec<String> {
    let mut said: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for ((_, version), outcome) in outcomes.iter().filter(|((about, _), _)| about == "migration") {
        let rule = if outcome.starts_with("fails on rows") { "migration-fails-on-rows" } else { "migration-fails" };
        said.insert((rule, version), false);
    }
    let mut lines = Vec::new();
    for finding in &report.findings {
        for cause in finding.causes.iter().filter(|_| finding.rule.starts_with("migration-fails")) {
            match said.get_mut(&(finding.rule, cause.version.as_str())) {
                Some(found) => *found = true,
                None => lines.push(format!("{} is found and the server runs it: {}", cause.version, finding.message)),
            }
        }
    }
    let missed = said.iter().filter(|(_, found)| !**found);
    lines.extend(missed.map(|((rule, version), _)| format!("{version}: {rule} is not found")));
    lines
}

/// The kept statements that the checker says break: query and version of each state.
#[must_use]
pub fn stale(case: &Case, report: &Report) -> BTreeSet<(String, String)> {
    let mut cells = BTreeSet::new();
    for finding in report.findings.iter().filter(|finding| finding.rule == "stale-session") {
        let Some(query) = finding.query.as_ref().and_then(|query| query_of(case, &query.place)) else { continue };
        for index in finding.states.iter().flat_map(|(from, to)| *from..=*to) {
            let version = report.states.iter().find(|state| state.index == index).and_then(|s| s.version.clone());
            cells.extend(version.map(|version| (query.name.clone(), version)));
        }
    }
    cells
}

fn lines(case: &Case, report: &Report) -> BTreeSet<String> {
    let line = |finding: &schemacheck_checker::finding::Finding| {
        let query = finding.query.as_ref().and_then(|query| query_of(case, &query.place));
        let about = query.map_or("migration", |query| &query.name);
        let version = |index: usize| {
            let state = report.states.iter().find(|state| state.index == index);
            state.and_then(|state| state.version.clone()).unwrap_or_else(|| "0".to_owned())
        };
        let states: Vec<String> = finding
            .states
            .iter()
            .map(|(from, to)| if from == to { version(*from) } else { format!("{}..{}", version(*from), version(*to)) })
            .collect();
        let causes: Vec<&str> = finding.causes.iter().map(|cause| cause.version.as_str()).collect();
        let (states, causes) = (states.join(", "), causes.join(", "));
        format!("{} {:?} {about} @ {states} because of {causes}", finding.rule, finding.verdict)
    };
    report.findings.iter().map(line).collect()
}

fn query_of<'a>(case: &'a Case, place: &Place) -> Option<&'a CaseQuery> {
    let old = place.source.path().starts_with("n/");
    case.queries.iter().find(|query| query.is_old() == old && query.span.start == place.span.start)
}

/// The rollout of a case from its release N to what has shipped by then.
///
/// # Errors
///
/// The case's files do not fit.
pub fn input(case: &Case, shipped: &[crate::replay::Migration]) -> Result<CheckInput> {
    let (applied, _) = case.rollout();
    let dialect = match case.settings.dialect {
        Dialect::Postgres => &dialect::postgres::DIALECT,
        Dialect::Sqlite => &dialect::sqlite::DIALECT,
    };
    Ok(CheckInput {
        name: "case".into(),
        dialect,
        server_version: None,
        base: None,
        candidate: release(case, false, shipped)?,
        baselines: vec![release(case, true, applied)?],
        consumers: Vec::new(),
        upgrades: Vec::new(),
        rollout: Rollout::default(),
        levels: BTreeMap::new(),
        known: BTreeSet::new(),
    })
}

fn release(case: &Case, old: bool, shipped: &[crate::replay::Migration]) -> Result<Release> {
    let (id, file, text) = if old { ("n", "n/queries.sql", 0) } else { ("n1", "n1/queries.sql", 1) };
    let source = Source::new(file, case.texts.get(text).cloned().unwrap_or_default());
    let queries = case.queries.iter().filter(|query| query.is_old() == old);
    let queries = queries.map(|query| owned(query, &source)).collect::<Result<_>>()?;
    let layout = layout("sqlx").ok_or_else(|| failure("no layout is called sqlx".into()))?;
    let files: Vec<_> = shipped
        .iter()
        .map(|migration| {
            let path = format!("migrations/{}", migration.file);
            (migration.file.clone(), Source::new(path, migration.sql.clone()))
        })
        .collect();
    let migrations = (layout.read)(&files).migrations;
    Ok(Release {
        id: id.to_owned(),
        source: "case".to_owned(),
        why: "case".to_owned(),
        history: Some(History { layout, migrations, given: Vec::new(), repeatable: Vec::new() }),
        queries,
        unresolved: Vec::new(),
        migrator: Migrator::default(),
    })
}

fn owned(query: &CaseQuery, source: &Source) -> Result<OwnedQuery> {
    let call = profiles::by_id(&query.call).ok_or_else(|| failure(format!("no call is named {}", query.call)))?;
    let span = Span::new(query.span.start, query.span.end);
    let described = match &query.probe.declared {
        Declared::Nothing => None,
        Declared::Types(types) => Some(Arc::new(Described {
            parameters: types.iter().map(|ty| ty.clone().unwrap_or_default()).collect(),
            ..Described::default()
        })),
    };
    let query = Query {
        sql: query.probe.sql.as_str().into(),
        place: Place { source: source.clone(), span },
        segments: vec![Segment { sql_start: 0, source: source.clone(), span }],
        call,
        package: "case".into(),
        database: None,
        expectation: None,
        described,
        reads: None,
        holes: Vec::new(),
        listed_only: false,
        alternative: None,
        types: [].into(),
        in_sql_macro: false,
    };
    Ok(OwnedQuery { query: Arc::new(query), ownership: Ownership::Certain })
}
