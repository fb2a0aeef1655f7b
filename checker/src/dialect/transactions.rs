//! How an engine's transactions see a script of statements.

/// How a script of statements commits.
#[derive(Debug)]
pub struct Transactions {
    /// A script sent as one text is one transaction, unless it commits by itself; else each statement is its own.
    pub script_is_one: bool,
    /// `BEGIN` inside a transaction fails; else it only warns.
    pub nested_begin_fails: bool,
    /// What the server says of a statement that cannot run in a transaction.
    pub inside_code: &'static str,
    /// What a statement that cannot run in a transaction is called, by its first words in upper case.
    pub only_outside: fn(&[&str]) -> Option<&'static str>,
}

/// Postgres, as `PreventInTransactionBlock` is called in its source.
pub static POSTGRES: Transactions = Transactions {
    script_is_one: true,
    nested_begin_fails: false,
    inside_code: "25001",
    only_outside: |words| match words {
        ["CREATE", "INDEX", rest @ ..] | ["CREATE", "UNIQUE", "INDEX", rest @ ..] if is_concurrent(rest) => {
            Some("CREATE INDEX CONCURRENTLY")
        }
        ["DROP", "INDEX", rest @ ..] if is_concurrent(rest) => Some("DROP INDEX CONCURRENTLY"),
        ["REINDEX", "DATABASE" | "SYSTEM", ..] => Some("REINDEX DATABASE"),
        ["REINDEX", _, rest @ ..] if is_concurrent(rest) => Some("REINDEX CONCURRENTLY"),
        ["ALTER", "TABLE", rest @ ..] if rest.contains(&"DETACH") && rest.last() == Some(&"CONCURRENTLY") => {
            Some("ALTER TABLE … DETACH PARTITION CONCURRENTLY")
        }
        ["VACUUM", ..] => Some("VACUUM"),
        ["CREATE", "DATABASE", ..] => Some("CREATE DATABASE"),
        ["DROP", "DATABASE", ..] => Some("DROP DATABASE"),
        ["ALTER", "SYSTEM", ..] => Some("ALTER SYSTEM"),
        ["CREATE", "TABLESPACE", ..] => Some("CREATE TABLESPACE"),
        ["DROP", "TABLESPACE", ..] => Some("DROP TABLESPACE"),
        _ => None,
    },
};

/// SQLite.
pub static SQLITE: Transactions = Transactions {
    script_is_one: false,
    nested_begin_fails: true,
    inside_code: "SQLITE_ERROR",
    only_outside: |words| match words {
        ["VACUUM", ..] => Some("VACUUM"),
        ["ATTACH", ..] => Some("ATTACH"),
        ["DETACH", ..] => Some("DETACH"),
        _ => None,
    },
};

fn is_concurrent(rest: &[&str]) -> bool {
    rest.first() == Some(&"CONCURRENTLY")
}
