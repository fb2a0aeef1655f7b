//! Triggers, rewrite rules and row level security policies.

use std::sync::Arc;

use super::{Cx, Outcome, create, inherit, problem, view};
use crate::schema::mention::{Mentions, mentions};
use crate::schema::{
    Cloud, ColumnNumber, Key, Policy, Relation, RelationId, RelationKind, RewriteRule, RoutineRef, Trigger,
};
use crate::source::Place;
use crate::sql::Unparsed;
use crate::sql::ddl::{CreateTrigger, Ddl, Expr, Name, ObjectName, TriggerTiming};

pub(super) fn create(cx: &mut Cx<'_>, create: &CreateTrigger) -> Outcome {
    let relation = cx.relation(&create.table)?;
    refuse_kind(cx, &relation, create)?;
    let name = &create.name.name;
    if exists(cx, &relation, &name.text) && !create.or_replace {
        if create.if_not_exists {
            return Ok(());
        }
        let about = Key::Trigger(relation.name.clone(), name.text.clone());
        cx.refuse(problem::exists("trigger", &name.text, name.span, "42710", about))?;
    }
    let trigger = build(cx, &relation, create)?;
    put(cx, relation.id, &trigger);
    if relation.kind == RelationKind::PartitionedTable && trigger.for_each_row {
        for child in inherit::with_children(cx.schema, relation.id, false).into_iter().skip(1) {
            if let Some(child) = cx.schema.relation(child) {
                put(cx, child.id, &inherited(&relation, &child, &trigger));
            }
        }
    }
    Ok(())
}

fn exists(cx: &Cx<'_>, relation: &Relation, name: &Arc<str>) -> bool {
    let has = |relation: &Relation| relation.triggers.iter().any(|trigger| trigger.name == *name);
    match cx.schema.dialect.definition.triggers_share_names {
        true => cx.schema.relations.values().any(|relation| has(relation)),
        false => has(relation),
    }
}

/// Puts a trigger in, in the order in which triggers fire.
fn put(cx: &mut Cx<'_>, id: RelationId, trigger: &Trigger) {
    cx.schema.edit(id, |relation| {
        relation.triggers.retain(|existing| existing.name != trigger.name);
        let at = relation.triggers.partition_point(|existing| existing.name < trigger.name);
        relation.triggers.insert(at, trigger.clone());
    });
    touch(cx, id, &trigger.name);
}

fn touch(cx: &mut Cx<'_>, id: RelationId, trigger: &Arc<str>) {
    let Some(relation) = cx.schema.relation(id) else { return };
    cx.touch(Key::Trigger(relation.name.clone(), trigger.clone()));
    cx.touch_relation(id);
}

fn inherited(parent: &Relation, child: &Relation, trigger: &Trigger) -> Trigger {
    let same = |number: &ColumnNumber| Some(child.column(&parent.column_numbered(*number)?.name)?.number);
    Trigger {
        update_of: trigger.update_of.iter().filter_map(same).collect(),
        mentions: trigger.mentions.iter().filter_map(same).collect(),
        inherited: true,
        ..trigger.clone()
    }
}

/// Gives a partition the row triggers of its parent.
pub(super) fn give(cx: &mut Cx<'_>, id: RelationId, parent: &Relation) {
    let Some(child) = cx.schema.relation(id) else { return };
    for trigger in parent.triggers.iter().filter(|trigger| trigger.for_each_row) {
        put(cx, id, &inherited(parent, &child, trigger));
    }
}

fn refuse_kind(cx: &mut Cx<'_>, relation: &Relation, create: &CreateTrigger) -> Outcome {
    let view = relation.kind == RelationKind::View;
    let instead = create.timing == TriggerTiming::InsteadOf;
    let refused = match () {
        () if instead && !view => Some("is not a view, which an INSTEAD OF trigger needs"),
        () if view && !instead && create.for_each_row => {
            Some("is a view, which has no row-level BEFORE or AFTER triggers")
        }
        () if matches!(relation.kind, RelationKind::MaterializedView | RelationKind::Sequence) => {
            Some("cannot have triggers")
        }
        () => None,
    };
    let Some(why) = refused else { return Ok(()) };
    let message = format!("`{}` {why}", relation.name);
    cx.refuse(problem::fails(
        problem::span(&create.table),
        "42809",
        message,
        vec![Key::Relation(relation.name.clone())],
    ))
}

fn build(cx: &mut Cx<'_>, relation: &Relation, create: &CreateTrigger) -> Outcome<Trigger> {
    let mut update_of = Vec::new();
    for name in &create.update_of {
        match relation.column(&name.text) {
            Some(column) => update_of.push(column.number),
            None if relation.opaque.is_some() => {}
            None => cx.refuse(problem::no_column(&relation.name, &name.text, name.span))?,
        }
    }
    let used = match &create.when {
        Some(when) => row_mentions(cx, relation, when)?,
        None => Mentions::default(),
    };
    let (routine, unread) = match &create.function {
        Some(function) => function_of(cx, function)?,
        None => (None, None),
    };
    Ok(Trigger {
        name: create.name.name.text.clone(),
        timing: create.timing,
        events: create.events.clone(),
        update_of,
        for_each_row: create.for_each_row,
        when: create.when.clone(),
        routine,
        body: Arc::new(create.body.clone()),
        transition_tables: create.transition_tables.iter().map(|name| name.text.clone()).collect(),
        source: cx.source.clone(),
        unread: unread.or_else(|| unread_body(cx, &create.unread)),
        mentions: used.columns,
        enabled: true,
        inherited: false,
    })
}

/// What a condition on the old and new row mentions.
fn row_mentions(cx: &mut Cx<'_>, relation: &Relation, when: &Expr) -> Outcome<Mentions> {
    let found = mentions(cx.schema, when, relation, &["new", "old"]);
    let whole_row = |name: &Arc<str>| matches!(&**name, "new" | "old") || relation.opaque.is_some();
    for (name, span) in found.missing.iter().filter(|(name, _)| !whole_row(name)) {
        let span = if span.is_empty() { when.span } else { *span };
        cx.refuse(problem::no_column(&relation.name, name, span))?;
    }
    Ok(found)
}

type TriggerRoutine = (Option<crate::schema::RoutineId>, Option<Arc<Cloud>>);

/// The routine of a trigger: found when the trigger is created.
fn function_of(cx: &mut Cx<'_>, name: &ObjectName) -> Outcome<TriggerRoutine> {
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    let routines = cx.schema.find_routines(schema, &name.name.text);
    let fitting = routines.into_iter().find(|routine| routine.signature().arguments.is_empty());
    match fitting {
        Some(RoutineRef::Created(routine)) => Ok((Some(routine.id), None)),
        Some(RoutineRef::BuiltIn(_)) => Ok((None, None)),
        None => match cx.schema.object_cloud(&name.name.text).cloned() {
            Some(cloud) => Ok((None, Some(cloud))),
            None => {
                let message = format!("function `{}()` does not exist", problem::shown(name));
                let about = vec![Key::Routine(name.name.text.clone())];
                cx.refuse(problem::fails(problem::span(name), "42883", message.clone(), about))?;
                Ok((None, Some(Arc::new(Cloud { reason: message, place: Some(cx.place()) }))))
            }
        },
    }
}

fn unread_body(cx: &Cx<'_>, unread: &[Unparsed]) -> Option<Arc<Cloud>> {
    let first = unread.first()?;
    let place = Some(Place { source: cx.source.clone(), span: first.span });
    Some(Arc::new(Cloud { reason: first.reason.clone(), place }))
}

/// `ENABLE TRIGGER` and `DISABLE TRIGGER`; no name stands for all.
pub(super) fn enable(cx: &mut Cx<'_>, id: RelationId, name: Option<&Name>, enabled: bool) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    if let Some(name) = name
        && !relation.triggers.iter().any(|trigger| trigger.name == name.text)
    {
        let about = Key::Trigger(relation.name.clone(), name.text.clone());
        let missing = problem::missing("trigger", &name.text, name.span, "42704", about);
        return Err(cx.missing(&create::plain(name), missing));
    }
    for trigger in relation.triggers.iter().filter(|trigger| name.is_none_or(|name| name.text == trigger.name)) {
        let changed = Trigger { enabled, ..trigger.clone() };
        put(cx, id, &changed);
    }
    Ok(())
}

pub(super) fn create_rule(cx: &mut Cx<'_>, statement: &Ddl) -> Outcome {
    let Ddl::CreateRule { name, or_replace, table, event, instead, has_where, actions } = statement else {
        return Ok(());
    };
    let relation = cx.relation(table)?;
    if relation.rules.iter().any(|rule| rule.name == name.text) && !or_replace {
        let about = Key::Relation(relation.name.clone());
        cx.refuse(problem::exists("rule", &name.text, name.span, "42710", about))?;
    }
    let depends = actions.iter().flat_map(|action| view::query_depends(cx.schema, action, &cx.source)).collect();
    let rule = RewriteRule {
        name: name.text.clone(),
        event: *event,
        instead: *instead,
        conditional: *has_where,
        actions: Arc::new(actions.clone()),
        source: cx.source.clone(),
        depends,
    };
    cx.schema.edit(relation.id, |relation| {
        relation.rules.retain(|existing| existing.name != rule.name);
        relation.rules.push(rule);
    });
    cx.touch_relation(relation.id);
    Ok(())
}

pub(super) fn create_policy(cx: &mut Cx<'_>, statement: &Ddl) -> Outcome {
    let Ddl::CreatePolicy { name, table, command, permissive, roles, using, check } = statement else { return Ok(()) };
    let relation = cx.relation(table)?;
    if relation.policies.iter().any(|policy| policy.name == name.text) {
        let about = Key::Relation(relation.name.clone());
        cx.refuse(problem::exists("policy", &name.text, name.span, "42710", about))?;
    }
    let mut policy = Policy {
        name: name.text.clone(),
        command: *command,
        permissive: *permissive,
        roles: roles_of(roles),
        using: using.clone(),
        check: check.clone(),
        columns: Vec::new(),
        depends: Vec::new(),
    };
    resolve_policy(cx, &relation, &mut policy)?;
    put_policy(cx, relation.id, policy);
    Ok(())
}

fn roles_of(roles: &[Name]) -> Vec<Arc<str>> {
    match roles {
        [] => vec!["public".into()],
        roles => roles.iter().map(|role| role.text.clone()).collect(),
    }
}

fn resolve_policy(cx: &mut Cx<'_>, relation: &Relation, policy: &mut Policy) -> Outcome {
    policy.columns.clear();
    policy.depends.clear();
    for expr in [policy.using.clone(), policy.check.clone()].iter().flatten() {
        let found = mentions(cx.schema, expr, relation, &[]);
        for (name, span) in &found.missing {
            let span = if span.is_empty() { expr.span } else { *span };
            cx.refuse(problem::no_column(&relation.name, name, span))?;
        }
        policy.columns.extend(found.columns);
        policy.depends.extend(found.depends);
    }
    Ok(())
}

fn put_policy(cx: &mut Cx<'_>, id: RelationId, policy: Policy) {
    cx.schema.edit(id, |relation| match relation.policies.iter_mut().find(|existing| existing.name == policy.name) {
        Some(existing) => *existing = policy,
        None => relation.policies.push(policy),
    });
    cx.touch_relation(id);
}

pub(super) fn alter_policy(cx: &mut Cx<'_>, statement: &Ddl) -> Outcome {
    let Ddl::AlterPolicy { name, table, roles, using, check } = statement else { return Ok(()) };
    let relation = cx.relation(table)?;
    let Some(policy) = relation.policies.iter().find(|policy| policy.name == name.text) else {
        let about = Key::Relation(relation.name.clone());
        let missing = problem::missing("policy", &name.text, name.span, "42704", about);
        return Err(cx.missing(&create::plain(name), missing));
    };
    let mut policy = policy.clone();
    if let Some(roles) = roles {
        policy.roles = roles_of(roles);
    }
    policy.using = using.clone().or(policy.using);
    policy.check = check.clone().or(policy.check);
    resolve_policy(cx, &relation, &mut policy)?;
    put_policy(cx, relation.id, policy);
    Ok(())
}

/// `ENABLE ROW LEVEL SECURITY` and `DISABLE`.
pub(super) fn row_security(cx: &mut Cx<'_>, id: RelationId, enabled: bool) {
    cx.schema.edit(id, |relation| relation.row_security = enabled);
    cx.touch_relation(id);
}
