//! Conventions that hold for every source file of the checker.

#![expect(clippy::disallowed_methods, reason = "it reads the sources")]

use std::path::{Path, PathBuf};

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
                found.push((name, std::fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> =
        sources().into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(name, _)| name).collect();
    assert_eq!(silent, Vec::<String>::new(), "these files do not start with `//!`");
}

/// What differs between engines is a field of `Dialect`: the model, the analysis, the rollout and the rules name none.
#[test]
fn no_engine_is_named_where_all_are_meant() {
    let common = ["schema/", "analysis/", "rollout/", "rules/", "sql/", "render/"];
    let mut named = Vec::new();
    for (name, text) in sources() {
        if !common.iter().any(|folder| name.starts_with(folder))
            || name.contains("tests")
            || name.ends_with("fixture.rs")
        {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        for (index, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap_or("").to_lowercase();
            // Drivers and the parser's own types carry an engine in their names.
            if line.contains("driver::") || line.contains("ast::") {
                continue;
            }
            if ["postgres", "sqlite", "mysql", "mariadb"].iter().any(|engine| line.contains(engine)) {
                named.push(format!("{name}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    assert_eq!(named, Vec::<String>::new());
}

/// A problem that no rule takes up would be lost.
#[test]
fn each_problem_of_the_analysis_has_its_rule() {
    let mut lost = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| name.starts_with("analysis/")) {
        for part in text.split("Kind(\"").skip(1) {
            let id = part.split('"').next().unwrap_or("");
            if schemacheck_checker::rules::by_id(id).is_none() {
                lost.push(format!("{name}: {id}"));
            }
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}
