//! What each query does on each state that its release can meet.

use std::rc::Rc;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::finding::{Role, Verdict};
use crate::migration::History;
use crate::query::Query;
use crate::schema::{ColumnNumber, RelationId, Schema};

use super::course::{Home, Judged, Judgement, Part, Standing};
use super::input::{OwnedQuery, Ownership, Release};
use super::line::Line;
use super::plan::Plan;
use super::rule::{Check, Family, Hit, Meeting, Met, Rule};
use super::texts::{Text, Texts};
use super::windows::{Narrowed, Stay, narrow, out_of_range};

/// What every judgement needs.
pub(crate) struct Bench<'b, 'l> {
    pub(crate) plan: &'b Plan<'b>,
    pub(crate) texts: &'b Texts<'l>,
    pub(crate) rules: &'b [&'static Rule],
    pub(crate) null_writer: &'b dyn Fn(RelationId, ColumnNumber) -> Option<String>,
    pub(crate) label_writer: &'b dyn Fn(&str, &str) -> Option<String>,
    /// On all states of the line, not only on those that a release meets.
    pub(crate) everywhere: bool,
}

/// Where a release's own schema stands: on the rollout's line if its migrations are the first of those applied there.
pub(crate) fn home(plan: &Plan<'_>, history: Option<&History>) -> Option<usize> {
    let Some(history) = history else { return Some(plan.start) };
    let count = history.migrations.len();
    let same = plan.migrations.get(..count)?.iter().zip(&history.migrations);
    let same = same.into_iter().all(|(a, b)| a.version == b.version && a.up.text() == b.up.text());
    if !same {
        return None;
    }
    if count == plan.applied {
        return Some(plan.start);
    }
    if count == plan.migrations.len() {
        return Some(plan.end);
    }
    match count.checked_sub(1) {
        None => Some(0),
        Some(newest) => plan.line.states.iter().rposition(|state| state.migration == Some(newest)),
    }
}

/// Judges all queries of a release.
pub(crate) fn judge<'a>(
    bench: &Bench<'_, '_>,
    release: &'a Release,
    role: Role,
    stay: Stay,
    home: Home<'_>,
) -> Part<'a> {
    let own = match home {
        Home::Own(line) => Some(Texts::new(line, bench.texts.dialect(), bench.texts.programs())),
        Home::State(_) => None,
    };
    let one = |owned: &OwnedQuery| one(bench, (release, role), owned, stay, home, own.as_ref());
    let queries = release.queries.iter().map(one).collect();
    Part { release, role, stay, queries }
}

fn one(
    bench: &Bench<'_, '_>,
    (release, role): (&Release, Role),
    owned: &OwnedQuery,
    stay: Stay,
    home: Home<'_>,
    own: Option<&Texts<'_>>,
) -> Judged {
    let query = &*owned.query;
    let text = bench.texts.sent(release, query);
    let sent = narrow(bench.plan, query.expectation.as_ref());
    let contract = contract(bench, &text, home, own.map(|own| (own, own.sent(release, query))), sent.to);
    let expectation = query.expectation.as_ref();
    let misnamed = expectation.is_some_and(|said| out_of_range(release.history.as_ref(), said).is_some());
    let standing = match standing(owned, &text, &contract.analysis) {
        // It is not known which schemas it is for. What runs now is not to be mended here.
        Standing::Sound | Standing::Broken if misnamed && role == Role::Candidate => Standing::Unplaced,
        // It is kept for schemas that are gone.
        Standing::Broken if sent.to.is_none() && !bench.everywhere => Standing::Sound,
        standing => standing,
    };
    let whole = Narrowed { from: 0, to: Some(bench.plan.end) };
    let (ranges, sent) = match bench.everywhere {
        true => (vec![((0, bench.plan.end), true)], whole),
        false => ([(stay.live, true)].into_iter().chain(stay.back.map(|back| (back, false))).collect(), sent),
    };
    let mut stretches = Vec::new();
    for ((from, to), live) in ranges {
        let Some(last) = sent.to.map(|last| last.min(to)) else { continue };
        let mut state = from.max(sent.from);
        while state <= last {
            let (start, end, analysis) = bench.texts.on(&text, state);
            let (first, final_state) = stay.live;
            // A stretch that the window cuts begins without a change.
            let changed = start == state && live && state > first.max(sent.from) && state <= final_state;
            let mut judgement =
                Judgement { from: state, to: end.min(last), live, analysis, verdict: Verdict::Runs, hits: Vec::new() };
            if standing == Standing::Sound {
                judgement.hits = hits(bench, query, &text, &contract, &judgement, changed.then(|| state - 1));
            }
            judgement.verdict = verdict(standing, &judgement);
            if owned.ownership == Ownership::Tied && !judgement.hits.is_empty() {
                judgement.hits.clear();
                judgement.verdict = Verdict::Unknown;
            }
            state = judgement.to + 1;
            stretches.push(judgement);
        }
    }
    let broke_at = if standing == Standing::Broken { broke_at(bench, &text, &contract.analysis) } else { None };
    Judged { contract: contract.analysis, home: contract.home, broke_at, standing, stretches }
}

/// The state of the rollout from which on the text has the problem that it has on its own schema.
fn broke_at(bench: &Bench<'_, '_>, text: &Text, contract: &Analysis) -> Option<usize> {
    let problem = contract.refused_for_good()?;
    let has = |analysis: &Analysis| {
        analysis.problems.iter().any(|other| other.rule == problem.rule && other.about == problem.about)
    };
    let (_, mut end, analysis) = bench.texts.on(text, bench.plan.start);
    if has(&analysis) {
        return None;
    }
    while end < bench.plan.end {
        let (state, to, analysis) = bench.texts.on(text, end + 1);
        if has(&analysis) {
            return Some(state);
        }
        end = to;
    }
    None
}

/// What the code was made for.
struct Contract<'l> {
    analysis: Arc<Analysis>,
    schema: Option<&'l Schema>,
    home: Option<usize>,
}

fn contract<'s>(
    bench: &'s Bench<'_, '_>,
    text: &Text,
    home: Home<'s>,
    own: Option<(&'s Texts<'_>, Rc<Text>)>,
    last_sent: Option<usize>,
) -> Contract<'s> {
    match (home, own) {
        (Home::Own(line), Some((own, text))) => {
            let (_, _, analysis) = own.on(&text, line.last());
            Contract { analysis, schema: line.schema(line.last()), home: None }
        }
        (Home::State(state), _) => {
            // Code kept for older schemas was made for the last of them.
            let state = last_sent.map_or(state, |last| last.min(state));
            let (_, _, analysis) = bench.texts.on(text, state);
            Contract { analysis, schema: bench.plan.line.schema(state), home: Some(state) }
        }
        (Home::Own(line), None) => Contract { analysis: Arc::default(), schema: line.schema(line.last()), home: None },
    }
}

fn standing(owned: &OwnedQuery, text: &Text, contract: &Analysis) -> Standing {
    if owned.ownership == Ownership::Unclear {
        return Standing::Foreign;
    }
    if text.unparsed().is_some() {
        return Standing::Unread;
    }
    match (contract.refused_for_good().is_none(), owned.query.holes.is_empty()) {
        (true, true) => Standing::Sound,
        (false, true) if owned.ownership == Ownership::Certain => Standing::Broken,
        (false, true) => Standing::Foreign,
        // What stands in a hole may explain any problem: only what the rollout adds counts.
        (_, false) => Standing::Sound,
    }
}

fn hits(
    bench: &Bench<'_, '_>,
    query: &Query,
    text: &Text,
    contract: &Contract<'_>,
    judgement: &Judgement,
    before: Option<usize>,
) -> Vec<Hit> {
    let line: &Line = &bench.plan.line;
    let (Some(then), Some(now)) = (contract.schema, line.schema(judgement.from)) else { return Vec::new() };
    let before = before.and_then(|state| Some((bench.texts.on(text, state).2, line.schema(state)?)));
    let same = Arc::ptr_eq(&contract.analysis, &judgement.analysis);
    if same && before.is_none() {
        return Vec::new();
    }
    let wanted = &contract.analysis.shape.parameters;
    let differs = *wanted != judgement.analysis.shape.parameters
        || judgement.analysis.needs_declared && !contract.analysis.needs_declared;
    let differs = differs && contract.home.is_some() && !wanted.is_empty();
    let declares = query.call.declares_parameters == Some(true) && judgement.analysis.refused().is_none();
    let declared = (differs && declares).then(|| bench.texts.analyse(text, now, wanted));
    let frozen = before.as_ref().filter(|_| query.call.keeps_statement == Some(true)).and_then(|(then, _)| {
        let settled = &then.shape.parameters;
        let moved = *settled != judgement.analysis.shape.parameters && judgement.analysis.refused().is_none();
        moved.then(|| bench.texts.analyse(text, now, settled))
    });
    let meeting = Meeting {
        frozen: frozen.as_ref(),
        query,
        contract: Met { schema: then, analysis: &contract.analysis },
        met: Met { schema: now, analysis: &judgement.analysis },
        declared: declared.as_ref(),
        before: before.as_ref().map(|(analysis, schema)| Met { schema, analysis }),
        comparable: contract.home.is_some(),
        null_writer: bench.null_writer,
        label_writer: bench.label_writer,
    };
    let mut hits: Vec<(Family, Hit)> = Vec::new();
    for rule in bench.rules {
        let Check::Query { find, family, .. } = rule.check else { continue };
        let found = find(&meeting).into_iter().filter(|hit| !known(&contract.analysis, hit));
        hits.extend(found.map(|hit| (family, hit)));
    }
    leading(hits)
}

/// Whether the query has the same problem at its contract.
fn known(contract: &Analysis, hit: &Hit) -> bool {
    contract
        .problems
        .iter()
        .any(|problem| problem.rule == hit.rule && problem.about == hit.about && problem.span == hit.span)
}

/// What fails by itself hides what only follows from it: sessions that keep the statement, rows that may be NULL.
fn leading(hits: Vec<(Family, Hit)>) -> Vec<Hit> {
    let fails = |family: Family, hit: &Hit| family == Family::Failure && hit.verdict == Verdict::Breaks;
    let any = hits.iter().any(|(family, hit)| fails(*family, hit));
    let kept = hits.into_iter().filter(|(family, hit)| !any || fails(*family, hit));
    let mut hits: Vec<Hit> = kept.map(|(_, hit)| hit).collect();
    hits.dedup();
    hits
}

fn verdict(standing: Standing, judgement: &Judgement) -> Verdict {
    let analysis = &judgement.analysis;
    let doubt = if analysis.unknowns.is_empty() { Verdict::Runs } else { Verdict::Unknown };
    match standing {
        Standing::Broken if analysis.refused().is_none() => doubt,
        Standing::Broken => Verdict::Breaks,
        Standing::Unread | Standing::Foreign | Standing::Unplaced => Verdict::Unknown,
        Standing::Sound => judgement.hits.iter().map(|hit| hit.verdict).max().unwrap_or(Verdict::Runs).max(doubt),
    }
}
