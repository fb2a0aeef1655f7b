//! Listing and reading a directory.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::LARGEST_FILE;
use super::links::Listing;
use crate::project::error::{Error, ErrorKind};
use crate::project::git::Repository;

/// Folders that are never listed.
const SKIPPED: &[&str] = &["target", "node_modules"];

/// Hidden folders that are listed.
const HIDDEN: &[&str] = &[".sqlx", ".cargo"];

/// The files and links below a directory. Follows no link, so that no folder is listed twice.
pub(super) fn list(root: &Path) -> Result<Listing, Error> {
    let mut listing = Listing::default();
    let mut folders = vec![(root.to_owned(), String::new())];
    while let Some((folder, shown)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(_) if is_ignored(root, &folder) => continue,
            Err(error) => return Err(unreadable(&folder, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(&folder, &error))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if shown.is_empty() { name.clone() } else { format!("{shown}/{name}") };
            let kind = entry.file_type().map_err(|error| unreadable(&entry.path(), &error))?;
            if kind.is_symlink() {
                if let Some(target) = link_target(root, &folder, &entry.path()) {
                    listing.links.push((path, target));
                }
            } else if kind.is_dir() {
                if !skipped(&name, &entry.path()) {
                    folders.push((entry.path(), path));
                }
            } else if kind.is_file() {
                listing.files.push(path);
            }
        }
    }
    Ok(listing)
}

/// The path of the root without links.
pub(super) fn canonical(root: &Path) -> Result<PathBuf, Error> {
    let canonical = fs::canonicalize(root).map_err(|error| unreadable(root, &error))?;
    if canonical.is_dir() {
        Ok(canonical)
    } else {
        Err(Error::new(ErrorKind::Unreadable, "this is not a folder").at(root.display().to_string()))
    }
}

/// Whether files in a folder of this name belong to a project.
pub(crate) fn is_listed(name: &str) -> bool {
    !SKIPPED.contains(&name) && (!name.starts_with('.') || HIDDEN.contains(&name))
}

/// The bytes of a file, read through no more than [`LARGEST_FILE`].
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let file = fs::File::open(path).map_err(|error| reason(&error))?;
    let length = file.metadata().map_err(|error| reason(&error))?.len();
    if length > LARGEST_FILE {
        return Err(too_large(length));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    Ok(bytes)
}

/// Why a file of this many bytes is not read.
pub(in crate::project) fn too_large(bytes: u64) -> String {
    format!("it has {} MB; files over {} MB are not read", bytes >> 20, LARGEST_FILE >> 20)
}

/// An operating system's error without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(ErrorKind::Unreadable, format!("cannot read the folder: {}", reason(error)))
        .at(path.display().to_string())
        .help("make it readable for this user, or run on a folder without it")
}

/// Whether git ignores a folder, so that the data of a local server does not keep anyone from checking.
fn is_ignored(root: &Path, folder: &Path) -> bool {
    matches!(Repository::discover(root), Ok(Some(repository)) if repository.ignores(folder))
}

/// Build output, hidden folders, tagged caches and other repositories.
fn skipped(name: &str, path: &Path) -> bool {
    !is_listed(name) || path.join("CACHEDIR.TAG").is_file() || path.join(".git").exists()
}

/// Where a link leads, relative to the root, where it is inside.
fn link_target(root: &Path, folder: &Path, link: &Path) -> Option<String> {
    let target = fs::read_link(link).ok()?;
    let target = if target.is_absolute() { target } else { folder.join(target) };
    let inside = |root: &Path, target: &Path| -> Option<String> {
        let normal = normalized(target);
        let relative = normal.strip_prefix(normalized(root)).ok()?.to_str()?.replace('\\', "/");
        Some(relative)
    };
    inside(root, &target)
}

/// A path without `.` and `..`, by its text alone.
fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                if !normal.pop() {
                    normal.push("..");
                }
            }
            part => normal.push(part),
        }
    }
    normal
}
