//! The rules of types: conversion, choice among overloads, polymorphic signatures, common types.
//!
//! They follow the chapter "Type Conversion" of the Postgres manual, and `parse_coerce.c`, `parse_func.c` and
//! `parse_oper.c` where the manual is not exact. A type that is not sure fits everywhere and proves nothing.

pub(super) mod candidates;
pub(super) mod coerce;
pub(super) mod literal;
pub(super) mod order;
pub(super) mod polymorphic;
pub(super) mod unify;
pub(super) mod written;

use super::cx::Cx;
use super::tree::{Node, Typed, What};
use crate::dialect::TypeId;
use crate::dialect::catalog::{CatalogType, TypeKind};
use crate::schema::{Column, ColumnNumber, Schema, Type};

// Numbers that types have on every server with static types (Postgres: `pg_type.dat`).
pub(super) const BOOL: TypeId = TypeId(16);
pub(super) const INT8: TypeId = TypeId(20);
pub(super) const INT2: TypeId = TypeId(21);
pub(super) const INT2VECTOR: TypeId = TypeId(22);
pub(super) const INT4: TypeId = TypeId(23);
pub(super) const TEXT: TypeId = TypeId(25);
pub(super) const OID: TypeId = TypeId(26);
pub(super) const OIDVECTOR: TypeId = TypeId(30);
pub(super) const JSON: TypeId = TypeId(114);
pub(super) const XML: TypeId = TypeId(142);
pub(super) const FLOAT4: TypeId = TypeId(700);
pub(super) const FLOAT8: TypeId = TypeId(701);
pub(super) const UNKNOWN: TypeId = TypeId(705);
pub(super) const BPCHAR: TypeId = TypeId(1042);
pub(super) const VARCHAR: TypeId = TypeId(1043);
pub(super) const DATE: TypeId = TypeId(1082);
pub(super) const TIMESTAMP: TypeId = TypeId(1114);
pub(super) const TIMESTAMPTZ: TypeId = TypeId(1184);
pub(super) const BIT: TypeId = TypeId(1560);
pub(super) const NUMERIC: TypeId = TypeId(1700);
pub(super) const INTERVAL: TypeId = TypeId(1186);
pub(super) const RECORD: TypeId = TypeId(2249);
pub(super) const REGCLASS: TypeId = TypeId(2205);
pub(super) const ANY: TypeId = TypeId(2276);
pub(super) const ANYARRAY: TypeId = TypeId(2277);
pub(super) const ANYELEMENT: TypeId = TypeId(2283);
pub(super) const RECORD_ARRAY: TypeId = TypeId(2287);
pub(super) const ANYNONARRAY: TypeId = TypeId(2776);
pub(super) const UUID: TypeId = TypeId(2950);
pub(super) const ANYENUM: TypeId = TypeId(3500);
pub(super) const JSONB: TypeId = TypeId(3802);
pub(super) const TSM_HANDLER: TypeId = TypeId(3310);
pub(super) const ANYRANGE: TypeId = TypeId(3831);
pub(super) const ANYMULTIRANGE: TypeId = TypeId(4537);
pub(super) const ANYCOMPATIBLEMULTIRANGE: TypeId = TypeId(4538);
pub(super) const ANYCOMPATIBLE: TypeId = TypeId(5077);
pub(super) const ANYCOMPATIBLEARRAY: TypeId = TypeId(5078);
pub(super) const ANYCOMPATIBLENONARRAY: TypeId = TypeId(5079);
pub(super) const ANYCOMPATIBLERANGE: TypeId = TypeId(5080);

/// What is known of a type.
pub(super) fn info(schema: &Schema, id: TypeId) -> Option<&CatalogType> {
    schema.type_info(id)
}

/// The type below a domain.
pub(super) fn base(schema: &Schema, id: TypeId) -> TypeId {
    schema.base_type(Type::plain(id)).id
}

/// The category that decides between overloads, and whether the type is preferred in it.
pub(super) fn category(schema: &Schema, id: TypeId) -> (char, bool) {
    info(schema, id).map_or(('\0', false), |info| (info.category, info.preferred))
}

/// The element type, where the type is a true array.
pub(super) fn element(schema: &Schema, id: TypeId) -> Option<TypeId> {
    schema.element_of(id)
}

/// The element type, also of a domain over an array.
pub(super) fn base_element(schema: &Schema, id: TypeId) -> Option<TypeId> {
    element(schema, base(schema, id))
}

/// Whether a value of the type is a row with named fields.
pub(super) fn is_composite(schema: &Schema, id: TypeId) -> bool {
    info(schema, base(schema, id)).is_some_and(|info| info.kind == TypeKind::Composite)
}

/// Whether the type is an enum.
pub(super) fn is_enum(schema: &Schema, id: TypeId) -> bool {
    info(schema, id).is_some_and(|info| info.kind == TypeKind::Enum)
}

/// Whether only part of what could be known of the type is known: nothing follows from a conversion that is not found.
pub(super) fn is_hazy(schema: &Schema, id: TypeId) -> bool {
    let clouded = |info: &CatalogType| !schema.clouds.is_empty() && schema.clouds.contains_key(&*info.name);
    !id.is_sure() || info(schema, id).is_none_or(clouded)
}

/// A type as messages show it.
pub(super) fn shown(schema: &Schema, ty: Type) -> String {
    schema.format_type(ty)
}

/// The fields of a row: of its type, or of the expression that makes it.
pub(super) fn fields_of(cx: &Cx, row: &Typed) -> Option<Vec<Column>> {
    if let Some(fields) = cx.schema.attributes(base(cx.schema, row.ty.id)) {
        return Some(fields);
    }
    if let Some(fields) = &row.fields {
        return Some(fields.to_vec());
    }
    let Node::Call { what: What::Construct("row"), arguments } = &row.node else { return None };
    let field = |(number, argument): (i32, &Typed)| Column {
        not_null: argument.nullable == Some(false),
        ..Column::new(ColumnNumber(number), format!("f{number}").into(), argument.ty)
    };
    Some((1..).zip(arguments).map(field).collect())
}
