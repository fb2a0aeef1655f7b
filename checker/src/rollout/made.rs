//! What a release's own program creates: temporary tables, tables that it makes sure of when it starts, renames that it
//! does itself. To that program they are there, though no migration makes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::dialect::Dialect;
use crate::schema::{Key, Schema, apply};
use crate::sorted;
use crate::source::Source;
use crate::sql::ddl::{AlterAction, Ddl, ObjectKind, ObjectName, ObjectRef, TableElement};
use crate::sql::{self, Statement, StatementKind};

use super::input::{CheckInput, Release};

/// What the programs of a check create, by the id of the release.
#[derive(Debug, Default)]
pub(crate) struct Programs(BTreeMap<String, Arc<Made>>);

/// The statements by which a program creates objects.
#[derive(Debug)]
pub(crate) struct Made {
    statements: Vec<(Source, Statement)>,
    /// What they create, and whether only for the session.
    names: BTreeMap<Key, bool>,
    /// The bare names, as texts hold them.
    words: BTreeSet<String>,
}

/// Ids of what a program creates start here: on no state do they stand for something else.
const FIRST_ID: u32 = 1 << 30;

impl Programs {
    pub(crate) fn of(input: &CheckInput) -> Programs {
        let made = super::releases(input).map(|(release, _)| (&*release.id, made(definitions(release), input.dialect)));
        Programs::from_iter(made)
    }

    /// A program by the texts that [`definitions`] gives.
    pub(crate) fn of_texts(release: &str, texts: &[Arc<str>], dialect: &'static Dialect) -> Programs {
        match texts {
            [] => Programs::default(),
            texts => Programs::from_iter([(release, made(texts.iter(), dialect))]),
        }
    }

    /// Whether no program creates anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the program of a release creates, where a text may name some of it.
    pub(crate) fn named_in(&self, release: &str, sql: &str) -> Option<&Arc<Made>> {
        let made = self.0.get(release)?;
        let sql = sql.to_lowercase();
        made.words.iter().any(|word| sql.contains(word)).then_some(made)
    }
}

impl<'r> FromIterator<(&'r str, Made)> for Programs {
    fn from_iter<I: IntoIterator<Item = (&'r str, Made)>>(all: I) -> Programs {
        let all = all.into_iter().filter(|(_, made)| !made.names.is_empty());
        Programs(sorted::map(all.map(|(id, made)| (id.to_owned(), Arc::new(made)))))
    }
}

/// The texts of a release that may define objects.
pub(crate) fn definitions(release: &Release) -> impl Iterator<Item = &Arc<str>> {
    let known = release.queries.iter().map(|owned| &*owned.query).filter(|query| query.holes.is_empty());
    known.map(|query| &query.sql).filter(|sql| may_define(sql))
}

/// Goes through the statements of texts that define objects.
fn made<'t>(texts: impl Iterator<Item = &'t Arc<str>>, dialect: &'static Dialect) -> Made {
    let mut made = Made { statements: Vec::new(), names: BTreeMap::new(), words: BTreeSet::new() };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut rest = Vec::new();
    for text in texts {
        if !seen.insert(text) {
            continue;
        }
        let source = Source::new("", &**text);
        for statement in sql::parse(text, dialect) {
            let StatementKind::Ddl(ddl) = &statement.kind else { continue };
            match created(ddl) {
                Some((key, temporary)) => {
                    made.words.extend(bare(&key).map(str::to_lowercase));
                    made.names.insert(key, temporary);
                    made.statements.push((source.clone(), statement));
                }
                None => rest.push((source.clone(), statement)),
            }
        }
    }
    let about_made = |statement: &Statement| {
        let StatementKind::Ddl(ddl) = &statement.kind else { return false };
        added_to(ddl).is_some_and(|name| made.names.contains_key(&Key::Relation(name.name.text.clone())))
    };
    rest.retain(|(_, statement)| about_made(statement));
    made.statements.extend(rest);
    made
}

fn may_define(sql: &str) -> bool {
    let mut words = sql.split(|char: char| !char.is_alphanumeric() && char != '_');
    words.any(|word| ["create", "rename", "into"].iter().any(|defining| word.eq_ignore_ascii_case(defining)))
}

/// What a statement creates, and whether only for the session.
fn created(ddl: &Ddl) -> Option<(Key, bool)> {
    let relation = |name: &Arc<str>, temporary| Some((Key::Relation(name.clone()), temporary));
    match ddl {
        Ddl::CreateTable(table) => relation(&table.name.name.text, table.temporary),
        Ddl::CreateView(view) => relation(&view.name.name.text, view.temporary),
        Ddl::CreateVirtualTable { name, .. } => relation(&name.name.text, false),
        Ddl::CreateSequence { name, temporary, .. } => relation(&name.name.text, *temporary),
        Ddl::AlterTable(alter) => alter.actions.iter().find_map(|(action, _)| match action {
            AlterAction::RenameTo(to) => relation(&to.text, false),
            _ => None,
        }),
        Ddl::Rename { kind: ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView, to, .. } => {
            relation(&to.text, false)
        }
        Ddl::CreateEnum { name, .. }
        | Ddl::CreateComposite { name, .. }
        | Ddl::CreateRange { name, .. }
        | Ddl::CreateDomain { name, .. } => Some((Key::Type(name.name.text.clone()), false)),
        Ddl::CreateSchema { name, .. } => Some((Key::Schema(name.text.clone()), false)),
        Ddl::CreateRoutine(routine) => Some((Key::Routine(routine.name.name.text.clone()), false)),
        _ => None,
    }
}

/// The table that a statement gives something.
fn added_to(ddl: &Ddl) -> Option<&ObjectName> {
    let adds =
        |action: &AlterAction| !matches!(action, AlterAction::DropColumn { .. } | AlterAction::DropConstraint { .. });
    match ddl {
        Ddl::CreateIndex(index) => Some(&index.table),
        Ddl::AlterTable(alter) if alter.actions.iter().all(|(action, _)| adds(action)) => Some(&alter.name),
        _ => None,
    }
}

fn bare(key: &Key) -> Option<&str> {
    match key {
        Key::Relation(name) | Key::Type(name) | Key::Routine(name) | Key::Schema(name) => Some(name),
        _ => None,
    }
}

impl Made {
    /// What a text lacks on a state and the program creates. What migrations made and took away before is not created again
    /// by a program that runs already.
    pub(crate) fn missing(&self, analysis: &Analysis, was_there: impl Fn(&Key) -> bool) -> BTreeSet<Key> {
        let supplied = |key: &&Key| self.names.get(key).is_some_and(|temporary| *temporary || !was_there(key));
        let lacking = analysis.problems.iter().filter(|problem| problem.rule.starts_with("missing-"));
        sorted::set(lacking.flat_map(|problem| problem.about.iter().filter(supplied)).cloned())
    }

    /// Creates what a schema lacks, with what that needs in turn.
    ///
    /// Gives the names that it depends on.
    pub(crate) fn add_to(&self, schema: &mut Schema, mut wanted: BTreeSet<Key>) -> BTreeSet<Key> {
        let mut needs = BTreeSet::new();
        schema.next_id = schema.next_id.max(FIRST_ID);
        let mut done = vec![false; self.statements.len()];
        // Files do not tell the order in which a program sends its statements: what fails first may need what comes later.
        for _ in 0..ROUNDS {
            for ((source, statement), done) in self.statements.iter().zip(&mut done) {
                if *done || !concerns(statement, &wanted) {
                    continue;
                }
                let mut tried = schema.clone();
                let problems = apply(&mut tried, statement, source).problems;
                *done = !problems.iter().any(|problem| problem.sqlstate.is_some());
                if *done {
                    *schema = tried;
                }
                needs.extend(needed(statement));
                let about = problems.into_iter().flat_map(|problem| problem.about);
                wanted.extend(about.filter(|key| self.names.contains_key(key)));
            }
        }
        needs
    }
}

/// How long a row of objects may be of which each needs the next.
const ROUNDS: usize = 4;

/// Whether a statement creates one of these objects, or gives it something.
fn concerns(statement: &Statement, wanted: &BTreeSet<Key>) -> bool {
    let StatementKind::Ddl(ddl) = &statement.kind else { return false };
    match created(ddl) {
        Some((key, _)) => wanted.contains(&key),
        None => added_to(ddl).is_some_and(|name| wanted.contains(&Key::Relation(name.name.text.clone()))),
    }
}

/// What a statement depends on: anything, unless it is one that only names what it creates.
fn needed(statement: &Statement) -> Option<Key> {
    let StatementKind::Ddl(ddl) = &statement.kind else { return Some(Key::Everything) };
    match &**ddl {
        Ddl::CreateTable(table) => {
            let plain = table.as_query.is_none()
                && table.inherits.is_empty()
                && table.partition_of.is_none()
                && table.of_type.is_none()
                && !table.elements.iter().any(|element| matches!(element, TableElement::Like { .. }));
            (!plain).then_some(Key::Everything)
        }
        Ddl::CreateSchema { elements, .. } if elements.is_empty() => None,
        Ddl::AlterTable(alter) => Some(Key::Relation(alter.name.name.text.clone())),
        Ddl::CreateIndex(index) => Some(Key::Relation(index.table.name.text.clone())),
        Ddl::Rename { object: ObjectRef::Name(name), .. } => Some(Key::Relation(name.name.text.clone())),
        _ => Some(Key::Everything),
    }
}
