//! Postgres' catalogs and information schema, as far as scripts ask them what is there.

use crate::dialect::system_tables::{Fact, Flag, Rows, SystemTable};

const CATALOG: &str = "pg_catalog";
const STANDARD: &str = "information_schema";

/// All tables whose rows are known.
pub(super) static SYSTEM_TABLES: &[SystemTable] = &[
    SystemTable {
        schema: CATALOG,
        name: "pg_namespace",
        rows: Rows::Schemas,
        kinds: &[],
        columns: &[("oid", Fact::Id), ("nspname", Fact::Name)],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_class",
        rows: Rows::RelationsAndIndexes,
        kinds: &[],
        columns: &[
            ("oid", Fact::Id),
            ("relname", Fact::Name),
            ("relnamespace", Fact::SchemaId),
            ("relkind", Fact::Kind(RELATION_LETTERS)),
            ("reltype", Fact::TypeId),
            ("relrowsecurity", Fact::Is(Flag::RowSecurity)),
            ("relispartition", Fact::Is(Flag::Partition)),
            ("relispopulated", Fact::Is(Flag::Populated)),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_attribute",
        rows: Rows::Columns,
        kinds: &[],
        columns: &[
            ("attrelid", Fact::TableId),
            ("attname", Fact::Name),
            ("attnum", Fact::Number),
            ("atttypid", Fact::TypeId),
            ("attnotnull", Fact::Is(Flag::NotNull)),
            ("atthasdef", Fact::Is(Flag::Default)),
            ("attisdropped", Fact::False),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_constraint",
        rows: Rows::Constraints,
        kinds: &[],
        columns: &[
            ("oid", Fact::Id),
            ("conname", Fact::Name),
            ("connamespace", Fact::SchemaId),
            ("contype", Fact::Kind(CONSTRAINT_LETTERS)),
            ("conrelid", Fact::TableId),
            ("confrelid", Fact::ReferencedId),
            ("convalidated", Fact::Is(Flag::Valid)),
            ("condeferrable", Fact::Is(Flag::Deferrable)),
            ("condeferred", Fact::Is(Flag::Deferred)),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_index",
        rows: Rows::Indexes,
        kinds: &[],
        columns: &[
            ("indexrelid", Fact::Id),
            ("indrelid", Fact::TableId),
            ("indisunique", Fact::Is(Flag::Unique)),
            ("indisprimary", Fact::Is(Flag::Primary)),
            ("indisvalid", Fact::Is(Flag::Valid)),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_indexes",
        rows: Rows::Indexes,
        kinds: &[],
        columns: &[("schemaname", Fact::Schema), ("tablename", Fact::Table), ("indexname", Fact::Name)],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_tables",
        rows: Rows::Relations,
        kinds: &["table", "partitioned table"],
        columns: &[
            ("schemaname", Fact::Schema),
            ("tablename", Fact::Name),
            ("rowsecurity", Fact::Is(Flag::RowSecurity)),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_views",
        rows: Rows::Relations,
        kinds: &["view"],
        columns: &[("schemaname", Fact::Schema), ("viewname", Fact::Name)],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_matviews",
        rows: Rows::Relations,
        kinds: &["materialized view"],
        columns: &[
            ("schemaname", Fact::Schema),
            ("matviewname", Fact::Name),
            ("ispopulated", Fact::Is(Flag::Populated)),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_sequences",
        rows: Rows::Relations,
        kinds: &["sequence"],
        columns: &[("schemaname", Fact::Schema), ("sequencename", Fact::Name)],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_type",
        rows: Rows::Types,
        kinds: &[],
        columns: &[
            ("oid", Fact::Id),
            ("typname", Fact::Name),
            ("typnamespace", Fact::SchemaId),
            ("typtype", Fact::Kind(TYPE_LETTERS)),
            ("typnotnull", Fact::Is(Flag::NotNull)),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_enum",
        rows: Rows::Labels,
        kinds: &[],
        columns: &[("enumtypid", Fact::TypeId), ("enumlabel", Fact::Name), ("enumsortorder", Fact::Number)],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_proc",
        rows: Rows::Routines,
        kinds: &[],
        columns: &[
            ("oid", Fact::Id),
            ("proname", Fact::Name),
            ("pronamespace", Fact::SchemaId),
            ("pronargs", Fact::Number),
            ("prokind", Fact::Kind(ROUTINE_LETTERS)),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_trigger",
        rows: Rows::Triggers,
        kinds: &[],
        columns: &[
            ("tgname", Fact::Name),
            ("tgrelid", Fact::TableId),
            ("tgfoid", Fact::RoutineId),
            ("tgisinternal", Fact::False),
        ],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_policy",
        rows: Rows::Policies,
        kinds: &[],
        columns: &[("polname", Fact::Name), ("polrelid", Fact::TableId), ("polpermissive", Fact::Is(Flag::Permissive))],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_policies",
        rows: Rows::Policies,
        kinds: &[],
        columns: &[("schemaname", Fact::Schema), ("tablename", Fact::Table), ("policyname", Fact::Name)],
    },
    SystemTable {
        schema: CATALOG,
        name: "pg_extension",
        rows: Rows::Extensions,
        kinds: &[],
        columns: &[("extname", Fact::Name), ("extnamespace", Fact::SchemaId)],
    },
    SystemTable {
        schema: STANDARD,
        name: "schemata",
        rows: Rows::Schemas,
        kinds: &[],
        columns: &[("schema_name", Fact::Name)],
    },
    SystemTable {
        schema: STANDARD,
        name: "tables",
        rows: Rows::Relations,
        kinds: &["table", "partitioned table", "view", "foreign table"],
        columns: &[
            ("table_schema", Fact::Schema),
            ("table_name", Fact::Name),
            (
                "table_type",
                Fact::Kind(&[
                    ("table", "BASE TABLE"),
                    ("partitioned table", "BASE TABLE"),
                    ("view", "VIEW"),
                    ("foreign table", "FOREIGN"),
                ]),
            ),
        ],
    },
    SystemTable {
        schema: STANDARD,
        name: "columns",
        rows: Rows::Columns,
        kinds: &["table", "partitioned table", "view", "foreign table"],
        columns: &[
            ("table_schema", Fact::Schema),
            ("table_name", Fact::Table),
            ("column_name", Fact::Name),
            ("ordinal_position", Fact::Number),
            ("column_default", Fact::Present(Flag::Default)),
            ("is_nullable", Fact::YesNo(Flag::Nullable)),
            ("is_identity", Fact::YesNo(Flag::Identity)),
            ("data_type", Fact::DataType),
            ("udt_name", Fact::TypeName),
            ("udt_schema", Fact::TypeSchema),
        ],
    },
    SystemTable {
        schema: STANDARD,
        name: "views",
        rows: Rows::Relations,
        kinds: &["view"],
        columns: &[("table_schema", Fact::Schema), ("table_name", Fact::Name)],
    },
    SystemTable {
        schema: STANDARD,
        name: "sequences",
        rows: Rows::Relations,
        kinds: &["sequence"],
        columns: &[("sequence_schema", Fact::Schema), ("sequence_name", Fact::Name)],
    },
    SystemTable {
        schema: STANDARD,
        name: "table_constraints",
        rows: Rows::Constraints,
        kinds: &["primary key", "unique", "check", "foreign key"],
        columns: &[
            ("constraint_schema", Fact::Schema),
            ("constraint_name", Fact::Name),
            ("table_schema", Fact::Schema),
            ("table_name", Fact::Table),
            ("constraint_type", Fact::Kind(CONSTRAINT_WORDS)),
        ],
    },
    SystemTable {
        schema: STANDARD,
        name: "referential_constraints",
        rows: Rows::Constraints,
        kinds: &["foreign key"],
        columns: &[("constraint_schema", Fact::Schema), ("constraint_name", Fact::Name)],
    },
    SystemTable {
        schema: STANDARD,
        name: "check_constraints",
        rows: Rows::Constraints,
        kinds: &["check"],
        columns: &[("constraint_schema", Fact::Schema), ("constraint_name", Fact::Name)],
    },
    SystemTable {
        schema: STANDARD,
        name: "key_column_usage",
        rows: Rows::KeyColumns,
        kinds: &["primary key", "unique", "foreign key"],
        columns: &[
            ("constraint_schema", Fact::Schema),
            ("constraint_name", Fact::Name),
            ("table_schema", Fact::Schema),
            ("table_name", Fact::Table),
            ("column_name", Fact::Column),
            ("ordinal_position", Fact::Number),
        ],
    },
    SystemTable {
        schema: STANDARD,
        name: "constraint_column_usage",
        rows: Rows::UsedColumns,
        kinds: &["primary key", "unique", "check", "foreign key"],
        columns: &[
            ("constraint_schema", Fact::Schema),
            ("constraint_name", Fact::Name),
            ("table_schema", Fact::Schema),
            ("table_name", Fact::Table),
            ("column_name", Fact::Column),
        ],
    },
    SystemTable {
        schema: STANDARD,
        name: "routines",
        rows: Rows::Routines,
        kinds: &["function", "procedure"],
        columns: &[
            ("routine_schema", Fact::Schema),
            ("routine_name", Fact::Name),
            ("routine_type", Fact::Kind(&[("function", "FUNCTION"), ("procedure", "PROCEDURE")])),
        ],
    },
    SystemTable {
        schema: STANDARD,
        name: "triggers",
        rows: Rows::Triggers,
        kinds: &[],
        columns: &[
            ("trigger_schema", Fact::Schema),
            ("trigger_name", Fact::Name),
            ("event_object_schema", Fact::Schema),
            ("event_object_table", Fact::Table),
        ],
    },
];

const RELATION_LETTERS: &[(&str, &str)] = &[
    ("table", "r"),
    ("partitioned table", "p"),
    ("view", "v"),
    ("materialized view", "m"),
    ("sequence", "S"),
    ("foreign table", "f"),
    ("type", "c"),
    ("index", "i"),
];

const CONSTRAINT_LETTERS: &[(&str, &str)] =
    &[("primary key", "p"), ("unique", "u"), ("check", "c"), ("foreign key", "f"), ("exclude", "x")];

const CONSTRAINT_WORDS: &[(&str, &str)] =
    &[("primary key", "PRIMARY KEY"), ("unique", "UNIQUE"), ("check", "CHECK"), ("foreign key", "FOREIGN KEY")];

const TYPE_LETTERS: &[(&str, &str)] = &[
    ("base", "b"),
    ("composite", "c"),
    ("domain", "d"),
    ("enum", "e"),
    ("pseudo", "p"),
    ("range", "r"),
    ("multirange", "m"),
];

const ROUTINE_LETTERS: &[(&str, &str)] = &[("function", "f"), ("procedure", "p"), ("aggregate", "a"), ("window", "w")];
