//! Errors for what cannot be checked, with what was seen and what to do.

use std::collections::BTreeMap;

use super::{Database, Options};
use crate::migration::{self, Layout, LayoutProblem};
use crate::project::error::{Error, ErrorKind};
use crate::project::manifest::Packages;
use crate::project::tree::{Tree, parent};

/// An error for the files on which the migration tool itself fails.
pub(super) fn refuse_problems(database: &Database) -> Result<(), Error> {
    let failing: Vec<&LayoutProblem> = database.problems.iter().filter(|problem| problem.fails).collect();
    let Some(first) = failing.first() else { return Ok(()) };
    let more = if failing.len() > 1 { format!(", and {} more like it", failing.len() - 1) } else { String::new() };
    let message = format!("{} cannot run these migrations: {}{more}", database.history.layout.id, first.message);
    Err(Error::new(ErrorKind::Migrations, message)
        .at(&first.path)
        .help(format!(
            "rename or remove one of the files; if another tool runs them, name its layout in schemacheck.toml:\n[database.{}]\nlayout = \"files\" # in order of file names; or {}",
            database.name,
            others(database.history.layout)
        )))
}

/// The other layouts, as configuration names them.
fn others(layout: &Layout) -> String {
    let others = migration::LAYOUTS.iter().filter(|other| **other != layout && other.id != "files");
    others.map(|other| format!("\"{}\"", other.id)).collect::<Vec<_>>().join(", ")
}

/// What to do where it is meant that there is nothing to check.
fn if_meant(options: Options) -> &'static str {
    if options.in_build { "take the call out of build.rs" } else { "pass --allow-empty" }
}

pub(super) fn no_migrations(database: &Database, options: Options) -> Error {
    let folders = database.found.folders.join(", ");
    Error::new(ErrorKind::NoDatabase, format!("database `{}` has no migrations", database.name))
        .at(folders)
        .help(format!("{} if that is meant", if_meant(options)))
}

/// What was seen where no database is: the packages, the folders with most SQL, and what was left out and why.
pub(super) fn nothing_found(tree: &Tree, packages: &Packages, notes: &[String], options: Options) -> Error {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for path in tree.paths().filter(|path| path.ends_with(".sql")) {
        *folders.entry(parent(path)).or_default() += 1;
    }
    let mut most: Vec<(usize, &str)> = folders.iter().map(|(folder, count)| (*count, *folder)).collect();
    most.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let count: usize = most.iter().map(|(count, _)| count).sum();
    let most: Vec<String> = most.iter().take(3).map(|(count, folder)| format!("{count} in {folder}/")).collect();
    let sql = if most.is_empty() {
        "no .sql file".to_owned()
    } else {
        format!("{count} .sql file{} ({})", plural(count), most.join(", "))
    };
    let (files, packages_seen) = (tree.paths().count(), packages.all.len());
    let seen =
        format!("seen were {files} file{}, {packages_seen} package{}, {sql}", plural(files), plural(packages_seen));
    let in_rust = packages.all.iter().filter(|package| package.depends_on(&["sea-orm-migration", "barrel"]));
    let in_rust = in_rust.map(|package| format!("\n{}: its migrations are Rust code, which is not read", package.name));
    let notes: String = notes.iter().map(|note| format!("\n{note}")).chain(in_rust).collect();
    Error::new(ErrorKind::NoDatabase, format!("no database was found: {seen}")).help(format!(
        "name the folder of its migrations in schemacheck.toml, or {} if there is to be none:\n[database.main]\nmigrations = \"path/to/migrations\"{notes}",
        if_meant(options)
    ))
}
