//! What the system's tables say of the objects that migrations make: which rows they have and what their columns hold.
//!
//! Scripts ask these tables before they act (`IF NOT EXISTS (SELECT … FROM …)`); the schema model answers in their place.

/// A table or view of the system, as far as its rows are known.
#[derive(Debug)]
pub struct SystemTable {
    /// Its schema.
    pub schema: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What its rows are.
    pub rows: Rows,
    /// The kinds of objects among them, in the model's words; empty for all.
    pub kinds: &'static [&'static str],
    /// Its columns, as far as they are known.
    pub columns: &'static [(&'static str, Fact)],
}

/// What a system table has a row for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Rows {
    Schemas,
    Relations,
    Indexes,
    /// Tables and indexes alike.
    RelationsAndIndexes,
    Columns,
    Constraints,
    /// The columns of keys, with their place in the key.
    KeyColumns,
    /// The columns that constraints use: those referred to by a foreign key, else the constraint's own.
    UsedColumns,
    Types,
    Labels,
    Routines,
    Triggers,
    Policies,
    Extensions,
}

/// What a column of a system table holds.
#[derive(Clone, Copy, Debug)]
pub enum Fact {
    /// The object's number.
    Id,
    /// The object's name.
    Name,
    /// The name of the schema that it is in.
    Schema,
    /// The number of that schema.
    SchemaId,
    /// Its kind: each of the model's words with the one that the table has.
    Kind(&'static [(&'static str, &'static str)]),
    /// The name of the table that it belongs to.
    Table,
    /// The number of that table.
    TableId,
    /// The name of the column.
    Column,
    /// The number of the column, label or key part.
    Number,
    /// The name of the table that a foreign key refers to.
    Referenced,
    /// The number of that table.
    ReferencedId,
    /// The number of its type; of a table that of its row type.
    TypeId,
    /// The internal name of its type.
    TypeName,
    /// The schema of its type.
    TypeSchema,
    /// Its type in the words of the standard's information schema.
    DataType,
    /// The name of the routine that it calls.
    RoutineId,
    /// Something that may be NULL: known only whether it is.
    Present(Flag),
    /// True or false.
    Is(Flag),
    /// `YES` or `NO`.
    YesNo(Flag),
    /// Always the same.
    Text(&'static str),
    /// Never true.
    False,
}

/// A property of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the server's own words")]
pub enum Flag {
    NotNull,
    Nullable,
    Default,
    Identity,
    Generated,
    Unique,
    Primary,
    Valid,
    Deferrable,
    Deferred,
    Enabled,
    RowSecurity,
    Partition,
    Populated,
    Permissive,
}
