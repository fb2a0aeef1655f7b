//! The cases of the schema model: files of statements, in parts that begin with a line `-- # name`.

use std::fmt::Write as _;
use std::path::Path;

use crate::Result;

/// What `differing` says of each case of an engine, with the case's file and name; empty where it says nothing.
///
/// # Errors
///
/// When a file cannot be read.
pub fn differences(engine: &str, differing: impl Fn(&str) -> String) -> Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../checker/src/schema/tests").join(engine);
    let entries = std::fs::read_dir(folder)?.collect::<std::result::Result<Vec<_>, _>>()?;
    let mut files: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    files.sort();
    let mut differences = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        for case in text.split("-- # ").skip(1) {
            let (name, statements) = case.split_once('\n').unwrap_or((case, ""));
            let found = differing(statements);
            if !found.is_empty() {
                writeln!(differences, "{} # {name}\n{found}", file.display())?;
            }
        }
    }
    Ok(differences)
}
