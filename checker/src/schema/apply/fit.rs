//! Whether the types of columns fit what keys ask of them: an order, and for a foreign key a comparison with the key that it
//! refers to.

use std::sync::Arc;

use super::{Cx, Outcome, problem};
use crate::dialect::TypeId;
use crate::dialect::catalog::{CastContext, TypeKind};
use crate::schema::{ColumnNumber, Constraint, ConstraintKind, Index, Key, Relation, RelationId, Schema, Type};
use crate::source::Span;

/// After types of a relation's columns changed: its keys, and the foreign keys from and to it, are built anew.
pub(super) fn after_new_types(cx: &mut Cx<'_>, id: RelationId, span: Span) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    for index in &relation.indexes {
        keys(cx, &relation, index, span)?;
    }
    let mut foreign: Vec<(Arc<Relation>, Constraint)> =
        relation.constraints.iter().map(|constraint| (relation.clone(), constraint.clone())).collect();
    for (source, constraint) in cx.schema.referencing(id) {
        if source != id {
            foreign.extend(cx.schema.relation(source).map(|source| (source, constraint.clone())));
        }
    }
    for (source, constraint) in foreign {
        foreign_key(cx, &source, &constraint, span)?;
    }
    Ok(())
}

/// Refuses an index whose method has no order for the type of one of its columns.
pub(super) fn keys(cx: &mut Cx<'_>, relation: &Relation, index: &Index, span: Span) -> Outcome {
    // Other methods get their classes for plain types from extensions.
    if cx.schema.catalog.operator_classes().is_empty() || !matches!(&*index.method, "btree" | "hash") {
        return Ok(());
    }
    for key in index.keys.iter().filter(|key| key.operator_class.is_none()) {
        let Some(column) = key.column.and_then(|number| relation.column_numbered(number)) else { continue };
        if has_order(cx.schema, &index.method, column.ty) {
            continue;
        }
        let (ty, method) = (cx.schema.format_type(column.ty), &index.method);
        let message = format!("data type {ty} has no default operator class for access method {method}");
        let about = vec![Key::Column(relation.name.clone(), column.name.clone())];
        cx.refuse(problem::fails(span, "42704", message, about))?;
    }
    Ok(())
}

/// True also where that is not known: for the types of extensions.
fn has_order(schema: &Schema, method: &str, ty: Type) -> bool {
    let ty = schema.base_type(ty).id;
    let built_in = schema.catalog.type_by_id(ty);
    built_in.is_none_or(|ty| schema.catalog.default_operator_class(method, ty).is_some())
}

/// Refuses a foreign key whose columns cannot be compared with those that it refers to.
pub(super) fn foreign_key(cx: &mut Cx<'_>, relation: &Relation, constraint: &Constraint, span: Span) -> Outcome {
    let ConstraintKind::ForeignKey { table, referenced, .. } = &constraint.kind else { return Ok(()) };
    let Some(target) = cx.schema.relation(*table).filter(|_| !cx.schema.dialect.definition.foreign_keys_wait) else {
        return Ok(());
    };
    let ty = |relation: &Relation, number: &ColumnNumber| relation.column_numbered(*number).map(|column| column.ty);
    for (own, other) in constraint.columns.iter().zip(referenced) {
        let (Some(own), Some(other)) = (ty(relation, own), ty(&target, other)) else { continue };
        if !comparable(cx.schema, other, own) {
            let message = format!("foreign key constraint `{}` cannot be implemented", constraint.name);
            let about = vec![Key::Constraint(relation.name.clone(), constraint.name.clone())];
            cx.refuse(problem::fails(span, "42804", message, about))?;
        }
    }
    Ok(())
}

/// Whether the order of a key's type also takes values of another one. Postgres source: `ATAddForeignKeyConstraint`.
fn comparable(schema: &Schema, key: Type, other: Type) -> bool {
    let (key, other) = (schema.base_type(key).id, schema.base_type(other).id);
    if key == other || !key.is_sure() || !other.is_sure() {
        return true;
    }
    let (Some(ty), Some(other_type)) = (schema.catalog.type_by_id(key), schema.type_info(other)) else {
        // Types that migrations or extensions created have an order of their own.
        return schema.types.get(&key).is_none_or(|ty| ty.extension.is_some());
    };
    let Some(class) = schema.catalog.default_operator_class("btree", ty) else { return true };
    let has_equality = |left: TypeId, right: TypeId| {
        schema.find_operators(None, "=").iter().any(|operator| operator.left == Some(left) && operator.right == right)
    };
    let implicit = schema.cast(other, class.input).is_some_and(|cast| cast.context == CastContext::Implicit);
    let plain = schema.catalog.type_by_id(class.input).is_some_and(|input| input.kind != TypeKind::Pseudo);
    has_equality(class.input, other) || implicit || plain && schema.catalog.is_binary_coercible(other_type, class.input)
}
