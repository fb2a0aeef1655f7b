//! Releases, windows, verdicts: what each query of each release does on every state that it can meet.
//!
//! [`check`] and `matrix` are pure: the same input gives the same answer, and nothing outside it is looked at. The rules are
//! handed in, so that this module knows what a rule is and none by name.

mod assign;
mod cause;
mod course;
mod decode;
mod fate;
mod findings;
mod fix;
#[cfg(test)]
pub(crate) mod fixture;
mod input;
mod judge;
mod line;
mod made;
mod mapped;
mod meeting;
#[cfg(feature = "command")]
mod matrix;
mod plan;
mod report;
mod requires;
mod rule;
mod same;
mod stored;
#[cfg(feature = "command")]
mod survey;
mod texts;
#[cfg(feature = "command")]
mod uses;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod verdicts;
mod replayed;
mod windows;
mod words;
mod writers;

pub use assign::{AtHead, Candidates, Soundness, assign, at_head, owners};
pub use course::{Course, Judged, Judgement, Part, Standing, first_line};
pub use fate::Fate;
pub use input::{CheckInput, Migrator, Order, OwnedQuery, Ownership, Release, Rollout, Strategy, Upgrade};
pub use line::{Line, LineState};
#[cfg(feature = "command")]
pub use matrix::matrix;
pub use meeting::key_of_column;
pub use plan::{PendingProblem, Plan, UpgradeOutcome};
pub use replayed::{Known, Replayed};
pub use report::{
    ColumnInfo, DatabaseInfo, Matrix, MatrixRow, ReleaseInfo, Report, Requirement, RolloutInfo, StateInfo, Stretch,
    Summary, UnresolvedCall, Window, WindowKind,
};
pub use rule::{Alarm, Check, Family, Hit, Meeting, Met, Rule, Story, Words};
pub use same::difference;
#[cfg(feature = "command")]
pub use survey::{Meaning, Run, Survey, SurveyedText, survey};
#[cfg(feature = "command")]
pub use uses::{Usage, head, uses};
pub use windows::Stay;
pub use words::named;

pub(crate) use decode::{binds, reads};
pub(crate) use mapped::{differing, enum_in, refuses};

pub(crate) use findings::migration_cause;
pub(crate) use windows::OUT_OF_RANGE;
pub use windows::out_of_range;

use std::cell::OnceCell;

use crate::finding::{Finding, Role, Verdict};
use crate::schema::Scripts;

use course::Home;
use judge::{Bench, home, judge};
use made::Programs;
use texts::Texts;

/// Checks one database: both releases' queries on every schema of the rollout.
pub fn check(input: &CheckInput, rules: &[&'static Rule]) -> Report {
    with_course(input, rules, |course, texts| report(course, texts, rules))
}

/// Checks one database, and gives what judging one more query of the candidate takes.
pub fn check_and_keep(input: &CheckInput, rules: &[&'static Rule]) -> (Report, Replayed) {
    with_course(input, rules, |course, texts| {
        (report(course, texts, rules), Replayed::of_plan(input, course.plan, Known::of(course, texts)))
    })
}

fn with_course<T>(input: &CheckInput, rules: &[&'static Rule], answer: impl FnOnce(&Course<'_>, &Texts<'_>) -> T) -> T {
    let plan = plan::plan(input);
    let own = own_lines(input, &plan);
    let programs = Programs::of(input);
    let texts = Texts::new(&plan.line, input.dialect, &programs);
    answer(&course(input, &plan, &own, &texts, rules, false), &texts)
}

/// The migrations that the candidate cannot do without, counted from an empty database.
pub fn requirements(input: &CheckInput) -> Vec<Requirement> {
    let rollout = Rollout { applied: Some(Vec::new()), order: Order::MigrateFirst, ..input.rollout.clone() };
    let alone =
        CheckInput { baselines: Vec::new(), consumers: Vec::new(), upgrades: Vec::new(), rollout, ..input.clone() };
    with_course(&alone, &[], requires::requires)
}

/// The releases of a check in the order of the report.
fn releases(input: &CheckInput) -> impl Iterator<Item = (&Release, Role)> {
    let baselines = input.baselines.iter().map(|release| (release, Role::Baseline));
    let consumers = input.consumers.iter().map(|release| (release, Role::Consumer));
    baselines.chain(std::iter::once((&input.candidate, Role::Candidate))).chain(consumers)
}

/// For each release whose own schema is no state of the rollout's line, its own replay.
fn own_lines(input: &CheckInput, plan: &Plan<'_>) -> Vec<Option<Line>> {
    let own = |(release, role): (&Release, Role)| {
        let fresh = role == Role::Candidate && plan.fresh.is_some();
        let history = release.history.as_ref()?;
        (!fresh && home(plan, Some(history)).is_none()).then(|| plan::own(input, history, &mut Scripts::default()).0)
    };
    releases(input).map(own).collect()
}

/// Judges all queries of all releases: on all states, or on those that each release meets.
fn course<'a>(
    input: &'a CheckInput,
    plan: &'a Plan<'a>,
    own: &[Option<Line>],
    texts: &Texts<'_>,
    rules: &[&'static Rule],
    everywhere: bool,
) -> Course<'a> {
    let writers = OnceCell::new();
    let null_writer = |relation, column| {
        let writers = writers.get_or_init(|| writers::null_writers(input, plan, texts));
        writers.get(&(relation, column)).cloned()
    };
    let label_writers = OnceCell::new();
    let label_writer = |ty: &str, label: &str| {
        let writers = label_writers.get_or_init(|| writers::label_writers(input, plan, texts));
        writers.get(&(ty.to_owned(), label.into())).cloned()
    };
    let bench = Bench { plan, texts, rules, null_writer: &null_writer, label_writer: &label_writer, everywhere };
    let parts = releases(input).zip(own).map(|((release, role), own)| {
        let fresh = plan.fresh.as_deref().filter(|_| role == Role::Candidate);
        let home = match (fresh.or(own.as_ref()), home(plan, release.history.as_ref())) {
            (Some(line), _) => Home::Own(line),
            (None, state) => Home::State(state.unwrap_or(plan.start)),
        };
        let stay = windows::stay(&input.rollout, plan, role);
        judge(&bench, release, role, stay, home)
    });
    Course { input, plan, releases: parts.collect() }
}

fn report(course: &Course<'_>, texts: &Texts<'_>, rules: &[&'static Rule]) -> Report {
    let (input, plan) = (course.input, course.plan);
    let history = input.candidate.history.as_ref();
    let layout = history.or_else(|| input.baselines.iter().find_map(|release| release.history.as_ref()));
    Report {
        database: DatabaseInfo {
            name: input.name.clone(),
            dialect: input.dialect.name,
            layout: layout.map_or("", |history| history.layout.id),
            migrations: history.map_or(0, |history| history.migrations.len()),
        },
        rollout: rollout_info(course),
        releases: course.releases.iter().map(release_info).collect(),
        states: (plan.start..=plan.end).map(|state| state_info(plan, state, plan.start)).collect(),
        windows: windows(course),
        findings: findings::findings(course, rules),
        requires: requires::requires(course, texts),
        summary: summary(course),
        unresolved: unresolved(course),
        notes: notes(course),
    }
}

fn rollout_info(course: &Course<'_>) -> RolloutInfo {
    let version = |migration: &&crate::migration::Migration| migration.version.text.clone();
    let order = match (course.input.rollout.strategy, course.input.rollout.order) {
        (Strategy::Recreate, _) => "recreate",
        (_, Order::MigrateFirst) => "migrate-first",
        (_, Order::DeployFirst) => "deploy-first",
        (_, Order::Any) => "any",
    };
    RolloutInfo {
        order,
        pending: course.pending().iter().map(version).collect(),
        contract: course.pending().iter().filter(|migration| migration.contract).map(version).collect(),
    }
}

fn release_info(part: &Part<'_>) -> ReleaseInfo {
    let release = part.release;
    let head = part.history().and_then(|history| history.migrations.last());
    ReleaseInfo {
        id: release.id.clone(),
        role: part.role,
        source: release.source.clone(),
        why: release.why.clone(),
        head: head.map(|migration| migration.version.text.clone()),
        queries: release.queries.len(),
    }
}

/// A state, counted from `first`.
fn state_info(plan: &Plan<'_>, state: usize, first: usize) -> StateInfo {
    let migration = |position: usize| plan.migrations.get(position).copied();
    let at = plan.line.states.get(state);
    let leading =
        at.and_then(|at| at.migration).or_else(|| (state == plan.start).then(|| plan.applied.checked_sub(1)).flatten());
    let leading = leading.and_then(migration);
    // The state where the count begins is there already: no step leads to it.
    let step = at.filter(|_| state > first).and_then(|at| {
        at.statement.clone().or_else(|| {
            at.migration
                .and_then(migration)
                .map(|m| crate::source::Place { source: m.up.clone(), span: texts::whole(m.up.text()) })
        })
    });
    StateInfo {
        index: state - first,
        version: leading.map(|migration| migration.version.text.clone()),
        name: leading.map(|migration| migration.name.clone()),
        step,
        file: leading.map(|migration| migration.up.path().to_owned()),
    }
}

fn windows(course: &Course<'_>) -> Vec<Window> {
    let start = course.plan.start;
    let mut windows = Vec::new();
    for (release, part) in course.releases.iter().enumerate() {
        let mut add = |kind, (from, to): (usize, usize)| {
            windows.push(Window { release, kind, from: from.saturating_sub(start), to: to.saturating_sub(start) });
        };
        add(WindowKind::Live, part.stay.live);
        if let Some(back) = part.stay.back {
            add(WindowKind::Return, back);
        }
    }
    windows
}

fn summary(course: &Course<'_>) -> Summary {
    let mut summary = Summary::default();
    for part in &course.releases {
        summary.unresolved += part.release.unresolved.len();
        summary.queries += part.queries.len();
        for judged in &part.queries {
            // A query of what runs now that does not run on its own schema is for another one.
            let verdict = match judged.standing {
                Standing::Broken if part.role != Role::Candidate => Verdict::Unknown,
                _ => judged.worst(),
            };
            *match verdict {
                Verdict::Runs => &mut summary.runs,
                Verdict::MayBreak => &mut summary.may_break,
                Verdict::Unknown => &mut summary.unknown,
                Verdict::Breaks => &mut summary.breaks,
            } += 1;
        }
    }
    summary
}

fn unresolved(course: &Course<'_>) -> Vec<UnresolvedCall> {
    let calls = course.releases.iter().enumerate().flat_map(|(release, part)| {
        part.release.unresolved.iter().map(move |call| UnresolvedCall {
            release,
            call: call.call.id,
            place: call.place.clone(),
            reason: call.reason.clone(),
        })
    });
    calls.collect()
}

/// What the reader should know besides findings.
fn notes(course: &Course<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for part in &course.releases {
        let count = |standing| part.queries.iter().filter(|judged| judged.standing == standing).count();
        let id = &part.release.id;
        let mut say = |count: usize, what: &str| {
            if count > 0 {
                notes.push(format!("queries of {id} {what}: {count}"));
            }
        };
        if part.role != Role::Candidate {
            say(count(Standing::Broken), "left out because they do not run on its own schema");
        }
        say(count(Standing::Foreign), "whose database is not known");
    }
    notes
}

/// What tells a finding apart from others across two checks of neighbouring trees: rule, role, SQL text and causing versions;
/// no line numbers.
pub fn finding_key(finding: &Finding, role: Option<Role>) -> String {
    let role = match role {
        Some(Role::Baseline) => "baseline",
        Some(Role::Candidate) => "candidate",
        Some(Role::Consumer) => "consumer",
        None => "",
    };
    let sql = finding.query.as_ref().map_or("", |query| &*query.sql);
    let causes: Vec<&str> = finding.causes.iter().map(|cause| cause.version.as_str()).collect();
    format!("{}\u{1f}{role}\u{1f}{sql}\u{1f}{}", finding.rule, causes.join(","))
}
