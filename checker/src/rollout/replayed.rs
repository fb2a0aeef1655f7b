//! A rollout once it is replayed: all that it takes to judge one more query of the candidate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::dialect::Dialect;
use crate::finding::{Finding, Level, Role};
use crate::migration::{History, Migration};
use crate::query::Expectation;
use crate::schema::{ColumnNumber, RelationId, Schema, Scripts};
use crate::sorted;

use super::course::{Course, Home, Standing};
use super::input::{CheckInput, OwnedQuery, Release};
use super::judge::{Bench, home, judge};
use super::line::Line;
use super::made::{self, Programs};
use super::plan::Plan;
use super::rule::Rule;
use super::texts::Texts;
use super::windows::{OUT_OF_RANGE, out_of_range};
use super::{findings, plan, windows, writers};

/// The states of a rollout, with what of the releases decides how a query is judged on them.
#[derive(Debug)]
pub struct Replayed {
    pub(super) input: CheckInput,
    pub(super) migrations: Vec<Migration>,
    pub(super) applied: usize,
    pub(super) line: Arc<Line>,
    pub(super) expanded: usize,
    /// The candidate's own schema, where it is no state of the line.
    pub(super) fresh: Option<Arc<Line>>,
    /// The state that the candidate's code is made for.
    pub(super) home: usize,
    pub(super) known: Known,
    /// What the candidate itself creates, read when the first query is judged.
    pub(super) programs: OnceLock<Programs>,
}

/// What only all queries together tell.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Texts that do not run on the schema of the release that runs now either.
    pub broken: BTreeSet<Arc<str>>,
    /// Columns that a new writer can set to NULL, with that writer in words.
    pub null_writers: BTreeMap<(RelationId, ColumnNumber), String>,
    /// Texts by which the candidate itself creates objects.
    pub definitions: Vec<Arc<str>>,
}

impl Known {
    pub(super) fn of(course: &Course<'_>, texts: &Texts<'_>) -> Known {
        let broken = course.baselines().next().into_iter().flat_map(|(_, part)| {
            let judged = part.release.queries.iter().zip(&part.queries);
            judged.filter(|(_, judged)| judged.standing == Standing::Broken).map(|(owned, _)| owned.query.sql.clone())
        });
        let null_writers = writers::null_writers(course.input, course.plan, texts);
        let candidate = &course.input.candidate;
        let mut definitions: Vec<Arc<str>> = made::definitions(candidate).cloned().collect();
        if Programs::of_texts(&candidate.id, &definitions, course.input.dialect).is_empty() {
            definitions.clear();
        }
        Known { broken: sorted::set(broken), null_writers, definitions }
    }
}

impl Replayed {
    /// Replays a rollout; the queries in the input do not matter.
    pub fn of(input: &CheckInput, known: Known) -> Replayed {
        Replayed::of_plan(input, &plan::plan(input), known)
    }

    /// Keeps of a rollout what judging takes.
    pub(super) fn of_plan(input: &CheckInput, plan: &Plan<'_>, known: Known) -> Replayed {
        let own = own_line(input, plan);
        Replayed {
            known,
            programs: OnceLock::new(),
            migrations: plan.migrations.iter().map(|&migration| without_down(migration)).collect(),
            applied: plan.applied,
            line: Arc::new(plan.line.window(plan.start, plan.end)),
            expanded: plan.expanded - plan.start,
            home: home(plan, input.candidate.history.as_ref()).map_or(0, |state| state.saturating_sub(plan.start)),
            fresh: own.map(|line| Arc::new(line.window(line.last(), line.last()))),
            input: CheckInput {
                candidate: bare(&input.candidate),
                baselines: input.baselines.iter().map(bare).collect(),
                consumers: Vec::new(),
                upgrades: Vec::new(),
                ..input.clone()
            },
        }
    }

    /// The database's name.
    pub fn database(&self) -> &Arc<str> {
        &self.input.name
    }

    /// Its engine.
    pub fn dialect(&self) -> &'static Dialect {
        self.input.dialect
    }

    /// The candidate's migrations.
    pub fn history(&self) -> Option<&History> {
        self.input.candidate.history.as_ref()
    }

    /// What is wrong with the schema versions that a query is said to be for, where that fails a check.
    pub fn misnamed(&self, said: &Expectation) -> Option<String> {
        let level = self.input.levels.get(OUT_OF_RANGE);
        out_of_range(self.history(), said).filter(|_| level.is_none_or(|level| *level == Level::Deny))
    }

    /// The schema that the candidate's code is made for.
    pub fn head(&self) -> Option<&Schema> {
        self.fresh.as_ref().map_or_else(|| self.line.schema(self.home), |line| line.schema(line.last()))
    }

    /// The versions that lead to the states of a finding: where it begins, and where it ends unless that is the last state.
    pub fn versions(&self, finding: &Finding) -> (Option<&str>, Option<&str>) {
        let version = |state: usize| {
            let at = self.line.states.get(state)?.migration.or(self.applied.checked_sub(1))?;
            self.migrations.get(at).map(|migration| migration.version.text.as_str())
        };
        let first = finding.states.first().and_then(|&(from, _)| version(from));
        let last = finding.states.last().filter(|&&(_, to)| to < self.line.last()).and_then(|&(_, to)| version(to));
        (first, last)
    }

    /// What is wrong with a query of the candidate: the findings that a check of the whole release has on it.
    pub fn findings(&self, owned: OwnedQuery, rules: &[&'static Rule]) -> Vec<Finding> {
        let plan = self.plan();
        let texts = Texts::new(&plan.line, self.input.dialect, self.programs());
        let null_writer = |relation, column| self.known.null_writers.get(&(relation, column)).cloned();
        // Which types the code of a query maps is not asked of a macro.
        let label_writer = |_: &str, _: &str| None;
        let bench = Bench {
            plan: &plan,
            texts: &texts,
            rules,
            null_writer: &null_writer,
            label_writer: &label_writer,
            everywhere: false,
        };
        let release = |like: &Release, expects: bool| Release {
            id: like.id.clone(),
            source: String::new(),
            why: String::new(),
            // Only what an author says about versions is held against the whole history.
            history: like.history.as_ref().filter(|_| expects).cloned(),
            queries: vec![owned.clone()],
            unresolved: Vec::new(),
            migrator: like.migrator,
        };
        let candidate = release(&self.input.candidate, owned.query.expectation.is_some());
        let before = self.input.baselines.first().filter(|_| self.known.broken.contains(&owned.query.sql));
        let before = before.map(|baseline| release(baseline, false));
        let own = self.fresh.as_deref().map_or(Home::State(self.home), Home::Own);
        let mut releases = Vec::new();
        if let Some(before) = &before {
            let stay = windows::stay(&self.input.rollout, &plan, Role::Baseline);
            releases.push(judge(&bench, before, Role::Baseline, stay, Home::State(plan.start)));
        }
        let stay = windows::stay(&self.input.rollout, &plan, Role::Candidate);
        releases.push(judge(&bench, &candidate, Role::Candidate, stay, own));
        let course = Course { input: &self.input, plan: &plan, releases };
        let (at, _) = course.candidate().unzip();
        let mut found = findings::findings(&course, rules);
        found.retain(|finding| finding.query.is_some() && finding.release == at);
        found
    }

    fn programs(&self) -> &Programs {
        let read = || Programs::of_texts(&self.input.candidate.id, &self.known.definitions, self.input.dialect);
        self.programs.get_or_init(read)
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            applied: self.applied,
            expanded: self.expanded,
            fresh: self.fresh.clone(),
            ..Plan::of_line(self.line.clone(), self.migrations.iter().collect())
        }
    }
}

/// A release without its queries, and without what takes migrations back.
fn bare(release: &Release) -> Release {
    let bare = |history: &History| History {
        migrations: history.migrations.iter().map(without_down).collect(),
        ..history.clone()
    };
    Release {
        history: release.history.as_ref().map(bare),
        queries: Vec::new(),
        unresolved: Vec::new(),
        id: release.id.clone(),
        source: release.source.clone(),
        why: release.why.clone(),
        migrator: release.migrator,
    }
}

fn without_down(migration: &Migration) -> Migration {
    Migration { down: None, ..migration.clone() }
}

/// The candidate's own replay, where its schema is no state of the rollout's line.
fn own_line(input: &CheckInput, plan: &Plan<'_>) -> Option<Arc<Line>> {
    let history = input.candidate.history.as_ref()?;
    if plan.fresh.is_some() {
        return plan.fresh.clone();
    }
    home(plan, Some(history)).is_none().then(|| Arc::new(plan::own(input, history, &mut Scripts::default()).0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Level, Role};
    use crate::rollout::fixture::{blocks, input};
    use crate::rules;

    /// What each face says of each query, without the number of its group.
    fn lines(findings: &[Finding]) -> Vec<String> {
        let line = |finding: &Finding| {
            let query = finding.query.as_ref().expect("a query");
            format!("{} {:?} {} | {} | {:?}", finding.rule, finding.level, finding.message, query.label, finding.states)
        };
        let mut lines: Vec<String> = findings.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// The headline speaks of the leading query of a group, so that each query is checked alone.
    fn agrees(name: &str, all: &CheckInput) {
        for owned in &all.candidate.queries {
            let mut input = all.clone();
            input.candidate.queries = vec![owned.clone()];
            let report = crate::check(&input);
            let at = report.releases.iter().position(|release| release.role == Role::Candidate);
            let whole: Vec<Finding> = report
                .findings
                .into_iter()
                .filter(|finding| finding.release == at && finding.query.is_some() && finding.level > Level::Note)
                .collect();
            let mut alone = crate::rollout::check_and_keep(&input, rules::ALL).1.findings(owned.clone(), rules::ALL);
            alone.retain(|finding| finding.level > Level::Note);
            assert_eq!(lines(&alone), lines(&whole), "{name}: {}", owned.query.sql);
        }
    }

    #[test]
    fn one_query_has_the_findings_of_the_whole_check() {
        for rule in rules::ALL {
            for section in rule.docs.split("\n## ").skip(1) {
                let blocks = blocks(section);
                if !blocks.is_empty() {
                    agrees(rule.id, &input(&blocks));
                }
            }
        }
    }
}
