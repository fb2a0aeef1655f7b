//! The states that a database passes through while migrations are applied.

use std::collections::HashMap;
use std::sync::Arc;

use super::{ApplyProblem, Key, Schema, apply};
use crate::migration::{Layout, Migration};
use crate::source::{Place, Source};
use crate::sql::{self, Statement};

/// What is to be replayed.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The tool that runs the migrations.
    pub layout: &'static Layout,
    /// Replayed before state 0: objects that others create.
    pub given: &'a [Source],
    /// In the order in which the tool applies them.
    pub migrations: &'a [&'a Migration],
    /// Replayed after the last migration, as one step more.
    pub repeatable: &'a [Source],
}

/// All states in order.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// The first is the state before the first migration of the plan; one more after each step.
    pub states: Vec<State>,
    /// What went wrong, or could not be followed, in order.
    pub problems: Vec<TimelineProblem>,
}

/// The schema after a step.
#[derive(Clone, Debug)]
pub struct State {
    /// As a new session sees it.
    pub schema: Schema,
    /// The step that led to it; `None` for the first state.
    pub step: Option<Step>,
    /// What the step changed, in order.
    pub changes: Vec<Change>,
}

/// The smallest change that another session can see: one commit.
#[derive(Clone, Debug)]
pub struct Step {
    /// The migration, by its position in the plan; `None` for the repeatable files, and the last of them where several
    /// migrations commit together.
    pub migration: Option<usize>,
    /// The statement after which the state is reached, where the migration has more than one step.
    pub statement: Option<Place>,
}

/// What one statement of a step changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// What.
    pub key: Key,
    /// The migration, by its position in the plan; `None` for a given or repeatable file.
    pub migration: Option<usize>,
    /// The statement, or the part of it that did it.
    pub place: Place,
}

/// A problem with a statement of a migration.
#[derive(Clone, Debug)]
pub struct TimelineProblem {
    /// The migration, by its position in the plan; `None` for a given or repeatable file.
    pub migration: Option<usize>,
    /// The statement, or the part of it.
    pub place: Place,
    /// The problem.
    pub problem: ApplyProblem,
}

/// Files as statements: each is parsed once, however often it is replayed.
#[derive(Debug, Default)]
pub struct Scripts(HashMap<String, Arc<Vec<Statement>>>);

impl Scripts {
    /// The statements of a file.
    pub fn of(&mut self, source: &Source, schema: &Schema) -> Arc<Vec<Statement>> {
        let parse = || Arc::new(sql::parse(source.text(), schema.dialect));
        match self.0.get(source.text()) {
            Some(known) => known.clone(),
            None => self.0.entry(source.text().to_owned()).or_insert_with(parse).clone(),
        }
    }
}

/// Replays migrations on a schema, in one session as their tool does.
pub fn replay(base: &Schema, plan: &Plan<'_>, scripts: &mut Scripts) -> Timeline {
    let mut replay = Replay { schema: base.clone(), timeline: Timeline::default(), changes: Vec::new() };
    for source in plan.given {
        replay.file(None, source, scripts);
    }
    replay.changes.clear();
    replay.end_step(None);
    for (position, migration) in plan.migrations.iter().enumerate() {
        replay.file(Some(position), &migration.up, scripts);
        replay.end_step(Some(Step { migration: Some(position), statement: None }));
    }
    if !plan.repeatable.is_empty() {
        for source in plan.repeatable {
            replay.file(None, source, scripts);
        }
        replay.end_step(Some(Step { migration: None, statement: None }));
    }
    replay.timeline
}

struct Replay {
    schema: Schema,
    timeline: Timeline,
    changes: Vec<Change>,
}

impl Replay {
    fn file(&mut self, migration: Option<usize>, source: &Source, scripts: &mut Scripts) {
        for statement in scripts.of(source, &self.schema).iter() {
            let applied = apply(&mut self.schema, statement, source);
            let place = |span| Place { source: source.clone(), span };
            let changes = applied.touches.into_iter();
            self.changes.extend(changes.map(|touch| Change { key: touch.key, migration, place: place(touch.span) }));
            let problems = applied.problems.into_iter();
            self.timeline.problems.extend(problems.map(|problem| TimelineProblem {
                migration,
                place: place(problem.span),
                problem,
            }));
        }
    }

    fn end_step(&mut self, step: Option<Step>) {
        let changes = std::mem::take(&mut self.changes);
        self.timeline.states.push(State { schema: self.schema.clone(), step, changes });
    }
}
