//! Types: enums, composites, domains, ranges, and those that come with tables.

use std::sync::Arc;

use super::{Cx, Outcome, Stop, column, create, problem, rows, table};
use crate::dialect::TypeId;
use crate::dialect::catalog::{
    Argument, CastContext, CastMethod, CatalogCast, CatalogFunction, CatalogType, FunctionKind, Subscript, TypeKind,
    Volatility,
};
use crate::schema::depend::in_signature;
use crate::schema::store::{QualifiedName, Target};
use crate::schema::{DomainCheck, Key, Relation, RelationId, RelationKind, Schema, UserDefinedType, names};
use crate::source::Span;
use crate::sql::ddl::{AlterDomain, AlterType, ColumnDef, DomainConstraint, Expr, ObjectName, TypeName};

/// The type that a statement names.
pub(super) fn find(cx: &Cx<'_>, name: &ObjectName) -> Outcome<TypeId> {
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    cx.schema.find_type(schema, &name.name.text).ok_or_else(|| cx.missing(name, problem::no_type(name)))
}

/// The name of a new type; the one that bears it gives way after the refusal.
fn new_name(cx: &mut Cx<'_>, name: &ObjectName) -> Outcome<QualifiedName> {
    let at = create::new_name(cx, name, false)?;
    if let Some(id) = cx.schema.type_names.get(&at).copied() {
        cx.refuse(problem::type_exists(name))?;
        touch(cx, id);
        if cx.schema.types.get(&id).is_some_and(|ty| ty.relation.is_some()) {
            super::drop::clear_relation_name(cx, &at);
        }
        cx.schema.take_out_type(id);
    }
    Ok(at)
}

fn info(id: TypeId, at: &QualifiedName, kind: TypeKind, category: char, length: i16) -> CatalogType {
    CatalogType {
        id,
        schema: at.0.to_string().into(),
        name: at.1.to_string().into(),
        kind,
        category,
        preferred: false,
        length,
        element: None,
        array: None,
        subscript: Subscript::None,
        base: None,
        not_null: false,
        range_partner: None,
        collatable: false,
        has_modifier: false,
    }
}

fn created(info: CatalogType) -> UserDefinedType {
    UserDefinedType {
        info,
        labels: Vec::new(),
        relation: None,
        checks: Vec::new(),
        default: None,
        array_of: None,
        extension: None,
    }
}

/// Puts a type in, together with the array type over it.
pub(in crate::schema) fn put(schema: &mut Schema, mut ty: UserDefinedType) {
    let element = ty.info.id;
    let array = TypeId(schema.fresh_id());
    let namespace = ty.info.schema.clone();
    let name = names::array_type_name(schema, &namespace, &ty.info.name);
    let mut over = info(array, &(Arc::from(&*namespace), name), TypeKind::Base, 'A', -1);
    over.element = Some(element);
    over.subscript = Subscript::Array;
    over.collatable = ty.info.collatable;
    ty.info.array = Some(array);
    let over = UserDefinedType { array_of: Some(element), extension: ty.extension.clone(), ..created(over) };
    schema.put_type(ty);
    schema.put_type(over);
}

/// The row type of a new relation.
pub(super) fn make_row_type(cx: &mut Cx<'_>, relation: &mut Relation) {
    if !cx.schema.dialect.definition.row_types || !relation.kind.has_row_type() {
        return;
    }
    let at = (relation.schema.clone(), relation.name.clone());
    let id = TypeId(cx.schema.fresh_id());
    let ty = UserDefinedType {
        relation: Some(relation.id),
        extension: relation.extension.clone(),
        ..created(info(id, &at, TypeKind::Composite, 'C', -1))
    };
    put(cx.schema, ty);
    relation.row_type = id;
}

fn touch_new(cx: &mut Cx<'_>, at: &QualifiedName) {
    cx.schema.clouds.remove_mut(&at.1);
    cx.touch(Key::Type(at.1.clone()));
}

pub(super) fn create_enum(cx: &mut Cx<'_>, name: &ObjectName, labels: &[(String, Span)]) -> Outcome {
    let at = new_name(cx, name)?;
    let id = TypeId(cx.schema.fresh_id());
    let labels = labels.iter().map(|(label, _)| Arc::from(label.as_str())).collect();
    put(cx.schema, UserDefinedType { labels, ..created(info(id, &at, TypeKind::Enum, 'E', 4)) });
    touch_new(cx, &at);
    Ok(())
}

pub(super) fn create_composite(cx: &mut Cx<'_>, name: &ObjectName, attributes: &[ColumnDef]) -> Outcome {
    let at = new_name(cx, name)?;
    if !create::is_free(cx, &at, name, false)? {
        return Ok(());
    }
    let id = RelationId(cx.schema.fresh_id());
    let mut relation = Relation::new(id, at.0.clone(), at.1.clone(), RelationKind::Composite);
    for attribute in attributes {
        let new = column::build(cx, &relation, attribute, None)?;
        table::add(&mut relation, new.column);
    }
    make_row_type(cx, &mut relation);
    cx.schema.put(relation);
    touch_new(cx, &at);
    Ok(())
}

/// A base type: nothing is known of its values.
pub(super) fn create_base(cx: &mut Cx<'_>, name: &ObjectName) -> Outcome {
    let at = create::new_name(cx, name, false)?;
    // A shell type is completed by a second statement.
    if !cx.schema.type_names.contains_key(&at) {
        let id = TypeId(cx.schema.fresh_id());
        put(cx.schema, created(info(id, &at, TypeKind::Base, 'U', -1)));
    }
    touch_new(cx, &at);
    Ok(())
}

pub(super) fn create_range(
    cx: &mut Cx<'_>,
    name: &ObjectName,
    subtype: &TypeName,
    multirange: Option<&ObjectName>,
) -> Outcome {
    let at = new_name(cx, name)?;
    let subtype = column::resolve(cx, subtype)?.id;
    let limit = cx.schema.dialect.max_identifier_bytes.unwrap_or(usize::MAX);
    let multi_at = match multirange {
        Some(name) => create::new_name(cx, name, false)?,
        None => (at.0.clone(), names::multirange_name(&at.1, limit).into()),
    };
    let (range, multi) = (TypeId(cx.schema.fresh_id()), TypeId(cx.schema.fresh_id()));
    let mut range_info = info(range, &at, TypeKind::Range, 'R', -1);
    (range_info.base, range_info.range_partner) = (Some((subtype, -1)), Some(multi));
    let mut multi_info = info(multi, &multi_at, TypeKind::Multirange, 'R', -1);
    (multi_info.base, multi_info.range_partner) = (Some((subtype, -1)), Some(range));
    put(cx.schema, created(range_info));
    put(cx.schema, created(multi_info));
    let text = cx.schema.find_type(cx.schema.dialect.system_schema, "text").unwrap_or_default();
    constructor(cx.schema, &at, range, vec![subtype, subtype], None);
    constructor(cx.schema, &at, range, vec![subtype, subtype, text], None);
    constructor(cx.schema, &multi_at, multi, Vec::new(), None);
    constructor(cx.schema, &multi_at, multi, vec![range], None);
    let array = cx.schema.array_of(range).unwrap_or_default();
    constructor(cx.schema, &multi_at, multi, vec![array], Some(range));
    let cast =
        CatalogCast { source: range, target: multi, context: CastContext::Explicit, method: CastMethod::Function };
    Arc::make_mut(&mut cx.schema.casts).push(cast);
    for at in [&at, &multi_at] {
        touch_new(cx, at);
        cx.touch(Key::Routine(at.1.clone()));
    }
    Ok(())
}

/// A function that makes a value of a range type.
fn constructor(
    schema: &mut Schema,
    at: &QualifiedName,
    result: TypeId,
    arguments: Vec<TypeId>,
    variadic: Option<TypeId>,
) {
    let signature = CatalogFunction {
        schema: at.0.to_string().into(),
        name: at.1.to_string().into(),
        kind: FunctionKind::Function,
        arguments: arguments.into_iter().map(|ty| Argument { name: "".into(), ty }).collect(),
        variadic,
        defaults: 0,
        result,
        returns_set: false,
        outputs: Vec::new(),
        strict: false,
        volatility: Volatility::Immutable,
    };
    super::routine::put_built(schema, signature, None);
}

pub(super) fn create_domain(
    cx: &mut Cx<'_>,
    name: &ObjectName,
    base: &TypeName,
    default: Option<&Expr>,
    constraints: &[DomainConstraint],
) -> Outcome {
    let at = new_name(cx, name)?;
    let base = column::resolve(cx, base)?;
    let id = TypeId(cx.schema.fresh_id());
    let of = cx.schema.type_info(base.id).cloned();
    let mut info = info(id, &at, TypeKind::Domain, of.as_ref().map_or('U', |of| of.category), -1);
    if let Some(of) = of {
        (info.length, info.collatable) = (of.length, of.collatable);
    }
    info.base = Some((base.id, base.modifier));
    info.not_null = constraints.iter().any(|constraint| constraint.not_null);
    let default = default.filter(|default| !column::is_null(default)).cloned();
    let mut domain = UserDefinedType { default, ..created(info) };
    for constraint in constraints {
        add_check(cx, &mut domain, constraint);
    }
    put(cx.schema, domain);
    touch_new(cx, &at);
    Ok(())
}

fn add_check(cx: &Cx<'_>, domain: &mut UserDefinedType, constraint: &DomainConstraint) {
    let Some(expr) = constraint.check.clone() else { return };
    let name = match &constraint.name {
        Some(name) => name.text.clone(),
        None => {
            let taken = |name: &str| domain.checks.iter().any(|check| *check.name == *name);
            names::first_free(cx.schema, &domain.info.name, "", "check", taken)
        }
    };
    domain.checks.push(DomainCheck { name, expr, valid: !constraint.not_valid });
}

pub(super) fn alter_domain(cx: &mut Cx<'_>, name: &ObjectName, action: &AlterDomain) -> Outcome {
    let id = find(cx, name)?;
    let Some(mut domain) = cx.schema.domain(id).cloned() else {
        let message = format!("`{}` is not a domain", problem::shown(name));
        let about = vec![Key::Type(name.name.text.clone())];
        return Err(Stop::Fails(problem::fails(problem::span(name), "42809", message, about)));
    };
    let has = |domain: &UserDefinedType, name: &Arc<str>| domain.checks.iter().any(|check| check.name == *name);
    let mut missing = None;
    match action {
        AlterDomain::SetDefault(expr) => domain.default = Some(expr.clone()).filter(|expr| !column::is_null(expr)),
        AlterDomain::DropDefault => domain.default = None,
        AlterDomain::SetNotNull => domain.info.not_null = true,
        AlterDomain::DropNotNull => domain.info.not_null = false,
        AlterDomain::AddConstraint(constraint) => {
            domain.info.not_null |= constraint.not_null;
            add_check(cx, &mut domain, constraint);
        }
        AlterDomain::DropConstraint { name, if_exists } => {
            missing = Some(name).filter(|name| !has(&domain, &name.text) && !if_exists);
            domain.checks.retain(|check| check.name != name.text);
        }
        AlterDomain::RenameConstraint { from, to } => {
            missing = Some(from).filter(|name| !has(&domain, &name.text));
            for check in domain.checks.iter_mut().filter(|check| check.name == from.text) {
                check.name = to.text.clone();
            }
        }
        AlterDomain::ValidateConstraint(name) => {
            missing = Some(name).filter(|name| !has(&domain, &name.text));
            for check in domain.checks.iter_mut().filter(|check| check.name == name.text) {
                check.valid = true;
            }
        }
    }
    if domain.info.not_null {
        let users: Vec<RelationId> = cx.schema.users(Target::Type(id)).collect();
        let users: Vec<_> = users.into_iter().filter_map(|user| cx.schema.relation(user)).collect();
        for relation in users {
            for column in relation.columns.iter().filter(|column| column.ty.id == id) {
                let at = cx.at;
                rows::set_not_null(cx, &relation, column, at);
            }
        }
    }
    cx.schema.put_type(domain);
    touch(cx, id);
    match missing {
        None => Ok(()),
        Some(missing) => {
            let about = Key::Type(name.name.text.clone());
            Err(Stop::Fails(problem::missing("constraint", &missing.text, missing.span, "42704", about)))
        }
    }
}

pub(super) fn alter(cx: &mut Cx<'_>, name: &ObjectName, actions: &[AlterType]) -> Outcome {
    let id = find(cx, name)?;
    for action in actions {
        let at = cx.at;
        cx.part(at, |cx| alter_action(cx, id, action))?;
    }
    Ok(())
}

fn alter_action(cx: &mut Cx<'_>, id: TypeId, action: &AlterType) -> Outcome {
    match action {
        AlterType::AddValue { label, span, if_not_exists, before, after } => {
            add_label(cx, id, label, *span, *if_not_exists, before.as_deref(), after.as_deref())
        }
        AlterType::RenameValue { from, to, span } => rename_label(cx, id, from, to, *span),
        AlterType::RenameAttribute { from, to } => {
            let relation = composite(cx, id)?;
            column::rename(cx, relation, from, to, false)?;
            touch(cx, id);
            Ok(())
        }
        AlterType::AddAttribute(def) => {
            let relation = composite(cx, id)?;
            column::add(cx, relation, def, false, false)?;
            touch(cx, id);
            Ok(())
        }
        AlterType::DropAttribute { name, if_exists, cascade } => {
            let relation = composite(cx, id)?;
            touch(cx, id);
            column::drop(cx, relation, name, *if_exists, *cascade, false)
        }
        AlterType::SetAttributeType { name, ty } => {
            let relation = composite(cx, id)?;
            refuse_used(cx, id, name.span)?;
            let ty = column::resolve(cx, ty)?;
            column::change(cx, relation, name, false, &|_, column| column.ty = ty)?;
            touch(cx, id);
            Ok(())
        }
        AlterType::NoEffect { .. } => Ok(()),
    }
}

/// The hidden relation of a composite type.
fn composite(cx: &Cx<'_>, id: TypeId) -> Outcome<RelationId> {
    let ty = cx.schema.types.get(&id);
    ty.and_then(|ty| ty.relation).ok_or(Stop::Clouded)
}

/// An attribute's type stays as long as a table has a column of the composite type.
fn refuse_used(cx: &mut Cx<'_>, id: TypeId, span: Span) -> Outcome {
    let column = |relation: Arc<Relation>| {
        let column = relation.columns.iter().find(|column| column.ty.id == id)?;
        Some((relation.name.clone(), column.name.clone()))
    };
    let users: Vec<RelationId> = cx.schema.users(Target::Type(id)).collect();
    let tables = users.into_iter().filter_map(|user| cx.schema.relation(user));
    let Some((table, column)) = tables.filter(|it| it.kind != RelationKind::Composite).find_map(column) else {
        return Ok(());
    };
    let message = format!("cannot alter the type because column `{table}.{column}` uses it");
    cx.refuse(problem::fails(span, "0A000", message, vec![Key::Column(table, column)]))
}

fn add_label(
    cx: &mut Cx<'_>,
    id: TypeId,
    label: &str,
    span: Span,
    if_not_exists: bool,
    before: Option<&str>,
    after: Option<&str>,
) -> Outcome {
    let Some(labels) = cx.schema.labels(id).map(<[Arc<str>]>::to_vec) else { return refuse_not_enum(cx, id, span) };
    if labels.iter().any(|known| **known == *label) {
        if if_not_exists {
            return Ok(());
        }
        let about = label_key(cx.schema, id, label);
        return Err(Stop::Fails(problem::exists("enum label", &label.into(), span, "42710", about)));
    }
    let neighbour = |name: &str| labels.iter().position(|known| **known == *name);
    let position = match (before, after) {
        (Some(name), _) => neighbour(name),
        (None, Some(name)) => neighbour(name).map(|at| at + 1),
        (None, None) => Some(labels.len()),
    };
    if position.is_none() {
        let message = format!("`{}` is not an existing enum label", before.or(after).unwrap_or_default());
        cx.refuse(problem::fails(span, "22023", message, vec![label_key(cx.schema, id, label)]))?;
    }
    let position = position.unwrap_or(labels.len());
    cx.schema.edit_type(id, |ty| ty.labels.insert(position, label.into()));
    cx.touch(label_key(cx.schema, id, label));
    touch(cx, id);
    Ok(())
}

fn rename_label(cx: &mut Cx<'_>, id: TypeId, from: &str, to: &str, span: Span) -> Outcome {
    let Some(labels) = cx.schema.labels(id) else { return refuse_not_enum(cx, id, span) };
    let has = |label: &str| labels.iter().any(|known| **known == *label);
    if !has(from) {
        let message = format!("`{from}` is not an existing enum label");
        let about = vec![label_key(cx.schema, id, from)];
        return Err(Stop::Fails(problem::fails(span, "22023", message, about)));
    }
    if has(to) {
        let about = label_key(cx.schema, id, to);
        return Err(Stop::Fails(problem::exists("enum label", &to.into(), span, "42710", about)));
    }
    cx.schema.edit_type(id, |ty| {
        for label in ty.labels.iter_mut().filter(|label| ***label == *from) {
            *label = to.into();
        }
    });
    cx.touch(label_key(cx.schema, id, from));
    cx.touch(label_key(cx.schema, id, to));
    touch(cx, id);
    Ok(())
}

fn refuse_not_enum(cx: &Cx<'_>, id: TypeId, span: Span) -> Outcome {
    match cx.schema.types.get(&id) {
        Some(ty) if ty.info.kind != TypeKind::Base => {
            let message = format!("`{}` is not an enum", ty.info.name);
            let about = vec![Key::Type(Arc::from(&*ty.info.name))];
            Err(Stop::Fails(problem::fails(span, "42809", message, about)))
        }
        _ => Err(Stop::Clouded),
    }
}

fn label_key(schema: &Schema, id: TypeId, label: &str) -> Key {
    let name = schema.types.get(&id).map_or(Arc::from(""), |ty| Arc::from(&*ty.info.name));
    Key::Label(name, label.into())
}

/// Notes that a type changed: for itself, for the relations with columns of it, and for the routines that take or return it.
pub(super) fn touch(cx: &mut Cx<'_>, id: TypeId) {
    let mut pending = vec![id];
    let mut at = 0;
    while let Some(&id) = pending.get(at) {
        at += 1;
        let Some(ty) = cx.schema.types.get(&id).cloned() else { continue };
        cx.touch(Key::Type(Arc::from(&*ty.info.name)));
        let users: Vec<RelationId> = cx.schema.users(Target::Type(id)).collect();
        for user in users {
            cx.touch_relation(user);
        }
        let routines: Vec<Arc<str>> = cx
            .schema
            .routines
            .values()
            .filter(|routine| in_signature(&routine.signature, id))
            .map(|routine| Arc::from(&*routine.signature.name))
            .collect();
        for routine in routines {
            cx.touch(Key::Routine(routine));
        }
        let over = cx
            .schema
            .types
            .values()
            .filter(|it| it.array_of == Some(id) || it.info.base.is_some_and(|(base, _)| base == id));
        let over: Vec<TypeId> = over.map(|it| it.info.id).filter(|it| !pending.contains(it)).collect();
        pending.extend(over);
    }
}
