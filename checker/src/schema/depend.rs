//! Which objects need which: what falls with an object, and what stands in the way of dropping it.
//!
//! Postgres source: `dependency.c`; the strengths are those of `pg_depend`.

use std::sync::Arc;

use super::store::Target;
use super::{
    Column, ColumnNumber, Constraint, ConstraintKind, Dependency, Index, Relation, RelationId, RelationKind, RoutineId,
    Schema,
};
use crate::dialect::TypeId;
use crate::dialect::catalog::CatalogFunction;

/// Something that can be dropped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Object {
    Namespace(Arc<str>),
    Extension(Arc<str>),
    Relation(RelationId),
    Column(RelationId, ColumnNumber),
    Default(RelationId, ColumnNumber),
    Constraint(RelationId, Arc<str>),
    Index(RelationId, Arc<str>),
    Trigger(RelationId, Arc<str>),
    Rule(RelationId, Arc<str>),
    Policy(RelationId, Arc<str>),
    Type(TypeId),
    Routine(RoutineId),
    /// By its name and operand types.
    Operator(Arc<str>, Option<TypeId>, TypeId),
    Cast(TypeId, TypeId),
}

/// How an object depends on another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// It falls with it.
    Auto,
    /// It stands in the way, unless `CASCADE` is said.
    Normal,
}

type Dependents = Vec<(Object, Strength)>;

/// The objects that depend directly on an object.
pub(super) fn dependents(schema: &Schema, object: &Object) -> Dependents {
    let mut found = Vec::new();
    match object {
        Object::Namespace(name) => of_namespace(schema, name, &mut found),
        Object::Extension(name) => of_extension(schema, name, &mut found),
        Object::Relation(id) => of_relation(schema, *id, &mut found),
        Object::Column(id, number) => of_column(schema, *id, *number, &mut found),
        Object::Constraint(id, name) => of_constraint(schema, *id, name, &mut found),
        Object::Index(id, name) => of_index(schema, *id, name, &mut found),
        Object::Type(id) => of_type(schema, *id, &mut found),
        Object::Routine(id) => of_routine(schema, *id, &mut found),
        Object::Default(..)
        | Object::Trigger(..)
        | Object::Rule(..)
        | Object::Policy(..)
        | Object::Operator(..)
        | Object::Cast(..) => {}
    }
    found
}

fn of_namespace(schema: &Schema, name: &Arc<str>, found: &mut Dependents) {
    let normal = |object| (object, Strength::Normal);
    let relations = schema.relations.values().filter(|relation| relation.schema == *name);
    found.extend(relations.map(|relation| normal(Object::Relation(relation.id))));
    let types = schema.types.values().filter(|ty| ty.info.schema == **name && ty.relation.is_none());
    found.extend(types.filter(|ty| ty.array_of.is_none()).map(|ty| normal(Object::Type(ty.info.id))));
    let routines = schema.routines.values().filter(|routine| routine.signature.schema == **name);
    found.extend(routines.map(|routine| normal(Object::Routine(routine.id))));
    let extensions = schema.extensions.iter().filter(|(_, at)| *at == name);
    found.extend(extensions.map(|(extension, _)| normal(Object::Extension(extension.clone()))));
    let operators = schema.operators.iter().filter(|operator| operator.schema == **name);
    found.extend(operators.map(|operator| normal(operator_object(operator))));
}

fn operator_object(operator: &crate::dialect::catalog::CatalogOperator) -> Object {
    Object::Operator(Arc::from(&*operator.name), operator.left, operator.right)
}

fn of_extension(schema: &Schema, name: &Arc<str>, found: &mut Dependents) {
    let auto = |object| (object, Strength::Auto);
    let belongs = |extension: &Option<Arc<str>>| extension.as_ref() == Some(name);
    let relations = schema.relations.values().filter(|relation| belongs(&relation.extension));
    found.extend(relations.map(|relation| auto(Object::Relation(relation.id))));
    let types = schema.types.values().filter(|ty| belongs(&ty.extension));
    found.extend(types.map(|ty| auto(Object::Type(ty.info.id))));
    let routines = schema.routines.values().filter(|routine| belongs(&routine.extension));
    found.extend(routines.map(|routine| auto(Object::Routine(routine.id))));
    let Some(extension) = schema.catalog.extension(name) else { return };
    let own = |ty: &str| schema.types.values().find(|it| belongs(&it.extension) && it.info.name == *ty);
    let resolve = |ty: &str| own(ty).map(|own| own.info.id).or_else(|| schema.find_type(None, ty)).unwrap_or_default();
    let operators = extension.operators.iter().map(|operator| operator.resolve(resolve));
    found.extend(operators.map(|operator| auto(operator_object(&operator))));
    let casts = extension.casts.iter().map(|cast| cast.resolve(resolve));
    found.extend(casts.map(|cast| auto(Object::Cast(cast.source, cast.target))));
}

fn of_relation(schema: &Schema, id: RelationId, found: &mut Dependents) {
    let Some(relation) = schema.relation(id) else { return };
    for user in schema.users(Target::Relation(id)).filter_map(|user| schema.relation(user)) {
        of_relation_in(schema, &relation, &user, found);
    }
    for routine in schema.routines.values().filter(|routine| routine.depends.iter().any(|it| is_of(it, id))) {
        found.push((Object::Routine(routine.id), Strength::Normal));
    }
    if relation.row_type.is_user() {
        of_type(schema, relation.row_type, found);
    }
}

/// What of another relation depends on a relation.
fn of_relation_in(schema: &Schema, relation: &Relation, user: &Relation, found: &mut Dependents) {
    let id = relation.id;
    if user.parents.contains(&id) {
        let strength = if user.partition_bound.is_some() { Strength::Auto } else { Strength::Normal };
        found.push((Object::Relation(user.id), strength));
    }
    if user.owned_by.is_some_and(|(owner, ..)| owner == id) {
        found.push((Object::Relation(user.id), Strength::Auto));
    }
    if binds(schema, user) && user.view.iter().flat_map(|view| &view.depends).any(|it| is_of(it, id)) {
        found.push((Object::Relation(user.id), Strength::Normal));
    }
    for constraint in &user.constraints {
        let refers = matches!(constraint.kind, ConstraintKind::ForeignKey { table, .. } if table == id);
        if refers && !schema.dialect.definition.foreign_keys_wait {
            found.push((Object::Constraint(user.id, constraint.name.clone()), Strength::Normal));
        }
    }
    let defaults = user.columns.iter().filter(|column| column.default_depends.iter().any(|it| is_of(it, id)));
    found.extend(defaults.map(|column| (Object::Default(user.id, column.number), Strength::Normal)));
    let rules = user.rules.iter().filter(|rule| rule.depends.iter().any(|it| is_of(it, id)));
    found.extend(rules.map(|rule| (Object::Rule(user.id, rule.name.clone()), Strength::Normal)));
    let policies = user.policies.iter().filter(|policy| policy.depends.iter().any(|it| is_of(it, id)));
    found.extend(policies.map(|policy| (Object::Policy(user.id, policy.name.clone()), Strength::Normal)));
}

fn is_of(dependency: &Dependency, relation: RelationId) -> bool {
    Target::from(dependency) == Target::Relation(relation)
}

/// Whether a view holds on to what it reads.
fn binds(schema: &Schema, user: &Relation) -> bool {
    user.view.is_some() && schema.dialect.definition.views_bind
}

fn of_column(schema: &Schema, id: RelationId, number: ColumnNumber, found: &mut Dependents) {
    let Some(relation) = schema.relation(id) else { return };
    in_own_relation(&relation, number, found);
    for user in schema.users(Target::Relation(id)).chain([id]).filter_map(|user| schema.relation(user)) {
        if user.owned_by.is_some_and(|(owner, column, _)| (owner, column) == (id, number)) {
            found.push((Object::Relation(user.id), Strength::Auto));
        }
        for constraint in &user.constraints {
            if let ConstraintKind::ForeignKey { table, referenced, .. } = &constraint.kind
                && *table == id
                && referenced.contains(&number)
            {
                found.push((Object::Constraint(user.id, constraint.name.clone()), Strength::Normal));
            }
        }
        let exact = Dependency::Column(id, number);
        if binds(schema, &user) && user.view.iter().any(|view| view.depends.contains(&exact)) {
            found.push((Object::Relation(user.id), Strength::Normal));
        }
        let rules = user.rules.iter().filter(|rule| rule.depends.contains(&exact));
        found.extend(rules.map(|rule| (Object::Rule(user.id, rule.name.clone()), Strength::Normal)));
        let policies = user.policies.iter().filter(|policy| policy.depends.contains(&exact));
        found.extend(policies.map(|policy| (Object::Policy(user.id, policy.name.clone()), Strength::Normal)));
    }
    for routine in schema.routines.values() {
        if routine.depends.contains(&Dependency::Column(id, number)) {
            found.push((Object::Routine(routine.id), Strength::Normal));
        }
    }
}

/// What of the column's own relation depends on it.
fn in_own_relation(relation: &Relation, number: ColumnNumber, found: &mut Dependents) {
    let id = relation.id;
    for index in relation.indexes.iter().filter(|index| index.mentions(number) && index.constraint.is_none()) {
        found.push((Object::Index(id, index.name.clone()), Strength::Auto));
    }
    for constraint in &relation.constraints {
        let owned = relation.indexes.iter().find(|index| index.constraint.as_ref() == Some(&constraint.name));
        if constraint.columns.contains(&number) || owned.is_some_and(|index| index.mentions(number)) {
            found.push((Object::Constraint(id, constraint.name.clone()), Strength::Auto));
        }
    }
    for column in &relation.columns {
        if column.generated.as_ref().is_some_and(|generated| generated.mentions.contains(&number)) {
            found.push((Object::Column(id, column.number), Strength::Normal));
        }
    }
    for trigger in &relation.triggers {
        if trigger.update_of.contains(&number) || trigger.mentions.contains(&number) {
            found.push((Object::Trigger(id, trigger.name.clone()), Strength::Normal));
        }
    }
    for policy in relation.policies.iter().filter(|policy| policy.columns.contains(&number)) {
        found.push((Object::Policy(id, policy.name.clone()), Strength::Normal));
    }
}

fn of_constraint(schema: &Schema, id: RelationId, name: &Arc<str>, found: &mut Dependents) {
    let Some(relation) = schema.relation(id) else { return };
    let Some(constraint) = relation.constraint(name) else { return };
    if let Some(index) = relation.indexes.iter().find(|index| index.constraint.as_ref() == Some(name)) {
        found.push((Object::Index(id, index.name.clone()), Strength::Auto));
    }
    if matches!(constraint.kind, ConstraintKind::PrimaryKey) {
        let needs = |depends: &[Dependency]| depends.contains(&Dependency::PrimaryKey(id));
        for user in schema.users(Target::Relation(id)).filter_map(|user| schema.relation(user)) {
            if binds(schema, &user) && user.view.iter().any(|view| needs(&view.depends)) {
                found.push((Object::Relation(user.id), Strength::Normal));
            }
        }
        let routines = schema.routines.values().filter(|routine| needs(&routine.depends));
        found.extend(routines.map(|routine| (Object::Routine(routine.id), Strength::Normal)));
    }
}

fn of_index(schema: &Schema, id: RelationId, name: &Arc<str>, found: &mut Dependents) {
    for (user, constraint) in schema.referencing(id) {
        if matches!(&constraint.kind, ConstraintKind::ForeignKey { index: Some(index), .. } if index == name) {
            found.push((Object::Constraint(user, constraint.name.clone()), Strength::Normal));
        }
    }
    for child in schema.children(id).into_iter().filter_map(|child| schema.relation(child)) {
        for index in child.indexes.iter().filter(|index| index.parent.as_ref() == Some(name)) {
            let object = match &index.constraint {
                Some(constraint) => Object::Constraint(child.id, constraint.clone()),
                None => Object::Index(child.id, index.name.clone()),
            };
            found.push((object, Strength::Auto));
        }
    }
}

fn of_type(schema: &Schema, id: TypeId, found: &mut Dependents) {
    let Some(ty) = schema.types.get(&id) else { return };
    for user in schema.users(Target::Type(id)).filter_map(|user| schema.relation(user)) {
        of_type_in(id, &user, found);
    }
    for other in schema.types.values() {
        if other.info.base.is_some_and(|(base, _)| base == id) {
            found.push((Object::Type(other.info.id), Strength::Normal));
        }
    }
    let implicit = ty.info.array.into_iter().chain(ty.info.range_partner);
    found.extend(implicit.map(|id| (Object::Type(id), Strength::Auto)));
    for routine in schema.routines.values() {
        if in_signature(&routine.signature, id) || routine.depends.contains(&Dependency::Type(id)) {
            let made_with_type = routine.signature.name == ty.info.name && routine.signature.result == id;
            let strength = if made_with_type { Strength::Auto } else { Strength::Normal };
            found.push((Object::Routine(routine.id), strength));
        }
    }
    let operators = schema.operators.iter().filter(|it| it.left == Some(id) || it.right == id || it.result == id);
    found.extend(operators.map(|operator| (operator_object(operator), Strength::Normal)));
    let casts = schema.casts.iter().filter(|cast| cast.source == id || cast.target == id);
    found.extend(casts.map(|cast| (Object::Cast(cast.source, cast.target), Strength::Normal)));
}

/// Whether a routine takes or returns a type.
pub(super) fn in_signature(signature: &CatalogFunction, id: TypeId) -> bool {
    signature.result == id || signature.arguments.iter().chain(&signature.outputs).any(|argument| argument.ty == id)
}

/// What of a relation depends on a type.
fn of_type_in(id: TypeId, user: &Relation, found: &mut Dependents) {
    let view = user.view.is_some();
    if view || user.of_type == Some(id) {
        found.push((Object::Relation(user.id), Strength::Normal));
        return;
    }
    if user.kind == RelationKind::Sequence {
        return;
    }
    let typed = |column: &&Column| column.ty.id == id;
    found.extend(user.columns.iter().filter(typed).map(|it| (Object::Column(user.id, it.number), Strength::Normal)));
    uses_in(user, Dependency::Type(id), found);
}

fn of_routine(schema: &Schema, id: RoutineId, found: &mut Dependents) {
    let exact = Dependency::Routine(id);
    for user in schema.users(Target::Routine(id)).filter_map(|user| schema.relation(user)) {
        if binds(schema, &user) && user.view.iter().any(|view| view.depends.contains(&exact)) {
            found.push((Object::Relation(user.id), Strength::Normal));
        }
        let triggers = user.triggers.iter().filter(|trigger| trigger.routine == Some(id));
        found.extend(triggers.map(|it| (Object::Trigger(user.id, it.name.clone()), Strength::Normal)));
        uses_in(&user, exact, found);
    }
    let routines = schema.routines.values().filter(|routine| routine.depends.contains(&exact));
    found.extend(routines.map(|routine| (Object::Routine(routine.id), Strength::Normal)));
    let callers = schema.callers.iter().filter(|(_, called)| *called == id);
    found.extend(callers.map(|(caller, _)| (caller.clone(), Strength::Normal)));
}

/// Defaults, constraints, indexes, rules and policies that use a type or a routine.
fn uses_in(user: &Relation, exact: Dependency, found: &mut Dependents) {
    let normal = |object| (object, Strength::Normal);
    let defaults = user.columns.iter().filter(|column| column.default_depends.contains(&exact));
    // A column does not outlive the expression that it is generated by.
    found.extend(defaults.map(|column| match column.generated {
        Some(_) => normal(Object::Column(user.id, column.number)),
        None => normal(Object::Default(user.id, column.number)),
    }));
    let uses = |constraint: &&Constraint| constraint.depends.contains(&exact);
    found.extend(user.constraints.iter().filter(uses).map(|it| normal(Object::Constraint(user.id, it.name.clone()))));
    let uses = |index: &&Index| index.depends.contains(&exact);
    found.extend(user.indexes.iter().filter(uses).map(|it| normal(Object::Index(user.id, it.name.clone()))));
    let rules = user.rules.iter().filter(|rule| rule.depends.contains(&exact));
    found.extend(rules.map(|rule| normal(Object::Rule(user.id, rule.name.clone()))));
    let policies = user.policies.iter().filter(|policy| policy.depends.contains(&exact));
    found.extend(policies.map(|policy| normal(Object::Policy(user.id, policy.name.clone()))));
}
