//! Relations and what belongs to them: columns, constraints, indexes, triggers, rules, policies, rights.

use std::sync::Arc;

use super::{Cloud, ColumnNumber, RelationId, Right, RoutineId, Type};
use crate::dialect::TypeId;
use crate::source::{Place, Source};
use crate::sql::ddl;

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
    /// The composite type that it was made `OF`.
    pub of_type: Option<TypeId>,
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
    pub partitioning: Option<Partitioning>,
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

impl RelationKind {
    /// As messages call it.
    pub fn word(self) -> &'static str {
        match self {
            RelationKind::Table | RelationKind::PartitionedTable | RelationKind::System => "table",
            RelationKind::ForeignTable => "foreign table",
            RelationKind::View => "view",
            RelationKind::MaterializedView => "materialized view",
            RelationKind::Sequence => "sequence",
            RelationKind::Composite => "type",
            RelationKind::Virtual => "virtual table",
        }
    }
}

impl Relation {
    /// A relation without columns and without anything special about it.
    pub fn new(id: RelationId, schema: Arc<str>, name: Arc<str>, kind: RelationKind) -> Relation {
        Relation {
            id,
            schema,
            name,
            kind,
            columns: Vec::new(),
            next_column: 1,
            row_type: TypeId::UNSURE,
            of_type: None,
            constraints: Vec::new(),
            indexes: Vec::new(),
            triggers: Vec::new(),
            rules: Vec::new(),
            policies: Vec::new(),
            row_security: false,
            parents: Vec::new(),
            partitioning: None,
            partition_bound: None,
            view: None,
            owned_by: None,
            sequence_type: None,
            temporary: false,
            populated: true,
            strict: false,
            row_id: false,
            opaque: None,
            grants: Vec::new(),
            owner: None,
            extension: None,
        }
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| *column.name == *name)
    }

    /// A column by number.
    pub fn column_numbered(&self, number: ColumnNumber) -> Option<&Column> {
        self.columns.iter().find(|column| column.number == number)
    }

    /// A constraint by name.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| *constraint.name == *name)
    }

    /// An index by name.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| *index.name == *name)
    }

    /// The primary key.
    pub fn primary_key(&self) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| matches!(constraint.kind, ConstraintKind::PrimaryKey))
    }
}

/// How a table is partitioned.
#[derive(Clone, Debug)]
pub struct Partitioning {
    /// `range`, `list` or `hash`.
    pub strategy: String,
    /// One for each key: a plain column, or nothing for an expression.
    pub keys: Vec<Option<ColumnNumber>>,
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
    /// What the default, or the expression that it is generated by, uses: sequences, routines, types.
    pub default_depends: Vec<Dependency>,
    /// How it is generated.
    pub generated: Option<Generated>,
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
    /// Whether `*` leaves it out.
    pub hidden: bool,
}

impl Column {
    /// A column that may be NULL and has nothing special about it.
    pub fn new(number: ColumnNumber, name: Arc<str>, ty: Type) -> Column {
        Column {
            number,
            name,
            ty,
            declared: None,
            not_null: false,
            default: None,
            default_depends: Vec::new(),
            generated: None,
            identity: None,
            auto_number: false,
            collation: None,
            inherited: 0,
            local: true,
            origin: None,
            hidden: false,
        }
    }
}

/// How a generated column gets its value.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The expression.
    pub expr: ddl::Expr,
    /// `STORED`; else it is computed when read.
    pub stored: bool,
    /// The columns that the expression mentions.
    pub mentions: Vec<ColumnNumber>,
}

/// A constraint.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name. Where the engine gives it none, one that no other of the relation has.
    pub name: Arc<str>,
    /// Whether the engine knows it by no name.
    pub unnamed: bool,
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
    /// Whether it is defined on the relation itself.
    pub local: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Routines and types that it uses.
    pub depends: Vec<Dependency>,
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
        /// The table referred to; no relation's id while `awaits` is set.
        table: RelationId,
        /// The table's and the columns' names, where the engine allows that the table is not there (yet).
        awaits: Option<(Arc<str>, Vec<Arc<str>>)>,
        /// Its columns, in the order of the constraint's own.
        referenced: Vec<ColumnNumber>,
        /// The unique index of that table that it relies on.
        index: Option<Arc<str>>,
        /// `ON DELETE` action in lower case.
        on_delete: Option<String>,
        /// `ON UPDATE` action in lower case.
        on_update: Option<String>,
    },
}

impl Constraint {
    /// The names of the table and the columns that a foreign key refers to, where the table is not there.
    pub fn awaits(&self) -> Option<&(Arc<str>, Vec<Arc<str>>)> {
        match &self.kind {
            ConstraintKind::ForeignKey { awaits, .. } => awaits.as_ref(),
            _ => None,
        }
    }

    /// Lets a foreign key that waits for a table refer to it.
    pub(super) fn bind(&mut self, target: &Relation) {
        let ConstraintKind::ForeignKey { table, awaits, referenced, .. } = &mut self.kind else { return };
        let Some((_, columns)) = awaits.take() else { return };
        *table = target.id;
        *referenced = match columns.as_slice() {
            [] => target.primary_key().map(|key| key.columns.clone()).unwrap_or_default(),
            columns => columns.iter().filter_map(|name| target.column(name)).map(|column| column.number).collect(),
        };
    }

    /// Lets a foreign key wait for the table that it refers to, which goes.
    pub(super) fn unbind(&mut self, target: &Relation) {
        let ConstraintKind::ForeignKey { table, awaits, referenced, .. } = &mut self.kind else { return };
        let name = |number: &ColumnNumber| target.column_numbered(*number).map(|column| column.name.clone());
        *awaits = Some((target.name.clone(), referenced.iter().filter_map(name).collect()));
        referenced.clear();
        *table = RelationId(0);
    }
}

impl ConstraintKind {
    /// A foreign key that refers to a table.
    pub(super) fn foreign_key(
        table: RelationId,
        referenced: Vec<ColumnNumber>,
        index: Option<Arc<str>>,
    ) -> ConstraintKind {
        ConstraintKind::ForeignKey { table, awaits: None, referenced, index, on_delete: None, on_update: None }
    }

    /// A foreign key that waits for a table.
    pub(super) fn awaiting(table: Arc<str>, columns: Vec<Arc<str>>) -> ConstraintKind {
        ConstraintKind::ForeignKey {
            table: RelationId(0),
            awaits: Some((table, columns)),
            referenced: Vec::new(),
            index: None,
            on_delete: None,
            on_update: None,
        }
    }

    /// The foreign key with its actions.
    pub(super) fn with_actions(mut self, delete: Option<&str>, update: Option<&str>) -> ConstraintKind {
        if let ConstraintKind::ForeignKey { on_delete, on_update, .. } = &mut self {
            *on_delete = delete.map(str::to_owned);
            *on_update = update.map(str::to_owned);
        }
        self
    }
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
    /// The index of the partitioned parent that it is a part of.
    pub parent: Option<Arc<str>>,
    /// The columns that the predicate mentions.
    pub predicate_mentions: Vec<ColumnNumber>,
    /// Routines and types that its expressions use.
    pub depends: Vec<Dependency>,
}

impl Index {
    /// A valid index with nothing special about it.
    pub fn new(name: Arc<str>, method: Arc<str>, keys: Vec<IndexKey>) -> Index {
        Index {
            name,
            method,
            keys,
            include: Vec::new(),
            unique: false,
            nulls_not_distinct: false,
            predicate: None,
            valid: true,
            immediate: true,
            constraint: None,
            primary: false,
            parent: None,
            predicate_mentions: Vec::new(),
            depends: Vec::new(),
        }
    }

    /// The keys that are plain columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = ColumnNumber> {
        self.keys.iter().filter_map(|key| key.column)
    }

    /// Whether it has the column as a key, carries it, or mentions it.
    pub fn mentions(&self, column: ColumnNumber) -> bool {
        let key = |key: &IndexKey| key.column == Some(column) || key.mentions.contains(&column);
        self.keys.iter().any(key) || self.include.contains(&column) || self.predicate_mentions.contains(&column)
    }
}

/// A key of an index.
#[derive(Clone, Debug, Default)]
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

impl IndexKey {
    /// A plain column.
    pub fn column(number: ColumnNumber) -> IndexKey {
        IndexKey { column: Some(number), ..IndexKey::default() }
    }
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
    /// Names under which its routine sees the changed rows.
    pub transition_tables: Vec<Arc<str>>,
    /// Its own statements (SQLite, MySQL).
    pub body: Arc<Vec<crate::sql::Query>>,
    /// The text that positions in the condition and the body count in.
    pub source: Source,
    /// Why the routine or the body is not known.
    pub unread: Option<Arc<Cloud>>,
    /// The columns that `WHEN` mentions.
    pub mentions: Vec<ColumnNumber>,
    /// `DISABLE TRIGGER` turns it off.
    pub enabled: bool,
    /// Whether it came from the partitioned parent.
    pub inherited: bool,
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
    /// The text that positions in the actions count in.
    pub source: Source,
    /// What its actions and its condition use.
    pub depends: Vec<Dependency>,
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
    /// To whom; `public` for everyone.
    pub roles: Vec<Arc<str>>,
    /// Which rows can be seen.
    pub using: Option<ddl::Expr>,
    /// Which rows can be written.
    pub check: Option<ddl::Expr>,
    /// The columns that its expressions mention.
    pub columns: Vec<ColumnNumber>,
    /// What else its expressions use.
    pub depends: Vec<Dependency>,
}

/// What a view is made of.
#[derive(Clone, Debug)]
pub struct View {
    /// Its query as written when it was created.
    pub query: Option<crate::sql::Query>,
    /// The text that the positions in `query` count in.
    pub source: Source,
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
    /// Why the query could not be read.
    pub unread: Option<Arc<Cloud>>,
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
