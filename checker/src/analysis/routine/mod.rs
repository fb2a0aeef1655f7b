//! Routines on a statement's path: triggers of the tables that it writes, and functions that it calls.
//!
//! Postgres reads a body anew in each session, so that it can fail long after it was created. What a body does is followed as
//! far as its statements can be read; a problem on a path that depends on data is not certain.

mod body;
mod condition;
mod plpgsql;
mod supply;
mod trigger;

use std::sync::Arc;

use super::cx::{Cx, Kind, Words};
use super::{Analysis, Context, Problem, Stage, Unknown, Variable, VariableConflict};
use crate::schema::{Column, Dependency, Key, Relation, RelationId, Routine, Schema, Type};
use crate::source::Span;
use crate::sql;
use crate::sql::ddl::{ArgumentMode, Event};
use crate::sql::routine::Body;

pub(crate) use supply::may_be_supplied;
pub(super) use supply::{Supply, supplies};
pub(super) use trigger::{Reach, fire};

/// Routines that may call each other.
const LEVELS: usize = 8;

/// What is being followed: whose body, and what is known where it runs.
struct Frame<'f> {
    source: &'f crate::source::Source,
    /// The schema as the body sees it: it may create tables of its own.
    schema: Schema,
    context: Context,
    /// Whether each execution comes here.
    certain: bool,
    /// What the row-level trigger was fired by.
    fired: Option<condition::Fired>,
    /// The result that it must return.
    result: Option<Type>,
    out: Found,
}

/// What was found in a body.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    unknowns: Vec<Unknown>,
    dependencies: std::collections::BTreeSet<Key>,
    fields: std::collections::BTreeSet<(super::RelationId, super::ColumnNumber)>,
}

/// A routine that the statement calls.
pub(super) fn called(cx: &mut Cx, routine: &Routine, span: Span) {
    let name: Arc<str> = (*routine.signature.name).into();
    cx.depend(Key::Routine(name.clone()));
    depend_on_types(cx, routine);
    if !enter(cx, routine, None, span) {
        return;
    }
    let mut frame = Frame::new(cx, routine);
    cx.routines.push(routine.id);
    body::run(cx, &mut frame, routine);
    cx.routines.pop();
    report(cx, frame, span, &format!("function `{name}`"), vec![Key::Routine(name)]);
}

/// Whether a body is to be followed: not twice for one statement, not inside itself.
fn enter(cx: &mut Cx, routine: &Routine, table: Option<(RelationId, Event)>, span: Span) -> bool {
    if matches!(routine.body, Body::Opaque { .. } | Body::Atomic(_)) || cx.routines.contains(&routine.id) {
        return false;
    }
    if cx.routines.len() >= LEVELS {
        cx.unknown(span, "too many routines call each other");
        return false;
    }
    let key = (routine.id, table);
    if cx.followed.contains(&key) {
        return false;
    }
    cx.followed.push(key);
    true
}

fn depend_on_types(cx: &mut Cx, routine: &Routine) {
    let signature = &routine.signature;
    let types = signature.arguments.iter().chain(&signature.outputs).map(|argument| argument.ty);
    for id in types.chain([signature.result]).filter(|id| id.is_user()).collect::<Vec<_>>() {
        if let Some(info) = cx.schema.type_info(id) {
            let name: Arc<str> = (*info.name).into();
            cx.depend(Key::Type(name));
        }
    }
    for needed in &routine.depends {
        if let Dependency::Relation(id) = needed
            && let Some(relation) = cx.schema.relation(*id)
        {
            cx.depend(Key::Relation(relation.name.clone()));
        }
    }
}

impl<'f> Frame<'f> {
    fn new(cx: &Cx, routine: &'f Routine) -> Frame<'f> {
        let mut schema = cx.schema.clone();
        if let Some(path) = &routine.search_path {
            schema.search_path = path.clone();
        }
        let name: Arc<str> = (*routine.signature.name).into();
        let context = Context {
            text: routine.source.text().into(),
            typed: true,
            declared: routine.signature.arguments.iter().map(|argument| concrete(argument.ty)).collect(),
            variables: arguments(routine, &name),
            conflict: match routine.body {
                Body::PlPgSql(_) => VariableConflict::Error,
                _ => VariableConflict::Column,
            },
            tables: Vec::new(),
        };
        let result = Some(concrete(routine.signature.result));
        Frame { source: &routine.source, schema, context, certain: true, fired: None, result, out: Found::default() }
    }

    /// Takes over what was found in one statement.
    fn keep(&mut self, found: Analysis) {
        let certain = self.certain;
        let problems = found.problems.into_iter();
        self.out.problems.extend(problems.map(|problem| Problem { certain: problem.certain && certain, ..problem }));
        self.out.unknowns.extend(found.unknowns);
        self.out.dependencies.extend(found.dependencies);
        self.out.fields.extend(found.fields);
    }

    /// Anything of these names may matter to a statement whose names were not looked up one by one.
    fn depend_on_names(&mut self, names: impl Iterator<Item = Arc<str>>) {
        self.out.dependencies.extend(names.flat_map(|name| Key::named(&name)));
    }

    fn unknown(&mut self, span: Span, reason: impl Into<String>) {
        self.out.unknowns.push(Unknown { span, reason: reason.into() });
    }

    fn problem(&mut self, kind: Kind, about: Vec<Key>, words: Words) {
        let Kind(rule, sqlstate, stage) = kind;
        let Words { span, message, label } = words;
        let certain = self.certain;
        self.out.problems.push(Problem { rule, span, message, label, about, sqlstate, stage, certain });
    }
}

/// A type of a signature; polymorphic ones are not known.
fn concrete(id: crate::dialect::TypeId) -> Type {
    if super::types::polymorphic::is_polymorphic(id) { Type::UNSURE } else { Type::plain(id) }
}

/// The arguments of a routine as variables in its body.
fn arguments(routine: &Routine, name: &Arc<str>) -> Vec<Variable> {
    let plpgsql = matches!(routine.body, Body::PlPgSql(_));
    let visible = |mode: ArgumentMode| plpgsql || !matches!(mode, ArgumentMode::Out | ArgumentMode::Table);
    let named = routine.arguments.iter().filter(|(mode, _, _)| visible(*mode));
    let variable = |(_, argument, ty): &(ArgumentMode, Option<Arc<str>>, Type)| {
        let ty = if super::types::polymorphic::is_polymorphic(ty.id) { Type::UNSURE } else { *ty };
        Some(Variable::new(argument.clone()?, ty).qualified(name))
    };
    named.filter_map(variable).collect()
}

impl Variable {
    /// A variable without a qualifier.
    fn new(name: Arc<str>, ty: Type) -> Variable {
        Variable { name, qualifiers: Vec::new(), ty, fields: None, relation: None }
    }

    fn qualified(mut self, qualifier: &Arc<str>) -> Variable {
        self.qualifiers.push(qualifier.clone());
        self
    }

    /// A row of a relation.
    fn row(name: &str, relation: &Relation) -> Variable {
        let ty = Type::plain(relation.row_type);
        let fields: Arc<[Column]> = relation.columns.iter().filter(|column| !column.hidden).cloned().collect();
        let fields = relation.opaque.is_none().then_some(fields);
        Variable { fields, relation: Some(relation.id), ..Variable::new(name.into(), ty) }
    }
}

/// Analyses a statement in a body.
fn statement(cx: &Cx, frame: &Frame, query: &sql::Query) -> Analysis {
    super::analyze_inside(&frame.schema, cx.path(), query, &frame.context)
}

/// Says what was found in a body, where the statement brings it in.
fn report(cx: &mut Cx, frame: Frame, span: Span, what: &str, about: Vec<Key>) {
    let Found { problems, unknowns, dependencies, fields } = frame.out;
    cx.out.dependencies.extend(dependencies);
    cx.out.fields.extend(fields);
    // The first problem is the one that the server meets; a certain one says more.
    let first = problems.iter().position(|problem| problem.certain).unwrap_or(0);
    if let Some(problem) = problems.into_iter().nth(first) {
        let stage = if cx.rules().views_by_name { Stage::Parse } else { Stage::Execute };
        let kind = Kind("routine-broken", problem.sqlstate, stage);
        let mut all = problem.about;
        all.extend(about);
        let words = Words {
            span,
            message: format!("{what} is broken: {}", problem.message),
            label: "runs a broken routine".into(),
        };
        cx.problem(kind, all, words);
        if let Some(last) = cx.out.problems.last_mut() {
            last.certain = problem.certain;
        }
    }
    for unknown in unknowns {
        cx.unknown(span, format!("in {what}: {}", unknown.reason));
    }
}
