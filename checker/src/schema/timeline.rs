//! The states that a database passes through while migrations are applied.

use std::collections::HashMap;
use std::sync::Arc;

use super::{ApplyProblem, Cloud, Key, Schema, apply};
use crate::glob::{is_pattern, matches};
use crate::migration::steps::{StepKind, steps};
use crate::migration::{Layout, Migration};
use crate::source::{Place, Source, Span};
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
    let mut schema = base.for_new_session();
    schema.begin_run();
    make_own_table(&mut schema, plan.layout);
    let mut replay = Replay { schema, known: None, timeline: Timeline::default(), changes: Vec::new() };
    for source in plan.given {
        replay.file(source, scripts);
    }
    replay.changes.clear();
    replay.schema.forget_empty();
    replay.end_step(None);
    for (position, migration) in plan.migrations.iter().enumerate() {
        let last = position + 1 == plan.migrations.len();
        replay.migration(position, migration, plan.layout, last, scripts);
    }
    if !plan.repeatable.is_empty() {
        for source in plan.repeatable {
            replay.file(source, scripts);
        }
        replay.end_step(Some(Step { migration: None, statement: None }));
    }
    replay.timeline
}

/// The table in which the tool notes what it applied. It is no object of the migrations.
fn make_own_table(schema: &mut Schema, layout: &'static Layout) {
    let before = schema.clone();
    let source = Source::new("", layout.own_table);
    for statement in sql::parse(layout.own_table, schema.dialect) {
        if !apply(schema, &statement, &source).problems.is_empty() {
            // It is there from a run before.
            *schema = before;
            return;
        }
    }
    let made: Vec<_> = schema.relations.keys().filter(|id| !before.relations.contains_key(id)).copied().collect();
    let tool: Arc<str> = Arc::from(layout.id);
    for id in made {
        schema.note_added(id);
        schema.edit(id, |relation| relation.extension = Some(tool.clone()));
        for ty in schema.types_of_relation(id) {
            schema.edit_type(ty, |ty| ty.extension = Some(tool.clone()));
        }
    }
}

struct Replay {
    schema: Schema,
    /// Patterns of what the unreadable statements of the migration at work touch, where that is known.
    known: Option<Vec<String>>,
    timeline: Timeline,
    changes: Vec<Change>,
}

impl Replay {
    /// A file outside the migrations.
    fn file(&mut self, source: &Source, scripts: &mut Scripts) {
        for statement in scripts.of(source, &self.schema).iter() {
            self.statement(None, source, statement);
        }
    }

    /// A migration, step by step; `last` says that no other one follows.
    fn migration(
        &mut self,
        position: usize,
        migration: &Migration,
        layout: &'static Layout,
        last: bool,
        scripts: &mut Scripts,
    ) {
        self.known = migration.touches.clone();
        if migration.opaque {
            self.unreadable(position, migration);
            self.end_step(Some(Step { migration: Some(position), statement: None }));
            return;
        }
        let statements = scripts.of(&migration.up, &self.schema);
        let found = steps(migration, &statements, layout, self.schema.dialect);
        for failure in &found.failures {
            let Some(statement) = statements.get(failure.statement) else { continue };
            let problem = ApplyProblem {
                rule: "migration-fails",
                span: statement.span,
                message: failure.message.clone(),
                sqlstate: Some(failure.code),
                about: Vec::new(),
            };
            self.problem(Some(position), &migration.up, problem);
        }
        let several = found.steps.len() > 1;
        let mut built = false;
        for (number, step) in found.steps.iter().enumerate() {
            let part = statements.get(step.statements.clone()).unwrap_or_default();
            let place = part.last().filter(|_| several).map(|it| Place { source: migration.up.clone(), span: it.span });
            let reached = Some(Step { migration: Some(position), statement: place });
            let open = found.stays_open && !last && number + 1 == found.steps.len();
            match step.kind {
                StepKind::RolledBack => self.rolled_back(position, &migration.up, part),
                StepKind::Building => {
                    self.building(position, &migration.up, part, reached);
                    built = true;
                }
                // The statement before has built the index already.
                StepKind::Committed if std::mem::take(&mut built) => self.end_step(reached),
                StepKind::Committed => {
                    self.statements(position, &migration.up, part);
                    if open {
                        continue;
                    }
                    self.schema.end_transaction();
                    self.end_step(reached);
                }
            }
        }
    }

    fn statements(&mut self, position: usize, source: &Source, statements: &[Statement]) {
        for statement in statements {
            self.statement(Some(position), source, statement);
        }
    }

    fn statement(&mut self, migration: Option<usize>, source: &Source, statement: &Statement) {
        let was_clear = self.schema.overcast.is_none();
        let applied = apply(&mut self.schema, statement, source);
        let place = |span| Place { source: source.clone(), span };
        let changes = applied.touches.into_iter();
        self.changes.extend(changes.map(|touch| Change { key: touch.key, migration, place: place(touch.span) }));
        if was_clear {
            self.narrow(migration);
        }
        for problem in applied.problems {
            self.problem(migration, source, problem);
        }
    }

    /// Where it is known what an unreadable statement touches, only that is in doubt.
    fn narrow(&mut self, migration: Option<usize>) {
        let Some(patterns) = &self.known else { return };
        let Some(cloud) = self.schema.overcast.take() else { return };
        let mut names: Vec<Arc<str>> =
            patterns.iter().filter(|name| !is_pattern(name)).map(|name| Arc::from(&**name)).collect();
        let is_meant = |name: &str| patterns.iter().any(|pattern| matches(pattern, name));
        names
            .extend(self.schema.relations.values().map(|relation| relation.name.clone()).filter(|name| is_meant(name)));
        names.sort();
        names.dedup();
        let place = cloud.place.clone();
        self.changes.retain(|change| {
            change.key != Key::Everything || Some(&change.place.span) != place.as_ref().map(|p| &p.span)
        });
        for name in names {
            self.schema.clouds.insert_mut(name.clone(), cloud.clone());
            let changes =
                place.iter().map(|place| Change { key: Key::Relation(name.clone()), migration, place: place.clone() });
            self.changes.extend(changes);
        }
    }

    fn problem(&mut self, migration: Option<usize>, source: &Source, problem: ApplyProblem) {
        let place = Place { source: source.clone(), span: problem.span };
        self.timeline.problems.push(TimelineProblem { migration, place, problem });
    }

    /// Statements that are taken back: they leave nothing but their problems.
    fn rolled_back(&mut self, position: usize, source: &Source, statements: &[Statement]) {
        let before = self.schema.clone();
        let changes = self.changes.len();
        self.statements(position, source, statements);
        self.schema = before;
        self.schema.end_transaction();
        self.changes.truncate(changes);
    }

    /// An index is built without a lock: others see it first as present and not valid.
    fn building(&mut self, position: usize, source: &Source, statements: &[Statement], step: Option<Step>) {
        let before = self.schema.clone();
        self.statements(position, source, statements);
        let built = self.schema.clone();
        let changes = self.changes.clone();
        self.schema.invalidate_new_indexes(&before);
        self.end_step(step);
        self.schema = built;
        self.changes = changes;
    }

    /// A migration in another language: nothing is known of what it does.
    fn unreadable(&mut self, position: usize, migration: &Migration) {
        let span = Span::new(0, migration.up.text().len());
        let place = Place { source: migration.up.clone(), span };
        let reason = format!("migration `{}` is not SQL, what it does is not known", migration.version.text);
        let cloud = Some(Arc::new(Cloud { reason: reason.clone(), place: Some(place.clone()) }));
        let before = std::mem::replace(&mut self.schema.overcast, cloud);
        self.changes.push(Change { key: Key::Everything, migration: Some(position), place });
        self.narrow(Some(position));
        self.schema.overcast = self.schema.overcast.take().or(before);
        let problem =
            ApplyProblem { rule: "unparsed-statement", span, message: reason, sqlstate: None, about: Vec::new() };
        self.problem(Some(position), &migration.up, problem);
    }

    fn end_step(&mut self, step: Option<Step>) {
        let changes = std::mem::take(&mut self.changes);
        self.timeline.states.push(State { schema: self.schema.for_new_session(), step, changes });
    }
}
