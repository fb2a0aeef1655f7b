//! Where a package's project is.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::project::config;

/// A package in its project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The project's folder.
    pub(super) root: PathBuf,
    /// The package's folder.
    pub(super) package: PathBuf,
    /// Whether the package comes from a registry, a vendor folder or a repository of others.
    pub(super) is_foreign: bool,
}

/// Files that cargo leaves in packages that it unpacked.
pub(super) const UNPACKED: &[&str] = &[".cargo-checksum.json", ".cargo-ok", ".cargo_vcs_info.json"];

impl Place {
    /// The project of the package in a folder: the nearest folder with a configuration, up to the workspace that the package
    /// is in, else that workspace. A package that cargo unpacked is a project of its own.
    pub(super) fn of(package: &Path) -> Place {
        let place = |root: &Path, is_foreign| Place { root: root.to_owned(), package: package.to_owned(), is_foreign };
        if UNPACKED.iter().any(|file| package.join(file).is_file()) {
            return place(package, true);
        }
        let mut configured = None;
        for folder in package.ancestors() {
            let checkout = folder.join(".cargo-ok").is_file();
            if configured.is_none() && folder.join(config::FILE).is_file() {
                configured = Some(folder);
            }
            if is_workspace_of(folder, package) {
                return place(configured.unwrap_or(folder), checkout || is_in_checkout(folder));
            }
            // What lies above a repository is another project.
            if checkout || folder.join(".git").exists() {
                break;
            }
        }
        place(package, is_in_checkout(package))
    }
}

/// Whether cargo checked the folder's repository out, for a dependency of others.
fn is_in_checkout(folder: &Path) -> bool {
    folder.ancestors().any(|above| above.join(".cargo-ok").is_file())
}

/// Whether a folder has the manifest of a workspace that does not leave the package out.
fn is_workspace_of(folder: &Path, package: &Path) -> bool {
    let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let Ok(manifest) = text.parse::<Table>() else { return false };
    let Some(workspace) = manifest.get("workspace") else { return false };
    let excluded = workspace.get("exclude").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    !excluded.into_iter().any(|path| package.starts_with(folder.join(path)))
}
