//! Why a project could not be read: what, where, and what to do.

use std::fmt;

/// The kinds of reasons for which nothing could be checked. All of them end a run with exit status 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A file or folder cannot be read.
    Unreadable,
    /// `git` is missing, or a command of it failed.
    Git,
    /// A commit that the clone does not hold.
    MissingCommit,
    /// There is no baseline to compare with.
    NoBaseline,
    /// A configuration file says something that is not understood.
    Configuration,
    /// Sources contradict each other, and only configuration can tell.
    Ambiguous,
    /// No database was found.
    NoDatabase,
    /// The migration tool itself would refuse these files.
    Migrations,
    /// A release file cannot be read.
    ReleaseFile,
}

/// Why a project could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The kind.
    pub kind: ErrorKind,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where: a path, with line and column where there is a text.
    pub place: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Error {
    /// An error without place and help.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), place: None, help: None }
    }

    /// With the place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Error {
        self.place = Some(place.into());
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }
}

/// `message`, then the place and the help on lines of their own.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(place) = &self.place {
            write!(f, "\n  --> {place}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  = help: {}", help.replace('\n', "\n    "))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
