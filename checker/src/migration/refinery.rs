//! refinery: `V<version>__<name>.sql` or `.rs` in a directory and the folders below it; `U` for those that may be
//! applied out of order.
//!
//! As `refinery_core/src/util.rs` and `traits/mod.rs` read them.

use super::names::{fails, file_name, left_out};
use super::{Commits, File, Gaps, Layout, Migration, Reading, Version};

/// What refinery does.
pub(super) static LAYOUT: Layout = Layout {
    id: "refinery",
    commits: Commits::Each,
    gaps: Gaps::Refuses,
    refuses_unknown: true,
    checksums: true,
    splits_statements: false,
    own_table: "CREATE TABLE refinery_schema_history (version INT PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), \
         checksum VARCHAR(255))",
    recognises,
    read,
};

/// What refinery does where the program says `set_grouped(true)`.
pub(super) static GROUPED: Layout = Layout {
    id: "refinery",
    commits: Commits::Together,
    gaps: Gaps::Refuses,
    refuses_unknown: true,
    checksums: true,
    splits_statements: false,
    own_table: "CREATE TABLE refinery_schema_history (version INT PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), \
         checksum VARCHAR(255))",
    recognises,
    read,
};

fn recognises(names: &[&str]) -> bool {
    let mut names = names.iter().map(|name| file_name(name)).filter_map(parts).peekable();
    names.peek().is_some() && names.all(|(_, version, _)| version.parse::<i64>().is_ok())
}

fn read(files: &[File]) -> Reading {
    let mut reading = Reading::default();
    for (path, source) in files {
        let file = file_name(path);
        let Some((prefix, version, name)) = parts(file) else {
            if file.ends_with(".sql") {
                reading.problems.push(left_out(source, "refinery takes only names like `V1__name.sql`"));
            }
            continue;
        };
        let Ok(number) = version.parse::<i64>() else {
            reading.problems.push(fails(source, format!("refinery wants an integer version, not `{version}`")));
            continue;
        };
        let mut migration = Migration::new(Version::new(number.to_string()), name, source.clone());
        migration.gaps = (prefix == 'U').then_some(Gaps::Fills);
        migration.opaque = file.ends_with(".rs");
        migration.transaction = !source.text().lines().any(opts_out);
        reading.migrations.push(migration);
    }
    reading.ordered()
}

/// Prefix, version and name of a file name.
fn parts(file: &str) -> Option<(char, &str, &str)> {
    let stem = file.strip_suffix(".sql").or_else(|| file.strip_suffix(".rs"))?;
    let prefix = stem.chars().next().filter(|c| matches!(c, 'U' | 'V'))?;
    let (version, name) = stem[1..].split_once("__")?;
    let version_digits = version.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    (version_digits && version.split('.').count() <= 2 && !name.is_empty() && name.chars().all(in_name))
        .then_some((prefix, version, name))
}

/// A comment line `-- refinery:noTransaction`.
fn opts_out(line: &str) -> bool {
    let rest = line.trim_start_matches(['-', '/']);
    line.len() - rest.len() >= 2 && rest.trim_start() == "refinery:noTransaction"
}
