//! `… RENAME TO`, `… SET SCHEMA` and `… OWNER TO`.

use std::sync::Arc;

use super::{Cx, Outcome, Stop, column, constraint, create, problem, publication, routine, types};
use crate::schema::store::QualifiedName;
use crate::schema::{Key, Relation, RelationId, RelationKind};
use crate::sql::ddl::{Name, ObjectKind, ObjectName, ObjectRef};

pub(super) fn rename(cx: &mut Cx<'_>, kind: ObjectKind, object: &ObjectRef, if_exists: bool, to: &Name) -> Outcome {
    match rename_object(cx, kind, object, to) {
        Err(Stop::Fails(_)) if if_exists => Ok(()),
        outcome => outcome,
    }
}

fn rename_object(cx: &mut Cx<'_>, kind: ObjectKind, object: &ObjectRef, to: &Name) -> Outcome {
    match (kind, object) {
        (ObjectKind::Schema, ObjectRef::Name(name)) => namespace(cx, name, to),
        (ObjectKind::Type | ObjectKind::Domain, ObjectRef::Name(name)) => ty(cx, name, to),
        (_, ObjectRef::Routine(signature)) => {
            let id = routine::find(cx, kind, signature)?;
            routine::touch(cx, id);
            cx.schema.edit_routine(id, |routine| routine.signature.name = to.text.to_string().into());
            routine::touch(cx, id);
            Ok(())
        }
        (ObjectKind::Column, ObjectRef::On { name, relation }) => {
            let relation = cx.relation(relation)?;
            column::rename(cx, relation.id, name, to, false)
        }
        (ObjectKind::Constraint, ObjectRef::On { name, relation }) => {
            let relation = cx.relation(relation)?;
            constraint::rename(cx, relation.id, name, to)
        }
        (_, ObjectRef::On { name, relation }) => part(cx, kind, name, relation, to),
        (kind, ObjectRef::Name(name)) if is_relation(kind) => {
            let schema = name.schema.as_ref().map(|schema| &*schema.text);
            if let Some((relation, position)) = cx.schema.find_index(schema, &name.name.text) {
                let from = relation.indexes[position].name.clone();
                return index(cx, relation.id, &from, to);
            }
            let found = cx.relation(name)?;
            relation(cx, found.id, to)
        }
        (kind, ObjectRef::Name(name)) => {
            let key = (kind, create::other_schema(cx, name), name.name.text.clone());
            if kind == ObjectKind::Publication {
                publication::rename(cx, &name.name.text, &to.text);
            }
            if cx.schema.others.remove_mut(&key) {
                cx.schema.others.insert_mut((kind, key.1, to.text.clone()), ());
            }
            Ok(())
        }
        (_, ObjectRef::Operator { .. } | ObjectRef::Cast { .. }) => Ok(()),
    }
}

fn is_relation(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::ForeignTable
            | ObjectKind::Sequence
            | ObjectKind::Index
    )
}

/// Renames a trigger, rule or policy.
fn part(cx: &mut Cx<'_>, kind: ObjectKind, from: &Name, on: &ObjectName, to: &Name) -> Outcome {
    let relation = cx.relation(on)?;
    let mut found = false;
    cx.schema.edit(relation.id, |relation| {
        let triggers = relation.triggers.iter_mut().map(|it| (ObjectKind::Trigger, &mut it.name));
        let rules = relation.rules.iter_mut().map(|it| (ObjectKind::Rule, &mut it.name));
        let policies = relation.policies.iter_mut().map(|it| (ObjectKind::Policy, &mut it.name));
        for (of, name) in triggers.chain(rules).chain(policies) {
            if of == kind && *name == from.text {
                *name = to.text.clone();
                found = true;
            }
        }
        relation.triggers.sort_by(|a, b| a.name.cmp(&b.name));
    });
    cx.touch(Key::Trigger(relation.name.clone(), from.text.clone()));
    cx.touch(Key::Trigger(relation.name.clone(), to.text.clone()));
    cx.touch_relation(relation.id);
    if found {
        return Ok(());
    }
    let about = Key::Trigger(relation.name.clone(), from.text.clone());
    let missing = problem::missing(problem::word(kind), &from.text, from.span, "42704", about);
    Err(cx.missing(&create::plain(from), missing))
}

/// Renames a table or another relation.
pub(super) fn relation(cx: &mut Cx<'_>, id: RelationId, to: &Name) -> Outcome {
    let Some(found) = cx.schema.relation(id) else { return Ok(()) };
    if found.name == to.text {
        return Ok(());
    }
    give_name(cx, &found, &(found.schema.clone(), to.text.clone()), to)
}

/// Moves a relation, its indexes and owned sequences to another schema.
pub(super) fn move_relation(cx: &mut Cx<'_>, id: RelationId, to: &Name) -> Outcome {
    if !cx.schema.namespaces.contains_key(&to.text) {
        return Err(cx.missing(&create::plain(to), problem::no_schema(to)));
    }
    let Some(found) = cx.schema.relation(id).filter(|found| found.schema != to.text) else { return Ok(()) };
    give_name(cx, &found, &(to.text.clone(), found.name.clone()), to)?;
    for column in &found.columns {
        for sequence in super::sequence::of_column(cx.schema, id, column.number) {
            let name = cx.schema.relation(sequence).map(|sequence| sequence.name.clone());
            if let Some(name) = name {
                crate::schema::rename::relation(cx.schema, sequence, &to.text, &name);
            }
        }
    }
    Ok(())
}

fn give_name(cx: &mut Cx<'_>, relation: &Relation, at: &QualifiedName, written: &Name) -> Outcome {
    let name = ObjectName { schema: None, name: Name { text: at.1.clone(), span: written.span } };
    create::is_free(cx, at, &name, false)?;
    cx.touch_relation(relation.id);
    cx.touch(Key::Type(relation.name.clone()));
    if !cx.schema.dialect.definition.views_bind && !cx.schema.session.renames_plainly {
        crate::schema::references::rename_relation(cx.schema, relation.id, &at.1);
    }
    crate::schema::rename::relation(cx.schema, relation.id, &at.0, &at.1);
    cx.touch_relation(relation.id);
    cx.touch(Key::Type(at.1.clone()));
    constraint::bind_waiting(cx, relation.id, &at.1);
    Ok(())
}

/// Renames an index, with the constraint that it belongs to.
pub(super) fn index(cx: &mut Cx<'_>, id: RelationId, from: &Arc<str>, to: &Name) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let name = ObjectName { schema: None, name: to.clone() };
    create::is_free(cx, &(relation.schema.clone(), to.text.clone()), &name, false)?;
    let owner = relation.index(from).and_then(|index| index.constraint.clone());
    match owner {
        Some(owner) => crate::schema::rename::constraint(cx.schema, id, &owner, &to.text),
        None => {
            cx.schema.edit(id, |relation| {
                for index in relation.indexes.iter_mut().filter(|index| index.name == *from) {
                    index.name = to.text.clone();
                }
            });
            crate::schema::rename::index_references(cx.schema, id, from, &to.text);
        }
    }
    constraint::touch(cx, id, from);
    constraint::touch(cx, id, &to.text);
    Ok(())
}

fn ty(cx: &mut Cx<'_>, name: &ObjectName, to: &Name) -> Outcome {
    let id = types::find(cx, name)?;
    let Some(ty) = cx.schema.types.get(&id).cloned() else { return Err(Stop::Clouded) };
    let namespace: Arc<str> = Arc::from(&*ty.info.schema);
    if cx.schema.type_in(&namespace, &to.text).is_some() {
        cx.refuse(problem::type_exists(&ObjectName { schema: None, name: to.clone() }))?;
        return Ok(());
    }
    types::touch(cx, id);
    match ty.relation.and_then(|id| cx.schema.relation(id)) {
        Some(relation) if relation.kind == RelationKind::Composite => {
            crate::schema::rename::relation(cx.schema, relation.id, &namespace, &to.text);
        }
        _ => crate::schema::rename::ty(cx.schema, id, &namespace, &to.text),
    }
    types::touch(cx, id);
    Ok(())
}

fn namespace(cx: &mut Cx<'_>, name: &ObjectName, to: &Name) -> Outcome {
    if !cx.schema.namespaces.contains_key(&name.name.text) {
        return Err(cx.missing(name, problem::no_schema(&name.name)));
    }
    if cx.schema.namespaces.contains_key(&to.text) {
        let about = Key::Schema(to.text.clone());
        return Err(Stop::Fails(problem::exists("schema", &to.text, to.span, "42P06", about)));
    }
    crate::schema::rename::namespace(cx.schema, &name.name.text, &to.text);
    cx.touch(Key::Schema(name.name.text.clone()));
    cx.touch(Key::Schema(to.text.clone()));
    touch_all_in(cx, &to.text);
    Ok(())
}

/// Notes that everything in a schema changed.
fn touch_all_in(cx: &mut Cx<'_>, namespace: &Arc<str>) {
    let relations = cx.schema.relations.values().filter(|it| it.schema == *namespace);
    let mut keys: Vec<Key> = relations.map(|it| Key::Relation(it.name.clone())).collect();
    let types = cx.schema.types.values().filter(|it| it.info.schema == **namespace);
    keys.extend(types.map(|it| Key::Type(Arc::from(&*it.info.name))));
    let routines = cx.schema.routines.values().filter(|it| it.signature.schema == **namespace);
    keys.extend(routines.map(|it| Key::Routine(Arc::from(&*it.signature.name))));
    for key in keys {
        cx.touch(key);
    }
}

pub(super) fn set_schema(cx: &mut Cx<'_>, kind: ObjectKind, object: &ObjectRef, if_exists: bool, to: &Name) -> Outcome {
    match move_object(cx, kind, object, to) {
        Err(Stop::Fails(_)) if if_exists => Ok(()),
        outcome => outcome,
    }
}

fn move_object(cx: &mut Cx<'_>, kind: ObjectKind, object: &ObjectRef, to: &Name) -> Outcome {
    if !cx.schema.namespaces.contains_key(&to.text) {
        return Err(cx.missing(&create::plain(to), problem::no_schema(to)));
    }
    match (kind, object) {
        (ObjectKind::Type | ObjectKind::Domain, ObjectRef::Name(name)) => {
            let id = types::find(cx, name)?;
            let Some(ty) = cx.schema.types.get(&id).cloned() else { return Err(Stop::Clouded) };
            types::touch(cx, id);
            match ty.relation {
                Some(relation) => crate::schema::rename::relation(cx.schema, relation, &to.text, &name.name.text),
                None => crate::schema::rename::ty(cx.schema, id, &to.text, &name.name.text),
            }
            Ok(())
        }
        (_, ObjectRef::Routine(signature)) => {
            let id = routine::find(cx, kind, signature)?;
            cx.schema.edit_routine(id, |routine| routine.signature.schema = to.text.to_string().into());
            routine::touch(cx, id);
            Ok(())
        }
        (ObjectKind::Extension, ObjectRef::Name(name)) => {
            crate::schema::extension::relocate(cx.schema, &name.name.text, &to.text);
            cx.touch(Key::Everything);
            Ok(())
        }
        (kind, ObjectRef::Name(name)) if is_relation(kind) => {
            let relation = cx.relation(name)?;
            move_relation(cx, relation.id, to)
        }
        _ => Ok(()),
    }
}

pub(super) fn set_owner(cx: &mut Cx<'_>, kind: ObjectKind, object: &ObjectRef, owner: &Name) -> Outcome {
    if let (true, ObjectRef::Name(name)) = (is_relation(kind), object) {
        let relation = cx.relation(name)?;
        cx.schema.edit(relation.id, |relation| relation.owner = Some(owner.text.clone()));
        cx.touch(Key::Relation(relation.name.clone()));
    }
    Ok(())
}
