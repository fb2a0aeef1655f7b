//! Names for databases that nobody named.

use std::collections::{BTreeMap, BTreeSet};

use super::Detected;

/// Names each database: `main` where there is one, else by what tells them apart: package, engine, folder.
pub(super) fn name(databases: &mut [Detected]) {
    if let [only] = databases {
        only.name = "main".to_owned();
        return;
    }
    let shared = shared_words(databases);
    let candidates: [&dyn Fn(&Detected) -> String; 5] = [
        &by_owner,
        &|database| database.dialect.to_owned(),
        &|database| format!("{}-{}", by_owner(database), database.dialect),
        &with_folder,
        &|database| {
            let words = words(database).into_iter().filter(|word| !shared.contains(word));
            words.collect::<Vec<_>>().join("-")
        },
    ];
    for make in candidates {
        let names: Vec<String> = databases.iter().map(|database| as_key(&make(database))).collect();
        if names.iter().all(|name| !name.is_empty()) && names.iter().collect::<BTreeSet<_>>().len() == names.len() {
            for (database, name) in databases.iter_mut().zip(names) {
                database.name = name;
            }
            return;
        }
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for database in databases {
        let name = as_key(&words(database).join("-"));
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        database.name = if *count == 1 { name } else { format!("{name}-{count}") };
    }
}

fn by_owner(database: &Detected) -> String {
    database.owner.as_ref().map_or_else(String::new, |owner| owner.to_string())
}

/// The owner, and the folder's name where it says more than that it holds migrations.
fn with_folder(database: &Detected) -> String {
    let folder = database.folders.first().map_or("", String::as_str);
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let words = last.split(['-', '_', '.']).filter(|word| !is_plain(word)).collect::<Vec<_>>().join("-");
    [by_owner(database), words].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The components of the folder that say something.
fn words(database: &Detected) -> Vec<String> {
    let folder = database.folders.first().map_or("", String::as_str);
    folder.split('/').filter(|word| !is_plain(word)).map(str::to_owned).collect()
}

/// What all folders have in common.
fn shared_words(databases: &[Detected]) -> BTreeSet<String> {
    let mut all = databases.iter().map(|database| words(database).into_iter().collect::<BTreeSet<_>>());
    let first = all.next().unwrap_or_default();
    all.fold(first, |shared, words| shared.intersection(&words).cloned().collect())
}

fn is_plain(word: &str) -> bool {
    matches!(
        word,
        "" | "migrations" | "migration" | "migrate" | "src" | "crates" | "packages" | "apps" | "libs" | "lib"
    )
}

/// As a key of a configuration that needs no quotes.
fn as_key(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).collect()
}
