//! Renames: an object's new name wherever the schema keeps it.

use std::sync::Arc;

use super::mention::rename_column;
use super::store::Target;
use super::{ConstraintKind, Dependency, Relation, RelationId, Schema, names};
use crate::dialect::TypeId;
use crate::sql::ddl;

/// Renames a column, in the expressions of its relation too.
pub(super) fn column(schema: &mut Schema, id: RelationId, from: &Arc<str>, to: &Arc<str>) {
    let look = schema.clone();
    schema.edit(id, |relation| {
        let name = relation.name.clone();
        let rename = |expr: &mut ddl::Expr| rename_column(&look, &name, expr, from, to);
        for column in relation.columns.iter_mut().filter(|column| column.name == *from) {
            column.name = to.clone();
        }
        expressions(relation).for_each(rename);
    });
}

/// The expressions of a relation that name its columns.
fn expressions(relation: &mut Relation) -> impl Iterator<Item = &mut ddl::Expr> {
    let generated = relation.columns.iter_mut().filter_map(|column| column.generated.as_mut());
    let checks = relation.constraints.iter_mut().filter_map(|constraint| match &mut constraint.kind {
        ConstraintKind::Check(expr) => Some(expr),
        _ => None,
    });
    let indexes = relation
        .indexes
        .iter_mut()
        .flat_map(|index| index.keys.iter_mut().filter_map(|key| key.expr.as_mut()).chain(index.predicate.as_mut()));
    let triggers = relation.triggers.iter_mut().filter_map(|trigger| trigger.when.as_mut());
    let policies = relation.policies.iter_mut().flat_map(|policy| policy.using.iter_mut().chain(policy.check.as_mut()));
    generated.map(|generated| &mut generated.expr).chain(checks).chain(indexes).chain(triggers).chain(policies)
}

/// Renames a constraint and the index that belongs to it.
pub(super) fn constraint(schema: &mut Schema, id: RelationId, from: &Arc<str>, to: &Arc<str>) {
    let shared = schema.dialect.definition.constraint_indexes_share_names;
    schema.edit(id, |relation| {
        for constraint in relation.constraints.iter_mut().filter(|constraint| constraint.name == *from) {
            constraint.name = to.clone();
        }
        for index in relation.indexes.iter_mut().filter(|index| index.constraint.as_ref() == Some(from)) {
            index.constraint = Some(to.clone());
            if shared {
                index.name = to.clone();
            }
        }
    });
    index_references(schema, id, from, to);
}

/// An index has a new name: foreign keys that rely on it and indexes of partitions that are parts of it know it.
pub(super) fn index_references(schema: &mut Schema, id: RelationId, from: &Arc<str>, to: &Arc<str>) {
    let users: Vec<RelationId> = schema.users(Target::Relation(id)).chain([id]).collect();
    for user in users {
        schema.edit(user, |relation| {
            let child = relation.parents.contains(&id);
            for constraint in &mut relation.constraints {
                if let ConstraintKind::ForeignKey { table, index: Some(index), .. } = &mut constraint.kind
                    && *table == id
                    && index == from
                {
                    *index = to.clone();
                }
            }
            for index in relation.indexes.iter_mut().filter(|index| child && index.parent.as_ref() == Some(from)) {
                index.parent = Some(to.clone());
            }
        });
    }
}

/// Gives a relation another name or schema, and its row type with it.
pub(super) fn relation(schema: &mut Schema, id: RelationId, namespace: &Arc<str>, name: &Arc<str>) {
    let Some(old) = schema.relation(id) else { return };
    schema.edit(id, |relation| {
        relation.schema = namespace.clone();
        relation.name = name.clone();
    });
    if old.row_type.is_user() {
        ty(schema, old.row_type, namespace, name);
    }
    // The server prints a serial column's default with its sequence's present name.
    let users: Vec<RelationId> = schema.users(Target::Relation(id)).collect();
    for user in users {
        let made = |column: &super::Column| {
            column.default_depends == [Dependency::Relation(id)]
                && column.default.as_ref().is_some_and(|it| it.tree().is_none())
        };
        let Some(relation) = schema.relation(user).filter(|user| user.columns.iter().any(made)) else { continue };
        let span = relation.columns.iter().find(|it| made(it)).and_then(|it| it.default.as_ref()).map(|it| it.span);
        let default = super::apply::next_value(schema, id, span.unwrap_or_default());
        schema.edit(user, |relation| {
            for column in relation.columns.iter_mut().filter(|column| made(column)) {
                column.default.clone_from(&default);
            }
        });
    }
}

/// Gives a type another name or schema, and its array type with it.
pub(super) fn ty(schema: &mut Schema, id: TypeId, namespace: &Arc<str>, name: &Arc<str>) {
    let array = schema.type_info(id).and_then(|info| info.array);
    schema.edit_type(id, |ty| {
        ty.info.schema = namespace.to_string().into();
        ty.info.name = name.to_string().into();
    });
    let Some(array) = array else { return };
    // Its own present name does not count as taken.
    schema.edit_type(array, |ty| ty.info.name = "".into());
    let array_name = names::array_type_name(schema, namespace, name);
    schema.edit_type(array, |ty| {
        ty.info.schema = namespace.to_string().into();
        ty.info.name = array_name.to_string().into();
    });
}

/// Renames a schema, with all that is in it.
pub(super) fn namespace(schema: &mut Schema, from: &Arc<str>, to: &Arc<str>) {
    if let Some(namespace) = schema.namespaces.get(from).cloned() {
        schema.namespaces.remove_mut(from);
        schema.namespaces.insert_mut(to.clone(), namespace);
    }
    let relations: Vec<_> = schema.relations.values().filter(|it| it.schema == *from).map(|it| it.id).collect();
    for id in relations {
        schema.edit(id, |relation| relation.schema = to.clone());
    }
    let types: Vec<_> = schema.types.values().filter(|it| it.info.schema == **from).map(|it| it.info.id).collect();
    for id in types {
        schema.edit_type(id, |ty| ty.info.schema = to.to_string().into());
    }
    let routines: Vec<_> =
        schema.routines.values().filter(|it| it.signature.schema == **from).map(|it| it.id).collect();
    for id in routines {
        schema.edit_routine(id, |routine| routine.signature.schema = to.to_string().into());
    }
    for operator in Arc::make_mut(&mut schema.operators).iter_mut().filter(|it| it.schema == **from) {
        operator.schema = to.to_string().into();
    }
    let extensions: Vec<_> =
        schema.extensions.iter().filter(|(_, at)| *at == from).map(|(name, _)| name.clone()).collect();
    for name in extensions {
        schema.extensions.insert_mut(name, to.clone());
    }
}
