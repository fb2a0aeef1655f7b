//! Triggers of the tables that a statement writes, and of those that foreign keys make it write.

use std::sync::Arc;

use super::super::cx::Cx;
use super::super::modify;
use super::super::{Context, Variable, VariableConflict};
use super::condition::Fired;
use super::{Found, Frame, body, enter, report};
use crate::dialect::TypeId;
use crate::schema::{ColumnNumber, ConstraintKind, Key, Relation, RelationKind, Routine, Trigger, Type};
use crate::source::Span;
use crate::sql::ddl::{Event, TriggerTiming};

const NAME: TypeId = TypeId(19);
const TEXT: TypeId = TypeId(25);
const TEXT_ARRAY: TypeId = TypeId(1009);
const INT4: TypeId = TypeId(23);
const OID: TypeId = TypeId(26);

/// Whether an execution comes to a row, whose triggers then fire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Reach {
    /// Each one that does what it is sent for.
    Always,
    /// Where a query has rows: in a body it may have none.
    Selected,
    /// A new row that may be there already: triggers before it fire, those after it do where it is not.
    Proposed,
    /// Where a row is there already, or one refers to it.
    Sometimes,
}

/// Follows the triggers that an event fires.
pub(in super::super) fn fire(
    cx: &mut Cx,
    relation: &Arc<Relation>,
    event: Event,
    columns: &[ColumnNumber],
    span: Span,
    reach: Reach,
) {
    let key = (relation.id, event, columns.to_vec());
    if cx.fired.contains(&key) || relation.kind == RelationKind::System {
        return;
    }
    cx.fired.push(key);
    cx.depend(Key::Relation(relation.name.clone()));
    let mut instead = false;
    for trigger in relation.triggers.iter().filter(|trigger| fires(trigger, event, columns)) {
        cx.depend(Key::Trigger(relation.name.clone(), trigger.name.clone()));
        instead |= trigger.timing == TriggerTiming::InsteadOf;
        follow(cx, relation, trigger, event, span, reach);
    }
    if relation.kind == RelationKind::View && !instead {
        let stored = modify::stored(cx, relation);
        if stored.id != relation.id {
            let below = columns.iter().filter_map(|&number| modify::stored_column(cx, relation, number));
            let below: Vec<ColumnNumber> = below.map(|(_, column)| column.number).collect();
            fire(cx, &stored, event, &below, span, reach);
        }
        return;
    }
    for child in cx.schema.children(relation.id) {
        if let Some(child) = cx.schema.relation(child) {
            cx.depend(Key::Relation(child.name.clone()));
        }
    }
    through_keys(cx, relation, event, columns, span);
}

fn fires(trigger: &Trigger, event: Event, columns: &[ColumnNumber]) -> bool {
    let of_columns = event != Event::Update
        || trigger.update_of.is_empty()
        || trigger.update_of.iter().any(|column| columns.contains(column));
    trigger.enabled && trigger.events.contains(&event) && of_columns
}

/// What foreign keys write in other tables.
fn through_keys(cx: &mut Cx, relation: &Arc<Relation>, event: Event, columns: &[ColumnNumber], span: Span) {
    for constraint in &relation.constraints {
        if let ConstraintKind::ForeignKey { table, .. } = constraint.kind
            && let Some(referenced) = cx.schema.relation(table)
        {
            cx.depend(Key::Relation(referenced.name.clone()));
        }
    }
    if !matches!(event, Event::Delete | Event::Update | Event::Truncate) {
        return;
    }
    let schema = cx.schema;
    for (id, constraint) in schema.referencing(relation.id) {
        let (Some(child), ConstraintKind::ForeignKey { referenced, on_delete, on_update, .. }) =
            (schema.relation(id), &constraint.kind)
        else {
            continue;
        };
        cx.depend(Key::Relation(child.name.clone()));
        let action = match event {
            Event::Delete => on_delete,
            Event::Update if referenced.iter().any(|column| columns.contains(column)) => on_update,
            _ => continue,
        };
        match (action.as_deref(), event) {
            (Some("cascade"), Event::Delete) => fire(cx, &child, Event::Delete, &[], span, Reach::Sometimes),
            (Some("cascade" | "set null" | "set default"), _) => {
                fire(cx, &child, Event::Update, &constraint.columns, span, Reach::Sometimes);
            }
            _ => {}
        }
    }
}

fn follow(cx: &mut Cx, relation: &Arc<Relation>, trigger: &Trigger, event: Event, span: Span, reach: Reach) {
    if let Some(cloud) = &trigger.unread {
        cx.unknown(
            span,
            format!("trigger `{}` of `{}` is not understood: {}", trigger.name, relation.name, cloud.reason),
        );
    }
    let what = format!("trigger `{}` of `{}`", trigger.name, relation.name);
    let mut about = vec![Key::Trigger(relation.name.clone(), trigger.name.clone())];
    match trigger.routine.and_then(|id| cx.schema.routines.get(&id)).cloned() {
        Some(routine) => {
            let name: Arc<str> = (*routine.signature.name).into();
            cx.depend(Key::Routine(name.clone()));
            about.insert(0, Key::Routine(name));
            if enter(cx, &routine, Some((relation.id, event)), span) {
                let certain = trigger.when.is_none() && (!trigger.for_each_row || reaches(cx, reach, trigger.timing));
                let found = routine_frame(cx, relation, trigger, event, &routine, certain);
                report(cx, found, span, &what, about);
            }
        }
        None => statements(cx, relation, trigger, event, span, &what, about),
    }
}

fn reaches(cx: &Cx, reach: Reach, timing: TriggerTiming) -> bool {
    match reach {
        Reach::Always => true,
        Reach::Proposed => timing == TriggerTiming::Before,
        Reach::Selected => !cx.is_in_a_body(),
        Reach::Sometimes => false,
    }
}

/// Follows the body of a trigger's routine.
fn routine_frame<'f>(
    cx: &mut Cx,
    relation: &Relation,
    trigger: &Trigger,
    event: Event,
    routine: &'f Routine,
    certain: bool,
) -> Frame<'f> {
    let mut frame = Frame::new(cx, routine);
    frame.result = None;
    frame.fired = Some(Fired {
        event,
        timing: trigger.timing,
        for_each_row: trigger.for_each_row,
        table: relation.name.to_string(),
        schema: relation.schema.to_string(),
        trigger: trigger.name.to_string(),
    });
    frame.certain = certain;
    frame.context.variables.extend(given(relation));
    let rows = Arc::new(relation.clone());
    frame.context.tables = trigger.transition_tables.iter().map(|name| (name.clone(), rows.clone())).collect();
    cx.routines.push(routine.id);
    body::run(cx, &mut frame, routine);
    cx.routines.pop();
    frame
}

/// The variables that each trigger has.
fn given(relation: &Relation) -> Vec<Variable> {
    let variable = |name: &str, id: TypeId| Variable::new(name.into(), Type::plain(id));
    vec![
        Variable::row("new", relation),
        Variable::row("old", relation),
        variable("tg_name", NAME),
        variable("tg_when", TEXT),
        variable("tg_level", TEXT),
        variable("tg_op", TEXT),
        variable("tg_relid", OID),
        variable("tg_relname", NAME),
        variable("tg_table_name", NAME),
        variable("tg_table_schema", NAME),
        variable("tg_nargs", INT4),
        variable("tg_argv", TEXT_ARRAY),
        variable("tg_event", TEXT),
        variable("tg_tag", TEXT),
    ]
}

/// Follows statements that stand in the trigger itself.
fn statements(
    cx: &mut Cx,
    relation: &Arc<Relation>,
    trigger: &Trigger,
    event: Event,
    span: Span,
    what: &str,
    about: Vec<Key>,
) {
    let key = (relation.id, event, trigger.name.clone());
    if trigger.body.is_empty() || cx.triggers.contains(&key) {
        return;
    }
    cx.triggers.push(key);
    let context = Context {
        text: trigger.source.text().into(),
        variables: vec![Variable::row("new", relation), Variable::row("old", relation)],
        conflict: VariableConflict::Column,
        ..Context::default()
    };
    let mut frame = Frame {
        source: &trigger.source,
        schema: cx.schema.clone(),
        context,
        certain: true,
        fired: None,
        result: None,
        out: Found::default(),
    };
    for query in trigger.body.iter() {
        let found = super::statement(cx, &frame, query);
        frame.keep(found);
    }
    cx.triggers.pop();
    report(cx, frame, span, what, about);
}
