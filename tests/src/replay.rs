//! Migrations as their tools send them to a server.

pub use cargo_schemacheck::verify::replay::apply_text;

use postgres::Client;

use crate::Result;
use crate::describe::ServerError;
use crate::rows::{Rows, fill};
use crate::samples::TypeFacts;

/// One migration of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// As the tool orders and names it.
    pub version: String,
    /// The path it was read from.
    pub file: String,
    /// The text sent to the server.
    pub sql: String,
    /// Whether the tool wraps the file in a transaction.
    pub transaction: bool,
    order: Vec<u128>,
}

/// The migrations among some files (path below the migrations folder, text), in the tool's order.
///
/// Knows sqlx, diesel, refinery, Flyway and plain numbered names; files of no such name are left out.
#[must_use]
pub fn migrations_of(files: &[(String, String)]) -> Vec<Migration> {
    let mut migrations: Vec<Migration> = files.iter().filter_map(|(path, sql)| migration(path, sql, files)).collect();
    migrations.sort_by(|a, b| a.order.cmp(&b.order).then_with(|| a.version.cmp(&b.version)));
    migrations
}

/// Applies one migration on the session that its tool would use for all of them.
///
/// # Errors
///
/// The server's words; the transaction is rolled back.
pub fn apply(client: &mut Client, migration: &Migration) -> std::result::Result<(), ServerError> {
    apply_text(client, &migration.sql, migration.transaction)
}

/// Tries migrations on tables that hold a row, full or with every null that they allow, and takes all of it back: the first
/// that fails, by its position.
///
/// # Errors
///
/// When the session itself fails.
pub fn try_on_rows(client: &mut Client, migrations: &[Migration]) -> Result<Option<(usize, ServerError)>> {
    for rows in [Rows::Full, Rows::Sparse] {
        client.batch_execute("BEGIN")?;
        let types = TypeFacts::load(client)?;
        fill(client, &types, rows)?;
        let failed = migrations.iter().enumerate().find_map(|(position, migration)| {
            let error = client.batch_execute(&migration.sql).err()?;
            Some((position, ServerError::from(&error)))
        });
        client.batch_execute("ROLLBACK")?;
        if let Some((_, error)) = &failed
            && !NEEDS_ITS_OWN_TRANSACTION.contains(&error.sqlstate.as_str())
        {
            return Ok(failed);
        }
    }
    Ok(None)
}

/// `CONCURRENTLY` in a transaction, and enum labels used in the transaction that added them: nothing about rows.
const NEEDS_ITS_OWN_TRANSACTION: &[&str] = &["25001", "55P04", "0A000"];

/// What of a candidate's history is still to come on a database that has the baseline's.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// In the order in which a tool that fills gaps applies them.
    pub migrations: Vec<Migration>,
    /// Versions whose text differs between the two.
    pub edited: Vec<String>,
    /// Versions that the candidate lacks.
    pub removed: Vec<String>,
}

/// Compares two histories by version.
#[must_use]
pub fn pending(baseline: &[Migration], candidate: &[Migration]) -> Pending {
    let mut pending = Pending::default();
    for migration in candidate {
        match baseline.iter().find(|applied| applied.version == migration.version) {
            None => pending.migrations.push(migration.clone()),
            Some(applied) if applied.sql != migration.sql => pending.edited.push(migration.version.clone()),
            Some(_) => {}
        }
    }
    for applied in baseline {
        if !candidate.iter().any(|migration| migration.version == applied.version) {
            pending.removed.push(applied.version.clone());
        }
    }
    pending
}

/// Reads a migrations folder from disk.
///
/// # Errors
///
/// When a file cannot be read or is no UTF-8.
pub fn read_folder(folder: &std::path::Path) -> Result<Vec<Migration>> {
    let mut files = Vec::new();
    collect(folder, "", 2, &mut files)?;
    Ok(migrations_of(&files))
}

fn collect(folder: &std::path::Path, prefix: &str, depth: u32, files: &mut Vec<(String, String)>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() && depth > 1 {
            collect(&path, &format!("{name}/"), depth - 1, files)?;
        } else if is_migration_file(&name) {
            files.push((name, std::fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(())
}

/// Whether a path below a migrations folder may matter to the order or the text of a history.
#[must_use]
pub fn is_migration_file(path: &str) -> bool {
    path.ends_with(".sql") || path.ends_with("/metadata.toml")
}

fn migration(path: &str, sql: &str, files: &[(String, String)]) -> Option<Migration> {
    if let Some(folder) = path.strip_suffix("/up.sql") {
        return diesel(folder, path, sql, files);
    }
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    if !folder.is_empty() || name.ends_with(".down.sql") {
        return None;
    }
    let stem = name.strip_suffix(".up.sql").or_else(|| name.strip_suffix(".sql"))?;
    let (version, _) = stem.split_once("__").or_else(|| stem.split_once('_')).unwrap_or((stem, ""));
    let digits = version.trim_start_matches(['V', 'U']);
    let order = digits.split(['.', '_']).map(|part| part.parse().ok()).collect::<Option<Vec<u128>>>()?;
    Some(Migration {
        version: digits.to_owned(),
        file: path.to_owned(),
        sql: sql.to_owned(),
        transaction: !sql.starts_with("-- no-transaction"),
        order,
    })
}

/// Diesel's version is the folder's name up to the first underscore, without dashes; it sorts as text.
fn diesel(folder: &str, path: &str, sql: &str, files: &[(String, String)]) -> Option<Migration> {
    let (version, _) = folder.split_once('_')?;
    let metadata = format!("{folder}/metadata.toml");
    let transaction = files
        .iter()
        .find(|(path, _)| *path == metadata)
        .is_none_or(|(_, text)| text.lines().any(|line| line.replace(' ', "") == "run_in_transaction=true"));
    Some(Migration {
        version: version.replace('-', ""),
        file: path.to_owned(),
        sql: sql.to_owned(),
        transaction,
        order: version.bytes().filter(|byte| *byte != b'-').map(u128::from).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(names: &[&str]) -> Vec<String> {
        let files: Vec<_> = names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        migrations_of(&files).into_iter().map(|migration| migration.version).collect()
    }

    #[test]
    fn orders_as_the_tools_do() {
        assert_eq!(versions(&["10_b.sql", "9_a.up.sql", "9_a.down.sql", "notes.md"]), ["9", "10"]);
        assert_eq!(versions(&["V2__b.sql", "V1.10__c.sql", "V1.9__a.sql"]), ["1.9", "1.10", "2"]);
        assert_eq!(versions(&["2020-02-01-000000_b/up.sql", "2020-02-01-000000_b/down.sql"]), ["20200201000000"]);
    }

    #[test]
    fn diesel_opts_out_by_metadata() {
        let files = [("1_a/up.sql", ""), ("1_a/metadata.toml", "run_in_transaction = false"), ("2_b/up.sql", "")];
        let files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let wrapped: Vec<bool> = migrations_of(&files).iter().map(|migration| migration.transaction).collect();
        assert_eq!(wrapped, [false, true]);
    }
}
