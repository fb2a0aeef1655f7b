//! A snapshot as the bytes of a file: a line with their length and their sum, then what is told, then the databases.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{Expects, Facts, Required, Snapshot};
use crate::dialect;
use crate::hash::sum;
use crate::rollout::Replayed;
use crate::schema::stored::{Reader, Store, Stored, Writer, stored_fields};

/// What a file begins with; another number where the form changes.
const MAGIC: &str = "schemacheck snapshot 4 ";

/// Why bytes are no snapshot: lower case, no full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

stored_fields!(Facts {
    package,
    folder,
    root,
    alias,
    test_files,
    tests,
    expects,
    tiers,
    required,
    refused,
    clean,
    baselines
});
stored_fields!(Expects { paths, containing, since, until, flag });
stored_fields!(Required { database, version, because });

/// The databases of a snapshot as written.
#[derive(Debug)]
pub(super) struct Written {
    bytes: Arc<Vec<u8>>,
    /// The engine of each, and where it is.
    databases: Vec<(String, Range<usize>)>,
}

impl Snapshot {
    /// The bytes of a file, and a stamp that is another one whenever anything in it is.
    pub fn write(facts: &Facts, databases: &[Replayed]) -> (Vec<u8>, String) {
        let written: Vec<Vec<u8>> = databases.iter().map(Replayed::write).collect();
        let names = databases.iter().map(|replayed| replayed.dialect().name.to_owned());
        let parts: Vec<(String, usize)> = names.zip(written.iter().map(Vec::len)).collect();
        let told = |facts: &Facts| {
            let mut told = Writer::new(None);
            facts.write(&mut told);
            parts.write(&mut told);
            told.finish().unwrap_or_default()
        };
        // The same project in another folder is the same to a cache between builds.
        let mut anywhere = told(&Facts { root: String::new(), ..facts.clone() });
        written.iter().for_each(|database| anywhere.extend_from_slice(database));
        let stamp = format!("{:016x}", sum(&anywhere));
        let told = told(facts);
        let mut body = Vec::new();
        told.len().to_le_bytes().iter().for_each(|byte| body.push(*byte));
        body.extend_from_slice(&told);
        written.iter().for_each(|database| body.extend_from_slice(database));
        let mut bytes = format!("{MAGIC}{:016x} {}\n", sum(&body), body.len()).into_bytes();
        bytes.append(&mut body);
        (bytes, stamp)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// They are no snapshot, or not all of one.
    pub fn read(bytes: Vec<u8>) -> Result<Snapshot, Unreadable> {
        let broken = |reason: &str| Unreadable(reason.to_owned());
        let foreign = || broken("it is none that this version wrote");
        let start = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(foreign)?;
        let head = std::str::from_utf8(&bytes[..start]).map_err(|_| foreign())?;
        let (stamp, length) = head.strip_prefix(MAGIC).and_then(|rest| rest.split_once(' ')).ok_or_else(foreign)?;
        let body = bytes.get(start + 1..).unwrap_or_default();
        if length.parse() != Ok(body.len()) {
            return Err(broken("it is cut off"));
        }
        if format!("{:016x}", sum(body)) != stamp {
            return Err(broken("it is damaged"));
        }
        Snapshot::of_body(Arc::new(bytes), start + 1).ok_or_else(foreign)
    }

    fn of_body(bytes: Arc<Vec<u8>>, start: usize) -> Option<Snapshot> {
        let length = usize::from_le_bytes(bytes.get(start..start + size_of::<usize>())?.try_into().ok()?);
        let start = start + size_of::<usize>();
        let mut at = start.checked_add(length)?;
        let (store, values) = Store::new(bytes.clone(), start..at, None)?;
        let mut from = Reader::new(&store, values);
        let facts = Facts::read(&mut from)?;
        let parts: Vec<(String, usize)> = Stored::read(&mut from)?;
        let mut databases = Vec::new();
        for (dialect, length) in parts {
            databases.push((dialect, at..at.checked_add(length)?));
            at += length;
        }
        let written = Arc::new(Written { bytes, databases });
        Some(Snapshot { facts, written, replayed: OnceLock::new(), candidates: OnceLock::new() })
    }
}

impl Written {
    /// The databases, read as far as something looks at them.
    pub(super) fn replayed(&self) -> Result<Vec<Replayed>, Unreadable> {
        let read = |(dialect, range): &(String, Range<usize>)| {
            Replayed::read(self.bytes.clone(), range.clone(), dialect::named(dialect)?)
        };
        let replayed: Option<Vec<Replayed>> = self.databases.iter().map(read).collect();
        replayed.ok_or_else(|| Unreadable("it names what this version does not know".to_owned()))
    }
}
