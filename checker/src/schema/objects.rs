//! Types, routines and rights.

use std::sync::Arc;

use super::{ColumnNumber, Dependency, RelationId, RoutineId, Type};
use crate::dialect::TypeId;
use crate::dialect::catalog::{CatalogFunction, CatalogType};
use crate::source::{Place, Source};
use crate::sql::ddl;
use crate::sql::routine::Body;

/// A type that a migration created, or that came with a relation.
#[derive(Clone, Debug)]
pub struct UserDefinedType {
    /// What the type rules need to know.
    pub info: CatalogType,
    /// Labels of an enum in order.
    pub labels: Vec<Arc<str>>,
    /// The relation whose rows it describes (a table, or a composite type's hidden relation).
    pub relation: Option<RelationId>,
    /// What a domain demands.
    pub checks: Vec<DomainCheck>,
    /// A domain's default.
    pub default: Option<ddl::Expr>,
    /// What it is the array of.
    pub array_of: Option<TypeId>,
    /// The extension it belongs to.
    pub extension: Option<Arc<str>>,
}

/// A domain's check.
#[derive(Clone, Debug)]
pub struct DomainCheck {
    /// Its name.
    pub name: Arc<str>,
    /// What it demands.
    pub expr: ddl::Expr,
    /// False after `NOT VALID`.
    pub valid: bool,
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug)]
pub struct Routine {
    /// Its identity.
    pub id: RoutineId,
    /// Its name, kind, argument and result types.
    pub signature: CatalogFunction,
    /// The arguments as declared, of every mode, for output.
    pub arguments: Vec<(ddl::ArgumentMode, Option<Arc<str>>, Type)>,
    /// `LANGUAGE`.
    pub language: Arc<str>,
    /// What it runs.
    pub body: Body,
    /// The text that positions in the body count in.
    pub source: Source,
    /// The search path that it sets for itself.
    pub search_path: Option<Arc<Vec<Arc<str>>>>,
    /// What its body depends on by identity (`BEGIN ATOMIC`).
    pub depends: Vec<Dependency>,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// Rights on it, those that everyone has from the start among them.
    pub grants: Vec<Right>,
    /// Whether nobody has granted or revoked anything yet.
    pub default_grants: bool,
    /// The extension it belongs to.
    pub extension: Option<Arc<str>>,
    /// Where it was last defined.
    pub place: Option<Place>,
}

/// Rights that a role has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// Lower-case word: `select`, `insert`, …
    pub privilege: String,
    /// The role; `public` for everyone.
    pub grantee: Arc<str>,
    /// The column, where the right is on one.
    pub column: Option<ColumnNumber>,
}

/// Rights that new objects get.
#[derive(Clone, Debug)]
pub struct DefaultPrivilege {
    /// Only in this schema.
    pub schema: Option<Arc<str>>,
    /// On objects of this kind.
    pub kind: ddl::ObjectKind,
    /// What is given.
    pub right: Right,
    /// Whether it is taken away instead, where new objects have it otherwise.
    pub revoked: bool,
}
