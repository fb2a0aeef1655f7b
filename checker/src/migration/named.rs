//! What a person who names a migration means: its version in full, or as much of it as tells it apart.

use super::Migration;

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Named<'a> {
    /// This migration.
    One(&'a Migration),
    /// Any of these.
    Several(Vec<&'a Migration>),
    /// None.
    Unknown,
}

/// How many characters of a version are enough where no other begins with them: a date.
const ENOUGH: usize = 8;

/// The migration that a text names: by its version, with or without leading zeros, dashes and the rest of the file name; by the
/// name in its file name; by the first eight or more characters of its version.
pub fn named<'a>(migrations: impl Iterator<Item = &'a Migration> + Clone, text: &str) -> Named<'a> {
    let text = text.trim();
    let (folded, plain) = (folded(text), text.replace('-', ""));
    let by_version = |migration: &&Migration| migration.version.is_named(text);
    let by_name = |migration: &&Migration| !folded.is_empty() && self::folded(&migration.name) == folded;
    let by_start = |migration: &&Migration| plain.len() >= ENOUGH && migration.version.text.starts_with(&plain);
    let passes: [&dyn Fn(&&Migration) -> bool; 3] = [&by_version, &by_name, &by_start];
    for pass in passes {
        let found: Vec<&Migration> = migrations.clone().filter(|migration| pass(migration)).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Named::One(one),
            _ => return Named::Several(found),
        }
    }
    Named::Unknown
}

/// The migration whose version or name is most like a text that names none.
pub fn nearest<'a>(migrations: impl Iterator<Item = &'a Migration>, text: &str) -> Option<&'a Migration> {
    let folded = folded(text);
    let distance = |migration: &&Migration| {
        let by_version = edits(&self::folded(&migration.version.text), &folded);
        by_version.min(edits(&self::folded(&migration.name), &folded))
    };
    migrations.min_by_key(distance)
}

/// A name without what differs between ways to write it.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many characters have to change; texts of any length, of which the first 64 characters count.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, one) in a.chars().take(64).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(one != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::Version;
    use crate::source::Source;

    #[test]
    fn a_migration_is_named_in_full_or_by_what_tells_it_apart() {
        let migration = |version: &str, name: &str| Migration::new(Version::new(version), name, Source::new("x", ""));
        let all = [
            migration("20260105090000", "shop"),
            migration("20260402080000", "full name"),
            migration("20260402090000", "more"),
            migration("20260507", "more"),
        ];
        let of = |text: &str| match named(all.iter(), text) {
            Named::One(migration) => migration.version.text.clone(),
            Named::Several(several) => format!("{} of {}", several.len(), all.len()),
            Named::Unknown => format!("near {}", nearest(all.iter(), text).map_or("", |m| &m.version.text)),
        };
        assert_eq!(of("20260105090000"), "20260105090000");
        assert_eq!(of("20260105090000_shop.sql"), "20260105090000");
        assert_eq!(of("2026-01-05"), "20260105090000");
        assert_eq!(of("full_name"), "20260402080000");
        assert_eq!(of("Full Name"), "20260402080000");
        assert_eq!(of("more"), "2 of 4");
        assert_eq!(of("20260402"), "2 of 4");
        assert_eq!(of("2026"), "near 20260105090000");
        assert_eq!(of("20260106090000"), "near 20260105090000");
        assert_eq!(of("ful_name"), "near 20260402080000");
        assert_eq!(of(""), "near 20260105090000");
    }
}
