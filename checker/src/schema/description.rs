//! A schema as plain data, in the server's words: what output shows and what is compared with a server.

use std::collections::BTreeMap;

use serde::Serialize;

/// What a database holds. Objects of the system and of extensions, and temporary ones, are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Description {
    /// Schemas.
    pub schemas: Vec<NamespaceDescription>,
    /// Extensions with the schema they are in.
    pub extensions: Vec<ExtensionDescription>,
    /// Tables, views, sequences, composite types.
    pub relations: Vec<RelationDescription>,
    /// Enums.
    pub enums: Vec<EnumDescription>,
    /// Domains.
    pub domains: Vec<DomainDescription>,
    /// Ranges.
    pub ranges: Vec<RangeDescription>,
    /// Functions, procedures and aggregates.
    pub routines: Vec<RoutineDescription>,
    /// What was not understood.
    pub unknown: Vec<UnknownDescription>,
}

/// A schema of a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamespaceDescription {
    /// Its name.
    pub name: String,
    /// Rights on it.
    pub grants: Vec<GrantDescription>,
}

/// An extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExtensionDescription {
    /// Its name.
    pub name: String,
    /// The schema it is in.
    pub schema: String,
    /// Whether its objects are known.
    pub known: bool,
}

/// A relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelationDescription {
    /// The schema it is in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `table`, `partitioned table`, `foreign table`, `view`, `materialized view`, `sequence`, `composite`, `virtual table`.
    pub kind: &'static str,
    /// In order.
    pub columns: Vec<ColumnDescription>,
    /// In order of creation.
    pub constraints: Vec<ConstraintDescription>,
    /// In order of creation, those of constraints among them.
    pub indexes: Vec<IndexDescription>,
    /// In the order in which they fire.
    pub triggers: Vec<TriggerDescription>,
    /// Names of rewrite rules other than a view's own.
    pub rules: Vec<String>,
    /// Row level security policies.
    pub policies: Vec<PolicyDescription>,
    /// Whether row level security is enabled.
    pub row_security: bool,
    /// Whether a materialized view holds data; true for all else.
    pub populated: bool,
    /// Qualified names of the tables it inherits from, or is a partition of.
    pub parents: Vec<String>,
    /// What only sequences have.
    pub sequence: Option<SequenceDescription>,
    /// What others than the owner may do.
    pub grants: Vec<GrantDescription>,
    /// Why its columns are not all known.
    pub unknown: Option<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnDescription {
    /// Its name.
    pub name: String,
    /// As the server prints it; as declared where the engine keeps it so.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether it can be NULL; for a view's column `None` where that is not known.
    pub nullable: Option<bool>,
    /// As written.
    pub default: Option<String>,
    /// How it is generated.
    pub generated: Option<GeneratedDescription>,
    /// `always` or `by default`.
    pub identity: Option<&'static str>,
}

/// How a generated column gets its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GeneratedDescription {
    /// As written.
    pub expression: String,
    /// Else it is computed when read.
    pub stored: bool,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConstraintDescription {
    /// Its name.
    pub name: String,
    /// `primary key`, `unique`, `exclude`, `check`, `foreign key`.
    pub kind: &'static str,
    /// Of a key in order; of a check those it mentions, sorted.
    pub columns: Vec<String>,
    /// A check's expression as written.
    pub check: Option<String>,
    /// What a foreign key refers to.
    pub references: Option<ReferenceDescription>,
    /// False after `NOT VALID`.
    pub valid: bool,
    /// Whether it can be deferred.
    pub deferrable: bool,
    /// Whether it is deferred unless something else is said.
    pub initially_deferred: bool,
}

/// What a foreign key refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReferenceDescription {
    /// The table, with its schema.
    pub table: String,
    /// Its columns, in the order of the constraint's own.
    pub columns: Vec<String>,
    /// `no action`, `restrict`, `cascade`, `set null`, `set default`.
    pub on_delete: String,
    /// The same.
    pub on_update: String,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexDescription {
    /// Its name.
    pub name: String,
    /// The access method.
    pub method: String,
    /// Its keys in order.
    pub keys: Vec<KeyDescription>,
    /// Columns that it only carries.
    pub include: Vec<String>,
    /// Whether it is unique.
    pub unique: bool,
    /// Whether it is the primary key's.
    pub primary: bool,
    /// The rows it covers, as written.
    pub predicate: Option<String>,
    /// False while it is built concurrently, and after such a build failed.
    pub valid: bool,
    /// False where it belongs to a deferrable constraint.
    pub immediate: bool,
    /// The constraint that owns it.
    pub constraint: Option<String>,
}

/// A key of an index: a column or an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyDescription {
    /// A plain column.
    Column(String),
    /// An expression as written.
    Expression(String),
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TriggerDescription {
    /// Its name.
    pub name: String,
    /// Whether it fires.
    pub enabled: bool,
    /// The routine that it calls, with its schema.
    pub routine: Option<String>,
}

/// A row level security policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyDescription {
    /// Its name.
    pub name: String,
    /// Whether it allows; else it restricts what others allow.
    pub permissive: bool,
    /// To whom.
    pub roles: Vec<String>,
}

/// What only sequences have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SequenceDescription {
    /// The type of its values.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// The column that owns it, with table and schema.
    pub owned_by: Option<String>,
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnumDescription {
    /// The schema it is in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// In order.
    pub labels: Vec<String>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DomainDescription {
    /// The schema it is in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type below it.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// As written.
    pub default: Option<String>,
    /// What it demands.
    pub checks: Vec<CheckDescription>,
}

/// A domain's check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckDescription {
    /// Its name.
    pub name: String,
    /// As written.
    pub check: String,
    /// False after `NOT VALID`.
    pub valid: bool,
}

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RangeDescription {
    /// The schema it is in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it ranges over.
    pub subtype: Option<String>,
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoutineDescription {
    /// The schema it is in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `function`, `procedure`, `aggregate`, `window`.
    pub kind: &'static str,
    /// The types of its input arguments.
    pub arguments: Vec<String>,
    /// How many of them have a default.
    pub defaults: usize,
    /// The type of its result; none for a procedure.
    pub result: Option<String>,
    /// Whether it returns any number of rows.
    pub returns_set: bool,
    /// `LANGUAGE`.
    pub language: String,
    /// Who besides the owner may call it.
    pub grants: Vec<GrantDescription>,
}

/// Rights of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GrantDescription {
    /// The role; `public` for everyone.
    pub role: String,
    /// On the whole object, sorted.
    pub privileges: Vec<String>,
    /// On columns, sorted.
    pub columns: BTreeMap<String, Vec<String>>,
}

/// Something that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownDescription {
    /// What it may have touched; nothing where that may be any object.
    pub name: Option<String>,
    /// Why.
    pub reason: String,
    /// The file.
    pub file: Option<String>,
    /// The line in it.
    pub line: Option<usize>,
}
