//! The schema model: what a database holds after a step, as the server would say it.
//!
//! A [`Schema`] is a value: cloning is cheap, states of a timeline share what does not change between them.
//! Objects keep their ids through renames; a dropped and recreated object gets a new one, as on the server.

use std::sync::Arc;

use rpds::RedBlackTreeMapSync;

use crate::dialect::catalog::{CatalogCast, CatalogFunction, CatalogOperator, CatalogType};
use crate::dialect::{Catalog, Dialect, TypeId};
use crate::source::{Place, Span};
use crate::sql::ddl;
use crate::sql::routine::Body;

/// What a database holds.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The engine.
    pub dialect: &'static Dialect,
    /// Its built-in objects.
    pub catalog: &'static Catalog,
    /// Schemas by name.
    pub namespaces: RedBlackTreeMapSync<Arc<str>, Arc<Namespace>>,
    /// Tables, views, sequences, …
    pub relations: RedBlackTreeMapSync<RelationId, Arc<Relation>>,
    /// What a qualified name in the name space of relations (which indexes share where the dialect says so) stands for.
    pub relation_names: RedBlackTreeMapSync<(Arc<str>, Arc<str>), Named>,
    /// Types that migrations created, with the array and row types that come with them.
    pub types: RedBlackTreeMapSync<TypeId, Arc<UserDefinedType>>,
    /// Types by qualified name.
    pub type_names: RedBlackTreeMapSync<(Arc<str>, Arc<str>), TypeId>,
    /// Functions, procedures and aggregates.
    pub routines: RedBlackTreeMapSync<RoutineId, Arc<Routine>>,
    /// Routines by qualified name, in order of creation.
    pub routine_names: RedBlackTreeMapSync<(Arc<str>, Arc<str>), Arc<Vec<RoutineId>>>,
    /// Operators that migrations and extensions created.
    pub operators: Arc<Vec<CatalogOperator>>,
    /// Casts that migrations and extensions created.
    pub casts: Arc<Vec<CatalogCast>>,
    /// Extensions by name, with the schema they are in.
    pub extensions: RedBlackTreeMapSync<Arc<str>, Arc<str>>,
    /// Objects known by kind and name only.
    pub others: RedBlackTreeMapSync<(ddl::ObjectKind, Arc<str>, Arc<str>), ()>,
    /// Where unqualified names are looked up in a new session, in order, without the implicit system schema.
    pub search_path: Arc<Vec<Arc<str>>>,
    /// Names touched by something that was not understood.
    pub clouds: RedBlackTreeMapSync<Arc<str>, Arc<Cloud>>,
    /// Something was not understood that may have touched any object.
    pub overcast: Option<Arc<Cloud>>,
    /// Rights that new objects get.
    pub default_privileges: Arc<Vec<DefaultPrivilege>>,
    /// The next id for any object.
    pub next_id: u32,
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

/// A table or something like it.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Its identity.
    pub id: RelationId,
    /// The schema it is in.
    pub schema: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// What it is.
    pub kind: RelationKind,
    /// Its columns in order; dropped ones are gone, their numbers stay unused.
    pub columns: Vec<Column>,
    /// The number that the next column gets.
    pub next_column: i32,
    /// The type of its rows.
    pub row_type: TypeId,
    /// Constraints in order of creation.
    pub constraints: Vec<Constraint>,
    /// Indexes in order of creation, those of constraints among them.
    pub indexes: Vec<Index>,
    /// Triggers in order of name, as they fire.
    pub triggers: Vec<Trigger>,
    /// Rewrite rules other than a view's own.
    pub rules: Vec<RewriteRule>,
    /// Row level security policies.
    pub policies: Vec<Policy>,
    /// Whether row level security is enabled.
    pub row_security: bool,
    /// Tables it inherits from; its parent where it is a partition.
    pub parents: Vec<RelationId>,
    /// How it is partitioned.
    pub partition_by: Option<ddl::PartitionBy>,
    /// Whether it is a partition, with its bound as written.
    pub partition_bound: Option<String>,
    /// What a view is made of.
    pub view: Option<View>,
    /// The column that owns a sequence; true where it is the sequence of an identity column.
    pub owned_by: Option<(RelationId, ColumnNumber, bool)>,
    /// The values of a sequence.
    pub sequence_type: Option<TypeId>,
    /// Lives in the session only.
    pub temporary: bool,
    /// False for a materialized view that holds no data yet.
    pub populated: bool,
    /// SQLite's `STRICT`.
    pub strict: bool,
    /// Whether rows have the dialect's hidden row number (SQLite tables unless `WITHOUT ROWID`).
    pub row_id: bool,
    /// Its columns are not all known: why.
    pub opaque: Option<Arc<Cloud>>,
    /// Rights on it.
    pub grants: Vec<Right>,
    /// Who owns it, where a migration says so.
    pub owner: Option<Arc<str>>,
    /// The extension it belongs to.
    pub extension: Option<Arc<str>>,
}

/// What a relation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum RelationKind {
    Table,
    PartitionedTable,
    ForeignTable,
    View,
    MaterializedView,
    Sequence,
    /// A free-standing composite type: not a relation that a query can read.
    Composite,
    /// SQLite: a table whose rows a module makes.
    Virtual,
    /// Of a system schema.
    System,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its number.
    pub number: ColumnNumber,
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// The type as declared, where the dialect shows it so (SQLite).
    pub declared: Option<Arc<str>>,
    /// `NOT NULL`, also through a primary key. For a view's column: whether NULL can be ruled out, as far as it is known.
    pub not_null: bool,
    /// Its default as written.
    pub default: Option<ddl::Expr>,
    /// Its expression, where it is generated: true for stored.
    pub generated: Option<(ddl::Expr, bool)>,
    /// Whether it is an identity column: `ALWAYS` is true.
    pub identity: Option<bool>,
    /// Takes the next number by itself: `serial` keeps it in the default, SQLite's `INTEGER PRIMARY KEY` and MySQL's
    /// `AUTO_INCREMENT` here.
    pub auto_number: bool,
    /// Its collation, where one is written.
    pub collation: Option<Arc<str>>,
    /// In how many parents it is defined.
    pub inherited: u32,
    /// Whether it is defined in the relation itself.
    pub local: bool,
    /// For a view's column, the column of a relation that it passes on unchanged.
    pub origin: Option<(RelationId, ColumnNumber)>,
}

/// A constraint.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name.
    pub name: Arc<str>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// The columns in it: of a key in order, of a check those it mentions.
    pub columns: Vec<ColumnNumber>,
    /// False after `NOT VALID`.
    pub valid: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// How many parents pass it on.
    pub inherited: u32,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Where it was created.
    pub place: Option<Place>,
}

/// What a constraint demands.
#[derive(Clone, Debug)]
pub enum ConstraintKind {
    /// A primary key; the index of the same name belongs to it.
    PrimaryKey,
    /// A unique constraint; the index of the same name belongs to it.
    Unique {
        /// `NULLS NOT DISTINCT`.
        nulls_not_distinct: bool,
    },
    /// An exclusion constraint; the index of the same name belongs to it.
    Exclude,
    /// A check.
    Check(ddl::Expr),
    /// A foreign key.
    ForeignKey {
        /// The table referred to.
        table: RelationId,
        /// Its columns, in the order of the constraint's own.
        referenced: Vec<ColumnNumber>,
        /// `ON DELETE` action in lower case.
        on_delete: Option<String>,
        /// `ON UPDATE` action in lower case.
        on_update: Option<String>,
    },
}

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name.
    pub name: Arc<str>,
    /// The access method.
    pub method: Arc<str>,
    /// Its keys in order.
    pub keys: Vec<IndexKey>,
    /// Columns that it only carries.
    pub include: Vec<ColumnNumber>,
    /// `UNIQUE`.
    pub unique: bool,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// The rows it covers.
    pub predicate: Option<ddl::Expr>,
    /// False while it is built concurrently, and after such a build failed.
    pub valid: bool,
    /// False where it belongs to a deferrable constraint: no arbiter then.
    pub immediate: bool,
    /// The name of the constraint that owns it.
    pub constraint: Option<Arc<str>>,
    /// Whether it is the primary key's.
    pub primary: bool,
}

/// A key of an index.
#[derive(Clone, Debug)]
pub struct IndexKey {
    /// The column, where it is a plain one.
    pub column: Option<ColumnNumber>,
    /// The expression, else.
    pub expr: Option<ddl::Expr>,
    /// The columns that the expression mentions.
    pub mentions: Vec<ColumnNumber>,
    /// `COLLATE`.
    pub collation: Option<Arc<str>>,
    /// The operator class.
    pub operator_class: Option<Arc<str>>,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Its name.
    pub name: Arc<str>,
    /// When it fires.
    pub timing: ddl::TriggerTiming,
    /// On which events.
    pub events: Vec<ddl::Event>,
    /// The columns of `UPDATE OF`.
    pub update_of: Vec<ColumnNumber>,
    /// `FOR EACH ROW`.
    pub for_each_row: bool,
    /// `WHEN (…)`.
    pub when: Option<ddl::Expr>,
    /// The routine it calls; `None` where it is not known or has its own body.
    pub routine: Option<RoutineId>,
    /// Its own statements (SQLite, MySQL).
    pub body: Arc<Vec<crate::sql::Query>>,
    /// Why the routine or the body is not known.
    pub unread: Option<Arc<Cloud>>,
    /// `DISABLE TRIGGER` turns it off.
    pub enabled: bool,
}

/// A rewrite rule.
#[derive(Clone, Debug)]
pub struct RewriteRule {
    /// Its name.
    pub name: Arc<str>,
    /// What it rewrites.
    pub event: ddl::Event,
    /// `INSTEAD`.
    pub instead: bool,
    /// Whether it has a condition.
    pub conditional: bool,
    /// What it does; empty for `NOTHING`.
    pub actions: Arc<Vec<crate::sql::Query>>,
}

/// A row level security policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub name: Arc<str>,
    /// On which commands, all where nothing is said.
    pub command: Option<ddl::Event>,
    /// `PERMISSIVE`.
    pub permissive: bool,
    /// The columns that its expressions mention.
    pub columns: Vec<ColumnNumber>,
}

/// What a view is made of.
#[derive(Clone, Debug)]
pub struct View {
    /// Its query as written when it was created.
    pub query: Option<crate::sql::Query>,
    /// The text that the positions in `query` count in.
    pub text: Arc<str>,
    /// The search path when it was created.
    pub search_path: Arc<Vec<Arc<str>>>,
    /// The column names written before `AS`.
    pub column_names: Vec<Arc<str>>,
    /// What it depends on, by identity (engines that resolve a view when it is created).
    pub depends: Vec<Dependency>,
    /// Whether simple writes go through it to its only table.
    pub updatable: bool,
    /// `WITH CHECK OPTION`.
    pub check_option: bool,
}

/// An object that another one needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Dependency {
    Relation(RelationId),
    Column(RelationId, ColumnNumber),
    Type(TypeId),
    Routine(RoutineId),
    /// The primary key, which `GROUP BY` in the view relies on.
    PrimaryKey(RelationId),
}

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
    pub text: Arc<str>,
    /// The search path that it sets for itself.
    pub search_path: Option<Arc<Vec<Arc<str>>>>,
    /// What its body depends on by identity (`BEGIN ATOMIC`).
    pub depends: Vec<Dependency>,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// Rights on it.
    pub grants: Vec<Right>,
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
}

/// Something that was not understood.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// Why.
    pub reason: String,
    /// Where.
    pub place: Option<Place>,
}

/// A name that analysis looks up and that statements change. Dependency sets and changes are sets of keys; they go by
/// bare names, so that they also cover look-ups that fail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Key {
    Schema(Arc<str>),
    Relation(Arc<str>),
    /// Relation and column: tells the statement that caused a finding; look-ups depend on the whole relation.
    Column(Arc<str>, Arc<str>),
    /// Constraint or index, with its relation.
    Constraint(Arc<str>, Arc<str>),
    Trigger(Arc<str>, Arc<str>),
    Type(Arc<str>),
    /// Type and enum label.
    Label(Arc<str>, Arc<str>),
    Routine(Arc<str>),
    Operator(Arc<str>),
    /// Anything may have changed: search path, an unreadable statement, casts.
    Everything,
}

/// What one statement changed.
#[derive(Clone, Debug)]
pub struct Touch {
    /// What.
    pub key: Key,
    /// The part of the statement that did it, in the text of its file.
    pub span: Span,
}

/// What went wrong, or could not be followed, when a statement was applied.
#[derive(Clone, Debug)]
pub struct ApplyProblem {
    /// The rule: `migration-fails`, `migration-fails-on-rows`, `unparsed-statement`.
    pub rule: &'static str,
    /// The part of the statement.
    pub span: Span,
    /// In lower case, without a full stop.
    pub message: String,
    /// The server's code, where it fails.
    pub sqlstate: Option<&'static str>,
    /// What it is about.
    pub about: Vec<Key>,
}

/// The outcome of applying a statement.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// What changed.
    pub touches: Vec<Touch>,
    /// What went wrong.
    pub problems: Vec<ApplyProblem>,
}
