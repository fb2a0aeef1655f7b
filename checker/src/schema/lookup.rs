//! What a name stands for: relations, routines, operators and casts, by the search path, built-in objects among them.

use std::sync::Arc;

use super::store::Target;
use super::{
    Cloud, Column, ColumnNumber, Constraint, ConstraintKind, Named, Relation, RelationId, RelationKind, Routine,
    RoutineId, Schema, Type,
};
use crate::dialect::TypeId;
use crate::dialect::catalog::{CatalogCast, CatalogFunction, CatalogOperator, CatalogRelation};

/// A routine: of a migration or an extension, or built in.
#[derive(Clone, Copy, Debug)]
pub enum RoutineRef<'a> {
    /// Of a migration or an extension.
    Created(&'a Arc<Routine>),
    /// Built in.
    BuiltIn(&'static CatalogFunction),
}

impl<'a> RoutineRef<'a> {
    /// Its name, kind, argument and result types.
    pub fn signature(self) -> &'a CatalogFunction {
        match self {
            RoutineRef::Created(routine) => &routine.signature,
            RoutineRef::BuiltIn(function) => function,
        }
    }

    /// Its identity, unless it is built in.
    pub fn id(self) -> Option<RoutineId> {
        match self {
            RoutineRef::Created(routine) => Some(routine.id),
            RoutineRef::BuiltIn(_) => None,
        }
    }
}

/// Ids from here on are for built-in relations, which carry a hash of their name.
const BUILT_IN: u32 = 1 << 31;

impl Schema {
    /// The relation that a name stands for: with a schema, or by the search path, where temporary relations come first
    /// and built-in ones second.
    pub fn find_relation(&self, schema: Option<&str>, name: &str) -> Option<Arc<Relation>> {
        match self.find_named(schema, name)? {
            Found::Created(Named::Relation(id)) => self.relations.get(&id).map(|it| it.shared().clone()),
            Found::Created(Named::Index(_)) => None,
            Found::BuiltIn(relation) => Some(Arc::new(built_in(relation))),
        }
    }

    /// A relation by its identity.
    pub fn relation(&self, id: RelationId) -> Option<Arc<Relation>> {
        if id.0 < BUILT_IN {
            return self.relations.get(&id).map(|it| it.shared().clone());
        }
        let schemas = self.dialect.definition.system_schemas.iter();
        let relations = schemas.flat_map(|&schema| {
            self.catalog.relation_names(schema).into_iter().filter_map(move |name| self.catalog.relation(schema, name))
        });
        relations.map(|relation| Arc::new(built_in(relation))).find(|relation| relation.id == id)
    }

    /// The relation and the index that a name stands for.
    pub fn find_index(&self, schema: Option<&str>, name: &str) -> Option<(Arc<Relation>, usize)> {
        let Found::Created(Named::Index(id)) = self.find_named(schema, name)? else { return None };
        let relation = self.relations.get(&id)?;
        let position = relation.indexes.iter().position(|index| *index.name == *name)?;
        Some((relation.shared().clone(), position))
    }

    /// The schemas in which unqualified names are looked up, in order: the temporary one, the system's (unless the search
    /// path places it elsewhere), those of the search path.
    pub fn lookup_path(&self) -> impl Iterator<Item = &str> {
        let written = |name: &str| self.search_path.iter().any(|schema| **schema == *name);
        let implicit = [self.dialect.definition.temporary_schema, self.dialect.system_schema];
        let implicit = implicit.into_iter().flatten().filter(move |name| !written(name));
        implicit.chain(self.search_path.iter().map(|name| &**name))
    }

    /// Whether an unqualified use of the name finds the object in this schema, given how to look into one schema.
    fn is_visible(&self, schema: &str, has: impl Fn(&str) -> bool) -> bool {
        self.lookup_path().find(|schema| has(schema)) == Some(schema)
    }

    /// Whether the relation can be written without its schema.
    pub fn relation_is_visible(&self, relation: &Relation) -> bool {
        self.is_visible(&relation.schema, |schema| self.named_in(schema, &relation.name).is_some())
    }

    /// Whether the type can be written without its schema.
    pub(super) fn type_is_visible(&self, schema: &str, name: &str) -> bool {
        self.is_visible(schema, |schema| self.type_in(schema, name).is_some())
    }

    fn find_named(&self, schema: Option<&str>, name: &str) -> Option<Found> {
        match schema {
            Some(schema) => self.named_in(schema, name),
            None => self.lookup_path().find_map(|schema| self.named_in(schema, name)),
        }
    }

    fn named_in(&self, schema: &str, name: &str) -> Option<Found> {
        if let Some(&named) = self.relation_names.get(&(Arc::from(schema), Arc::from(name))) {
            return Some(Found::Created(named));
        }
        self.is_system(schema).then(|| self.catalog.relation(schema, name).map(Found::BuiltIn)).flatten()
    }

    /// Whether a schema is one of those that hold built-in objects.
    fn is_system(&self, schema: &str) -> bool {
        self.dialect.definition.system_schemas.contains(&schema)
    }

    /// All routines that a call by this name may mean, in the order of the search path. Those that an earlier schema's
    /// routine with the same argument types hides are left out.
    pub fn find_routines(&self, schema: Option<&str>, name: &str) -> Vec<RoutineRef<'_>> {
        let mut found: Vec<RoutineRef<'_>> = Vec::new();
        let Some(schema) = schema else {
            for schema in self.lookup_path() {
                // Those of one schema do not hide each other, even where one that takes many values also takes so few.
                let earlier = found.len();
                for routine in self.routines_in(schema, name) {
                    let hidden = |other: &RoutineRef<'_>| same_arguments(other.signature(), routine.signature());
                    if !found.iter().take(earlier).any(hidden) {
                        found.push(routine);
                    }
                }
            }
            return found;
        };
        found.extend(self.routines_in(schema, name));
        found
    }

    /// The routines of a schema with a name.
    pub fn routines_in(&self, schema: &str, name: &str) -> Vec<RoutineRef<'_>> {
        let ids = self.routine_names.get(&(Arc::from(schema), Arc::from(name)));
        let created = ids.into_iter().flat_map(|ids| ids.iter()).filter_map(|id| self.routines.get(id));
        let built_in = if self.is_system(schema) { self.catalog.functions_in(schema, name) } else { &[] };
        created
            .map(|routine| RoutineRef::Created(routine.shared()))
            .chain(built_in.iter().map(RoutineRef::BuiltIn))
            .collect()
    }

    /// All operators that a name may mean.
    pub fn find_operators(&self, schema: Option<&str>, name: &str) -> Vec<&CatalogOperator> {
        let path: Vec<&str> = schema.map_or_else(|| self.lookup_path().collect(), |schema| vec![schema]);
        let mut found = Vec::new();
        // There are many of them, all in one schema.
        let built_in = self.catalog.operators_by_name(name);
        if built_in.first().is_some_and(|operator| path.contains(&&*operator.schema)) {
            found.extend(built_in);
        }
        let wanted = |operator: &&CatalogOperator| operator.name == name && path.contains(&&*operator.schema);
        found.extend(self.operators.iter().filter(wanted));
        found
    }

    /// The cast between two types that the catalog or a migration names.
    pub fn cast(&self, source: TypeId, target: TypeId) -> Option<&CatalogCast> {
        let created = self.casts.iter().find(|cast| cast.source == source && cast.target == target);
        created.or_else(|| self.catalog.cast(source, target))
    }

    /// Why nothing sure can be said about a name: something that touched it, or may have touched anything, was not
    /// understood.
    pub fn cloud(&self, name: &str) -> Option<&Arc<Cloud>> {
        self.clouds.get(name).or(self.overcast.as_ref())
    }

    /// Why a routine, type or operator of this name may be there though it is not found: as [`Schema::cloud`], or an
    /// extension whose objects are not known was created.
    pub fn object_cloud(&self, name: &str) -> Option<&Arc<Cloud>> {
        self.cloud(name).or_else(|| self.unknown_extensions.first().map(|(_, cloud)| cloud))
    }

    /// The foreign keys that refer to a relation, with the relations that have them, itself among them.
    pub fn referencing(&self, id: RelationId) -> Vec<(RelationId, &Constraint)> {
        let mut found = Vec::new();
        for source in self.users(Target::Relation(id)).chain([id]) {
            let Some(relation) = self.relations.get(&source) else { continue };
            let refers = |c: &&Constraint| matches!(c.kind, ConstraintKind::ForeignKey { table, .. } if table == id);
            found.extend(relation.constraints.iter().filter(refers).map(|constraint| (source, constraint)));
        }
        found
    }

    /// The relations that inherit directly from a relation, or are its partitions.
    pub fn children(&self, id: RelationId) -> Vec<RelationId> {
        self.links_to(Target::Relation(id)).filter(|(_, inherits)| *inherits).map(|(child, _)| child).collect()
    }

    /// The relations that refer to an object in any way.
    pub(super) fn users(&self, target: Target) -> impl Iterator<Item = RelationId> {
        self.links_to(target).map(|(user, _)| user)
    }

    /// The relations that refer to an object in any way, and whether they inherit from it.
    fn links_to(&self, target: Target) -> impl Iterator<Item = (RelationId, bool)> {
        let range = self.links.range((target, RelationId(0))..=(target, RelationId(u32::MAX)));
        range.map(|(&(_, user), &inherits)| (user, inherits))
    }
}

/// What a name in the name space of relations stands for.
enum Found {
    Created(Named),
    BuiltIn(&'static CatalogRelation),
}

fn same_arguments(a: &CatalogFunction, b: &CatalogFunction) -> bool {
    a.arguments.len() == b.arguments.len() && a.arguments.iter().zip(&b.arguments).all(|(a, b)| a.ty == b.ty)
}

/// A built-in relation in the form of the created ones.
fn built_in(relation: &CatalogRelation) -> Relation {
    let id = RelationId(BUILT_IN | name_hash(&relation.schema, &relation.name) >> 1);
    let mut built = Relation::new(id, Arc::from(&*relation.schema), Arc::from(&*relation.name), RelationKind::System);
    for (number, column) in (1..).zip(&relation.columns) {
        let ty = Type { id: column.ty, modifier: column.modifier };
        let not_null = column.not_null || relation.primary_key.contains(&column.name);
        let hidden = column.hidden;
        built.columns.push(Column {
            not_null,
            hidden,
            ..Column::new(ColumnNumber(number), Arc::from(&*column.name), ty)
        });
        built.next_column = number + 1;
    }
    built
}

/// FNV-1a: the same in every run and on every machine.
fn name_hash(schema: &str, name: &str) -> u32 {
    let bytes = schema.bytes().chain([b'.']).chain(name.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
