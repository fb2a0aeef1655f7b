//! What a statement does to the schema, as written: the syntax tree of data definition, for all dialects.
//!
//! Names are folded as the dialect folds them; nothing is resolved here.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{Query, routine};
use crate::dialect::Dialect;
use crate::source::Span;

/// One identifier, folded as the dialect folds it, with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The folded text, without quotes.
    pub text: Arc<str>,
    /// Bytes in the file.
    pub span: Span,
}

/// A name with the qualifiers written before it: `[catalog.][schema.]name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The schema, where one is written.
    pub schema: Option<Name>,
    /// The object itself.
    pub name: Name,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeName {
    /// The schema, where one is written.
    pub schema: Option<Name>,
    /// The server's own name of the type where the grammar gives one (`int` is `int4` on Postgres, `double
    /// precision` is `float8`, `timestamp with time zone` is `timestamptz`, `serial` stays `serial`), else the
    /// folded identifier. On SQLite the declared words, joined by one space.
    pub name: Name,
    /// What stands in parentheses, in order: length, precision, scale; other words for extension types.
    pub modifiers: Vec<String>,
    /// The words after `interval`, such as `day to second`.
    pub interval_fields: Option<String>,
    /// How many `[]` (or `ARRAY`) follow.
    pub dimensions: usize,
    /// `SETOF` before it.
    pub set_of: bool,
    /// `table.column%TYPE`: the name is then `table.column` with the table in `schema`.
    pub of_column: bool,
    /// The whole as written.
    pub span: Span,
}

/// An expression: its text and, where it parses, its tree.
#[derive(Clone)]
pub struct Expr {
    /// Bytes in the file.
    pub span: Span,
    /// As written.
    pub text: Arc<str>,
    tree: OnceLock<Option<Arc<sqlparser::ast::Expr>>>,
    /// Whose grammar the text is read by when the tree is asked for, where that was not done yet.
    dialect: Option<&'static Dialect>,
}

impl Expr {
    /// An expression that is read already.
    pub fn new(span: Span, text: Arc<str>, tree: Option<Arc<sqlparser::ast::Expr>>) -> Expr {
        Expr { span, text, tree: OnceLock::from(tree), dialect: None }
    }

    /// An expression that is read when its tree is asked for.
    pub(crate) fn unread(span: Span, text: Arc<str>, dialect: &'static Dialect) -> Expr {
        Expr { span, text, tree: OnceLock::new(), dialect: Some(dialect) }
    }

    /// The tree; positions in it are byte offsets in the file (see [`super::byte_span`]). `None` where it is not understood.
    pub fn tree(&self) -> Option<&Arc<sqlparser::ast::Expr>> {
        let read = || super::query::expr_of_text(&self.text, self.span, self.dialect?);
        self.tree.get_or_init(read).as_ref()
    }

    /// The tree, to be changed.
    pub(crate) fn tree_mut(&mut self) -> Option<&mut Arc<sqlparser::ast::Expr>> {
        self.tree();
        self.tree.get_mut()?.as_mut()
    }
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Expr { span, text, .. } = self;
        f.debug_struct("Expr").field("span", span).field("text", text).field("tree", &self.tree()).finish()
    }
}

/// One statement that changes the schema.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields carry the words of the grammar")]
pub enum Ddl {
    /// `CREATE SCHEMA`, with the statements nested in it.
    CreateSchema { name: Name, if_not_exists: bool, elements: Vec<Ddl> },
    /// `CREATE TABLE`, also `CREATE FOREIGN TABLE`, `CREATE TABLE AS` and `SELECT INTO`.
    CreateTable(Box<CreateTable>),
    /// `ALTER TABLE` and `ALTER {VIEW|MATERIALIZED VIEW|FOREIGN TABLE|INDEX|SEQUENCE}` with the actions that tables share.
    AlterTable(AlterTable),
    /// `CREATE [UNIQUE] INDEX`.
    CreateIndex(Box<CreateIndex>),
    /// `CREATE [MATERIALIZED] VIEW`.
    CreateView(Box<CreateView>),
    /// `REFRESH MATERIALIZED VIEW`.
    RefreshView { name: ObjectName, concurrently: bool, with_data: bool },
    /// `CREATE VIRTUAL TABLE … USING module(arguments)`.
    CreateVirtualTable { name: ObjectName, if_not_exists: bool, module: Name, arguments: Vec<String> },
    /// `CREATE TYPE … AS ENUM`.
    CreateEnum { name: ObjectName, labels: Vec<(String, Span)> },
    /// `CREATE TYPE … AS (…)`.
    CreateComposite { name: ObjectName, attributes: Vec<ColumnDef> },
    /// `CREATE TYPE … AS RANGE`.
    CreateRange { name: ObjectName, subtype: TypeName, multirange: Option<ObjectName> },
    /// A base type or a shell type.
    CreateBaseType { name: ObjectName },
    /// `CREATE DOMAIN`.
    CreateDomain { name: ObjectName, base: TypeName, default: Option<Expr>, constraints: Vec<DomainConstraint> },
    /// `ALTER TYPE`.
    AlterType { name: ObjectName, actions: Vec<AlterType> },
    /// `ALTER DOMAIN`.
    AlterDomain { name: ObjectName, action: AlterDomain },
    /// `CREATE SEQUENCE`.
    CreateSequence { name: ObjectName, if_not_exists: bool, temporary: bool, options: SequenceOptions },
    /// `ALTER SEQUENCE` with sequence options.
    AlterSequence { name: ObjectName, if_exists: bool, options: SequenceOptions },
    /// `CREATE {FUNCTION|PROCEDURE|AGGREGATE}`.
    CreateRoutine(Box<CreateRoutine>),
    /// `ALTER {FUNCTION|PROCEDURE|ROUTINE|AGGREGATE}` other than rename, owner and schema.
    AlterRoutine {
        signature: RoutineSignature,
        strict: Option<bool>,
        volatility: Option<routine::Volatility>,
        security_definer: Option<bool>,
        /// `SET search_path …`; nothing in it for `RESET`.
        search_path: Option<Vec<String>>,
    },
    /// `CREATE [CONSTRAINT] TRIGGER`.
    CreateTrigger(Box<CreateTrigger>),
    /// `CREATE RULE`.
    CreateRule {
        name: Name,
        or_replace: bool,
        table: ObjectName,
        event: Event,
        instead: bool,
        has_where: bool,
        actions: Vec<Query>,
    },
    /// `CREATE POLICY`.
    CreatePolicy {
        name: Name,
        table: ObjectName,
        command: Option<Event>,
        permissive: bool,
        roles: Vec<Name>,
        using: Option<Expr>,
        check: Option<Expr>,
    },
    /// `ALTER POLICY` other than rename.
    AlterPolicy { name: Name, table: ObjectName, roles: Option<Vec<Name>>, using: Option<Expr>, check: Option<Expr> },
    /// `CREATE EXTENSION`.
    CreateExtension { name: Name, if_not_exists: bool, schema: Option<Name>, version: Option<String> },
    /// `CREATE OPERATOR`: the operator, its operand types and its function.
    CreateOperator { name: ObjectName, left: Option<TypeName>, right: Option<TypeName>, function: Option<ObjectName> },
    /// `CREATE CAST`.
    CreateCast { source: TypeName, target: TypeName, context: CastContext, function: Option<RoutineSignature> },
    /// An object that is only known by kind and name: collation, text search configuration, statistics, publication,
    /// operator class, server, role, tablespace, language, event trigger, …
    CreateOther { kind: ObjectKind, name: ObjectName, if_not_exists: bool },
    /// `CREATE PUBLICATION` and `ALTER PUBLICATION`; with the commands that are published, where they are named.
    Publication { name: Name, change: PublicationChange, objects: Published, commands: Option<Vec<String>> },
    /// `DROP …` of any kind.
    Drop(Drop),
    /// `… RENAME TO` of an object; columns, constraints, attributes and labels are actions of their own.
    Rename { kind: ObjectKind, object: ObjectRef, if_exists: bool, to: Name },
    /// `… SET SCHEMA`.
    SetSchema { kind: ObjectKind, object: ObjectRef, if_exists: bool, to: Name },
    /// `… OWNER TO`.
    SetOwner { kind: ObjectKind, object: ObjectRef, owner: Name },
    /// `GRANT` of rights on objects (roles granted to roles are [`Ddl::NoEffect`]).
    Grant(Grant),
    /// `REVOKE` of rights on objects.
    Revoke { grant: Grant, grant_option_for: bool, cascade: bool },
    /// `ALTER DEFAULT PRIVILEGES`.
    DefaultPrivileges { for_roles: Vec<Name>, in_schemas: Vec<Name>, kind: ObjectKind, grant: Grant, revoke: bool },
    /// `SET`, `SET LOCAL`, `RESET`, `set_config` of a parameter that names depend on (`search_path`, `role`, …).
    Set { parameter: String, values: Vec<String>, local: bool },
    /// `TRUNCATE`.
    Truncate { tables: Vec<ObjectName>, cascade: bool },
    /// `LOCK TABLE`.
    Lock { tables: Vec<ObjectName> },
    /// A statement that changes nothing a query could notice: `COMMENT`, `ANALYZE`, `VACUUM`, `REINDEX`, …
    NoEffect { what: &'static str },
}

/// What becomes of a publication's objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the grammar")]
pub enum PublicationChange {
    Create,
    Add,
    Set,
    Drop,
}

/// What a publication names.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// `ALL TABLES`.
    pub all: bool,
    /// Tables one by one.
    pub tables: Vec<ObjectName>,
    /// `TABLES IN SCHEMA`.
    pub schemas: Vec<Name>,
}

/// What replication tells rows apart by.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the words of the grammar")]
pub enum ReplicaIdentity {
    Default,
    Full,
    Nothing,
    Index(Name),
}

/// What kinds of objects statements name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum ObjectKind {
    Schema,
    Table,
    View,
    MaterializedView,
    ForeignTable,
    Index,
    Sequence,
    Column,
    Constraint,
    Type,
    Domain,
    Function,
    Procedure,
    Routine,
    Aggregate,
    Trigger,
    Rule,
    Policy,
    Extension,
    Operator,
    OperatorClass,
    OperatorFamily,
    Cast,
    Collation,
    Conversion,
    Statistics,
    Publication,
    Subscription,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    EventTrigger,
    Language,
    Role,
    Server,
    ForeignDataWrapper,
    UserMapping,
    AccessMethod,
    Tablespace,
    Database,
    Transform,
    LargeObject,
    Owned,
    Parameter,
}

/// The object that a `DROP`, `RENAME` or `SET SCHEMA` names.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields carry the words of the grammar")]
pub enum ObjectRef {
    /// By name alone.
    Name(ObjectName),
    /// A routine, perhaps with its argument types.
    Routine(RoutineSignature),
    /// A trigger, rule, policy or constraint on a relation (`ON`), or on a domain.
    On { name: Name, relation: ObjectName },
    /// An operator.
    Operator { name: ObjectName, left: Option<TypeName>, right: Option<TypeName> },
    /// A cast.
    Cast { source: TypeName, target: TypeName },
}

/// A routine by name and, where written, argument types (`IN`, `INOUT`, `VARIADIC` ones; `OUT` ones left out).
#[derive(Clone, Debug)]
pub struct RoutineSignature {
    /// Its name.
    pub name: ObjectName,
    /// Its input argument types; `None` where no parentheses are written.
    pub arguments: Option<Vec<TypeName>>,
}

/// `CREATE TABLE`.
#[derive(Clone, Debug)]
pub struct CreateTable {
    /// Its name.
    pub name: ObjectName,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `TEMP`, or in the schema `pg_temp`.
    pub temporary: bool,
    /// `CREATE FOREIGN TABLE`.
    pub foreign: bool,
    /// Columns, constraints and `LIKE` clauses in the order written.
    pub elements: Vec<TableElement>,
    /// `INHERITS (…)`.
    pub inherits: Vec<ObjectName>,
    /// `PARTITION OF parent`.
    pub partition_of: Option<ObjectName>,
    /// `FOR VALUES …` or `DEFAULT`, as written.
    pub partition_bound: Option<Expr>,
    /// `PARTITION BY strategy (keys)`: column names where a key is a plain column.
    pub partition_by: Option<PartitionBy>,
    /// `OF type`.
    pub of_type: Option<ObjectName>,
    /// `AS query`, with the column names written before it and whether data is loaded.
    pub as_query: Option<Query>,
    /// Column names of `CREATE TABLE t (a, b) AS …`.
    pub as_columns: Vec<Name>,
    /// SQLite's `STRICT`.
    pub strict: bool,
    /// SQLite's `WITHOUT ROWID`.
    pub without_rowid: bool,
}

/// `PARTITION BY`.
#[derive(Clone, Debug)]
pub struct PartitionBy {
    /// `range`, `list` or `hash`.
    pub strategy: String,
    /// One for each key: a plain column's name, or nothing for an expression.
    pub keys: Vec<Option<Name>>,
}

/// One entry between the parentheses of `CREATE TABLE`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields carry the words of the grammar")]
pub enum TableElement {
    /// A column. In `OF type` and `PARTITION OF` tables it only adds options to one that exists.
    Column(ColumnDef),
    /// A table constraint.
    Constraint(ConstraintDef),
    /// `LIKE table INCLUDING …`.
    Like { table: ObjectName, including: Vec<LikeOption>, span: Span },
}

/// What `LIKE … INCLUDING` copies; `EXCLUDING` and `ALL` are worked out when parsing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum LikeOption {
    Comments,
    Compression,
    Constraints,
    Defaults,
    Generated,
    Identity,
    Indexes,
    Statistics,
    Storage,
}

/// A column or composite attribute as defined.
#[derive(Clone, Debug)]
pub struct ColumnDef {
    /// Its name.
    pub name: Name,
    /// Its type; `None` where none is written (SQLite, `OF type`).
    pub ty: Option<TypeName>,
    /// `COLLATE`.
    pub collation: Option<ObjectName>,
    /// What else is said of it, in order.
    pub options: Vec<ColumnOption>,
    /// The whole definition.
    pub span: Span,
}

/// One option of a column.
#[derive(Clone, Debug)]
pub enum ColumnOption {
    /// `NOT NULL`.
    NotNull,
    /// `NULL`.
    Null,
    /// `DEFAULT expression`.
    Default(Expr),
    /// `GENERATED ALWAYS AS (expression) {STORED|VIRTUAL}`.
    Generated {
        /// What it is computed from.
        expr: Expr,
        /// `STORED`.
        stored: bool,
    },
    /// `GENERATED {ALWAYS|BY DEFAULT} AS IDENTITY (options)`.
    Identity {
        /// `ALWAYS`, not `BY DEFAULT`.
        always: bool,
        /// Of its sequence.
        options: SequenceOptions,
    },
    /// SQLite's `AUTOINCREMENT`, MySQL's `AUTO_INCREMENT`.
    AutoIncrement,
    /// A constraint written at the column: primary key, unique, check, references (with the column as its only one).
    Constraint(ConstraintDef),
}

/// A constraint as defined.
#[derive(Clone, Debug)]
pub struct ConstraintDef {
    /// Its name, where one is written.
    pub name: Option<Name>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// `NOT ENFORCED`.
    pub not_enforced: bool,
    /// The whole definition.
    pub span: Span,
}

/// What a constraint demands.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields carry the words of the grammar")]
pub enum ConstraintKind {
    /// `PRIMARY KEY (columns) INCLUDE (…)`.
    PrimaryKey { columns: Vec<Name>, include: Vec<Name> },
    /// `UNIQUE [NULLS NOT DISTINCT] (columns)`.
    Unique { columns: Vec<Name>, include: Vec<Name>, nulls_not_distinct: bool },
    /// `{PRIMARY KEY|UNIQUE} USING INDEX name`.
    UsingIndex { index: Name, primary: bool },
    /// `CHECK (expression)`.
    Check(Expr),
    /// `FOREIGN KEY (columns) REFERENCES table (columns)`; no columns on the far side means its primary key.
    ForeignKey {
        columns: Vec<Name>,
        table: ObjectName,
        referenced: Vec<Name>,
        on_delete: Option<String>,
        on_update: Option<String>,
        match_full: bool,
    },
    /// `EXCLUDE USING method (element WITH operator, …) WHERE (…)`.
    Exclude { method: Option<Name>, elements: Vec<(IndexElement, String)>, predicate: Option<Expr> },
    /// `NOT NULL column` as a table constraint (Postgres 18).
    NotNull { column: Name },
}

/// `ALTER TABLE` and its kin.
#[derive(Clone, Debug)]
pub struct AlterTable {
    /// What the statement calls it: table, view, materialized view, foreign table, index, sequence.
    pub kind: ObjectKind,
    /// Its name.
    pub name: ObjectName,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `ONLY`.
    pub only: bool,
    /// The actions in order, each with its place.
    pub actions: Vec<(AlterAction, Span)>,
}

/// One action of `ALTER TABLE`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields carry the words of the grammar")]
pub enum AlterAction {
    AddColumn {
        column: ColumnDef,
        if_not_exists: bool,
    },
    DropColumn {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameColumn {
        from: Name,
        to: Name,
    },
    RenameConstraint {
        from: Name,
        to: Name,
    },
    RenameTo(Name),
    SetType {
        column: Name,
        ty: TypeName,
        collation: Option<ObjectName>,
        using: Option<Expr>,
    },
    SetDefault {
        column: Name,
        default: Expr,
    },
    DropDefault {
        column: Name,
    },
    SetNotNull {
        column: Name,
    },
    DropNotNull {
        column: Name,
    },
    SetExpression {
        column: Name,
        expr: Expr,
    },
    DropExpression {
        column: Name,
        if_exists: bool,
    },
    AddIdentity {
        column: Name,
        always: bool,
        options: SequenceOptions,
    },
    SetIdentity {
        column: Name,
        always: Option<bool>,
        options: SequenceOptions,
    },
    DropIdentity {
        column: Name,
        if_exists: bool,
    },
    AddConstraint(ConstraintDef),
    ValidateConstraint {
        name: Name,
    },
    AlterConstraint {
        name: Name,
        deferrable: Option<bool>,
        initially_deferred: Option<bool>,
    },
    DropConstraint {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    AttachPartition {
        partition: ObjectName,
        bound: Expr,
    },
    DetachPartition {
        partition: ObjectName,
        concurrently: bool,
    },
    Inherit(ObjectName),
    NoInherit(ObjectName),
    OfType(ObjectName),
    NotOf,
    RowLevelSecurity {
        enabled: bool,
    },
    ForceRowLevelSecurity {
        forced: bool,
    },
    Trigger {
        name: Option<Name>,
        enabled: bool,
    },
    Rule {
        name: Name,
        enabled: bool,
    },
    ReplicaIdentity(ReplicaIdentity),
    Owner(Name),
    SetSchema(Name),
    /// Storage parameters, statistics, tablespace, clustering, logging, …: nothing that a query notices.
    NoEffect {
        what: &'static str,
    },
    /// MySQL: `CHANGE`, `MODIFY`, drop and add of keys are worked out into the actions above where they can be.
    Unknown {
        reason: String,
    },
}

/// `CREATE INDEX`.
#[derive(Clone, Debug)]
pub struct CreateIndex {
    /// Its name, where one is written.
    pub name: Option<ObjectName>,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `UNIQUE`.
    pub unique: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// The table.
    pub table: ObjectName,
    /// `ON ONLY`.
    pub only: bool,
    /// `USING method`.
    pub method: Option<Name>,
    /// Its keys.
    pub elements: Vec<IndexElement>,
    /// `INCLUDE (…)`.
    pub include: Vec<Name>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WHERE`.
    pub predicate: Option<Expr>,
}

/// One key of an index.
#[derive(Clone, Debug)]
pub struct IndexElement {
    /// The column, where the key is a plain one.
    pub column: Option<Name>,
    /// The key as an expression (also for a plain column).
    pub expr: Expr,
    /// `COLLATE`.
    pub collation: Option<ObjectName>,
    /// The operator class.
    pub operator_class: Option<ObjectName>,
}

/// `CREATE VIEW`.
#[derive(Clone, Debug)]
pub struct CreateView {
    /// Its name.
    pub name: ObjectName,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `TEMP`.
    pub temporary: bool,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// `RECURSIVE`.
    pub recursive: bool,
    /// The column names written before `AS`.
    pub columns: Vec<Name>,
    /// Its query; `None` where it could not be read.
    pub query: Option<Query>,
    /// Why the query could not be read, with the identifiers in it.
    pub unread: Option<super::Unparsed>,
    /// `WITH CHECK OPTION`.
    pub check_option: bool,
    /// False after `WITH NO DATA`.
    pub with_data: bool,
}

/// What a domain demands.
#[derive(Clone, Debug)]
pub struct DomainConstraint {
    /// Its name.
    pub name: Option<Name>,
    /// `NOT NULL`, or a `CHECK` expression.
    pub check: Option<Expr>,
    /// Whether this is `NOT NULL`.
    pub not_null: bool,
    /// `NOT VALID`.
    pub not_valid: bool,
}

/// One action of `ALTER TYPE`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields carry the words of the grammar")]
pub enum AlterType {
    AddValue { label: String, span: Span, if_not_exists: bool, before: Option<String>, after: Option<String> },
    RenameValue { from: String, to: String, span: Span },
    RenameAttribute { from: Name, to: Name },
    AddAttribute(ColumnDef),
    DropAttribute { name: Name, if_exists: bool, cascade: bool },
    SetAttributeType { name: Name, ty: TypeName },
    NoEffect { what: &'static str },
}

/// The action of `ALTER DOMAIN`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields carry the words of the grammar")]
pub enum AlterDomain {
    SetDefault(Expr),
    DropDefault,
    SetNotNull,
    DropNotNull,
    AddConstraint(DomainConstraint),
    DropConstraint { name: Name, if_exists: bool },
    RenameConstraint { from: Name, to: Name },
    ValidateConstraint(Name),
}

/// What is said of a sequence.
#[derive(Clone, Debug, Default)]
pub struct SequenceOptions {
    /// `AS type`.
    pub ty: Option<TypeName>,
    /// `OWNED BY table.column`; `Some(None)` for `OWNED BY NONE`.
    pub owned_by: Option<Option<(ObjectName, Name)>>,
    /// `SEQUENCE NAME`, in identity columns.
    pub name: Option<ObjectName>,
}

/// `CREATE FUNCTION` and its kin.
#[derive(Clone, Debug)]
pub struct CreateRoutine {
    /// Function, procedure or aggregate.
    pub kind: ObjectKind,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// Its name.
    pub name: ObjectName,
    /// Its arguments, of every mode; for `RETURNS TABLE` the columns follow with mode `Table`.
    pub arguments: Vec<RoutineArgument>,
    /// `RETURNS`; `None` for procedures, `RETURNS TABLE` and functions with `OUT` arguments only.
    pub returns: Option<TypeName>,
    /// `LANGUAGE`, folded.
    pub language: Option<Name>,
    /// `STRICT` or `RETURNS NULL ON NULL INPUT`.
    pub strict: bool,
    /// Volatility as declared; volatile where nothing is said.
    pub volatility: routine::Volatility,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `SET search_path …` at the routine.
    pub search_path: Option<Vec<String>>,
    /// The body.
    pub body: routine::Body,
    /// `WINDOW` function.
    pub window: bool,
    /// What an aggregate is made of.
    pub aggregate: Option<AggregateParts>,
}

/// What an aggregate is made of.
#[derive(Clone, Debug, Default)]
pub struct AggregateParts {
    /// `STYPE`.
    pub state: Option<TypeName>,
    /// `SFUNC`.
    pub transition: Option<ObjectName>,
    /// `FINALFUNC`.
    pub final_function: Option<ObjectName>,
}

/// One argument of a routine.
#[derive(Clone, Debug)]
pub struct RoutineArgument {
    /// Its mode.
    pub mode: ArgumentMode,
    /// Its name.
    pub name: Option<Name>,
    /// Its type.
    pub ty: TypeName,
    /// Its default.
    pub default: Option<Expr>,
}

/// Modes of arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum ArgumentMode {
    In,
    Out,
    InOut,
    Variadic,
    Table,
}

/// `CREATE TRIGGER`.
#[derive(Clone, Debug)]
pub struct CreateTrigger {
    /// Its name.
    pub name: ObjectName,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `IF NOT EXISTS` (SQLite).
    pub if_not_exists: bool,
    /// `CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// When it fires.
    pub timing: TriggerTiming,
    /// On which events.
    pub events: Vec<Event>,
    /// The columns of `UPDATE OF`.
    pub update_of: Vec<Name>,
    /// The table.
    pub table: ObjectName,
    /// `FOR EACH ROW`.
    pub for_each_row: bool,
    /// `WHEN (…)`.
    pub when: Option<Expr>,
    /// `EXECUTE {FUNCTION|PROCEDURE} name(arguments)`.
    pub function: Option<ObjectName>,
    /// The names of `REFERENCING {OLD|NEW} TABLE AS`.
    pub transition_tables: Vec<Name>,
    /// The body between `BEGIN` and `END` (SQLite, MySQL).
    pub body: Vec<Query>,
    /// What of the body could not be read.
    pub unread: Vec<super::Unparsed>,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum TriggerTiming {
    Before,
    After,
    InsteadOf,
}

/// What a trigger, rule or policy listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Event {
    Select,
    Insert,
    Update,
    Delete,
    Truncate,
}

/// When a cast applies by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum CastContext {
    Explicit,
    Assignment,
    Implicit,
}

/// `DROP …`.
#[derive(Clone, Debug)]
pub struct Drop {
    /// What kind of object.
    pub kind: ObjectKind,
    /// Which ones.
    pub objects: Vec<ObjectRef>,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `CASCADE`.
    pub cascade: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
}

/// What `GRANT` gives, and `REVOKE` takes.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Lower-case words (`select`, `all`, …), each with its columns where some are named.
    pub privileges: Vec<(String, Vec<Name>)>,
    /// On what.
    pub target: GrantTarget,
    /// To or from whom; `public` for `PUBLIC`.
    pub grantees: Vec<Name>,
}

/// What rights are on.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum GrantTarget {
    Objects {
        kind: ObjectKind,
        names: Vec<ObjectRef>,
    },
    AllInSchema {
        kind: ObjectKind,
        schemas: Vec<Name>,
    },
    /// In `ALTER DEFAULT PRIVILEGES`, where the kind stands beside it.
    Future,
}
