//! The schema model: what a database holds after a step, as the server would say it.
//!
//! A [`Schema`] is a value: cloning is cheap, states of a timeline share what does not change between them.
//! Objects keep their ids through renames; a dropped and recreated object gets a new one, as on the server.

use std::sync::Arc;

use crate::dialect::catalog::{CatalogCast, CatalogOperator};
use crate::dialect::{Catalog, Dialect, TypeId};
use crate::sql::ddl;

mod apply;
mod change;
mod depend;
#[cfg(feature = "command")]
mod describe;
#[cfg(feature = "command")]
pub mod description;
mod extension;
mod kept;
mod lookup;
mod mention;
mod names;
mod objects;
mod outputs;
mod publication;
mod references;
mod relation;
mod rename;
mod rows;
mod store;
pub(crate) mod stored;
mod table;
mod timeline;
mod types;
#[cfg(test)]
mod tests;

pub use apply::apply;
pub use change::{Applied, ApplyProblem, Cloud, Key, LookupProblem, Touch};
#[cfg(feature = "command")]
pub use describe::describe;
#[cfg(feature = "command")]
pub use description::Description;
pub use kept::Kept;
pub use lookup::RoutineRef;
pub use objects::{DefaultPrivilege, DomainCheck, Right, Routine, UserDefinedType};
pub use relation::{
    Column, Constraint, ConstraintKind, Dependency, Generated, Index, IndexKey, Partitioning, Policy, Relation,
    RelationKind, RewriteRule, Trigger, View,
};
pub use table::Table;
pub use timeline::{Change, Plan, Scripts, State, Step, Timeline, TimelineProblem, replay};

/// Schema and name.
pub type QualifiedName = (Arc<str>, Arc<str>);

/// What a database holds.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The engine.
    pub dialect: &'static Dialect,
    /// Its built-in objects.
    pub catalog: &'static Catalog,
    /// Schemas by name.
    pub namespaces: Table<Arc<str>, Arc<Namespace>>,
    /// Tables, views, sequences, …
    pub relations: Table<RelationId, Kept<Relation>>,
    /// What a qualified name in the name space of relations (which indexes share where the dialect says so) stands for.
    pub relation_names: Table<(Arc<str>, Arc<str>), Named>,
    /// Types that migrations created, with the array and row types that come with them.
    pub types: Table<TypeId, Kept<UserDefinedType>>,
    /// Types by qualified name.
    pub type_names: Table<(Arc<str>, Arc<str>), TypeId>,
    /// Functions, procedures and aggregates.
    pub routines: Table<RoutineId, Kept<Routine>>,
    /// Routines by qualified name, in order of creation.
    pub routine_names: Table<QualifiedName, Arc<Vec<RoutineId>>>,
    /// Operators that migrations and extensions created.
    pub operators: Arc<Vec<CatalogOperator>>,
    /// Casts that migrations and extensions created.
    pub casts: Arc<Vec<CatalogCast>>,
    /// Extensions by name, with the schema they are in.
    pub extensions: Table<Arc<str>, Arc<str>>,
    /// Objects known by kind and name only.
    pub others: Table<(ddl::ObjectKind, Arc<str>, Arc<str>), ()>,
    /// Publications and replica identities.
    pub replication: Arc<publication::Replication>,
    /// Where unqualified names are looked up, in order, without the implicit system schema: in a state of a timeline, by a
    /// new session; while migrations are applied, by the session that applies them.
    pub search_path: Arc<Vec<Arc<str>>>,
    /// Where a new session looks unqualified names up.
    pub default_search_path: Arc<Vec<Arc<str>>>,
    /// Names touched by something that was not understood.
    pub clouds: Table<Arc<str>, Arc<Cloud>>,
    /// Something was not understood that may have touched any object.
    pub overcast: Option<Arc<Cloud>>,
    /// Rights that new objects get.
    pub default_privileges: Arc<Vec<DefaultPrivilege>>,
    /// Extensions whose objects are not known.
    pub unknown_extensions: Arc<Vec<(Arc<str>, Arc<Cloud>)>>,
    /// The next id for any object.
    pub next_id: u32,
    /// Which relations refer to an object, and whether they inherit from it.
    links: Table<(store::Target, RelationId), bool>,
    /// Constraints by schema and name, with their relation.
    constraint_names: Table<(Arc<str>, Arc<str>, RelationId), ()>,
    /// Operators and casts with the routines that they call.
    callers: Arc<Vec<(depend::Object, RoutineId)>>,
    /// What is known of the rows of tables while migrations run.
    rows: Table<RelationId, rows::Rows>,
    /// The session that applies migrations.
    session: apply::Session,
}

impl Schema {
    /// An empty database of an engine's version; of the newest known one without a version.
    pub fn new(dialect: &'static Dialect, version: Option<u32>) -> Schema {
        let search_path: Arc<Vec<Arc<str>>> =
            Arc::new(dialect.default_schema.iter().map(|&name| Arc::from(name)).collect());
        let namespaces = search_path.iter().map(|name| (name.clone(), Arc::default())).collect();
        Schema {
            dialect,
            catalog: (dialect.catalog)(version),
            namespaces,
            relations: Table::default(),
            relation_names: Table::default(),
            types: Table::default(),
            type_names: Table::default(),
            routines: Table::default(),
            routine_names: Table::default(),
            operators: Arc::default(),
            casts: Arc::default(),
            extensions: Table::default(),
            others: Table::default(),
            replication: Arc::default(),
            default_search_path: search_path.clone(),
            search_path,
            clouds: Table::default(),
            overcast: None,
            default_privileges: Arc::default(),
            unknown_extensions: Arc::default(),
            next_id: TypeId::FIRST_USER,
            links: Table::default(),
            constraint_names: Table::default(),
            callers: Arc::default(),
            rows: Table::default(),
            session: apply::Session::default(),
        }
    }
}

/// Identity of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub u32);

/// Identity of a routine that a migration created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoutineId(pub u32);

/// Number of a column in its relation: given once, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnNumber(pub i32);

/// A type with its modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Type {
    /// The type.
    pub id: TypeId,
    /// Its modifier as the server stores it, -1 for none.
    pub modifier: i32,
}

impl Type {
    /// A type that is not known.
    pub const UNSURE: Type = Type { id: TypeId::UNSURE, modifier: -1 };

    /// A type without a modifier.
    pub fn plain(id: TypeId) -> Type {
        Type { id, modifier: -1 }
    }
}

/// What a name in the name space of relations stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A relation.
    Relation(RelationId),
    /// An index of this relation.
    Index(RelationId),
}

/// A schema.
#[derive(Clone, Debug, Default)]
pub struct Namespace {
    /// Rights on it.
    pub grants: Vec<Right>,
}
