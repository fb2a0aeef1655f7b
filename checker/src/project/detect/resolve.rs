//! Where the calls of migration tools lead, and whether they are production code.

use toml::Table;

use crate::project::calls::{self, Call, CallKind};
use crate::project::manifest::Package;
use crate::project::tree::{Tree, join, parent};

/// Whether a call by a common name is really one of a migration tool.
pub(super) fn is_of_tool(call: &Call, package: &Package) -> bool {
    call.kind != CallKind::Sqlx
        || call.written != "migrate!"
        || package.dependencies.iter().any(|d| d.name.contains("sqlx"))
}

/// `[migrate] migrations-dir` of a package's `sqlx.toml`, else sqlx's default.
pub(super) fn sqlx_folder(tree: &Tree, package: &Package) -> String {
    let configured = package.path("sqlx.toml").and_then(|path| tree.source(&path).ok()).and_then(|source| {
        let table: Table = source.text().parse().ok()?;
        Some(table.get("migrate")?.get("migrations-dir")?.as_str()?.to_owned())
    });
    configured.unwrap_or_else(|| "migrations".to_owned())
}

/// `migrations` in the package's `src`, in its folder, or in the nearest folder above.
pub(super) fn search_upwards(tree: &Tree, package: &Package) -> Option<String> {
    let mut folder = package.path("src")?;
    loop {
        let candidate = join(&folder, "migrations")?;
        if tree.has_folder(&candidate) {
            return Some(candidate);
        }
        if folder.is_empty() {
            return None;
        }
        folder = parent(&folder).to_owned();
    }
}

/// Whether a file is a module, or in a module, that its parent declares for tests only.
pub(super) fn in_test_module(tree: &Tree, path: &str) -> bool {
    let mut path = path.to_owned();
    for _ in 0..64 {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let (outer, name) = match file {
            "lib.rs" | "main.rs" => return false,
            "mod.rs" => (parent(folder).to_owned(), folder.rsplit('/').next().unwrap_or("").to_owned()),
            file => (folder.to_owned(), file.trim_end_matches(".rs").to_owned()),
        };
        let siblings = ["mod.rs", "lib.rs", "main.rs"].iter().filter_map(|file| join(&outer, file));
        let Some(declaring) = siblings.chain([format!("{outer}.rs")]).find(|file| *file != path && tree.has_file(file))
        else {
            return false;
        };
        let Ok(source) = tree.source(&declaring) else { return false };
        let (for_tests, is_test) = calls::test_modules(tree, &source);
        if is_test || for_tests.contains(&name) {
            return true;
        }
        path = declaring;
    }
    false
}
