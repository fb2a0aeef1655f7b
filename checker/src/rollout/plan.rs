//! What the database has when the rollout starts, what is applied while it lasts, and the states in between.

use std::collections::HashSet;
use std::sync::Arc;

use crate::finding::Cause;
use crate::migration::{Gaps, History, Migration};
use crate::schema::{ApplyProblem, Plan as Replay, Schema, Scripts, State, Timeline, TimelineProblem, replay};
use crate::source::{Place, Source};

use super::input::{CheckInput, Upgrade};
use super::line::Line;
use super::same;

/// The migrations of a rollout and the states they lead through.
#[derive(Debug)]
pub struct Plan<'a> {
    /// All states, from the empty database on.
    pub line: Arc<Line>,
    /// In the order in which the database gets them: the applied ones, then the pending ones.
    pub migrations: Vec<&'a Migration>,
    /// How many of them are applied when the rollout starts.
    pub applied: usize,
    /// The state where the rollout starts.
    pub start: usize,
    /// The last state before the first contract migration.
    pub expanded: usize,
    /// The last state.
    pub end: usize,
    /// What went wrong with pending migrations.
    pub problems: Vec<PendingProblem>,
    /// Applied migrations whose text differs in the candidate: first what was applied, then what the candidate ships.
    pub edited: Vec<(&'a Migration, &'a Migration)>,
    /// Applied migrations that the candidate does not ship, unless its own replay gives the same schema without them.
    pub removed: Vec<&'a Migration>,
    /// Pending migrations that the tool does not apply, because they sort before applied ones: positions in the
    /// candidate's history.
    pub skipped: Vec<&'a Migration>,
    /// Pending migrations that sort before applied ones.
    pub late: Vec<&'a Migration>,
    /// Why the order of application matters, where it does.
    pub order_matters: Option<String>,
    /// What an edited migration changes, where it changes what queries see.
    pub edit_differs: Option<String>,
    /// The candidate's own migrations replayed on an empty database, where that gives another line.
    pub fresh: Option<Arc<Line>>,
    /// How upgrades at one go end.
    pub upgrades: Vec<UpgradeOutcome>,
}

impl<'a> Plan<'a> {
    /// All of a line, with nothing applied at its start, no contract and nothing found.
    pub(super) fn of_line(line: Arc<Line>, migrations: Vec<&'a Migration>) -> Plan<'a> {
        let end = line.last();
        Plan {
            line,
            migrations,
            applied: 0,
            start: 0,
            expanded: end,
            end,
            problems: Vec::new(),
            edited: Vec::new(),
            removed: Vec::new(),
            skipped: Vec::new(),
            late: Vec::new(),
            order_matters: None,
            edit_differs: None,
            fresh: None,
            upgrades: Vec::new(),
        }
    }
}

/// How an upgrade from an older release at one go ends.
#[derive(Debug)]
pub struct UpgradeOutcome {
    /// The release.
    pub id: String,
    /// Statements that fail, with what is wrong.
    pub problems: Vec<(Cause, String)>,
    /// Where the schema differs from that of a new database.
    pub difference: Option<String>,
}

/// A problem with a pending migration.
#[derive(Debug)]
pub struct PendingProblem {
    /// The migration's position in the order of application; `None` for a repeatable file.
    pub migration: Option<usize>,
    /// The first state after it.
    pub state: usize,
    /// The part of the statement.
    pub place: Place,
    /// The problem.
    pub problem: ApplyProblem,
    /// It comes from the order of application alone.
    pub by_order: bool,
}

/// Works out what is applied and what is pending, and replays it.
pub(crate) fn plan(input: &CheckInput) -> Plan<'_> {
    let none: &[Migration] = &[];
    let now = input.baselines.first().and_then(|release| release.history.as_ref());
    let next = input.candidate.history.as_ref();
    let shipped = next.map_or(none, |history| history.migrations.as_slice());
    let deployed = now.map_or(none, |history| history.migrations.as_slice());
    let mut scripts = Scripts::default();

    let applied = applied(input, deployed, shipped);
    let mut plan = begin(input.empty(), now.or(next), &applied, &mut scripts);
    let missing: Vec<&Migration> = applied.iter().copied().filter(|&m| find(shipped, m).is_none()).collect();
    plan.edited =
        applied.iter().copied().filter_map(|m| Some((m, find(shipped, m)?))).filter(|(a, b)| edited(a, b)).collect();

    let covered = match (missing.is_empty(), next, plan.line.schema(plan.start)) {
        (false, Some(history), Some(start)) => covered(start, &own(input, history, &mut scripts).0, shipped, &applied),
        _ => None,
    };
    plan.removed = if covered.is_some() { Vec::new() } else { missing };
    let rest = shipped.iter().skip(covered.unwrap_or(0)).filter(|m| find_in(&applied, m).is_none());
    pend(&mut plan, &applied, rest, next);
    if let Some(history) = next {
        roll(&mut plan, history, now, &mut scripts);
    }
    let unlike = !plan.edited.is_empty() || !plan.removed.is_empty() || !plan.late.is_empty() || covered.is_some();
    if let Some(history) = next.filter(|_| unlike) {
        let (line, problems) = own(input, history, &mut scripts);
        blame_order(&mut plan, &problems, history);
        plan.order_matters = order_matters(&plan, &line, history);
        if ends_alike(&plan, &line) {
            plan.removed.clear();
        }
        if !plan.edited.is_empty() {
            let (here, there) = (plan.line.schema(plan.end), line.schema(line.last()));
            plan.edit_differs =
                here.zip(there).and_then(|(here, there)| same::difference(here, "the database", there, "a new one"));
        }
        plan.fresh = Some(Arc::new(line));
    }
    if let Some(history) = next {
        let upgrades = input.upgrades.iter().map(|upgrade| outcome(input, upgrade, history, &mut scripts));
        plan.upgrades = upgrades.collect();
    }
    plan
}

/// Whether the database comes to the schema that the candidate's migrations alone give, whatever it had before.
fn ends_alike(plan: &Plan<'_>, alone: &Line) -> bool {
    let fails = plan.problems.iter().any(|problem| problem.problem.rule == "migration-fails");
    let ends = plan.line.schema(plan.end).zip(alone.schema(alone.last()));
    !fails && ends.is_some_and(|(here, there)| same::difference(here, "", there, "").is_none())
}

/// Tells which problems only the order of application brings.
fn blame_order(plan: &mut Plan<'_>, alone: &[TimelineProblem], history: &History) {
    // Where applied migrations are gone, what fails may lack or repeat what they did.
    let late = !plan.late.is_empty() && plan.removed.is_empty();
    for problem in &mut plan.problems {
        let version = problem.migration.and_then(|position| plan.migrations.get(position)).map(|m| &m.version);
        let also = alone.iter().any(|other| {
            let migration = other.migration.and_then(|at| history.migrations.get(at)).map(|m| &m.version);
            migration == version && other.problem.rule == problem.problem.rule && other.place.span == problem.place.span
        });
        problem.by_order = late && problem.problem.rule == "migration-fails" && !also;
    }
}

/// What an upgrade at one go comes to: the applied migrations of an old release, then all others.
fn outcome(input: &CheckInput, upgrade: &Upgrade, next: &History, scripts: &mut Scripts) -> UpgradeOutcome {
    let applied: Vec<&Migration> = upgrade.history.migrations.iter().collect();
    let newest = applied.iter().map(|migration| &migration.version).max();
    let left_out = |migration: &&Migration| {
        let late = newest.is_some_and(|newest| migration.version < *newest);
        late && migration.gaps.unwrap_or(next.layout.gaps) == Gaps::Skips
    };
    let rest = next.migrations.iter().filter(|migration| find_in(&applied, migration).is_none());
    let rest: Vec<&Migration> = rest.filter(|migration| !left_out(migration)).collect();
    let empty = input.empty();
    let base = run(&empty, &upgrade.history, &upgrade.history.given, &applied, &[], scripts);
    let base = base.states.last().map_or(empty, |state| state.schema.clone());
    let timeline = run(&base, next, &[], &rest, &next.repeatable, scripts);
    let (line, alone) = own(input, next, scripts);
    let known = |problem: &TimelineProblem| alone.iter().any(|other| other.problem.message == problem.problem.message);
    let fails = timeline.problems.iter().filter(|problem| problem.problem.rule == "migration-fails" && !known(problem));
    let cause = |problem: &TimelineProblem| {
        let migration = problem.migration.and_then(|position| rest.get(position));
        let version = migration.map_or(String::new(), |migration| migration.version.text.clone());
        (Cause { version, place: problem.place.clone() }, problem.problem.message.clone())
    };
    let problems: Vec<(Cause, String)> = fails.map(cause).collect();
    let (end, new) = (timeline.states.last().map(|state| &state.schema), line.schema(line.last()));
    let difference = end.zip(new).filter(|_| problems.is_empty());
    let difference = difference.and_then(|(end, new)| same::difference(end, "the upgraded database", new, "a new one"));
    UpgradeOutcome { id: upgrade.id.clone(), problems, difference }
}

/// A history replayed on an empty database.
pub(crate) fn own(input: &CheckInput, history: &History, scripts: &mut Scripts) -> (Line, Vec<TimelineProblem>) {
    let empty = input.empty();
    let all: Vec<&Migration> = history.migrations.iter().collect();
    let timeline = run(&empty, history, &history.given, &all, &history.repeatable, scripts);
    let problems = timeline.problems.clone();
    let mut line = Line::default();
    line.extend(timeline, 0);
    (line, problems)
}

/// The migrations that the database has, in version order.
fn applied<'a>(input: &CheckInput, deployed: &'a [Migration], shipped: &'a [Migration]) -> Vec<&'a Migration> {
    let Some(named) = &input.rollout.applied else { return deployed.iter().collect() };
    let added = shipped.iter().filter(|m| find(deployed, m).is_none());
    let mut all: Vec<&Migration> = deployed.iter().chain(added).collect();
    // Most often each is named by its own text: long histories are not gone through for each of their migrations.
    let texts: HashSet<&str> = named.iter().map(String::as_str).collect();
    let is_named = |migration: &Migration| {
        let version = &migration.version;
        texts.contains(version.text.as_str()) || named.iter().any(|name| version.is_named(name))
    };
    all.retain(|migration| is_named(migration));
    all.sort_by(|a, b| a.version.cmp(&b.version));
    all
}

fn begin<'a>(
    empty: Schema,
    history: Option<&'a History>,
    applied: &[&'a Migration],
    scripts: &mut Scripts,
) -> Plan<'a> {
    let mut line = Line::default();
    match history {
        Some(history) => line.extend(run(&empty, history, &history.given, applied, &history.repeatable, scripts), 0),
        None => {
            let states = vec![State { schema: empty, step: None, changes: Vec::new() }];
            line.extend(Timeline { states, problems: Vec::new() }, 0);
        }
    }
    let start = line.last();
    Plan { applied: applied.len(), start, expanded: start, ..Plan::of_line(Arc::new(line), applied.to_vec()) }
}

pub(super) fn run(
    base: &Schema,
    history: &History,
    given: &[Source],
    migrations: &[&Migration],
    repeatable: &[Source],
    scripts: &mut Scripts,
) -> Timeline {
    replay(base, &Replay { layout: history.layout, given, migrations, repeatable }, scripts)
}

/// How many of the candidate's migrations a database already has whose applied migrations were removed or squashed: as many
/// as give the same schema when replayed alone.
fn covered(start: &Schema, own: &Line, shipped: &[Migration], applied: &[&Migration]) -> Option<usize> {
    let kept = shipped.iter().rposition(|m| find_in(applied, m).is_some()).map_or(0, |last| last + 1);
    // The tool runs what the database lacks: only a history that was written anew as a whole stands for the old one, and a
    // migration that only got another version is applied again.
    let again = |m: &Migration| applied.iter().any(|old| find(shipped, old).is_none() && !edited(old, m));
    let most = if kept > 0 { kept } else { shipped.iter().position(again).unwrap_or(shipped.len()) };
    (kept..=most).find(|&count| {
        let last = match count.checked_sub(1) {
            None => Some(0),
            Some(newest) => own.states.iter().rposition(|state| state.migration == Some(newest)),
        };
        let schema = last.and_then(|state| own.schema(state));
        schema.is_some_and(|schema| same::difference(start, "", schema, "").is_none())
    })
}

/// Sorts the pending migrations into those applied, in order, and those that the tool leaves out.
fn pend<'a>(
    plan: &mut Plan<'a>,
    applied: &[&Migration],
    rest: impl Iterator<Item = &'a Migration>,
    history: Option<&History>,
) {
    let newest = applied.iter().map(|migration| &migration.version).max();
    let mut pending: Vec<&Migration> = Vec::new();
    for migration in rest {
        let gaps = migration.gaps.or(history.map(|history| history.layout.gaps));
        let late = newest.is_some_and(|newest| migration.version < *newest);
        if late {
            plan.late.push(migration);
        }
        if late && gaps == Some(Gaps::Skips) {
            plan.skipped.push(migration);
        } else {
            pending.push(migration);
        }
    }
    // Contract migrations wait until the old release is gone.
    pending.sort_by_key(|migration| migration.contract);
    plan.migrations.extend(pending);
}

/// The files that come after the migrations, where they are applied again: with pending migrations, or when they changed.
pub(super) fn repeats<'a>(pending: bool, history: &'a History, now: Option<&History>) -> &'a [Source] {
    let texts = |history: Option<&History>| -> Vec<String> {
        history.map_or(Vec::new(), |h| h.repeatable.iter().map(|source| source.text().to_owned()).collect())
    };
    if pending || texts(Some(history)) != texts(now) { &history.repeatable } else { &[] }
}

/// Replays the pending migrations.
fn roll(plan: &mut Plan<'_>, history: &History, now: Option<&History>, scripts: &mut Scripts) {
    let Some(base) = plan.line.schema(plan.start).cloned() else { return };
    let pending = plan.migrations.get(plan.applied..).unwrap_or_default().to_vec();
    let repeatable = repeats(!pending.is_empty(), history, now);
    let timeline = run(&base, history, &[], &pending, repeatable, scripts);
    let problems = timeline.problems.clone();
    Arc::make_mut(&mut plan.line).extend(timeline, plan.applied);
    plan.end = plan.line.last();
    let contract = plan.migrations.iter().enumerate().skip(plan.applied).find(|(_, migration)| migration.contract);
    let contract = contract.and_then(|(position, _)| plan.line.steps_of(position)).map(|(first, _)| first);
    plan.expanded = contract.map_or(plan.end, |state| state.saturating_sub(1).max(plan.start));
    plan.problems = problems
        .into_iter()
        .map(|problem| {
            let migration = problem.migration.map(|position| position + plan.applied);
            let steps = migration.and_then(|position| plan.line.steps_of(position));
            let state = steps.map_or(plan.end, |(_, last)| last);
            PendingProblem { migration, state, place: problem.place, problem: problem.problem, by_order: false }
        })
        .collect();
}

/// Why it matters that the database gets the migrations in another order than an empty one, where it does.
fn order_matters(plan: &Plan<'_>, own: &Line, history: &History) -> Option<String> {
    let first = plan.late.first()?;
    let newest = plan.migrations.get(..plan.applied)?.iter().map(|migration| &migration.version).max()?;
    let refuses = |migration: &&Migration| migration.gaps.unwrap_or(history.layout.gaps) == Gaps::Refuses;
    if plan.late.iter().any(refuses) {
        return Some(format!("{} refuses to apply {} after {}", history.layout.id, first.version.text, newest.text));
    }
    if !plan.skipped.is_empty() {
        return Some(format!(
            "{} leaves {} out, which sorts before {}",
            history.layout.id, first.version.text, newest.text
        ));
    }
    if let Some(problem) = plan.problems.iter().find(|problem| problem.by_order) {
        return Some(problem.problem.message.clone());
    }
    let (here, there) = (plan.line.schema(plan.end)?, own.schema(own.last())?);
    same::difference(here, "the database", there, "one that gets them in order")
}

/// The migration of the same version.
fn find<'a>(history: &'a [Migration], like: &Migration) -> Option<&'a Migration> {
    history.iter().find(|migration| migration.version == like.version)
}

fn find_in<'a>(list: &[&'a Migration], like: &Migration) -> Option<&'a Migration> {
    list.iter().copied().find(|migration| migration.version == like.version)
}

/// Whether the text differs, other than by line ends.
fn edited(a: &Migration, b: &Migration) -> bool {
    !a.up.text().lines().eq(b.up.text().lines())
}
