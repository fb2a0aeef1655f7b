//! Checks both releases' queries against every schema of a rollout, from files alone.

pub mod source;
pub mod dialect;
pub mod sql;
pub mod project;
pub mod migration;
pub mod schema;
pub mod query;
pub mod analysis;
pub mod finding;
pub mod rollout;
pub mod render;
