//! A rollout with everything that was judged in it, as rules see it.

use std::sync::Arc;

use crate::analysis::Analysis;
use crate::finding::{Cause, Role, Verdict};
use crate::migration::{History, Migration};
use crate::schema::Key;
use crate::source::{Place, Span};

use super::cause::{cause, origin};
use super::fate::{Fate, fate, relation_named};
use super::input::{CheckInput, OwnedQuery, Release};
use super::line::Line;
use super::plan::Plan;
use super::rule::Hit;
use super::windows::Stay;

/// A rollout with everything that was judged in it.
pub struct Course<'a> {
    /// What was asked.
    pub input: &'a CheckInput,
    /// Migrations and states.
    pub plan: &'a Plan<'a>,
    /// The releases in the order of the report.
    pub releases: Vec<Part<'a>>,
}

/// A release in a rollout.
pub struct Part<'a> {
    /// The release.
    pub release: &'a Release,
    /// Its side.
    pub role: Role,
    /// The states it meets.
    pub stay: Stay,
    /// Its queries as judged, in the order of [`Release::queries`].
    pub queries: Vec<Judged>,
}

/// Where the schema is that a release was made for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Home<'l> {
    /// A state of the rollout's line.
    State(usize),
    /// The last state of a replay of its own.
    Own(&'l Line),
}

/// A query as judged.
pub struct Judged {
    /// What it does on the schema that its code was made for.
    pub contract: Arc<Analysis>,
    /// The state of that schema, where it is one of the rollout's line.
    pub home: Option<usize>,
    /// Where it does not run there, the state of the rollout from which on that is so; `None` where it was so before.
    pub broke_at: Option<usize>,
    /// Whether it can be judged at all.
    pub standing: Standing,
    /// The states that it meets, in order.
    pub stretches: Vec<Judgement>,
}

/// Whether a query can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It runs on the schema that its code was made for.
    Sound,
    /// It does not: every rollout rule leaves it out.
    Broken,
    /// Its text is not understood, or not known.
    Unread,
    /// It is not certain that it belongs to this database.
    Foreign,
    /// It is said to be for schema versions that there are not.
    Unplaced,
}

/// A query on neighbouring states on which it does the same.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The first state.
    pub from: usize,
    /// The last state.
    pub to: usize,
    /// Whether its release meets them while the rollout goes on, not only after a return.
    pub live: bool,
    /// What the query does there.
    pub analysis: Arc<Analysis>,
    /// What happens.
    pub verdict: Verdict,
    /// Why.
    pub hits: Vec<Hit>,
}

impl Judged {
    /// The worst verdict on the states that the release meets while the rollout goes on.
    pub fn worst(&self) -> Verdict {
        let live = self.stretches.iter().filter(|stretch| stretch.live);
        live.map(|stretch| stretch.verdict).max().unwrap_or(Verdict::Runs)
    }
}

impl<'a> Course<'a> {
    /// The release about to roll out, with its index.
    pub fn candidate(&self) -> Option<(usize, &Part<'a>)> {
        self.releases.iter().enumerate().find(|(_, part)| part.role == Role::Candidate)
    }

    /// The releases that run now, with their indexes.
    pub fn baselines(&self) -> impl Iterator<Item = (usize, &Part<'a>)> {
        self.releases.iter().enumerate().filter(|(_, part)| part.role == Role::Baseline)
    }

    /// The pending migrations, in the order of application.
    pub fn pending(&self) -> &[&'a Migration] {
        self.plan.migrations.get(self.plan.applied..).unwrap_or_default()
    }

    /// The migration whose step leads to a state.
    pub fn migration_of(&self, state: usize) -> Option<&'a Migration> {
        self.plan.migrations.get(self.plan.line.states.get(state)?.migration?).copied()
    }

    /// A migration as a cause, by its position in the order of application.
    pub fn migration_cause_of(&self, position: usize) -> Option<Cause> {
        self.plan.migrations.get(position).map(|migration| super::findings::migration_cause(migration))
    }

    /// The same text in the release that runs now, as judged.
    pub fn running_twin(&self, sql: &str) -> Option<&Judged> {
        let (_, part) = self.baselines().next()?;
        let index = part.release.queries.iter().position(|owned| *owned.query.sql == *sql)?;
        part.queries.get(index)
    }

    /// The statement that a hit of a query comes from, and what it did to what the hit is about.
    pub fn origin(&self, judged: &Judged, stretch: &Judgement, hit: &Hit) -> Option<(Cause, Fate)> {
        origin(self.plan, judged, stretch, hit).map(|origin| (origin.cause, origin.fate))
    }

    /// The last statement of the step to a state that touched one of these names, and what it did to the first of them.
    pub fn change_at(&self, state: usize, names: &[Key]) -> Option<(Cause, Fate)> {
        let line = &self.plan.line;
        let (state, change) = line.last_change(state..=state, names)?;
        let about = names.first().unwrap_or(&change.key);
        let fate = fate(line.schema(state.checked_sub(1)?)?, line.schema(state)?, about);
        Some((cause(self.plan, change), fate))
    }

    /// Whether the table that a problem is about can hold rows: it is there when the rollout starts.
    pub fn may_hold_rows(&self, about: &[Key]) -> bool {
        let name = about.iter().find_map(|key| match key {
            Key::Relation(name) | Key::Column(name, _) | Key::Constraint(name, _) => Some(name),
            _ => None,
        });
        let Some(name) = name else { return true };
        let states = (self.plan.start..=self.plan.end).rev().filter_map(|state| self.plan.line.schema(state));
        let relation = states.filter_map(|schema| relation_named(schema, name)).next();
        let start = self.plan.line.schema(self.plan.start);
        relation.is_none_or(|relation| start.is_some_and(|schema| schema.relation(relation.id).is_some()))
    }

    /// Whether nothing at all changes between the releases' schemas.
    pub fn nothing_pending(&self) -> bool {
        self.plan.start == self.plan.end && self.plan.fresh.is_none()
    }
}

impl<'a> Part<'a> {
    /// A query with its judgement.
    pub fn query(&self, index: usize) -> Option<(&'a OwnedQuery, &Judged)> {
        Some((self.release.queries.get(index)?, self.queries.get(index)?))
    }

    /// The migrations that the release ships.
    pub fn history(&self) -> Option<&'a History> {
        self.release.history.as_ref()
    }
}

/// The first line of a migration that is not a comment.
pub fn first_line(migration: &Migration) -> Place {
    let text = migration.up.text();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if !bare.is_empty() && !bare.starts_with("--") {
            let indent = line.len() - line.trim_start().len();
            let span = Span::new(start + indent, start + line.trim_end().len());
            return Place { source: migration.up.clone(), span };
        }
        start += line.len();
    }
    Place { source: migration.up.clone(), span: Span::new(0, 0) }
}
