//! What a build script left, as the macros of its package read it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::snapshot::Snapshot;

/// The file in `OUT_DIR`.
pub const FILE: &str = "schemacheck.snapshot";

/// The variable that cargo sets for the compiler: a stamp of what is in the file.
pub const VARIABLE: &str = "SCHEMACHECK_SNAPSHOT";

/// What the variable begins with where the script could not check.
pub(super) const FAILED: &str = "cannot check: ";

/// What a build script left.
#[derive(Clone, Debug)]
pub enum Left {
    /// The package has no build script, or none that left anything.
    Nothing,
    /// The build script could not check: why.
    Failed(String),
    /// It cannot be read: why.
    Broken(String),
    /// The snapshot.
    Snapshot(Arc<Snapshot>),
}

/// Snapshots by their files, for compilers that live long and compile many packages.
static READ: Mutex<Option<HashMap<PathBuf, (Stamp, Left)>>> = Mutex::new(None);

/// By what a changed file is noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    variable: String,
    modified: Option<SystemTime>,
    length: u64,
}

/// What the build script of the package that is being compiled left.
pub fn left() -> Left {
    let (Ok(stamp), Some(folder)) = (std::env::var(VARIABLE), std::env::var_os("OUT_DIR")) else {
        return Left::Nothing;
    };
    if let Some(reason) = stamp.strip_prefix(FAILED) {
        return Left::Failed(reason.to_owned());
    }
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let left = at(&Path::new(&folder).join(FILE), stamp);
    match &left {
        // A build started by another build inherits its variables.
        Left::Snapshot(snapshot) if snapshot.facts().package != package => Left::Nothing,
        _ => left,
    }
}

/// The snapshot in a file, read again where the file or the variable is another one.
pub(super) fn at(file: &Path, variable: String) -> Left {
    let metadata = std::fs::metadata(file).ok();
    let stamp = Stamp {
        variable,
        modified: metadata.as_ref().and_then(|metadata| metadata.modified().ok()),
        length: metadata.map_or(0, |metadata| metadata.len()),
    };
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let read = read.get_or_insert_with(HashMap::new);
    if let Some((known, left)) = read.get(file)
        && *known == stamp
    {
        return left.clone();
    }
    let left = match std::fs::read(file) {
        Ok(bytes) => match Snapshot::read(bytes) {
            Ok(snapshot) => Left::Snapshot(Arc::new(snapshot)),
            Err(unreadable) => Left::Broken(unreadable.to_string()),
        },
        Err(error) => Left::Broken(error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()),
    };
    read.insert(file.to_owned(), (stamp, left.clone()));
    left
}
