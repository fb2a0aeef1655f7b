//! Puts objects into a schema and takes them out, and keeps what is looked up by name or by reference in step with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    ConstraintKind, Dependency, Kept, Named, Relation, RelationId, RelationKind, Routine, RoutineId, Schema,
    UserDefinedType,
};
use crate::dialect::TypeId;
use crate::sorted;

/// An object that relations refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Target {
    Relation(RelationId),
    Type(TypeId),
    Routine(RoutineId),
}

/// A name in a schema.
pub(super) type QualifiedName = (Arc<str>, Arc<str>);

impl Schema {
    /// A number that no object has.
    pub(super) fn fresh_id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Puts a relation in, in place of the one with the same id.
    pub(super) fn put(&mut self, relation: Relation) {
        let id = relation.id;
        let old = self.relations.get(&id).cloned();
        self.relink(id, old.as_deref(), Some(&relation));
        self.relations.insert_mut(id, Kept::from(relation));
    }

    /// Takes a relation out, with nothing but itself.
    pub(super) fn take_out(&mut self, id: RelationId) {
        if let Some(old) = self.relations.get(&id).cloned() {
            self.relink(id, Some(&old), None);
            self.relations.remove_mut(&id);
        }
    }

    /// Changes a relation; nothing happens where there is none with this id.
    pub(super) fn edit(&mut self, id: RelationId, change: impl FnOnce(&mut Relation)) {
        if let Some(relation) = self.relations.get(&id) {
            let mut relation = Relation::clone(relation);
            change(&mut relation);
            self.put(relation);
        }
    }

    fn relink(&mut self, id: RelationId, old: Option<&Relation>, new: Option<&Relation>) {
        let (before, after) = (old.map(names).unwrap_or_default(), new.map(names).unwrap_or_default());
        for (name, named) in before.iter().filter(|entry| !after.contains(entry)) {
            if self.relation_names.get(name) == Some(named) {
                self.relation_names.remove_mut(name);
            }
        }
        for (name, named) in after.into_iter().filter(|entry| !before.contains(entry)) {
            self.relation_names.insert_mut(name, named);
        }
        let (before, after) = (old.map(targets).unwrap_or_default(), new.map(targets).unwrap_or_default());
        for target in before.keys().filter(|target| !after.contains_key(target)) {
            self.links.remove_mut(&(*target, id));
        }
        for (target, inherits) in after.iter().filter(|&(target, inherits)| before.get(target) != Some(inherits)) {
            self.links.insert_mut((*target, id), *inherits);
        }
        let (before, after) =
            (old.map(constraint_names).unwrap_or_default(), new.map(constraint_names).unwrap_or_default());
        for name in before.difference(&after) {
            self.constraint_names.remove_mut(&(name.0.clone(), name.1.clone(), id));
        }
        for name in after.difference(&before) {
            self.constraint_names.insert_mut((name.0.clone(), name.1.clone(), id), ());
        }
    }

    /// Puts a type in, in place of the one with the same id.
    pub(super) fn put_type(&mut self, ty: UserDefinedType) {
        let id = ty.info.id;
        self.forget_type_name(id);
        self.type_names.insert_mut((Arc::from(&*ty.info.schema), Arc::from(&*ty.info.name)), id);
        self.types.insert_mut(id, Kept::from(ty));
    }

    /// Takes a type out, with nothing but itself.
    pub(super) fn take_out_type(&mut self, id: TypeId) {
        self.forget_type_name(id);
        self.types.remove_mut(&id);
    }

    /// Changes a type; nothing happens where there is none with this id.
    pub(super) fn edit_type(&mut self, id: TypeId, change: impl FnOnce(&mut UserDefinedType)) {
        if let Some(ty) = self.types.get(&id) {
            let mut ty = UserDefinedType::clone(ty);
            change(&mut ty);
            self.put_type(ty);
        }
    }

    fn forget_type_name(&mut self, id: TypeId) {
        let Some(old) = self.types.get(&id) else { return };
        let name = (Arc::from(&*old.info.schema), Arc::from(&*old.info.name));
        if self.type_names.get(&name) == Some(&id) {
            self.type_names.remove_mut(&name);
        }
    }

    /// Puts a routine in, in place of the one with the same id.
    pub(super) fn put_routine(&mut self, routine: Routine) {
        let id = routine.id;
        let name = routine_name(&routine);
        if self.routines.get(&id).is_none_or(|old| routine_name(old) != name) {
            self.forget_routine_name(id);
            let mut ids = self.routine_names.get(&name).map(|ids| Vec::clone(ids)).unwrap_or_default();
            ids.push(id);
            self.routine_names.insert_mut(name, Arc::new(ids));
        }
        self.routines.insert_mut(id, Kept::from(routine));
    }

    /// Takes a routine out, with nothing but itself.
    pub(super) fn take_out_routine(&mut self, id: RoutineId) {
        self.forget_routine_name(id);
        self.routines.remove_mut(&id);
    }

    /// Changes a routine; nothing happens where there is none with this id.
    pub(super) fn edit_routine(&mut self, id: RoutineId, change: impl FnOnce(&mut Routine)) {
        if let Some(routine) = self.routines.get(&id) {
            let mut routine = Routine::clone(routine);
            change(&mut routine);
            self.put_routine(routine);
        }
    }

    fn forget_routine_name(&mut self, id: RoutineId) {
        let Some(name) = self.routines.get(&id).map(|old| routine_name(old)) else { return };
        let Some(ids) = self.routine_names.get(&name) else { return };
        let ids: Vec<RoutineId> = ids.iter().copied().filter(|&other| other != id).collect();
        if ids.is_empty() {
            self.routine_names.remove_mut(&name);
        } else {
            self.routine_names.insert_mut(name, Arc::new(ids));
        }
    }

    /// The types that came with a relation.
    pub(super) fn types_of_relation(&self, id: RelationId) -> Vec<TypeId> {
        let row = self.relations.get(&id).map(|relation| relation.row_type).filter(|ty| ty.is_user());
        row.into_iter().chain(row.and_then(|row| self.types.get(&row)?.info.array)).collect()
    }

    /// Whether a relation or an index has this name.
    pub(super) fn has_relation_name(&self, schema: &str, name: &str) -> bool {
        self.relation_names.contains_key(&(Arc::from(schema), Arc::from(name)))
    }

    /// Whether a constraint of any relation in the schema has this name.
    pub(super) fn has_constraint_name(&self, schema: &str, name: &str) -> bool {
        let from = (Arc::from(schema), Arc::from(name), RelationId(0));
        self.constraint_names.range(from..).next().is_some_and(|((s, n, _), ())| **s == *schema && **n == *name)
    }
}

fn routine_name(routine: &Routine) -> QualifiedName {
    (Arc::from(&*routine.signature.schema), Arc::from(&*routine.signature.name))
}

/// The names that a relation takes in the name space of relations.
fn names(relation: &Relation) -> Vec<(QualifiedName, Named)> {
    let own = ((relation.schema.clone(), relation.name.clone()), Named::Relation(relation.id));
    let index = |name: &Arc<str>| ((relation.schema.clone(), name.clone()), Named::Index(relation.id));
    std::iter::once(own).chain(relation.indexes.iter().map(|it| index(&it.name))).collect()
}

fn constraint_names(relation: &Relation) -> BTreeSet<QualifiedName> {
    sorted::set(relation.constraints.iter().map(|it| (relation.schema.clone(), it.name.clone())))
}

/// What a relation refers to, other than to itself, and whether it inherits from it.
fn targets(relation: &Relation) -> BTreeMap<Target, bool> {
    let mut targets = sorted::set(relation.parents.iter().map(|&id| Target::Relation(id)));
    targets.extend(relation.owned_by.map(|(id, ..)| Target::Relation(id)));
    targets.extend(relation.of_type.map(Target::Type));
    targets.extend(relation.sequence_type.map(Target::Type));
    for column in &relation.columns {
        targets.insert(Target::Type(column.ty.id));
        targets.extend(column.default_depends.iter().map(Target::from));
    }
    for constraint in &relation.constraints {
        targets.extend(constraint.depends.iter().map(Target::from));
        if let ConstraintKind::ForeignKey { table, .. } = constraint.kind {
            targets.insert(Target::Relation(table));
        }
    }
    targets.extend(relation.indexes.iter().flat_map(|index| &index.depends).map(Target::from));
    targets.extend(relation.triggers.iter().filter_map(|trigger| trigger.routine).map(Target::Routine));
    targets.extend(relation.rules.iter().flat_map(|rule| &rule.depends).map(Target::from));
    targets.extend(relation.policies.iter().flat_map(|policy| &policy.depends).map(Target::from));
    targets.extend(relation.view.iter().flat_map(|view| &view.depends).map(Target::from));
    targets.remove(&Target::Relation(relation.id));
    targets.retain(|target| !matches!(target, Target::Type(id) if !id.is_user()));
    let inherits = |target| matches!(target, Target::Relation(id) if relation.parents.contains(&id));
    sorted::map(targets.into_iter().map(|target| (target, inherits(target))))
}

impl From<&Dependency> for Target {
    fn from(dependency: &Dependency) -> Target {
        match *dependency {
            Dependency::Relation(id) | Dependency::Column(id, _) | Dependency::PrimaryKey(id) => Target::Relation(id),
            Dependency::Type(id) => Target::Type(id),
            Dependency::Routine(id) => Target::Routine(id),
        }
    }
}

impl RelationKind {
    /// Whether it has a row type.
    pub(super) fn has_row_type(self) -> bool {
        !matches!(self, RelationKind::Sequence | RelationKind::System)
    }
}
