//! Names for databases that nobody named.

use std::collections::BTreeMap;

use super::Detected;

/// Names each database: `main` where there is one, else by what tells them apart: package, engine, folder.
pub(super) fn name(databases: &mut [Detected]) {
    if let [only] = databases {
        only.name = "main".to_owned();
        return;
    }
    let candidates: [fn(&Detected) -> String; 5] = [
        |database| by_owner(database),
        |database| database.dialect.to_owned(),
        |database| format!("{}-{}", by_owner(database), database.dialect),
        |database| with_folder(database),
        |database| database.folders.join("+"),
    ];
    for make in candidates {
        let names: Vec<String> = databases.iter().map(make).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &names {
            *counts.entry(name).or_default() += 1;
        }
        if names.iter().all(|name| !name.is_empty() && counts.get(name.as_str()) == Some(&1)) {
            for (database, name) in databases.iter_mut().zip(names) {
                database.name = name;
            }
            return;
        }
    }
}

fn by_owner(database: &Detected) -> String {
    database.owner.as_ref().map_or_else(String::new, |owner| owner.to_string())
}

/// The owner, and the folder's name where it says more than that it holds migrations.
fn with_folder(database: &Detected) -> String {
    let folder = database.folders.first().map_or("", String::as_str);
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let words: Vec<&str> = last
        .split(['-', '_', '.'])
        .filter(|word| !word.is_empty() && !matches!(*word, "migrations" | "migration" | "migrate"))
        .collect();
    let parts: Vec<String> =
        [by_owner(database), words.join("-")].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("-")
}
