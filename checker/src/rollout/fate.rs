//! What a step did to a named thing.

use std::sync::Arc;

use crate::schema::{Column, Key, Relation, Schema, Type};

/// What became of a named thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has another name.
    Renamed(String),
    /// It is in another schema.
    Moved(String),
    /// It is gone.
    Dropped,
    /// It was not there before.
    Added,
    /// It has another type: before, after.
    Retyped(String, String),
    /// It no longer takes NULL.
    Required,
    /// It takes NULL now.
    Optional,
    /// It has no default any more.
    WithoutDefault,
    /// It is computed now.
    Generated,
    /// It is another thing of the same name.
    Recreated,
    /// Something else.
    Changed,
}

impl Fate {
    /// What happened, to follow the thing's name and a comma: `renamed here`.
    pub fn here(&self) -> String {
        match self {
            Fate::Renamed(to) => format!("renamed to `{to}` here"),
            Fate::Moved(to) => format!("moved to schema `{to}` here"),
            Fate::Dropped => "dropped here".to_owned(),
            Fate::Added => "added here".to_owned(),
            Fate::Retyped(from, to) => format!("changed from {from} to {to} here"),
            Fate::Required => "NOT NULL from here on".to_owned(),
            Fate::Optional => "nullable from here on".to_owned(),
            Fate::WithoutDefault => "without a default from here on".to_owned(),
            Fate::Generated => "generated from here on".to_owned(),
            Fate::Recreated => "recreated here".to_owned(),
            Fate::Changed => "changed here".to_owned(),
        }
    }
}

/// What a step did to what a key names.
pub(crate) fn fate(before: &Schema, after: &Schema, key: &Key) -> Fate {
    match key {
        Key::Relation(name) => relation_fate(before, after, name).unwrap_or(Fate::Changed),
        Key::Column(relation, column) => column_fate(before, after, relation, column),
        Key::Type(name) => type_fate(before, after, name),
        Key::Label(ty, label) => label_fate(before, after, ty, label),
        Key::Routine(name) => routine_fate(before, after, name),
        Key::Constraint(relation, name) => constraint_fate(before, after, relation, name),
        Key::Schema(name) => match (before.namespaces.get(name), after.namespaces.get(name)) {
            (Some(_), None) => Fate::Dropped,
            (None, Some(_)) => Fate::Added,
            _ => Fate::Changed,
        },
        Key::Trigger(..) | Key::Operator(_) | Key::Everything => Fate::Changed,
    }
}

/// The relation of a bare name: one that an unqualified name finds, else the first of any schema.
pub(crate) fn relation_named(schema: &Schema, name: &str) -> Option<Arc<Relation>> {
    let visible = schema.find_relation(None, name);
    visible.or_else(|| schema.relations.values().find(|it| *it.name == *name).map(|it| it.shared().clone()))
}

fn relation_fate(before: &Schema, after: &Schema, name: &str) -> Option<Fate> {
    let (old, new) = (relation_named(before, name), relation_named(after, name));
    let Some(old) = old else { return new.map(|_| Fate::Added) };
    if let Some(kept) = after.relation(old.id) {
        if kept.name != old.name {
            return Some(Fate::Renamed(kept.name.to_string()));
        }
        if kept.schema != old.schema {
            return Some(Fate::Moved(kept.schema.to_string()));
        }
        return None;
    }
    Some(if new.is_some() { Fate::Recreated } else { Fate::Dropped })
}

fn column_fate(before: &Schema, after: &Schema, relation: &str, name: &str) -> Fate {
    let old = relation_named(before, relation);
    let Some((table, column)) = old.as_ref().and_then(|table| Some((table, table.column(name)?))) else {
        let new = relation_named(after, relation).and_then(|table| table.column(name).cloned());
        return if new.is_some() {
            Fate::Added
        } else {
            relation_fate(before, after, relation).unwrap_or(Fate::Changed)
        };
    };
    if let Some(kept) = after.relation(table.id) {
        return match kept.column_numbered(column.number) {
            Some(now) if now.name != column.name => Fate::Renamed(now.name.to_string()),
            Some(now) => altered(before, after, column, now),
            None if kept.column(name).is_some() => Fate::Recreated,
            None => Fate::Dropped,
        };
    }
    match relation_named(after, relation).map(|table| table.column(name).cloned()) {
        Some(Some(now)) => match altered(before, after, column, &now) {
            Fate::Changed => Fate::Recreated,
            fate => fate,
        },
        _ => Fate::Dropped,
    }
}

fn altered(before: &Schema, after: &Schema, old: &Column, new: &Column) -> Fate {
    let print = |schema: &Schema, ty: Type| schema.format_type(ty);
    if old.ty != new.ty {
        let (from, to) = (print(before, old.ty), print(after, new.ty));
        if from != to {
            return Fate::Retyped(from, to);
        }
    }
    if new.generated.is_some() && old.generated.is_none() || new.identity == Some(true) && old.identity != Some(true) {
        return Fate::Generated;
    }
    if new.not_null != old.not_null {
        return if new.not_null { Fate::Required } else { Fate::Optional };
    }
    if old.default.is_some() && new.default.is_none() {
        return Fate::WithoutDefault;
    }
    Fate::Changed
}

fn type_fate(before: &Schema, after: &Schema, name: &str) -> Fate {
    let find = |schema: &Schema| {
        let anywhere = || schema.type_names.iter().find(|((_, known), _)| **known == *name).map(|(_, id)| *id);
        schema.find_type(None, name).or_else(anywhere)
    };
    match (find(before), find(after)) {
        (None, Some(_)) => Fate::Added,
        (Some(old), new) => match after.type_info(old) {
            Some(kept) if kept.name != name => Fate::Renamed(kept.name.to_string()),
            Some(_) => Fate::Changed,
            None if new.is_some() => Fate::Recreated,
            None => Fate::Dropped,
        },
        (None, None) => Fate::Changed,
    }
}

fn label_fate(before: &Schema, after: &Schema, ty: &str, label: &str) -> Fate {
    let labels = |schema: &Schema| -> Option<Vec<Arc<str>>> {
        let id = schema.type_names.iter().find(|((_, known), _)| **known == *ty).map(|(_, id)| *id)?;
        schema.labels(id).map(<[Arc<str>]>::to_vec)
    };
    let (Some(old), Some(new)) = (labels(before), labels(after)) else { return type_fate(before, after, ty) };
    let at = |labels: &[Arc<str>]| labels.iter().position(|known| **known == *label);
    match (at(&old), at(&new)) {
        (None, Some(_)) => Fate::Added,
        (Some(place), None) if old.len() == new.len() => {
            new.get(place).map_or(Fate::Dropped, |to| Fate::Renamed(to.to_string()))
        }
        (Some(_), None) => Fate::Dropped,
        _ => Fate::Changed,
    }
}

fn routine_fate(before: &Schema, after: &Schema, name: &str) -> Fate {
    let ids = |schema: &Schema| -> Vec<_> {
        schema.routines.values().filter(|routine| routine.signature.name == name).map(|routine| routine.id).collect()
    };
    let (old, new) = (ids(before), ids(after));
    let renamed = old.iter().filter_map(|id| after.routines.get(id)).find(|routine| routine.signature.name != name);
    match (old.is_empty(), new.is_empty()) {
        (true, false) => Fate::Added,
        (false, true) => renamed.map_or(Fate::Dropped, |routine| Fate::Renamed(routine.signature.name.to_string())),
        _ => Fate::Changed,
    }
}

fn constraint_fate(before: &Schema, after: &Schema, relation: &str, name: &str) -> Fate {
    let has = |schema: &Schema| {
        relation_named(schema, relation).map(|table| table.constraint(name).is_some() || table.index(name).is_some())
    };
    match (has(before), has(after)) {
        (Some(true), Some(false)) => Fate::Dropped,
        (Some(false), Some(true)) => Fate::Added,
        _ => Fate::Changed,
    }
}
