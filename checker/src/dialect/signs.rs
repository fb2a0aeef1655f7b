//! By what an engine is recognised in a project's files.

/// The words that point to one engine.
#[derive(Debug)]
pub struct Signs {
    /// The engine's name in configuration files and output.
    pub name: &'static str,
    /// Whether it can be checked: there is a [`super::Dialect`] of this name.
    pub supported: bool,
    /// Words of folder and package names, between anything that is no letter or digit.
    pub words: &'static [&'static str],
    /// Names in Rust code: pools, connections, backends.
    pub identifiers: &'static [&'static str],
    /// Crates that speak to this engine only.
    pub crates: &'static [&'static str],
    /// Features by which crates for several engines turn it on.
    pub features: &'static [&'static str],
    /// What the lists of prepared queries call it.
    pub products: &'static [&'static str],
    /// Beginnings of connection strings.
    pub schemes: &'static [&'static str],
    /// Pieces of SQL, in upper case, that no other engine takes.
    pub sql: &'static [&'static str],
}

/// All engines that are told apart.
pub static SIGNS: &[Signs] = &[
    Signs {
        name: "postgres",
        supported: true,
        words: &["postgres", "postgresql", "pg", "psql", "pgsql"],
        identifiers: &[
            "PgPool",
            "PgPoolOptions",
            "PgConnection",
            "PgConnectOptions",
            "AsyncPgConnection",
            "Postgres",
            "Pg",
            "tokio_postgres",
            "deadpool_postgres",
            "bb8_postgres",
            "PostgresConnectionManager",
        ],
        crates: &[
            "tokio-postgres",
            "postgres",
            "deadpool-postgres",
            "bb8-postgres",
            "r2d2_postgres",
            "sqlx-postgres",
            "pgvector",
            "postgres-types",
            "cornucopia_async",
        ],
        features: &["postgres", "postgresql", "sqlx-postgres", "postgres_backend", "tokio-postgres", "pg"],
        products: &["PostgreSQL"],
        schemes: &["postgres:", "postgresql:"],
        sql: &[
            "TIMESTAMPTZ",
            "WITH TIME ZONE",
            "JSONB",
            "BIGSERIAL",
            "SERIAL",
            "LANGUAGE PLPGSQL",
            "LANGUAGE SQL",
            "DO $$",
            "AS ENUM",
            "CREATE EXTENSION",
            "BYTEA",
            "CREATE SCHEMA",
            "USING GIN",
            "USING GIST",
            "USING BTREE",
            "CONCURRENTLY",
            "::TEXT",
            "::JSON",
            "NOW() AT TIME ZONE",
            "ALTER COLUMN",
            "GEN_RANDOM_UUID",
            "CREATE MATERIALIZED VIEW",
            "TEXT[]",
        ],
    },
    Signs {
        name: "sqlite",
        supported: true,
        words: &["sqlite", "sqlite3", "rusqlite", "libsql"],
        identifiers: &[
            "SqlitePool",
            "SqlitePoolOptions",
            "SqliteConnection",
            "SqliteConnectOptions",
            "Sqlite",
            "rusqlite",
            "rusqlite_migration",
            "tokio_rusqlite",
            "libsql",
        ],
        crates: &[
            "rusqlite",
            "rusqlite_migration",
            "tokio-rusqlite",
            "r2d2_sqlite",
            "deadpool-sqlite",
            "libsqlite3-sys",
            "sqlx-sqlite",
            "libsql",
            "async-sqlite",
        ],
        features: &["sqlite", "sqlx-sqlite", "sqlite-unbundled", "rusqlite", "returning_clauses_for_sqlite_3_35"],
        products: &["SQLite"],
        schemes: &["sqlite:", "file:"],
        sql: &[
            "AUTOINCREMENT",
            "PRAGMA ",
            "WITHOUT ROWID",
            "STRFTIME(",
            "CURRENT_TIMESTAMP, 'LOCALTIME'",
            "DATETIME('NOW')",
            ") STRICT",
            "RANDOMBLOB(",
            "USING FTS5",
            "SQLITE_MASTER",
            "INSERT OR REPLACE",
            "INSERT OR IGNORE",
            "UNIXEPOCH(",
        ],
    },
    Signs {
        name: "mysql",
        supported: false,
        words: &["mysql", "mariadb"],
        identifiers: &[
            "MySqlPool",
            "MySqlPoolOptions",
            "MySqlConnection",
            "MySqlConnectOptions",
            "MySql",
            "MysqlConnection",
            "AsyncMysqlConnection",
            "Mysql",
            "mysql_async",
        ],
        crates: &["mysql", "mysql_async", "r2d2_mysql", "sqlx-mysql"],
        features: &["mysql", "sqlx-mysql", "mysql_backend", "mysql_async"],
        products: &["MySQL"],
        schemes: &["mysql:", "mariadb:"],
        sql: &[
            "AUTO_INCREMENT",
            "ENGINE=INNODB",
            "ENGINE = INNODB",
            "TINYINT(",
            "ON UPDATE CURRENT_TIMESTAMP",
            "CHARSET",
        ],
    },
    Signs {
        name: "clickhouse",
        supported: false,
        words: &["clickhouse"],
        identifiers: &[],
        crates: &[],
        features: &[],
        products: &[],
        schemes: &[],
        sql: &["MERGETREE", "LOWCARDINALITY("],
    },
    Signs {
        name: "spanner",
        supported: false,
        words: &["spanner"],
        identifiers: &[],
        crates: &[],
        features: &[],
        products: &[],
        schemes: &[],
        sql: &["STRING(MAX)", "INTERLEAVE IN PARENT"],
    },
    Signs {
        name: "duckdb",
        supported: false,
        words: &["duckdb"],
        identifiers: &[],
        crates: &[],
        features: &[],
        products: &[],
        schemes: &[],
        sql: &[],
    },
    Signs {
        name: "sqlserver",
        supported: false,
        words: &["mssql", "sqlserver", "tiberius"],
        identifiers: &["MssqlPool", "tiberius"],
        crates: &[],
        features: &[],
        products: &[],
        schemes: &["mssql:"],
        sql: &["NVARCHAR(", "IDENTITY(1,1)"],
    },
    Signs {
        name: "cassandra",
        supported: false,
        words: &["cassandra", "scylla", "cql"],
        identifiers: &[],
        crates: &[],
        features: &[],
        products: &[],
        schemes: &[],
        sql: &["CREATE KEYSPACE", "CLUSTERING ORDER BY"],
    },
    Signs {
        name: "surrealdb",
        supported: false,
        words: &["surrealdb", "surreal"],
        identifiers: &[],
        crates: &[],
        features: &[],
        products: &[],
        schemes: &[],
        sql: &["DEFINE TABLE", "SCHEMAFULL"],
    },
];

/// The crates by which programs speak to one or another engine.
pub static DRIVERS: &[&str] = &[
    "sqlx",
    "sqlx-core",
    "diesel",
    "diesel-async",
    "sea-orm",
    "sea-query",
    "refinery",
    "tokio-postgres",
    "postgres",
    "deadpool-postgres",
    "bb8-postgres",
    "r2d2_postgres",
    "rusqlite",
    "tokio-rusqlite",
    "r2d2_sqlite",
    "deadpool-sqlite",
    "rusqlite_migration",
    "mysql",
    "mysql_async",
    "libsql",
];

/// The engine that a folder or a package is named for: by the last of its components that names exactly one.
pub fn named_for(path: &str) -> Option<&'static Signs> {
    path.rsplit('/').find_map(|component| {
        let lower = component.to_ascii_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let mut found = SIGNS.iter().filter(|signs| signs.words.iter().any(|word| words.contains(word)));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    })
}

/// The signs of the engine with this name.
pub fn signs(name: &str) -> Option<&'static Signs> {
    SIGNS.iter().find(|signs| signs.name == name)
}
