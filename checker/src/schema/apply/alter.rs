//! `ALTER TABLE` and its kin.

use super::{Cx, Outcome, Stop, column, constraint, fit, inherit, problem, publication, rename, table, trigger};
use crate::schema::{Key, Relation, RelationId, RelationKind};
use crate::sql::ddl::{AlterAction, AlterTable, ObjectKind};

pub(super) fn table(cx: &mut Cx<'_>, alter: &AlterTable) -> Outcome {
    if alter.kind == ObjectKind::Index {
        return index(cx, alter);
    }
    let relation = match cx.relation(&alter.name) {
        Ok(relation) => relation,
        Err(Stop::Fails(_)) if alter.if_exists && !cx.wary => return Ok(()),
        Err(stop) => {
            // `ALTER TABLE` may also name an index.
            let schema = alter.name.schema.as_ref().map(|schema| &*schema.text);
            return match cx.schema.find_index(schema, &alter.name.name.text) {
                Some(_) => index(cx, alter),
                None => Err(stop),
            };
        }
    };
    if relation.kind == RelationKind::System {
        let message = format!("permission denied: `{}` is a system catalog", relation.name);
        return Err(Stop::Fails(problem::fails(problem::span(&alter.name), "42501", message, Vec::new())));
    }
    refuse_kind(cx, alter, &relation)?;
    let mut actions: Vec<_> = alter.actions.iter().collect();
    if cx.schema.dialect.definition.alters_in_passes {
        actions.sort_by_key(|(action, _)| pass(action));
    }
    let mut retyped = None;
    for (action, span) in actions {
        let span = if span.is_empty() { cx.at } else { *span };
        cx.part(span, |cx| apply(cx, alter, relation.id, action))?;
        if matches!(action, AlterAction::SetType { .. }) {
            retyped = Some(span);
        }
    }
    match retyped {
        Some(span) => cx.part(span, |cx| fit::after_new_types(cx, &relation, span)),
        None => Ok(()),
    }
}

fn refuse_kind(cx: &mut Cx<'_>, alter: &AlterTable, relation: &Relation) -> Outcome {
    let fits = match alter.kind {
        ObjectKind::View => relation.kind == RelationKind::View,
        ObjectKind::MaterializedView => relation.kind == RelationKind::MaterializedView,
        ObjectKind::Sequence => relation.kind == RelationKind::Sequence,
        ObjectKind::ForeignTable => relation.kind == RelationKind::ForeignTable,
        _ => true,
    };
    if fits {
        return Ok(());
    }
    let message = format!("`{}` is not a {}", relation.name, problem::word(alter.kind));
    cx.refuse(problem::fails(problem::span(&alter.name), "42809", message, vec![Key::Relation(relation.name.clone())]))
}

/// The pass in which the server carries an action out. Postgres source: `AlterTablePass` in `tablecmds.c`.
fn pass(action: &AlterAction) -> u8 {
    match action {
        AlterAction::DropColumn { .. } | AlterAction::DropConstraint { .. } | AlterAction::DropNotNull { .. } => 0,
        AlterAction::DropExpression { .. } | AlterAction::DropIdentity { .. } | AlterAction::DropDefault { .. } => 0,
        AlterAction::SetType { .. } => 1,
        AlterAction::AddColumn { .. } => 2,
        AlterAction::SetExpression { .. } => 3,
        AlterAction::SetNotNull { .. } | AlterAction::AddIdentity { .. } | AlterAction::SetIdentity { .. } => 4,
        AlterAction::AddConstraint(def) => match def.kind {
            crate::sql::ddl::ConstraintKind::PrimaryKey { .. }
            | crate::sql::ddl::ConstraintKind::Unique { .. }
            | crate::sql::ddl::ConstraintKind::Exclude { .. }
            | crate::sql::ddl::ConstraintKind::UsingIndex { .. } => 5,
            _ => 6,
        },
        AlterAction::SetDefault { .. } => 6,
        _ => 7,
    }
}

fn apply(cx: &mut Cx<'_>, alter: &AlterTable, id: RelationId, action: &AlterAction) -> Outcome {
    let only = alter.only;
    match action {
        AlterAction::AddColumn { column, if_not_exists } => column::add(cx, id, column, *if_not_exists, only),
        AlterAction::DropColumn { name, if_exists, cascade } => column::drop(cx, id, name, *if_exists, *cascade, only),
        AlterAction::RenameColumn { from, to } => column::rename(cx, id, from, to, only),
        AlterAction::RenameConstraint { from, to } => constraint::rename(cx, id, from, to),
        AlterAction::RenameTo(to) => rename::relation(cx, id, to),
        AlterAction::SetType { column, ty, collation, using } => {
            column::set_type(cx, id, column, ty, collation.as_ref(), using.as_ref(), only)
        }
        AlterAction::SetDefault { column, default } => column::change_default(cx, id, column, Some(default), only),
        AlterAction::DropDefault { column } => column::change_default(cx, id, column, None, only),
        AlterAction::SetNotNull { column } => column::change_not_null(cx, id, column, true, only),
        AlterAction::DropNotNull { column } => column::change_not_null(cx, id, column, false, only),
        AlterAction::SetExpression { column, expr } => column::change_expression(cx, id, column, Some(expr), false),
        AlterAction::DropExpression { column, if_exists } => {
            column::change_expression(cx, id, column, None, *if_exists)
        }
        AlterAction::AddIdentity { column, always, options } => column::add_identity(cx, id, column, *always, options),
        AlterAction::SetIdentity { column, always, .. } => column::set_identity(cx, id, column, *always),
        AlterAction::DropIdentity { column, if_exists } => column::drop_identity(cx, id, column, *if_exists),
        AlterAction::AddConstraint(def) => constraint::add(cx, id, def, constraint::Table::Existing),
        AlterAction::ValidateConstraint { name } => constraint::validate(cx, id, name),
        AlterAction::AlterConstraint { name, deferrable, initially_deferred } => {
            constraint::alter(cx, id, name, *deferrable, *initially_deferred)
        }
        AlterAction::DropConstraint { name, if_exists, cascade } => {
            constraint::drop(cx, id, name, *if_exists, *cascade, only)
        }
        AlterAction::AttachPartition { partition, bound } => inherit::attach(cx, id, partition, Some(bound)),
        AlterAction::DetachPartition { partition, .. } => inherit::detach(cx, id, partition),
        AlterAction::Inherit(parent) => {
            let parent = cx.relation(parent)?;
            inherit::attach(cx, parent.id, &alter.name, None)
        }
        AlterAction::NoInherit(parent) => {
            let parent = cx.relation(parent)?;
            inherit::detach(cx, parent.id, &alter.name)
        }
        AlterAction::OfType(of) => {
            let relation = cx.relation(&alter.name)?;
            let mut typed = Relation::clone(&relation);
            table::take_type_columns(cx, &mut typed, of)?;
            cx.schema.edit(id, |relation| relation.of_type = typed.of_type);
            Ok(())
        }
        AlterAction::NotOf => {
            cx.schema.edit(id, |relation| relation.of_type = None);
            Ok(())
        }
        AlterAction::RowLevelSecurity { enabled } => {
            trigger::row_security(cx, id, *enabled);
            Ok(())
        }
        AlterAction::Trigger { name, enabled } => trigger::enable(cx, id, name.as_ref(), *enabled),
        AlterAction::Owner(owner) => {
            cx.schema.edit(id, |relation| relation.owner = Some(owner.text.clone()));
            Ok(())
        }
        AlterAction::SetSchema(to) => rename::move_relation(cx, id, to),
        AlterAction::ReplicaIdentity(identity) => publication::identify(cx, id, identity),
        AlterAction::Unknown { reason } => {
            cx.make_opaque(id, reason);
            Ok(())
        }
        AlterAction::ForceRowLevelSecurity { .. } | AlterAction::Rule { .. } | AlterAction::NoEffect { .. } => Ok(()),
    }
}

/// `ALTER INDEX`.
fn index(cx: &mut Cx<'_>, alter: &AlterTable) -> Outcome {
    let schema = alter.name.schema.as_ref().map(|schema| &*schema.text);
    let Some((relation, position)) = cx.schema.find_index(schema, &alter.name.name.text) else {
        if alter.if_exists {
            return Ok(());
        }
        return Err(cx.no_relation(&alter.name));
    };
    let name = relation.indexes[position].name.clone();
    for (action, span) in &alter.actions {
        let span = if span.is_empty() { cx.at } else { *span };
        cx.part(span, |cx| match action {
            AlterAction::RenameTo(to) => rename::index(cx, relation.id, &name, to),
            AlterAction::AttachPartition { partition, .. } => attach_index(cx, relation.id, &name, partition),
            _ => Ok(()),
        })?;
    }
    Ok(())
}

/// `ALTER INDEX … ATTACH PARTITION`.
fn attach_index(
    cx: &mut Cx<'_>,
    parent: RelationId,
    name: &std::sync::Arc<str>,
    child: &crate::sql::ddl::ObjectName,
) -> Outcome {
    let schema = child.schema.as_ref().map(|schema| &*schema.text);
    let Some((relation, position)) = cx.schema.find_index(schema, &child.name.text) else {
        return Err(cx.no_relation(child));
    };
    let attached = relation.indexes[position].name.clone();
    cx.schema.edit(relation.id, |relation| {
        for index in relation.indexes.iter_mut().filter(|index| index.name == attached) {
            index.parent = Some(name.clone());
        }
    });
    // A partitioned index is valid once each partition has a part of it.
    let has_part = |id: RelationId| {
        cx.schema.relation(id).is_some_and(|it| it.indexes.iter().any(|index| index.parent.as_ref() == Some(name)))
    };
    let complete = cx.schema.children(parent).into_iter().all(has_part);
    cx.schema.edit(parent, |relation| {
        for index in relation.indexes.iter_mut().filter(|index| index.name == *name) {
            index.valid |= complete;
        }
    });
    constraint::touch(cx, parent, name);
    constraint::touch(cx, relation.id, &attached);
    Ok(())
}
