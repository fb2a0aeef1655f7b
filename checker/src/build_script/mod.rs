//! The edge for build scripts and for the macros that read what they leave.
//!
//! A build script reads files below its own project only: no git, no network, nothing of a project around a vendored package.
#![expect(clippy::disallowed_methods, reason = "a build script's environment and files are read here")]

#[cfg(feature = "project")]
mod found;
mod left;
#[cfg(feature = "project")]
mod place;
#[cfg(feature = "project")]
mod run;
#[cfg(feature = "project")]
mod watch;

pub use left::{FILE, Left, VARIABLE, left};
#[cfg(feature = "project")]
pub use run::{Answer, Environment, LEVEL, build_script, run};

#[cfg(test)]
mod tests;
