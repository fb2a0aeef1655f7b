//! sqlx: `<version>_<description>.sql`, or `.up.sql` and `.down.sql`, in one directory.
//!
//! As `sqlx-core/src/migrate/source.rs` reads them: the part before the first `_` must be an `i64` in every file whose
//! rest ends in `.sql`; all other files are ignored; a file that starts with `-- no-transaction` opts out.

use super::names::{attach_downs, fails};
use super::{Commits, File, Gaps, Layout, Migration, Reading, Version};

/// What sqlx does.
pub(super) static LAYOUT: Layout = Layout {
    id: "sqlx",
    commits: Commits::Each,
    gaps: Gaps::Fills,
    refuses_unknown: true,
    checksums: true,
    splits_statements: false,
    own_table: "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
         execution_time BIGINT NOT NULL)",
    recognises,
    read,
};

fn recognises(names: &[&str]) -> bool {
    let mut migrations = names.iter().filter_map(|name| parts(name)).peekable();
    migrations.peek().is_some() && migrations.all(|(version, _)| version.parse::<i64>().is_ok())
}

fn read(files: &[File]) -> Reading {
    let mut reading = Reading::default();
    let mut downs = Vec::new();
    for (path, source) in files {
        let Some((version, rest)) = parts(path) else { continue };
        let Ok(number) = version.parse::<i64>() else {
            let message = format!("sqlx wants an integer before the first `_` of the file name, not `{version}`");
            reading.problems.push(fails(source, message));
            continue;
        };
        if number < 0 {
            reading.problems.push(fails(source, format!("version {number} is negative")));
            continue;
        }
        let version = Version::new(number.to_string());
        if rest.ends_with(".down.sql") {
            downs.push((version, source.clone()));
            continue;
        }
        let name = rest.strip_suffix(".up.sql").or_else(|| rest.strip_suffix(".sql")).unwrap_or(rest);
        let mut migration = Migration::new(version, name.replace('_', " "), source.clone());
        migration.transaction = !source.text().starts_with("-- no-transaction");
        reading.migrations.push(migration);
    }
    let mut reading = reading.ordered();
    attach_downs(&mut reading.migrations, downs, &mut reading.problems);
    reading
}

/// What stands before and after the first `_` of a file that sqlx takes for a migration.
fn parts(path: &str) -> Option<(&str, &str)> {
    let (version, rest) = path.split_once('_')?;
    (!path.contains('/') && rest.ends_with(".sql")).then_some((version, rest))
}
