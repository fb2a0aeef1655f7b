//! The Cargo target that a file is compiled into, as Cargo's own messages name it.

use std::path::Path;

use toml::{Table, Value};

use super::load::Project;
use super::manifest::Package;
use super::tree::join;

/// A Cargo target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CargoTarget {
    /// The package's id, as `cargo metadata` gives it.
    pub package_id: String,
    /// The package's manifest.
    pub manifest_path: String,
    /// `lib` or `bin`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its root file.
    pub src_path: String,
    /// The edition.
    pub edition: String,
}

impl CargoTarget {
    /// The target of a file of the project in the folder `root`; of one that no package holds, that of the first package.
    pub fn of(project: &Project, root: &Path, path: &str) -> Option<CargoTarget> {
        let package = project.packages.of(path).or_else(|| project.packages.all.first())?;
        let manifest: Table = package.manifest.parse().ok()?;
        let absolute = |path: &str| root.join(path).display().to_string();
        let (kind, name, file) = target(project, package, path);
        Some(CargoTarget {
            package_id: id(project, package, &manifest, root),
            manifest_path: absolute(&package.path("Cargo.toml")?),
            kind,
            name,
            src_path: absolute(&file),
            edition: shared(project, package, &manifest, "edition").unwrap_or_else(|| "2015".to_owned()),
        })
    }
}

/// The target that a file belongs to: its own, where it is a root; else the library, where there is one; else the program.
fn target(project: &Project, package: &Package, path: &str) -> (&'static str, String, String) {
    let in_code = |name: &str| name.replace('-', "_");
    let of_package = |path: &str| package.path(path).unwrap_or_default();
    let stem = |path: &str| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs").to_owned();
    if let Some(program) = path.strip_prefix(&format!("{}/", of_package("src/bin"))) {
        let name = program.split('/').next().map(stem).unwrap_or_default();
        return ("bin", name, path.to_owned());
    }
    let (lib, main) = (of_package("src/lib.rs"), of_package("src/main.rs"));
    let own = |kind: &str| package.targets.iter().find(|target| target.kind == kind).map(|target| target.path.clone());
    let library = own("lib").or_else(|| project.tree.has_file(&lib).then_some(lib));
    match library.filter(|_| path != main) {
        Some(library) => ("lib", in_code(&package.name), library),
        None => ("bin", package.name.to_string(), own("bin").unwrap_or(main)),
    }
}

fn id(project: &Project, package: &Package, manifest: &Table, root: &Path) -> String {
    let folder = root.join(&package.folder);
    let version = shared(project, package, manifest, "version").unwrap_or_else(|| "0.0.0".to_owned());
    let last = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = if last.as_deref() == Some(&*package.name) { String::new() } else { format!("{}@", package.name) };
    format!("path+file://{}#{name}{version}", folder.display().to_string().trim_end_matches('/'))
}

/// A key of `[package]`, which may be the workspace's.
fn shared(project: &Project, package: &Package, manifest: &Table, key: &str) -> Option<String> {
    let value = manifest.get("package")?.get(key)?;
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let workspace = project.tree.source(&join(&package.workspace, "Cargo.toml")?).ok()?;
    let workspace: Table = workspace.text().parse().ok()?;
    Some(workspace.get("workspace")?.get("package")?.get(key).and_then(Value::as_str)?.to_owned())
}
