//! The files of a project, read alike from a directory, from a git revision and from memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::error::{Error, ErrorKind};
use super::git::{Objects, Repository};
use super::known::Known;
use crate::source::Source;

mod directory;
mod links;

pub(crate) use directory::is_listed;
pub(super) use directory::too_large;
pub(super) use links::Listing;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 64 << 20;

/// The files of a project. Paths are relative to its root, with forward slashes, in byte order.
///
/// Links are followed as long as they stay inside the root; what a link that circles or leaves points to is not there.
pub struct Tree {
    files: BTreeMap<String, Place>,
    store: Store,
    label: Option<String>,
    known: Option<Known>,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
enum Place {
    /// This path below the root of a directory, or of memory.
    Path(String),
    /// This object of a git repository.
    Object(String),
}

enum Store {
    Directory(PathBuf),
    Revision(Mutex<Objects>),
    Memory(BTreeMap<String, Vec<u8>>),
}

/// Why a file that is there has no text: lower case, no full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl Tree {
    /// The files below a directory: without folders that hold build output (`target`, `node_modules`, tagged caches),
    /// hidden folders other than `.sqlx` and `.cargo`, and other repositories.
    ///
    /// # Errors
    ///
    /// The root or a folder in it cannot be listed.
    pub fn directory(root: &Path) -> Result<Tree, Error> {
        let root = directory::canonical(root)?;
        let listing = directory::list(&root)?;
        let files = links::follow(listing).into_iter().map(|(path, real)| (path, Place::Path(real))).collect();
        Ok(Tree { files, store: Store::Directory(root), label: None, known: None })
    }

    /// The files of a commit below `prefix`, which is empty or a path of the repository without a slash at its end.
    /// Reads objects only; the work tree is neither read nor touched.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails, or the commit is not there.
    pub fn revision(repository: &Repository, commit: &str, prefix: &str, label: &str) -> Result<Tree, Error> {
        let mut objects = repository.objects()?;
        let listing = repository.list(commit, prefix, &mut objects)?;
        let ids: BTreeMap<String, String> = listing.ids;
        let files = links::follow(listing.listing)
            .into_iter()
            .filter_map(|(path, real)| Some((path, Place::Object(ids.get(&real)?.clone()))))
            .collect();
        Ok(Tree { files, store: Store::Revision(Mutex::new(objects)), label: Some(label.to_owned()), known: None })
    }

    /// Files that exist only in memory.
    pub fn memory<P: Into<String>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, T)>) -> Tree {
        let contents: BTreeMap<String, Vec<u8>> = files.into_iter().map(|(p, t)| (p.into(), t.into())).collect();
        let files = contents.keys().map(|path| (path.clone(), Place::Path(path.clone()))).collect();
        Tree { files, store: Store::Memory(contents), label: None, known: None }
    }

    /// The same tree, with what earlier runs read of its files.
    pub fn knowing(self, known: Option<Known>) -> Tree {
        Tree { known, ..self }
    }

    /// What earlier runs and this one read of its files.
    pub fn known(&self) -> Option<&Known> {
        self.known.as_ref()
    }

    /// The same, once the tree is done with.
    pub fn into_known(self) -> Option<Known> {
        self.known
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The paths of the files below a folder; an empty one is the root.
    pub fn under<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.files
            .range(prefix.clone()..)
            .map(|(path, _)| path.as_str())
            .take_while(move |path| path.starts_with(&prefix))
    }

    /// Whether there is a file with this path.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether there is a file below this folder.
    pub fn has_folder(&self, folder: &str) -> bool {
        self.under(folder).next().is_some()
    }

    /// The names directly in a folder: those of files, and those of folders with a slash at their end.
    pub fn children(&self, folder: &str) -> Vec<&str> {
        let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let mut names: Vec<&str> = self
            .under(folder)
            .filter_map(|path| path.get(skip..))
            .map(|rest| rest.find('/').map_or(rest, |slash| &rest[..=slash]))
            .collect();
        names.dedup();
        names
    }

    /// A path as errors show it: with the revision before it, where the tree is one.
    pub fn shown(&self, path: &str) -> String {
        self.label.as_ref().map_or_else(|| path.to_owned(), |label| format!("{label}:{path}"))
    }

    /// The paths of all files that match a pattern ([`crate::glob`]).
    pub fn matching<'a>(&'a self, pattern: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let pattern = pattern.trim_start_matches("./");
        let fixed = pattern.find(['*', '?', '[']).map_or(pattern, |at| &pattern[..at]);
        let folder = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.under(folder).filter(move |path| crate::glob::matches(pattern, path))
    }

    /// The text of a file, under its plain path.
    ///
    /// # Errors
    ///
    /// It is not there, too large, not UTF-8, or cannot be read.
    pub fn source(&self, path: &str) -> Result<Source, Unread> {
        let unread = |reason: String| Unread { path: self.shown(path), reason };
        let bytes = self.bytes(path).map_err(unread)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Source::new(path, text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(unread(format!("it is not UTF-8 from byte {at} on")))
            }
        }
    }

    /// The path of the file itself, where `path` goes through links.
    pub fn real<'a>(&'a self, path: &'a str) -> &'a str {
        match self.files.get(path) {
            Some(Place::Path(real)) => real,
            Some(Place::Object(id)) => id,
            None => path,
        }
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let place = self.files.get(path).ok_or("there is no such file")?;
        match (&self.store, place) {
            (Store::Directory(root), Place::Path(real)) => directory::read(&root.join(real)),
            (Store::Revision(objects), Place::Object(id)) => {
                let mut objects = objects.lock().map_err(|_| "git stopped answering".to_owned())?;
                objects.read(id)
            }
            (Store::Memory(contents), Place::Path(real)) => Ok(contents.get(real).cloned().unwrap_or_default()),
            _ => Err("there is no such file".to_owned()),
        }
    }
}

/// The error for a file that a project cannot do without.
impl From<Unread> for Error {
    fn from(unread: Unread) -> Error {
        Error::new(ErrorKind::Unreadable, format!("cannot read the file: {}", unread.reason)).at(unread.path)
    }
}

/// A path made of a folder and what is written relative to it, without `.` and `..`; `None` where it leaves the root.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    for part in relative.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder of a path; empty for a file at the root.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
pub(super) mod tests;
