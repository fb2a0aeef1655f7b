//! The edge: from a directory or a git revision to databases, migrations and packages.
//!
//! Files, environment, git and processes are read here and nowhere else in the checker.
#![expect(clippy::disallowed_methods, reason = "this is where files, the environment and git are read")]

mod alternatives;
#[cfg(feature = "command")]
pub mod baseline;
mod calls;
#[cfg(feature = "command")]
pub mod ci;
pub mod config;
pub mod detect;
pub mod error;
pub mod git;
pub mod inputs;
mod known;
pub mod load;
pub mod manifest;
pub mod queries;
pub mod release;
pub mod release_file;
mod spoken;
pub mod target;
pub mod tree;

pub use config::Config;
pub use error::{Error, ErrorKind};
pub use known::Known;
pub use load::{Database, Options, Project, load, load_release};
pub use queries::{Scans, queries};
pub use tree::Tree;
