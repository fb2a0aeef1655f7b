//! The Cargo target that a file is compiled into, as Cargo's own messages name it.

use std::path::Path;

use toml::{Table, Value};

use super::manifest::{Package, Packages};
use super::tree::{Tree, join};

/// A Cargo target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CargoTarget {
    /// The package's id, as `cargo metadata` gives it.
    pub package_id: String,
    /// The package's manifest.
    pub manifest_path: String,
    /// What it is: `lib`, `bin`, `test` and so on; of a library its crate types.
    pub kinds: Vec<String>,
    /// What the compiler makes of it.
    pub crate_types: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its root file.
    pub src_path: String,
    /// The edition.
    pub edition: String,
}

/// Where targets are looked up.
#[derive(Clone, Copy)]
pub struct Targets<'a> {
    /// The files.
    pub tree: &'a Tree,
    /// The packages among them.
    pub packages: &'a Packages,
    /// The folder that the tree is read from, as an absolute path.
    pub root: &'a Path,
}

/// What a target is, its name, and the path of its root file in the tree.
type Found = (&'static str, String, String);

impl Targets<'_> {
    /// The target of a file; of one that no package holds, that of the first package. Without any package, one that is named
    /// for the folder.
    pub fn of(self, path: &str) -> CargoTarget {
        let package = self.packages.of(path).or_else(|| self.packages.all.first());
        let found = package.and_then(|package| self.of_package(package, path));
        found.unwrap_or_else(|| {
            let manifest = self.absolute("Cargo.toml");
            let name = self.root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let bin = || vec!["bin".to_owned()];
            CargoTarget {
                package_id: format!("{}#0.0.0", url(self.root)),
                src_path: manifest.clone(),
                manifest_path: manifest,
                kinds: bin(),
                crate_types: bin(),
                name,
                edition: "2015".to_owned(),
            }
        })
    }

    fn of_package(self, package: &Package, path: &str) -> Option<CargoTarget> {
        let manifest: Table = package.manifest.parse().ok()?;
        let (kind, name, file) = self.found(package, &manifest, path);
        let library = if kind == "lib" { library_types(&manifest) } else { vec![kind.to_owned()] };
        let crate_types = if kind == "lib" { library.clone() } else { vec!["bin".to_owned()] };
        Some(CargoTarget {
            package_id: self.id(package, &manifest),
            manifest_path: self.absolute(&package.path("Cargo.toml")?),
            kinds: library,
            crate_types,
            name,
            src_path: self.absolute(&file),
            edition: self.shared(package, &manifest, "edition").unwrap_or_else(|| "2015".to_owned()),
        })
    }

    /// The target that a file belongs to: its own, where it is a root or stands beside one; else the library, where there is
    /// one; else the program.
    fn found(self, package: &Package, manifest: &Table, path: &str) -> Found {
        let inner = |relative: &str| package.path(relative).unwrap_or_default();
        let named = declared(package, manifest, path);
        if let Some(found) = named.or_else(|| self.by_folder(package, path)) {
            return found;
        }
        let library = manifest.get("lib");
        let own = |key: &str| library.and_then(|library| library.get(key)).and_then(Value::as_str);
        let file = own("path").map_or_else(|| inner("src/lib.rs"), inner);
        let main = inner("src/main.rs");
        if path != main && self.tree.has_file(&file) {
            return ("lib", own("name").map_or_else(|| package.name.replace('-', "_"), str::to_owned), file);
        }
        let first = manifest.get("bin").and_then(|programs| programs.get(0));
        match first.and_then(|entry| Some((entry.get("name")?.as_str()?, entry.get("path")?.as_str()?))) {
            Some((name, file)) if !self.tree.has_file(&main) => ("bin", name.to_owned(), inner(file)),
            _ => ("bin", package.name.to_string(), main),
        }
    }

    /// The target of a file in one of the folders where Cargo looks for targets.
    fn by_folder(self, package: &Package, path: &str) -> Option<Found> {
        let inner = |relative: &str| package.path(relative).unwrap_or_default();
        if path == inner("build.rs") {
            return Some(("custom-build", "build-script-build".to_owned(), path.to_owned()));
        }
        for (kind, folder) in [("bin", "src/bin"), ("test", "tests"), ("bench", "benches"), ("example", "examples")] {
            let folder = inner(folder);
            let Some(rest) = path.strip_prefix(&format!("{folder}/")) else { continue };
            let (name, file) = match rest.split_once('/') {
                Some((name, _)) => (name, format!("{folder}/{name}/main.rs")),
                None => (rest.trim_end_matches(".rs"), path.to_owned()),
            };
            return self.tree.has_file(&file).then(|| (kind, name.to_owned(), file));
        }
        None
    }

    fn id(self, package: &Package, manifest: &Table) -> String {
        let folder = if package.folder.is_empty() { self.root.to_owned() } else { self.root.join(&package.folder) };
        let version = self.shared(package, manifest, "version").unwrap_or_else(|| "0.0.0".to_owned());
        let last = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = if last.as_deref() == Some(&*package.name) { String::new() } else { format!("{}@", package.name) };
        format!("{}#{name}{version}", url(&folder))
    }

    /// A key of `[package]`, which may be the workspace's.
    fn shared(self, package: &Package, manifest: &Table, key: &str) -> Option<String> {
        let value = manifest.get("package")?.get(key)?;
        if let Some(text) = value.as_str() {
            return Some(text.to_owned());
        }
        let workspace = self.tree.source(&join(&package.workspace, "Cargo.toml")?).ok()?;
        let workspace: Table = workspace.text().parse().ok()?;
        Some(workspace.get("workspace")?.get("package")?.get(key).and_then(Value::as_str)?.to_owned())
    }

    fn absolute(self, path: &str) -> String {
        self.root.join(path).display().to_string()
    }
}

/// The target that the manifest names by this path.
fn declared(package: &Package, manifest: &Table, path: &str) -> Option<Found> {
    for kind in ["bin", "test", "bench", "example"] {
        for entry in manifest.get(kind).and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| entry.get(key).and_then(Value::as_str);
            if text("path").and_then(|own| package.path(own)).as_deref() == Some(path) {
                return Some((kind, text("name")?.to_owned(), path.to_owned()));
            }
        }
    }
    None
}

/// What a library is compiled to.
fn library_types(manifest: &Table) -> Vec<String> {
    let library = manifest.get("lib");
    let key =
        |name: &str| library.and_then(|library| library.get(name).or_else(|| library.get(name.replace('-', "_"))));
    if key("proc-macro").and_then(Value::as_bool) == Some(true) {
        return vec!["proc-macro".to_owned()];
    }
    let types = key("crate-type").and_then(Value::as_array).into_iter().flatten();
    let types: Vec<String> = types.filter_map(Value::as_str).map(str::to_owned).collect();
    if types.is_empty() { vec!["lib".to_owned()] } else { types }
}

/// A folder in a package's id: a URL, with what such a path may not hold written in percents.
fn url(folder: &Path) -> String {
    let mut url = String::from("path+file://");
    for byte in folder.display().to_string().trim_end_matches('/').bytes() {
        if byte.is_ascii_graphic() && !b"\"<>`#?{}%\\".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}
