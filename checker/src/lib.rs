//! Checks both releases' queries against every schema of a rollout, from files alone.

pub mod source;
pub mod glob;
pub mod hash;
mod sorted;
pub mod dialect;
pub mod sql;
#[cfg(feature = "project")]
pub mod project;
pub mod migration;
pub mod schema;
pub mod query;
pub mod analysis;
pub mod finding;
pub mod rollout;
pub mod rules;
pub mod render;
pub mod snapshot;
pub mod build_script;

#[cfg(feature = "project")]
pub use build_script::build_script;

/// Checks one database: the queries of every release on every schema of the rollout that it can meet.
pub fn check(input: &rollout::CheckInput) -> rollout::Report {
    rollout::check(input, rules::ALL)
}

#[cfg(feature = "command")]
/// The verdict of the queries that `wanted` picks, on every schema of the whole history.
pub fn matrix(input: &rollout::CheckInput, wanted: &dyn Fn(&rollout::OwnedQuery) -> bool) -> rollout::Matrix {
    rollout::matrix(input, rules::ALL, wanted)
}
