//! Columns that take the place of others while a running release goes on to write the others.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use sqlparser::ast::{AssignmentTarget, Expr, ObjectName, Query, Statement, TableFactor, Visitor};

use crate::analysis::{Object, Use};
use crate::finding::{Level, Verdict};
use crate::rollout::{Alarm, Check, Course, Part, Rule, Standing};
use crate::schema::{Column, Relation, Schema};
use crate::source::Span;
use crate::sql::ddl::Event;
use crate::sql::{StatementKind, parse, walk};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "replacement-unwritten",
    level: Level::Warn,
    summary: "the new release reads a column that replaces another one, which the running release goes on to write alone",
    docs: include_str!("replacement-unwritten.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let Some((_, next)) = course.candidate() else { return Vec::new() };
    let Some(schema) = course.plan.line.schema(course.plan.end) else { return Vec::new() };
    let mut alarms = Vec::new();
    for replacement in replacements(course) {
        let Some(relation) = schema.find_relation(None, &replacement.table) else { continue };
        let column = |name: &Arc<str>| relation.column(name).cloned();
        let (Some(new), Some(old)) = (column(&replacement.new), column(&replacement.old)) else { continue };
        if fills_itself(&new) || kept_in_step(schema, &relation, &new) {
            continue;
        }
        if !is_read(next, schema, &relation, &new) {
            continue;
        }
        for (release, part) in course.baselines() {
            let Some((writer, span)) = writer(course, part, &relation, &old, &new) else { continue };
            let id = &part.release.id;
            let (table, old, new) = (&relation.name, &old.name, &new.name);
            alarms.push(Alarm {
                level: None,
                verdict: Verdict::MayBreak,
                release: Some(release),
                subject: format!("{table}.{new}:{id}"),
                message: format!(
                    "{id} goes on to write `{table}.{old}` alone, and {} reads `{table}.{new}` in its place",
                    next.release.id
                ),
                help: Some(format!(
                    "in three releases: write both `{old}` and `{new}`, or keep them in step by a trigger; read `{new}`; drop `{old}`"
                )),
                query: Some((writer, span, format!("without `{new}`"))),
                states: vec![(course.plan.end, course.plan.end)],
                causes: course.migration_cause_of(replacement.migration).into_iter().collect(),
            });
        }
    }
    alarms
}

/// A column that a pending migration fills from another one of its table.
struct Replacement {
    table: Arc<str>,
    old: Arc<str>,
    new: Arc<str>,
    migration: usize,
}

/// `UPDATE table SET new = … old …` in pending migrations, where `new` is a new column.
fn replacements(course: &Course<'_>) -> Vec<Replacement> {
    let mut found = Vec::new();
    let plan = course.plan;
    let Some(start) = plan.line.schema(plan.start) else { return found };
    for (position, migration) in plan.migrations.iter().enumerate().skip(plan.applied) {
        for statement in parse(migration.up.text(), start.dialect) {
            let StatementKind::Query(query) = &statement.kind else { continue };
            let Statement::Update(update) = &*query.tree else { continue };
            let TableFactor::Table { name, .. } = &update.table.relation else { continue };
            let Some(table) = last(start, name) else { continue };
            let Some(relation) = start.find_relation(None, &table) else { continue };
            for assignment in &update.assignments {
                let AssignmentTarget::ColumnName(target) = &assignment.target else { continue };
                let Some(new) = last(start, target).filter(|new| relation.column(new).is_none()) else { continue };
                let old = converted(start, &relation, &assignment.value);
                found.extend(old.map(|old| Replacement { table: table.clone(), old, new, migration: position }));
            }
        }
    }
    found
}

/// The column of which an expression is another form: the only one that it mentions. What looks into other rows, tests a
/// condition or starts from a key stands for something else.
fn converted(schema: &Schema, relation: &Relation, value: &Expr) -> Option<Arc<str>> {
    let mut names = Names { schema, found: BTreeSet::new(), looks_further: false };
    let _ = walk(value, &mut names);
    let mut own = names.found.into_iter().filter_map(|name| relation.column(&name));
    let (only, more) = (own.next()?, own.next());
    let key = relation.primary_key().is_some_and(|key| key.columns.contains(&only.number));
    (more.is_none() && !key && !names.looks_further && !is_condition(value)).then(|| only.name.clone())
}

fn is_condition(value: &Expr) -> bool {
    use sqlparser::ast::BinaryOperator::{And, Eq, Gt, GtEq, Lt, LtEq, NotEq, Or};
    match value {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => is_condition(inner),
        Expr::BinaryOp { op, .. } => matches!(op, And | Or | Eq | NotEq | Lt | LtEq | Gt | GtEq),
        Expr::IsNull(_) | Expr::IsNotNull(_) | Expr::InList { .. } | Expr::Between { .. } | Expr::Like { .. } => true,
        _ => false,
    }
}

fn last(schema: &Schema, name: &ObjectName) -> Option<Arc<str>> {
    name.0.last().and_then(|part| part.as_ident()).map(|name| fold(schema, name))
}

fn fold(schema: &Schema, name: &sqlparser::ast::Ident) -> Arc<str> {
    let fold = if name.quote_style.is_some() { schema.dialect.fold_quoted } else { schema.dialect.fold };
    fold(&name.value).into()
}

/// The names in an expression.
struct Names<'s> {
    schema: &'s Schema,
    found: BTreeSet<Arc<str>>,
    looks_further: bool,
}

impl Visitor for Names<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.looks_further = true;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let name = match expr {
            Expr::Identifier(name) => Some(name),
            Expr::CompoundIdentifier(parts) => parts.last(),
            _ => None,
        };
        self.found.extend(name.map(|name| fold(self.schema, name)));
        ControlFlow::Continue(())
    }
}

fn fills_itself(column: &Column) -> bool {
    column.generated.is_some() || column.identity.is_some() || column.auto_number
}

/// Whether a trigger of the table may write the column: its text names it.
fn kept_in_step(schema: &Schema, relation: &Relation, column: &Column) -> bool {
    relation.triggers.iter().filter(|trigger| trigger.enabled).any(|trigger| {
        let routine = trigger.routine.and_then(|id| schema.routines.get(&id));
        let text = routine.map_or(trigger.source.text(), |routine| routine.source.text());
        trigger.unread.is_some() || text.to_lowercase().contains(&*column.name.to_lowercase())
    })
}

/// Whether a query reads the column by name.
fn is_read(part: &Part<'_>, schema: &Schema, relation: &Relation, column: &Column) -> bool {
    let reads = |used: &Use| match used.object {
        Object::Column(id, number) => {
            !used.written && used.explicit && number == column.number && names(schema, id, relation)
        }
        _ => false,
    };
    part.queries.iter().any(|judged| judged.standing == Standing::Sound && judged.contract.uses.iter().any(reads))
}

fn names(schema: &Schema, id: crate::schema::RelationId, relation: &Relation) -> bool {
    id == relation.id || schema.relation(id).is_some_and(|other| other.name == relation.name)
}

/// A query that writes the old column and not the new one, and where it does.
fn writer(
    course: &Course<'_>,
    part: &Part<'_>,
    relation: &Relation,
    old: &Column,
    new: &Column,
) -> Option<(usize, Span)> {
    let schema = course.plan.line.schema(course.plan.start)?;
    let before = schema.find_relation(Some(&relation.schema), &relation.name)?;
    let number = before.column(&old.name)?.number;
    part.queries.iter().enumerate().filter(|(_, judged)| judged.standing == Standing::Sound).find_map(
        |(index, judged)| {
            judged.contract.writes.iter().find_map(|write| {
                let writes = write.relation == before.id && matches!(write.event, Event::Insert | Event::Update);
                let given = |wanted| write.columns.iter().find(|written| written.column == wanted);
                let written = given(number).filter(|_| writes && given(new.number).is_none())?;
                Some((index, written.span))
            })
        },
    )
}
