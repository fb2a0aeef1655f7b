//! What the manifests of a workspace say, read from a tree: a baseline has no checkout that cargo could run on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::{Table, Value};

use super::tree::{Tree, join, parent};
use crate::glob;

/// The packages of a tree.
#[derive(Clone, Debug, Default)]
pub struct Packages {
    /// In order of their folders.
    pub all: Vec<Package>,
    /// The folders that hold a workspace's own manifest, or a package without one.
    pub roots: Vec<String>,
    /// Manifests that cannot be read: path and reason.
    pub unread: Vec<(String, String)>,
    /// Folders with a manifest of their own that belong to no workspace here: their files are not those of a package
    /// around them.
    pub apart: BTreeSet<String>,
}

/// One package.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: Arc<str>,
    /// Its folder; empty at the root of the tree.
    pub folder: String,
    /// The folder of its workspace's manifest.
    pub workspace: String,
    /// All its dependencies.
    pub dependencies: Vec<Dependency>,
    /// Its features, with what each turns on.
    pub features: BTreeMap<String, Vec<String>>,
    /// Its targets that the manifest names by path.
    pub targets: Vec<Target>,
    /// The text of its manifest.
    pub manifest: Arc<str>,
}

/// One dependency of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The name in code, with dashes as the manifest writes them.
    pub alias: String,
    /// The package's own name.
    pub name: String,
    /// Features asked for, in the manifest or in its workspace's.
    pub features: Vec<String>,
    /// Which section it stands in.
    pub kind: DependencyKind,
    /// Whether only a feature turns it on.
    pub optional: bool,
    /// The folder it is in, for one given by a path inside the tree.
    pub folder: Option<String>,
}

/// The section of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DependencyKind {
    /// `[dependencies]`.
    Normal,
    /// `[dev-dependencies]`.
    Development,
    /// `[build-dependencies]`.
    Build,
}

/// A target that a manifest names by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The section: `lib`, `bin`, `test`, `bench`, `example`, `build`.
    pub kind: &'static str,
    /// The path of its root file in the tree.
    pub path: String,
}

impl Packages {
    /// The package with this name.
    pub fn named(&self, name: &str) -> Option<&Package> {
        self.all.iter().find(|package| &*package.name == name)
    }

    /// The package whose folder holds a path: the innermost one.
    pub fn of(&self, path: &str) -> Option<&Package> {
        let mut folder = parent(path);
        loop {
            if let Some(package) = self.in_folder(folder) {
                return Some(package);
            }
            if folder.is_empty() || self.apart.contains(folder) {
                return None;
            }
            folder = parent(folder);
        }
    }

    /// The package in exactly this folder.
    pub fn in_folder(&self, folder: &str) -> Option<&Package> {
        self.all.binary_search_by(|package| package.folder.as_str().cmp(folder)).ok().and_then(|at| self.all.get(at))
    }
}

impl Packages {
    /// Whether a package only serves the tests of others: some depend on it, all of them for development, and it has no
    /// program of its own or says by its name that it is for tests.
    pub fn only_serves_tests(&self, tree: &Tree, package: &Package) -> bool {
        let users = self
            .all
            .iter()
            .flat_map(|other| &other.dependencies)
            .filter(|d| d.folder.as_ref() == Some(&package.folder));
        let mut kinds = users.map(|dependency| dependency.kind).peekable();
        let has_program = || {
            let programs = package.targets.iter().any(|target| target.kind == "bin");
            let main = package.path("src/main.rs").is_some_and(|path| tree.has_file(&path));
            programs || main || package.path("src/bin").is_some_and(|folder| tree.has_folder(&folder))
        };
        kinds.peek().is_some()
            && kinds.all(|kind| kind == DependencyKind::Development)
            && (!has_program()
                || package.name.split(['-', '_']).any(|word| matches!(word, "test" | "tests" | "testing")))
    }
}

impl Package {
    /// The path of a file or folder given relative to the package; `None` where it leaves the tree.
    pub fn path(&self, relative: &str) -> Option<String> {
        join(&self.folder, relative)
    }

    /// The dependencies that production code uses.
    pub fn production_dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal)
    }

    /// Whether production code depends on one of these crates, whether or not a feature has to turn it on.
    pub fn depends_on(&self, crates: &[&str]) -> bool {
        self.production_dependencies().any(|dependency| crates.contains(&dependency.name.as_str()))
    }

    /// What its code calls a crate that it depends on.
    pub fn name_in_code(&self, krate: &str) -> Option<String> {
        let named = self.production_dependencies().find(|dependency| dependency.name == krate);
        named.map(|dependency| dependency.alias.replace('-', "_"))
    }

    /// Whether a file below the package's folder is one of tests, benchmarks, examples or a build script.
    pub fn is_test_file(&self, path: &str) -> bool {
        let relative =
            if self.folder.is_empty() { Some(path) } else { path.strip_prefix(&format!("{}/", self.folder)) };
        let Some(relative) = relative else { return false };
        if let Some(target) = self.targets.iter().find(|target| target.path == path) {
            return !matches!(target.kind, "lib" | "bin");
        }
        relative == "build.rs" || ["tests/", "benches/", "examples/"].iter().any(|folder| relative.starts_with(folder))
    }
}

/// Reads the packages of a tree: those of the manifest at its root, or without one of the topmost manifests in it.
pub fn packages(tree: &Tree) -> Packages {
    let mut found = Packages::default();
    let mut folders: Vec<&str> =
        tree.paths().filter(|path| is_manifest(path)).map(parent).filter(|folder| !folder.is_empty()).collect();
    if tree.has_file("Cargo.toml") {
        folders = vec![""];
    }
    folders.sort_by_key(|folder| (folder.matches('/').count(), *folder));
    let mut covered: BTreeSet<String> = BTreeSet::new();
    for folder in folders {
        let inside = |outer: &String| outer.is_empty() || folder.starts_with(&format!("{outer}/"));
        if covered.contains(folder) || found.roots.iter().any(inside) {
            continue;
        }
        found.roots.push(folder.to_owned());
        read_workspace(tree, folder, &mut found, &mut covered);
    }
    found.all.sort_by(|a, b| a.folder.cmp(&b.folder));
    let manifests = tree.paths().filter(|path| is_manifest(path)).map(parent);
    found.apart = manifests.filter(|folder| !covered.contains(*folder)).map(str::to_owned).collect();
    found
}

fn is_manifest(path: &str) -> bool {
    path == "Cargo.toml" || path.ends_with("/Cargo.toml")
}

/// Reads a root manifest, its members and the packages inside the root that they reach by path.
fn read_workspace(tree: &Tree, root: &str, found: &mut Packages, covered: &mut BTreeSet<String>) {
    let Some((manifest, text)) = read_manifest(tree, root, found) else { return };
    let workspace = manifest.get("workspace").and_then(Value::as_table);
    let shared =
        workspace.and_then(|table| table.get("dependencies")).and_then(Value::as_table).cloned().unwrap_or_default();
    let excluded: Vec<String> = strings(workspace.and_then(|table| table.get("exclude")));
    let excluded: Vec<String> = excluded.iter().filter_map(|path| join(root, path)).collect();
    let mut waiting: Vec<String> = members(tree, root, workspace);
    covered.insert(root.to_owned());
    if let Some(package) = read_package(root, root, &manifest, &text, &shared) {
        waiting.extend(inner_folders(&package, root));
        found.all.push(package);
    }
    while let Some(folder) = waiting.pop() {
        let is_excluded = excluded.iter().any(|out| folder == *out || folder.starts_with(&format!("{out}/")));
        if is_excluded || !covered.insert(folder.clone()) {
            continue;
        }
        let Some((manifest, text)) = read_manifest(tree, &folder, found) else { continue };
        if let Some(package) = read_package(&folder, root, &manifest, &text, &shared) {
            waiting.extend(inner_folders(&package, root));
            found.all.push(package);
        }
    }
}

/// The folders of the members that a workspace lists.
fn members(tree: &Tree, root: &str, workspace: Option<&Table>) -> Vec<String> {
    let mut folders = Vec::new();
    for pattern in strings(workspace.and_then(|table| table.get("members"))) {
        let Some(pattern) = join(root, &pattern) else { continue };
        if glob::is_pattern(&pattern) {
            let manifests = tree.paths().filter(|path| is_manifest(path)).map(parent);
            folders.extend(manifests.filter(|folder| glob::matches(&pattern, folder)).map(str::to_owned));
        } else {
            folders.push(pattern);
        }
    }
    folders
}

/// The folders inside the workspace that a package's dependencies name by path: cargo takes them for members.
fn inner_folders<'a>(package: &'a Package, root: &'a str) -> impl Iterator<Item = String> + 'a {
    let inside = move |folder: &&String| root.is_empty() || folder.starts_with(&format!("{root}/"));
    package.dependencies.iter().filter_map(|dependency| dependency.folder.as_ref()).filter(inside).cloned()
}

fn read_manifest(tree: &Tree, folder: &str, found: &mut Packages) -> Option<(Table, Arc<str>)> {
    let path = join(folder, "Cargo.toml")?;
    if !tree.has_file(&path) {
        return None;
    }
    let text = match tree.source(&path) {
        Ok(source) => source,
        Err(unread) => {
            found.unread.push((unread.path, unread.reason));
            return None;
        }
    };
    match text.text().parse::<Table>() {
        Ok(table) => Some((table, text.text().into())),
        Err(error) => {
            found.unread.push((tree.shown(&path), format!("it is not TOML: {}", error.message())));
            None
        }
    }
}

fn read_package(folder: &str, root: &str, manifest: &Table, text: &Arc<str>, shared: &Table) -> Option<Package> {
    let name = manifest.get("package").or_else(|| manifest.get("project"))?.get("name")?.as_str()?;
    let mut dependencies = Vec::new();
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    for table in std::iter::once(manifest).chain(targets.filter_map(Value::as_table)) {
        for (section, kind) in SECTIONS {
            let entries = table.get(*section).and_then(Value::as_table).into_iter().flatten();
            dependencies.extend(entries.map(|(alias, value)| dependency(folder, root, alias, value, *kind, shared)));
        }
    }
    let features = manifest.get("features").and_then(Value::as_table).into_iter().flatten();
    Some(Package {
        name: name.into(),
        folder: folder.to_owned(),
        workspace: root.to_owned(),
        dependencies,
        features: features.map(|(name, turns_on)| (name.clone(), strings(Some(turns_on)))).collect(),
        targets: read_targets(folder, manifest),
        manifest: text.clone(),
    })
}

/// The sections that name dependencies.
const SECTIONS: &[(&str, DependencyKind)] = &[
    ("dependencies", DependencyKind::Normal),
    ("dev-dependencies", DependencyKind::Development),
    ("dev_dependencies", DependencyKind::Development),
    ("build-dependencies", DependencyKind::Build),
    ("build_dependencies", DependencyKind::Build),
];

fn dependency(
    folder: &str,
    root: &str,
    alias: &str,
    value: &Value,
    kind: DependencyKind,
    shared: &Table,
) -> Dependency {
    let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let inherited = if inherits { shared.get(alias) } else { None };
    let declared = inherited.unwrap_or(value);
    let mut features = strings(value.get("features"));
    features.extend(inherited.map(|inherited| strings(inherited.get("features"))).unwrap_or_default());
    features.sort();
    features.dedup();
    let base = if inherits { root } else { folder };
    Dependency {
        alias: alias.to_owned(),
        name: declared.get("package").and_then(Value::as_str).unwrap_or(alias).to_owned(),
        features,
        kind,
        optional: value.get("optional").and_then(Value::as_bool) == Some(true),
        folder: declared.get("path").and_then(Value::as_str).and_then(|path| join(base, path)),
    }
}

fn read_targets(folder: &str, manifest: &Table) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut add = |kind: &'static str, path: Option<&str>| {
        if let Some(path) = path.and_then(|path| join(folder, path)) {
            targets.push(Target { kind, path });
        }
    };
    let path_of = |value: &Value| value.get("path").and_then(Value::as_str).map(str::to_owned);
    add("lib", manifest.get("lib").and_then(path_of).as_deref());
    for kind in ["bin", "test", "bench", "example"] {
        for entry in manifest.get(kind).and_then(Value::as_array).into_iter().flatten() {
            add(kind, path_of(entry).as_deref());
        }
    }
    add("build", manifest.get("package").and_then(|package| package.get("build")).and_then(Value::as_str));
    targets
}

fn strings(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
