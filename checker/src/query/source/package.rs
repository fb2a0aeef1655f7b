//! The Cargo package a source file belongs to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a package's manifest says that matters for finding its queries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: Arc<str>,
    /// The name of its library in code.
    pub library: String,
    /// Its directory, relative to the project with forward slashes; empty for the project's own.
    pub root: String,
    /// The crates it depends on: the name in code to the crate's own name, both with underscores.
    pub dependencies: BTreeMap<String, String>,
    /// The features that it has by default, with those that they switch on.
    pub default_features: BTreeSet<String>,
    /// Files that the manifest names as libraries or binaries, relative to the project.
    pub roots: BTreeSet<String>,
    /// Files that the manifest names as tests, benchmarks, examples or build scripts.
    pub test_roots: BTreeSet<String>,
}

impl Package {
    /// Reads a manifest's text. `workspace` is the text of the workspace's manifest, for dependencies taken from there.
    /// A manifest that cannot be read as TOML, or has no `[package]`, is none.
    pub fn from_manifest(root: &str, manifest: &str, workspace: Option<&str>) -> Option<Package> {
        let manifest: toml::Table = manifest.parse().ok()?;
        let name = manifest.get("package")?.get("name")?.as_str()?;
        let workspace: Option<toml::Table> = workspace.and_then(|text| text.parse().ok());
        let shared =
            workspace.as_ref().or(Some(&manifest)).and_then(|w| w.get("workspace")?.get("dependencies")?.as_table());
        let library = manifest.get("lib").and_then(|lib| lib.get("name")?.as_str()).unwrap_or(name);
        let mut package = Package {
            name: name.into(),
            library: in_code(library),
            root: root.trim_end_matches('/').to_owned(),
            ..Package::default()
        };
        package.read_dependencies(&manifest, shared);
        for target in manifest.get("target").and_then(toml::Value::as_table).into_iter().flat_map(|t| t.values()) {
            if let Some(target) = target.as_table() {
                package.read_dependencies(target, shared);
            }
        }
        package.read_targets(&manifest);
        package.default_features = default_features(&manifest);
        Some(package)
    }

    /// A path relative to the package's directory, as a path relative to the project.
    pub fn resolve(&self, path: &str) -> String {
        if self.root.is_empty() { path.to_owned() } else { format!("{}/{path}", self.root) }
    }

    /// The crate's own name of a name in code.
    pub(super) fn crate_named<'a>(&'a self, in_code: &'a str) -> &'a str {
        self.dependencies.get(in_code).map_or(in_code, String::as_str)
    }

    /// Whether the package depends on one of these crates.
    pub(super) fn depends_on(&self, crates: &[&str]) -> bool {
        self.dependencies.values().any(|dependency| crates.contains(&dependency.as_str()))
    }

    fn read_dependencies(&mut self, table: &toml::Table, shared: Option<&toml::Table>) {
        for section in ["dependencies", "dev-dependencies", "dev_dependencies"] {
            let Some(dependencies) = table.get(section).and_then(toml::Value::as_table) else { continue };
            for (key, value) in dependencies {
                let inherited = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                let declaration = if inherited { shared.and_then(|shared| shared.get(key)) } else { Some(value) };
                let renamed = declaration.and_then(|declaration| declaration.get("package")?.as_str());
                self.dependencies.insert(in_code(key), in_code(renamed.unwrap_or(key)));
            }
        }
    }

    fn read_targets(&mut self, manifest: &toml::Table) {
        let path_of =
            |value: &toml::Value| value.get("path").and_then(toml::Value::as_str).map(|path| self.resolve(path));
        let listed = |kind: &str| -> Vec<String> {
            let targets = manifest.get(kind).and_then(toml::Value::as_array);
            targets.into_iter().flatten().filter_map(path_of).collect()
        };
        let mut roots: BTreeSet<String> = listed("bin").into_iter().collect();
        roots.extend(manifest.get("lib").and_then(path_of));
        let mut test_roots: BTreeSet<String> =
            ["test", "bench", "example"].into_iter().flat_map(listed).filter(|path| !roots.contains(path)).collect();
        let build = manifest.get("package").and_then(|package| package.get("build")?.as_str());
        test_roots.insert(self.resolve(build.unwrap_or("build.rs")));
        self.roots = roots;
        self.test_roots = test_roots;
    }
}

fn default_features(manifest: &toml::Table) -> BTreeSet<String> {
    let features = manifest.get("features").and_then(toml::Value::as_table);
    let mut open = vec!["default".to_owned()];
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        let more = features.and_then(|features| features.get(&name)?.as_array());
        let more = more.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned);
        open.extend(more.filter(|name| found.insert(name.clone())));
    }
    found
}

fn in_code(name: &str) -> String {
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_gives_names_dependencies_and_targets() {
        let package = Package::from_manifest(
            "apps/shop",
            r#"
                [package]
                name = "web-shop"
                [[bin]]
                name = "serve"
                path = "server/main.rs"
                [[test]]
                name = "it"
                path = "checks/it.rs"
                [dependencies]
                pg = { package = "tokio-postgres", version = "1" }
                db.workspace = true
                serde = "1"
                [target.'cfg(unix)'.dependencies]
                rusqlite = "1"
            "#,
            Some("[workspace.dependencies]\ndb = { package = \"sqlx\", version = \"1\" }"),
        )
        .expect("a package");
        assert_eq!((&*package.name, package.library.as_str()), ("web-shop", "web_shop"));
        assert_eq!(package.crate_named("pg"), "tokio_postgres");
        assert_eq!(package.crate_named("db"), "sqlx");
        assert!(package.depends_on(&["rusqlite"]) && !package.depends_on(&["diesel"]));
        assert!(package.roots.contains("apps/shop/server/main.rs"));
        assert!(package.test_roots.contains("apps/shop/checks/it.rs"));
        assert!(package.test_roots.contains("apps/shop/build.rs"));
        assert_eq!(Package::from_manifest("", "[workspace]", None), None);
        assert_eq!(Package::from_manifest("", "not toml", None), None);
    }
}
