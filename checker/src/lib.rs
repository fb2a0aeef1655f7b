//! Checks both releases' queries against every schema of a rollout, from files alone.

pub mod source;
pub mod sql;
pub mod migration;
pub mod query;
