//! `DROP`, and the fall of what depends on what is dropped.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Cx, Outcome, Stop, constraint, create, problem, publication, rights, routine, types};
use crate::schema::depend::{Strength, dependents};
use crate::schema::store::{QualifiedName, Target};
use crate::schema::{
    ColumnNumber, ConstraintKind, Dependency, Kept, Key, Named, Relation, RelationId, RelationKind, Schema,
};
use crate::source::Span;
use crate::sql::ddl::{self, Name, ObjectKind, ObjectName, ObjectRef};

pub(super) use crate::schema::depend::Object;

pub(super) fn drop(cx: &mut Cx<'_>, drop: &ddl::Drop) -> Outcome {
    if drop.kind == ObjectKind::Owned {
        return owned(cx, drop);
    }
    let mut roots = Vec::new();
    let mut span = Span::default();
    for object in &drop.objects {
        match find(cx, drop.kind, object) {
            Ok(found) => {
                roots.extend(found);
                span = if span.is_empty() { written(object) } else { span.to(written(object)) };
            }
            Err(Stop::Fails(problem)) if drop.if_exists => {
                if cx.wary {
                    cx.report(problem);
                }
            }
            Err(stop) => cx.part(cx.at, |_| Err(stop))?,
        }
    }
    remove(cx, roots, drop.cascade, span)
}

/// `DROP OWNED BY`: what the roles own, as far as that is known, and their rights.
fn owned(cx: &mut Cx<'_>, drop: &ddl::Drop) -> Outcome {
    let mut roots = Vec::new();
    for object in &drop.objects {
        let ObjectRef::Name(role) = object else { continue };
        let role = &role.name.text;
        let owned = cx.schema.relations.values().filter(|relation| relation.owner.as_ref() == Some(role));
        roots.extend(owned.map(|relation| Object::Relation(relation.id)));
        rights::forget_role(cx, role);
    }
    remove(cx, roots, drop.cascade, cx.at)
}

/// The span of an object's name.
fn written(object: &ObjectRef) -> Span {
    match object {
        ObjectRef::Name(name) | ObjectRef::Operator { name, .. } => problem::span(name),
        ObjectRef::Routine(signature) => problem::span(&signature.name),
        ObjectRef::On { name, .. } => name.span,
        ObjectRef::Cast { source, target } => source.span.to(target.span),
    }
}

/// The object that a statement names; nothing for one whose kind the model does not follow.
fn find(cx: &mut Cx<'_>, kind: ObjectKind, object: &ObjectRef) -> Outcome<Option<Object>> {
    match (kind, object) {
        (ObjectKind::Schema, ObjectRef::Name(name)) => {
            let known = cx.schema.namespaces.contains_key(&name.name.text);
            let missing = cx.missing(name, problem::no_schema(&name.name));
            if known { Ok(Some(Object::Namespace(name.name.text.clone()))) } else { Err(missing) }
        }
        (ObjectKind::Extension, ObjectRef::Name(name)) => extension(cx, name).map(Some),
        (ObjectKind::Type | ObjectKind::Domain, ObjectRef::Name(name)) => droppable_type(cx, name).map(Some),
        (ObjectKind::Index, ObjectRef::Name(name)) => index(cx, name).map(Some),
        (_, ObjectRef::Routine(signature)) => routine::find(cx, kind, signature).map(|id| Some(Object::Routine(id))),
        (ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy, ObjectRef::On { name, relation }) => {
            on_relation(cx, kind, name, relation).map(Some)
        }
        (ObjectKind::Trigger, ObjectRef::Name(name)) => trigger(cx, name).map(Some),
        (_, ObjectRef::Operator { name, left, right }) => {
            let operand = |ty: &Option<ddl::TypeName>| ty.as_ref().map(|ty| cx.schema.resolve_type(ty)).transpose();
            let (left, right) = (operand(left)?.map(|ty| ty.id), operand(right)?.map(|ty| ty.id));
            Ok(Some(Object::Operator(name.name.text.clone(), left, right.unwrap_or_default())))
        }
        (_, ObjectRef::Cast { source, target }) => {
            let (source, target) = (cx.schema.resolve_type(source)?, cx.schema.resolve_type(target)?);
            Ok(Some(Object::Cast(source.id, target.id)))
        }
        (kind, ObjectRef::Name(name)) if relation_kinds(kind).is_some() => relation(cx, kind, name).map(Some),
        (kind, ObjectRef::Name(name)) => {
            let schema = create::other_schema(cx, name);
            cx.schema.others.remove_mut(&(kind, schema, name.name.text.clone()));
            if kind == ObjectKind::Publication {
                publication::drop(cx, &name.name.text);
            }
            Ok(None)
        }
        (_, ObjectRef::On { .. }) => Ok(None),
    }
}

/// The kinds of relations that a statement may mean by a word.
fn relation_kinds(kind: ObjectKind) -> Option<&'static [RelationKind]> {
    match kind {
        ObjectKind::Table => Some(&[RelationKind::Table, RelationKind::PartitionedTable, RelationKind::Virtual]),
        ObjectKind::View => Some(&[RelationKind::View]),
        ObjectKind::MaterializedView => Some(&[RelationKind::MaterializedView]),
        ObjectKind::ForeignTable => Some(&[RelationKind::ForeignTable]),
        ObjectKind::Sequence => Some(&[RelationKind::Sequence]),
        _ => None,
    }
}

fn relation(cx: &mut Cx<'_>, kind: ObjectKind, name: &ObjectName) -> Outcome<Object> {
    let relation = cx.relation(name)?;
    if relation.kind == RelationKind::System {
        let message = format!("permission denied: `{}` is a system catalog", relation.name);
        return Err(Stop::Fails(problem::fails(problem::span(name), "42501", message, Vec::new())));
    }
    if !relation_kinds(kind).unwrap_or_default().contains(&relation.kind) {
        let message = format!("`{}` is not a {}", relation.name, problem::word(kind));
        let about = vec![Key::Relation(relation.name.clone())];
        cx.refuse(problem::fails(problem::span(name), "42809", message, about))?;
    }
    if let Some((table, _, true)) = relation.owned_by
        && let Some(table) = cx.schema.relation(table)
    {
        let message = format!(
            "cannot drop sequence `{}` because an identity column of `{}` requires it",
            relation.name, table.name
        );
        cx.refuse(problem::fails(problem::span(name), "2BP01", message, vec![Key::Relation(relation.name.clone())]))?;
    }
    Ok(Object::Relation(relation.id))
}

fn extension(cx: &Cx<'_>, name: &ObjectName) -> Outcome<Object> {
    if cx.schema.extensions.contains_key(&name.name.text) {
        return Ok(Object::Extension(name.name.text.clone()));
    }
    let about = Key::Everything;
    Err(Stop::Fails(problem::missing("extension", &name.name.text, name.name.span, "42704", about)))
}

fn droppable_type(cx: &mut Cx<'_>, name: &ObjectName) -> Outcome<Object> {
    let id = types::find(cx, name)?;
    let Some(ty) = cx.schema.types.get(&id) else { return Err(Stop::Clouded) };
    if let Some(relation) = ty.relation.and_then(|id| cx.schema.relation(id)) {
        if relation.kind == RelationKind::Composite {
            return Ok(Object::Relation(relation.id));
        }
        let message = format!("cannot drop type `{0}` because table `{0}` requires it", relation.name);
        let about = vec![Key::Type(relation.name.clone())];
        return Err(Stop::Fails(problem::fails(problem::span(name), "2BP01", message, about)));
    }
    Ok(Object::Type(id))
}

fn index(cx: &mut Cx<'_>, name: &ObjectName) -> Outcome<Object> {
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    let Some((relation, position)) = cx.schema.find_index(schema, &name.name.text) else {
        let about = vec![Key::Relation(name.name.text.clone())];
        let message = format!("index `{}` does not exist", problem::shown(name));
        return Err(cx.missing(name, problem::fails(problem::span(name), "42704", message, about)));
    };
    let index = &relation.indexes[position];
    if let Some(owner) = &index.constraint {
        let about = vec![Key::Constraint(relation.name.clone(), index.name.clone())];
        let message = format!(
            "cannot drop index `{}` because constraint `{owner}` on table `{}` requires it",
            index.name, relation.name
        );
        cx.refuse(problem::fails(problem::span(name), "2BP01", message, about))?;
        return Ok(Object::Constraint(relation.id, owner.clone()));
    }
    Ok(Object::Index(relation.id, index.name.clone()))
}

fn on_relation(cx: &Cx<'_>, kind: ObjectKind, name: &Name, on: &ObjectName) -> Outcome<Object> {
    let relation = cx.relation(on)?;
    let text = name.text.clone();
    let (found, object) = match kind {
        ObjectKind::Trigger => (relation.triggers.iter().any(|it| it.name == text), Object::Trigger(relation.id, text)),
        ObjectKind::Rule => (relation.rules.iter().any(|it| it.name == text), Object::Rule(relation.id, text)),
        _ => (relation.policies.iter().any(|it| it.name == text), Object::Policy(relation.id, text)),
    };
    if found {
        return Ok(object);
    }
    let message = format!("{} `{}` for table `{}` does not exist", problem::word(kind), name.text, relation.name);
    let about = vec![Key::Trigger(relation.name.clone(), name.text.clone())];
    Err(cx.missing(&create::plain(name), problem::fails(name.span, "42704", message, about)))
}

/// A trigger by its name alone.
fn trigger(cx: &Cx<'_>, name: &ObjectName) -> Outcome<Object> {
    let text = &name.name.text;
    let bears = |relation: &&Kept<Relation>| relation.triggers.iter().any(|trigger| trigger.name == *text);
    if let Some(relation) = cx.schema.relations.values().find(bears) {
        return Ok(Object::Trigger(relation.id, text.clone()));
    }
    let about = Key::Trigger(Arc::from(""), text.clone());
    Err(cx.missing(name, problem::missing("trigger", text, name.name.span, "42704", about)))
}

/// Takes objects out with all that falls with them. What stands in the way is refused, unless `cascade` is said.
pub(super) fn remove(cx: &mut Cx<'_>, roots: Vec<Object>, cascade: bool, span: Span) -> Outcome {
    let (all, blocking) = closure(cx.schema, roots);
    if let (false, Some((object, needed))) = (cascade, blocking) {
        let message =
            format!("cannot drop {} because {} depends on it", shown(cx.schema, &needed), shown(cx.schema, &object));
        let about = keys(cx.schema, &needed).into_iter().chain(keys(cx.schema, &object)).collect();
        let span = if span.is_empty() { cx.at } else { span };
        cx.refuse(problem::fails(span, "2BP01", message, about))?;
    }
    for object in &all {
        touch(cx, object);
    }
    for object in all.iter().rev() {
        take_out(cx, object);
    }
    Ok(())
}

/// The objects and all that depend on them, and one that stands in the way with what it needs.
fn closure(schema: &Schema, roots: Vec<Object>) -> (Vec<Object>, Option<(Object, Object)>) {
    // For each object: whether something else makes it fall silently, and what it needs.
    let mut falls: BTreeMap<Object, (bool, Object)> = BTreeMap::new();
    let mut all: Vec<Object> = Vec::new();
    for root in roots {
        if !falls.contains_key(&root) {
            falls.insert(root.clone(), (true, root.clone()));
            all.push(root);
        }
    }
    let mut at = 0;
    while let Some(object) = all.get(at).cloned() {
        at += 1;
        for (dependent, strength) in dependents(schema, &object) {
            let auto = strength == Strength::Auto || within(schema, &dependent, &all);
            match falls.get_mut(&dependent) {
                Some(known) => known.0 |= auto,
                None => {
                    falls.insert(dependent.clone(), (auto, object.clone()));
                    all.push(dependent);
                }
            }
        }
    }
    let blocks = |object: &&Object| falls.get(object).is_some_and(|(auto, _)| !auto) && !within(schema, object, &all);
    let first = all.iter().find(blocks).cloned();
    let blocking = first.and_then(|object| falls.get(&object).map(|(_, needs)| (object.clone(), needs.clone())));
    (all, blocking)
}

/// Whether an object is a part of a relation that goes as a whole.
fn within(schema: &Schema, object: &Object, all: &[Object]) -> bool {
    let id = match object {
        Object::Column(id, _)
        | Object::Default(id, _)
        | Object::Constraint(id, _)
        | Object::Index(id, _)
        | Object::Trigger(id, _)
        | Object::Rule(id, _)
        | Object::Policy(id, _) => *id,
        _ => return false,
    };
    let column = match object {
        Object::Default(_, number) => Some(Object::Column(id, *number)),
        Object::Index(_, name) => schema
            .relation(id)
            .and_then(|relation| relation.index(name)?.constraint.clone())
            .map(|owner| Object::Constraint(id, owner)),
        _ => None,
    };
    all.contains(&Object::Relation(id)) || column.is_some_and(|column| all.contains(&column))
}

fn take_out(cx: &mut Cx<'_>, object: &Object) {
    if let Object::Operator(..) | Object::Cast(..) = object {
        Arc::make_mut(&mut cx.schema.callers).retain(|(caller, _)| caller != object);
    }
    match object {
        Object::Namespace(name) => {
            cx.schema.namespaces.remove_mut(name);
        }
        Object::Extension(name) => {
            crate::schema::extension::remove(cx.schema, name);
        }
        Object::Relation(id) => take_out_relation(cx, *id),
        Object::Type(id) => cx.schema.take_out_type(*id),
        Object::Routine(id) => cx.schema.take_out_routine(*id),
        Object::Operator(name, left, right) => {
            let same = |it: &crate::dialect::catalog::CatalogOperator| {
                it.name == **name && it.left == *left && it.right == *right
            };
            Arc::make_mut(&mut cx.schema.operators).retain(|operator| !same(operator));
        }
        Object::Cast(source, target) => {
            Arc::make_mut(&mut cx.schema.casts).retain(|cast| (cast.source, cast.target) != (*source, *target));
        }
        Object::Column(id, number) => cx.schema.edit(*id, |it| it.columns.retain(|column| column.number != *number)),
        Object::Default(id, number) => cx.schema.edit(*id, |relation| {
            for column in relation.columns.iter_mut().filter(|column| column.number == *number) {
                column.default = None;
                column.default_depends.clear();
            }
        }),
        Object::Constraint(id, name) => cx.schema.edit(*id, |it| it.constraints.retain(|it| it.name != *name)),
        Object::Index(id, name) => cx.schema.edit(*id, |it| it.indexes.retain(|it| it.name != *name)),
        Object::Trigger(id, name) => take_out_trigger(cx.schema, *id, name),
        Object::Rule(id, name) => cx.schema.edit(*id, |it| it.rules.retain(|it| it.name != *name)),
        Object::Policy(id, name) => cx.schema.edit(*id, |it| it.policies.retain(|it| it.name != *name)),
    }
}

fn take_out_relation(cx: &mut Cx<'_>, id: RelationId) {
    let Some(relation) = cx.schema.relation(id) else { return };
    if cx.schema.dialect.definition.foreign_keys_wait {
        let users: Vec<RelationId> = cx.schema.users(Target::Relation(id)).collect();
        for user in users {
            cx.schema.edit(user, |user| {
                let refers =
                    |kind: &ConstraintKind| matches!(kind, ConstraintKind::ForeignKey { table, .. } if *table == id);
                for constraint in user.constraints.iter_mut().filter(|constraint| refers(&constraint.kind)) {
                    constraint.unbind(&relation);
                }
            });
        }
    }
    let array = cx.schema.type_info(relation.row_type).and_then(|info| info.array);
    for ty in array.into_iter().chain([relation.row_type]).filter(|ty| ty.is_user()) {
        cx.schema.take_out_type(ty);
    }
    cx.schema.take_out(id);
}

fn take_out_trigger(schema: &mut Schema, id: RelationId, name: &Arc<str>) {
    for id in super::inherit::with_children(schema, id, false) {
        schema.edit(id, |relation| relation.triggers.retain(|trigger| trigger.name != *name));
    }
}

/// Notes that an object goes.
fn touch(cx: &mut Cx<'_>, object: &Object) {
    if let Object::Constraint(id, name) | Object::Index(id, name) = object {
        constraint::touch(cx, *id, name);
    }
    for key in keys(cx.schema, object) {
        cx.touch(key);
    }
    if let Object::Column(id, _) | Object::Relation(id) | Object::Default(id, _) = object {
        cx.touch_relation(*id);
    }
    if let Object::Relation(id) = object {
        let referring: Vec<Key> = touched_by_relation(cx.schema, *id);
        for key in referring {
            cx.touch(key);
        }
    }
    if let Object::Type(id) = object {
        types::touch(cx, *id);
    }
}

/// The tables that a relation refers to: deleting from them no longer minds it.
fn touched_by_relation(schema: &Schema, id: RelationId) -> Vec<Key> {
    let Some(relation) = schema.relation(id) else { return Vec::new() };
    let mut keys = vec![Key::Type(relation.name.clone())];
    for constraint in &relation.constraints {
        if let ConstraintKind::ForeignKey { table, .. } = constraint.kind
            && let Some(table) = schema.relation(table)
        {
            keys.push(Key::Relation(table.name.clone()));
        }
    }
    keys
}

fn keys(schema: &Schema, object: &Object) -> Vec<Key> {
    let name = |id: &RelationId| schema.relation(*id).map_or(Arc::from(""), |relation| relation.name.clone());
    match object {
        Object::Namespace(name) => vec![Key::Schema(name.clone())],
        Object::Extension(_) | Object::Cast(..) => vec![Key::Everything],
        Object::Relation(id) => vec![Key::Relation(name(id))],
        Object::Column(id, number) | Object::Default(id, number) => {
            let relation = schema.relation(*id);
            let column = relation.as_ref().and_then(|relation| relation.column_numbered(*number));
            column.map(|column| Key::Column(name(id), column.name.clone())).into_iter().collect()
        }
        Object::Constraint(id, constraint) | Object::Index(id, constraint) => {
            vec![Key::Constraint(name(id), constraint.clone()), Key::Relation(name(id))]
        }
        Object::Trigger(id, trigger) => vec![Key::Trigger(name(id), trigger.clone()), Key::Relation(name(id))],
        Object::Rule(id, _) | Object::Policy(id, _) => vec![Key::Relation(name(id))],
        Object::Type(id) => {
            let name = schema.types.get(id).map(|ty| Arc::from(&*ty.info.name));
            name.map(Key::Type).into_iter().collect()
        }
        Object::Routine(id) => {
            let name = schema.routines.get(id).map(|routine| Arc::from(&*routine.signature.name));
            name.map(Key::Routine).into_iter().collect()
        }
        Object::Operator(name, ..) => vec![Key::Operator(name.clone())],
    }
}

/// An object as messages show it.
fn shown(schema: &Schema, object: &Object) -> String {
    let relation = |id: &RelationId| schema.relation(*id);
    let name = |id: &RelationId| relation(id).map_or(String::new(), |relation| relation.name.to_string());
    match object {
        Object::Namespace(name) => format!("schema `{name}`"),
        Object::Extension(name) => format!("extension `{name}`"),
        Object::Relation(id) => relation(id).map_or(String::new(), |it| format!("{} `{}`", it.kind.word(), it.name)),
        Object::Column(id, number) | Object::Default(id, number) => {
            let relation = relation(id);
            let column = relation.as_ref().and_then(|relation| relation.column_numbered(*number));
            let column = column.map_or("", |column| &column.name);
            let what = if matches!(object, Object::Default(..)) { "the default of column" } else { "column" };
            format!("{what} `{column}` of table `{}`", name(id))
        }
        Object::Constraint(id, constraint) => format!("constraint `{constraint}` on table `{}`", name(id)),
        Object::Index(id, index) => format!("index `{index}` on table `{}`", name(id)),
        Object::Trigger(id, trigger) => format!("trigger `{trigger}` on table `{}`", name(id)),
        Object::Rule(id, rule) => format!("rule `{rule}` on table `{}`", name(id)),
        Object::Policy(id, policy) => format!("policy `{policy}` on table `{}`", name(id)),
        Object::Type(id) => format!("type `{}`", schema.types.get(id).map_or("", |ty| &ty.info.name)),
        Object::Routine(id) => {
            format!("function `{}`", schema.routines.get(id).map_or("", |routine| &routine.signature.name))
        }
        Object::Operator(name, ..) => format!("operator `{name}`"),
        Object::Cast(..) => "a cast".to_owned(),
    }
}

/// Takes out what bears a name in the name space of relations, with all that depends on it.
pub(super) fn clear_relation_name(cx: &mut Cx<'_>, at: &QualifiedName) {
    let object = match cx.schema.relation_names.get(at) {
        Some(Named::Relation(id)) => Object::Relation(*id),
        Some(Named::Index(id)) => Object::Index(*id, at.1.clone()),
        None => return,
    };
    let (all, _) = closure(cx.schema, vec![object]);
    for object in &all {
        touch(cx, object);
    }
    for object in all.iter().rev() {
        take_out(cx, object);
    }
}

/// What fixes the type of a column, in words.
pub(super) fn fixes_type(schema: &Schema, id: RelationId, number: ColumnNumber) -> Option<String> {
    let relation = schema.relation(id)?;
    let exact = Dependency::Column(id, number);
    for user in schema.users(Target::Relation(id)).filter_map(|user| schema.relation(user)) {
        if user.view.as_ref().is_some_and(|view| view.depends.contains(&exact)) {
            return Some(format!("{} `{}`", user.kind.word(), user.name));
        }
    }
    let trigger =
        |trigger: &&crate::schema::Trigger| trigger.update_of.contains(&number) || trigger.mentions.contains(&number);
    if let Some(trigger) = relation.triggers.iter().find(trigger) {
        return Some(format!("trigger `{}`", trigger.name));
    }
    if let Some(policy) = relation.policies.iter().find(|policy| policy.columns.contains(&number)) {
        return Some(format!("policy `{}`", policy.name));
    }
    let generated = |column: &&crate::schema::Column| {
        column.generated.as_ref().is_some_and(|generated| generated.mentions.contains(&number))
    };
    relation.columns.iter().find(generated).map(|column| format!("generated column `{}`", column.name))
}
