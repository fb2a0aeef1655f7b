//! Inheritance, partitions and `LIKE`: what tables take over from others.

use std::sync::Arc;

use super::{Cx, Outcome, Stop, column, constraint, drop, index, problem, sequence, table, trigger};
use crate::schema::{
    Column, ColumnNumber, Constraint, ConstraintKind, Index, Key, Relation, RelationId, RelationKind, Schema, names,
};
use crate::sql::ddl::{self, CreateTable, LikeOption, ObjectName, SequenceOptions};

/// A relation and, unless `only` it is meant, all that inherit from it.
pub(super) fn with_children(schema: &Schema, id: RelationId, only: bool) -> Vec<RelationId> {
    let mut all = vec![id];
    let mut at = 0;
    while let (false, Some(&parent)) = (only, all.get(at)) {
        let new: Vec<_> = schema.children(parent).into_iter().filter(|child| !all.contains(child)).collect();
        all.extend(new);
        at += 1;
    }
    all
}

/// The columns that a new table has from its parents or its type.
pub(super) fn take_columns(cx: &mut Cx<'_>, relation: &mut Relation, table: &CreateTable) -> Outcome {
    if let Some(of) = &table.of_type {
        table::take_type_columns(cx, relation, of)?;
    }
    for parent in table.inherits.iter().chain(&table.partition_of) {
        let parent = cx.relation(parent)?;
        relation.parents.push(parent.id);
        for column in &parent.columns {
            take_column(relation, column);
        }
        relation.opaque = relation.opaque.take().or(parent.opaque.clone());
    }
    if table.partition_of.is_some() {
        relation.partition_bound =
            Some(table.partition_bound.as_ref().map_or(String::new(), |bound| bound.text.to_string()));
    }
    Ok(())
}

fn take_column(relation: &mut Relation, column: &Column) {
    if let Some(existing) = relation.columns.iter_mut().find(|existing| existing.name == column.name) {
        existing.inherited += 1;
        existing.not_null |= column.not_null;
        return;
    }
    let column = Column { inherited: 1, local: false, identity: None, ..column.clone() };
    table::add(relation, column);
}

/// The checks that a new table has from its parents.
pub(super) fn take_checks(cx: &mut Cx<'_>, id: RelationId) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    for &parent in &relation.parents {
        let Some(parent) = cx.schema.relation(parent) else { continue };
        for constraint in parent.constraints.iter().filter(|constraint| passes_on(constraint)) {
            take_check(cx, id, &parent, constraint);
        }
    }
    Ok(())
}

fn passes_on(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::Check(_)) && !constraint.no_inherit
}

fn take_check(cx: &mut Cx<'_>, id: RelationId, parent: &Relation, constraint: &Constraint) {
    let Some(relation) = cx.schema.relation(id) else { return };
    if relation.constraint(&constraint.name).is_some() {
        cx.schema.edit(id, |relation| {
            for existing in relation.constraints.iter_mut().filter(|existing| existing.name == constraint.name) {
                existing.inherited += 1;
            }
        });
        return;
    }
    let columns = translated(parent, &relation, &constraint.columns);
    let copy = Constraint { inherited: 1, local: false, columns, ..constraint.clone() };
    cx.schema.edit(id, |relation| relation.constraints.push(copy));
    constraint::touch(cx, id, &constraint.name);
}

/// Columns of one relation as those of the same names of another.
fn translated(from: &Relation, to: &Relation, columns: &[ColumnNumber]) -> Vec<ColumnNumber> {
    columns.iter().filter_map(|&number| same_column(from, to, number)).collect()
}

fn same_column(from: &Relation, to: &Relation, number: ColumnNumber) -> Option<ColumnNumber> {
    to.column(&from.column_numbered(number)?.name).map(|column| column.number)
}

/// A column as `LIKE` copies it.
pub(super) fn like_column(column: &Column, including: &[LikeOption]) -> Column {
    let mut copy = Column { inherited: 0, local: true, origin: None, ..column.clone() };
    if !including.contains(&LikeOption::Defaults) {
        copy.default = None;
        copy.default_depends.clear();
    }
    if !including.contains(&LikeOption::Generated) {
        copy.generated = None;
    }
    if !including.contains(&LikeOption::Identity) {
        copy.identity = None;
    }
    copy
}

/// What `LIKE` copies besides columns.
pub(super) fn copy_like(cx: &mut Cx<'_>, id: RelationId, source: RelationId, including: &[LikeOption]) -> Outcome {
    let (Some(source), Some(relation)) = (cx.schema.relation(source), cx.schema.relation(id)) else { return Ok(()) };
    if including.contains(&LikeOption::Generated) {
        cx.schema.edit(id, |relation| {
            let copy = relation.clone();
            for generated in relation.columns.iter_mut().filter_map(|column| column.generated.as_mut()) {
                generated.mentions = translated(&source, &copy, &generated.mentions);
            }
        });
    }
    if including.contains(&LikeOption::Identity) {
        for column in relation.columns.iter().filter(|column| column.identity.is_some()) {
            sequence::for_column(cx, id, column.number, true, &SequenceOptions::default())?;
            // The copy counts as `bigint`, whatever the column is.
            sequence::widen(cx, id, column.number);
        }
    }
    if including.contains(&LikeOption::Constraints) {
        for constraint in source.constraints.iter().filter(|it| matches!(it.kind, ConstraintKind::Check(_))) {
            take_check(cx, id, &source, constraint);
            cx.schema.edit(id, |relation| {
                for copy in relation.constraints.iter_mut().filter(|copy| copy.name == constraint.name) {
                    copy.inherited = 0;
                    copy.local = true;
                }
            });
        }
    }
    if including.contains(&LikeOption::Indexes) {
        for index in &source.indexes {
            copy_index(cx, id, &source, index, None)?;
        }
    }
    Ok(())
}

/// Copies an index, and its constraint where it belongs to one, under a new name.
fn copy_index(cx: &mut Cx<'_>, id: RelationId, source: &Relation, index: &Index, parent: Option<Arc<str>>) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let mut copy = Index { parent, ..index.clone() };
    for key in &mut copy.keys {
        key.column = key.column.and_then(|number| same_column(source, &relation, number));
        key.mentions = translated(source, &relation, &key.mentions);
    }
    copy.include = translated(source, &relation, &index.include);
    copy.predicate_mentions = translated(source, &relation, &index.predicate_mentions);
    let owner = index.constraint.as_ref().and_then(|name| source.constraint(name));
    let limit = cx.schema.dialect.max_identifier_bytes.unwrap_or(usize::MAX);
    let addition = names::keys_addition(&index::key_names(&relation, &copy, limit), limit);
    let (addition, label) = match owner.map(|owner| &owner.kind) {
        Some(ConstraintKind::PrimaryKey) => ("", "pkey"),
        Some(ConstraintKind::Exclude) => (addition.as_str(), "excl"),
        Some(_) => (addition.as_str(), "key"),
        None => (addition.as_str(), "idx"),
    };
    let name = names::relation_name(cx.schema, &relation.schema, &relation.name, addition, label, owner.is_some());
    copy.name = name.clone();
    copy.constraint = owner.map(|_| name.clone());
    let copied = owner.map(|owner| Constraint {
        name: name.clone(),
        columns: translated(source, &relation, &owner.columns),
        inherited: u32::from(copy.parent.is_some()),
        local: copy.parent.is_none(),
        ..owner.clone()
    });
    let primary = copy.primary;
    cx.schema.edit(id, |relation| {
        let keys: Vec<ColumnNumber> = copy.columns().collect();
        relation.constraints.extend(copied);
        relation.indexes.push(copy);
        for column in relation.columns.iter_mut().filter(|column| primary && keys.contains(&column.number)) {
            column.not_null = true;
        }
    });
    constraint::touch(cx, id, &name);
    pass_index(cx, id, &name)
}

/// What a new partition has from its parent: indexes, foreign keys, triggers.
pub(super) fn take_from_partitioned(cx: &mut Cx<'_>, id: RelationId) -> Outcome {
    let Some(relation) = cx.schema.relation(id).filter(|relation| relation.partition_bound.is_some()) else {
        return Ok(());
    };
    for &parent in &relation.parents {
        let Some(parent) = cx.schema.relation(parent) else { continue };
        for index in &parent.indexes {
            give_index(cx, id, &parent, index)?;
        }
        for constraint in &parent.constraints {
            if matches!(constraint.kind, ConstraintKind::ForeignKey { .. }) {
                give_foreign_key(cx, id, &parent, constraint)?;
            }
        }
        trigger::give(cx, id, &parent);
        cx.touch_relation(parent.id);
    }
    Ok(())
}

/// An index of a partitioned table on a partition: the partition's own index where it has an equal one.
fn give_index(cx: &mut Cx<'_>, id: RelationId, parent: &Relation, index: &Index) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let keys: Vec<Option<ColumnNumber>> =
        index.keys.iter().map(|key| key.column.and_then(|number| same_column(parent, &relation, number))).collect();
    let equal = |own: &&Index| {
        own.parent.is_none()
            && own.unique == index.unique
            && own.method == index.method
            && own.keys.iter().map(|key| key.column).eq(keys.iter().copied())
            && !keys.contains(&None)
            && own.predicate.as_ref().map(|it| &it.text) == index.predicate.as_ref().map(|it| &it.text)
            && own.constraint.is_some() >= index.constraint.is_some()
    };
    let Some(own) = relation.indexes.iter().find(equal).map(|own| own.name.clone()) else {
        return copy_index(cx, id, parent, index, Some(index.name.clone()));
    };
    cx.schema.edit(id, |relation| {
        for own in relation.indexes.iter_mut().filter(|it| it.name == own) {
            own.parent = Some(index.name.clone());
        }
        for constraint in relation.constraints.iter_mut().filter(|it| it.name == own && index.constraint.is_some()) {
            constraint.inherited += 1;
        }
    });
    Ok(())
}

/// Gives the partitions of a table an index that it got.
pub(super) fn pass_index(cx: &mut Cx<'_>, id: RelationId, name: &Arc<str>) -> Outcome {
    let Some(relation) = cx.schema.relation(id).filter(|it| it.kind == RelationKind::PartitionedTable) else {
        return Ok(());
    };
    let Some(index) = relation.index(name) else { return Ok(()) };
    for child in cx.schema.children(id) {
        give_index(cx, child, &relation, index)?;
    }
    Ok(())
}

/// Gives those that inherit from a table a check that it got.
pub(super) fn pass_check(cx: &mut Cx<'_>, id: RelationId, constraint: &Constraint) {
    let Some(relation) = cx.schema.relation(id) else { return };
    for child in with_children(cx.schema, id, false).into_iter().skip(1) {
        take_check(cx, child, &relation, constraint);
    }
}

/// Gives the partitions of a table a foreign key that it got.
pub(super) fn pass_foreign_key(cx: &mut Cx<'_>, id: RelationId, constraint: &Constraint) -> Outcome {
    let Some(relation) = cx.schema.relation(id).filter(|it| it.kind == RelationKind::PartitionedTable) else {
        return Ok(());
    };
    for child in cx.schema.children(id) {
        give_foreign_key(cx, child, &relation, constraint)?;
    }
    Ok(())
}

fn give_foreign_key(cx: &mut Cx<'_>, id: RelationId, parent: &Relation, constraint: &Constraint) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let columns = translated(parent, &relation, &constraint.columns);
    let name = match relation.constraint(&constraint.name) {
        None => constraint.name.clone(),
        Some(_) => constraint::foreign_key_name(cx, &relation, &columns),
    };
    let copy = Constraint { name: name.clone(), columns, inherited: 1, local: false, ..constraint.clone() };
    cx.schema.edit(id, |relation| relation.constraints.push(copy.clone()));
    constraint::touch(cx, id, &name);
    pass_foreign_key(cx, id, &copy)
}

/// Gives those that inherit from a table a column that it got.
pub(super) fn pass_column(cx: &mut Cx<'_>, id: RelationId, new: &Column) -> Outcome {
    for child in cx.schema.children(id) {
        let Some(relation) = cx.schema.relation(child) else { continue };
        let existed = relation.column(&new.name).is_some();
        cx.schema.edit(child, |relation| take_column(relation, new));
        column::touch(cx, child, &new.name);
        if !existed {
            pass_column(cx, child, new)?;
        }
    }
    Ok(())
}

/// A column of a parent goes: those that inherit it lose it, or keep it as their own.
pub(super) fn release_column(cx: &mut Cx<'_>, id: RelationId, name: &Arc<str>, only: bool) -> Outcome {
    for child in cx.schema.children(id) {
        let Some(column) = cx.schema.relation(child).and_then(|child| child.column(name).cloned()) else { continue };
        let left = column.inherited.saturating_sub(1);
        column::touch(cx, child, name);
        if left == 0 && !column.local && !only {
            release_column(cx, child, name, only)?;
            drop::remove(cx, vec![drop::Object::Column(child, column.number)], true, cx.at)?;
            continue;
        }
        cx.schema.edit(child, |relation| {
            for column in relation.columns.iter_mut().filter(|column| column.name == *name) {
                column.inherited = left;
                column.local |= only;
            }
        });
    }
    Ok(())
}

/// A constraint of a parent goes: those that inherit it lose it, or keep it as their own.
pub(super) fn release_constraint(cx: &mut Cx<'_>, id: RelationId, name: &Arc<str>, only: bool) {
    let Some(relation) = cx.schema.relation(id) else { return };
    let check = relation.constraint(name).is_some_and(|it| matches!(it.kind, ConstraintKind::Check(_)));
    for child in cx.schema.children(id) {
        let inherits = |it: &&Constraint| it.name == *name && it.inherited > 0;
        let Some(found) = cx.schema.relation(child).and_then(|child| child.constraints.iter().find(inherits).cloned())
        else {
            continue;
        };
        constraint::touch(cx, child, name);
        if found.inherited == 1 && !found.local && !only {
            release_constraint(cx, child, name, only);
            cx.schema.edit(child, |relation| {
                relation.constraints.retain(|it| it.name != *name);
                relation.indexes.retain(|it| check || it.constraint.as_ref() != Some(name));
            });
            continue;
        }
        cx.schema.edit(child, |relation| {
            for constraint in relation.constraints.iter_mut().filter(|it| it.name == *name) {
                constraint.inherited = constraint.inherited.saturating_sub(1);
                constraint.local |= only;
            }
        });
    }
}

/// `ATTACH PARTITION` and `INHERIT`.
pub(super) fn attach(cx: &mut Cx<'_>, parent: RelationId, child: &ObjectName, bound: Option<&ddl::Expr>) -> Outcome {
    let child_relation = cx.relation(child)?;
    let id = child_relation.id;
    let Some(parent_relation) = cx.schema.relation(parent) else { return Ok(()) };
    for column in &parent_relation.columns {
        if child_relation.column(&column.name).is_none() && child_relation.opaque.is_none() {
            let message = format!("child table is missing column `{}`", column.name);
            let about = vec![Key::Column(child_relation.name.clone(), column.name.clone())];
            cx.refuse(problem::fails(problem::span(child), "42804", message, about))?;
        }
    }
    cx.schema.edit(id, |relation| {
        relation.parents.push(parent);
        relation.partition_bound = bound.map(|bound| bound.text.to_string()).or(relation.partition_bound.take());
        for column in relation.columns.iter_mut() {
            if parent_relation.column(&column.name).is_some() {
                column.inherited += 1;
                // A partition's columns are its parent's alone.
                column.local &= bound.is_none();
            }
        }
    });
    for constraint in parent_relation.constraints.iter().filter(|constraint| passes_on(constraint)) {
        take_check(cx, id, &parent_relation, constraint);
    }
    if bound.is_some() {
        take_from_partitioned(cx, id)?;
    }
    cx.touch_relation(id);
    cx.touch_relation(parent);
    Ok(())
}

/// `DETACH PARTITION` and `NO INHERIT`.
pub(super) fn detach(cx: &mut Cx<'_>, parent: RelationId, child: &ObjectName) -> Outcome {
    let relation = cx.relation(child)?;
    let Some(parent_relation) = cx.schema.relation(parent) else { return Ok(()) };
    if !relation.parents.contains(&parent) {
        let message = format!("relation `{}` is not a partition or child of `{}`", relation.name, parent_relation.name);
        let about = vec![Key::Relation(relation.name.clone())];
        return Err(Stop::Fails(problem::fails(problem::span(child), "42P01", message, about)));
    }
    cx.schema.edit(relation.id, |relation| {
        relation.parents.retain(|&id| id != parent);
        relation.partition_bound = None;
        for column in relation.columns.iter_mut().filter(|column| column.inherited > 0) {
            column.inherited -= 1;
            column.local = true;
        }
        for constraint in relation.constraints.iter_mut().filter(|constraint| constraint.inherited > 0) {
            constraint.inherited -= 1;
            constraint.local = true;
        }
        for index in &mut relation.indexes {
            index.parent = None;
        }
        relation.triggers.retain(|trigger| !trigger.inherited);
    });
    cx.touch_relation(relation.id);
    cx.touch_relation(parent);
    Ok(())
}
