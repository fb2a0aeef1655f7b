//! `GRANT`, `REVOKE` and default privileges.

use std::sync::Arc;

use super::{Cx, Outcome, create, problem, routine};
use crate::schema::{
    ColumnNumber, DefaultPrivilege, Kept, Key, Relation, RelationId, RelationKind, Right, RoutineId, Schema,
};
use crate::sql::ddl::{Grant, GrantTarget, Name, ObjectKind, ObjectRef};

/// Something that rights are on.
enum Bearer {
    Relation(RelationId),
    Routine(RoutineId),
    Namespace(Arc<str>),
}

pub(super) fn grant(cx: &mut Cx<'_>, grant: &Grant) -> Outcome {
    change(cx, grant, true)
}

pub(super) fn revoke(cx: &mut Cx<'_>, grant: &Grant, option_only: bool) -> Outcome {
    if option_only { Ok(()) } else { change(cx, grant, false) }
}

fn change(cx: &mut Cx<'_>, grant: &Grant, give: bool) -> Outcome {
    for bearer in bearers(cx, &grant.target)? {
        match bearer {
            Bearer::Relation(id) => {
                let Some(relation) = cx.schema.relation(id) else { continue };
                let rights = rights_on(grant, Some(&relation), kind_of(relation.kind));
                cx.schema.edit(id, |relation| apply(&mut relation.grants, rights, give));
                cx.touch(Key::Relation(relation.name.clone()));
            }
            Bearer::Routine(id) => {
                let rights = rights_on(grant, None, ObjectKind::Function);
                cx.schema.edit_routine(id, |routine| {
                    apply(&mut routine.grants, rights, give);
                    routine.default_grants = false;
                });
                routine::touch(cx, id);
            }
            Bearer::Namespace(name) => {
                let rights = rights_on(grant, None, ObjectKind::Schema);
                if let Some(namespace) = cx.schema.namespaces.get(&name) {
                    let mut namespace = (**namespace).clone();
                    apply(&mut namespace.grants, rights, give);
                    cx.schema.namespaces.insert_mut(name.clone(), Arc::new(namespace));
                }
                cx.touch(Key::Schema(name));
            }
        }
    }
    Ok(())
}

fn apply(grants: &mut Vec<Right>, rights: Vec<Right>, give: bool) {
    for right in rights {
        match give {
            true if grants.contains(&right) => {}
            true => grants.push(right),
            // Revoking a right on a table takes those on its columns with it.
            false => grants.retain(|it| {
                (&it.privilege, &it.grantee) != (&right.privilege, &right.grantee)
                    || right.column.is_some() && it.column != right.column
            }),
        }
    }
}

fn kind_of(kind: RelationKind) -> ObjectKind {
    if kind == RelationKind::Sequence { ObjectKind::Sequence } else { ObjectKind::Table }
}

/// The rights that `ALL` stands for.
fn all(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Table => &["select", "insert", "update", "delete", "truncate", "references", "trigger"],
        ObjectKind::Sequence => &["usage", "select", "update"],
        ObjectKind::Schema => &["create", "usage"],
        ObjectKind::Function => &["execute"],
        _ => &["usage"],
    }
}

fn rights_on(grant: &Grant, relation: Option<&Relation>, kind: ObjectKind) -> Vec<Right> {
    let mut rights = Vec::new();
    for (privilege, columns) in &grant.privileges {
        let words = match privilege.as_str() {
            // On columns, `ALL` leaves out what only tables have.
            "all" | "all privileges" if !columns.is_empty() => &["select", "insert", "update", "references"],
            "all" | "all privileges" => all(kind),
            word => &[word][..],
        };
        let number = |name: &Name| Some(relation?.column(&name.text)?.number);
        let columns: Vec<Option<ColumnNumber>> = match columns.as_slice() {
            [] => vec![None],
            columns => columns.iter().filter_map(number).map(Some).collect(),
        };
        for grantee in &grant.grantees {
            for word in words {
                for &column in &columns {
                    rights.push(Right { privilege: (*word).to_owned(), grantee: grantee.text.clone(), column });
                }
            }
        }
    }
    rights
}

fn bearers(cx: &mut Cx<'_>, target: &GrantTarget) -> Outcome<Vec<Bearer>> {
    let mut bearers = Vec::new();
    match target {
        GrantTarget::Objects { kind, names } => {
            for name in names {
                let at = cx.at;
                cx.part(at, |cx| {
                    bearers.extend(bearer(cx, *kind, name)?);
                    Ok(())
                })?;
            }
        }
        GrantTarget::AllInSchema { kind, schemas } => {
            for schema in schemas {
                if !cx.schema.namespaces.contains_key(&schema.text) && !create::is_system_schema(cx, &schema.text) {
                    let missing = cx.missing(&create::plain(schema), problem::no_schema(schema));
                    cx.part(schema.span, |_| Err(missing))?;
                }
                all_in_schema(cx.schema, *kind, &schema.text, &mut bearers);
            }
        }
        GrantTarget::Future => {}
    }
    Ok(bearers)
}

fn bearer(cx: &Cx<'_>, kind: ObjectKind, name: &ObjectRef) -> Outcome<Option<Bearer>> {
    match (kind, name) {
        (_, ObjectRef::Routine(signature)) if routine::is_built_in(cx, signature) => Ok(None),
        (_, ObjectRef::Routine(signature)) => Ok(Some(Bearer::Routine(routine::find(cx, kind, signature)?))),
        (ObjectKind::Schema, ObjectRef::Name(name)) if create::is_system_schema(cx, &name.name.text) => Ok(None),
        (ObjectKind::Schema, ObjectRef::Name(name)) => match cx.schema.namespaces.contains_key(&name.name.text) {
            true => Ok(Some(Bearer::Namespace(name.name.text.clone()))),
            false => Err(cx.missing(name, problem::no_schema(&name.name))),
        },
        (
            ObjectKind::Table | ObjectKind::Sequence | ObjectKind::View | ObjectKind::MaterializedView,
            ObjectRef::Name(name),
        ) => {
            let relation = cx.relation(name)?;
            Ok((relation.kind != RelationKind::System).then_some(Bearer::Relation(relation.id)))
        }
        _ => Ok(None),
    }
}

fn all_in_schema(schema: &Schema, kind: ObjectKind, namespace: &Arc<str>, bearers: &mut Vec<Bearer>) {
    match kind {
        ObjectKind::Table | ObjectKind::Sequence => {
            let meant = |relation: &&Kept<Relation>| {
                relation.schema == *namespace
                    && relation.kind != RelationKind::Composite
                    && kind_of(relation.kind) == kind
            };
            bearers.extend(schema.relations.values().filter(meant).map(|relation| Bearer::Relation(relation.id)));
        }
        _ => {
            let meant = schema.routines.values().filter(|routine| {
                routine.signature.schema == **namespace && create::is_kind(kind, routine.signature.kind)
            });
            bearers.extend(meant.map(|routine| Bearer::Routine(routine.id)));
        }
    }
}

pub(super) fn default_privileges(
    cx: &mut Cx<'_>,
    schemas: &[Name],
    kind: ObjectKind,
    grant: &Grant,
    revoke: bool,
) -> Outcome {
    let kind = if matches!(kind, ObjectKind::Routine | ObjectKind::Procedure) { ObjectKind::Function } else { kind };
    let scopes: Vec<Option<Arc<str>>> = match schemas {
        [] => vec![None],
        schemas => schemas.iter().map(|schema| Some(schema.text.clone())).collect(),
    };
    let entries = Arc::make_mut(&mut cx.schema.default_privileges);
    for scope in scopes {
        for right in rights_on(grant, None, kind) {
            entries.retain(|entry| entry.schema != scope || entry.kind != kind || entry.right != right);
            entries.push(DefaultPrivilege { schema: scope.clone(), kind, right, revoked: revoke });
        }
    }
    Ok(())
}

/// A role has no rights any more.
pub(super) fn forget_role(cx: &mut Cx<'_>, role: &Arc<str>) {
    let granted = |grants: &[Right]| grants.iter().any(|right| right.grantee == *role);
    let relations: Vec<RelationId> =
        cx.schema.relations.values().filter(|relation| granted(&relation.grants)).map(|relation| relation.id).collect();
    for id in relations {
        cx.schema.edit(id, |relation| relation.grants.retain(|right| right.grantee != *role));
        cx.touch_relation(id);
    }
    let routines: Vec<RoutineId> =
        cx.schema.routines.values().filter(|routine| granted(&routine.grants)).map(|routine| routine.id).collect();
    for id in routines {
        cx.schema.edit_routine(id, |routine| routine.grants.retain(|right| right.grantee != *role));
        routine::touch(cx, id);
    }
    let namespaces: Vec<(Arc<str>, Arc<crate::schema::Namespace>)> = cx
        .schema
        .namespaces
        .iter()
        .filter(|(_, namespace)| granted(&namespace.grants))
        .map(|(name, namespace)| (name.clone(), namespace.clone()))
        .collect();
    for (name, mut namespace) in namespaces {
        Arc::make_mut(&mut namespace).grants.retain(|right| right.grantee != *role);
        cx.schema.namespaces.insert_mut(name.clone(), namespace);
        cx.touch(Key::Schema(name));
    }
    Arc::make_mut(&mut cx.schema.default_privileges).retain(|entry| entry.right.grantee != *role);
}

/// Gives a new object the rights that default privileges say.
pub(super) fn give_defaults(schema: &Schema, namespace: Option<&Arc<str>>, kind: ObjectKind, grants: &mut Vec<Right>) {
    for entry in schema.default_privileges.iter().filter(|entry| entry.kind == kind) {
        if entry.schema.is_none() || entry.schema.as_ref() == namespace {
            apply(grants, vec![entry.right.clone()], !entry.revoked);
        }
    }
}
