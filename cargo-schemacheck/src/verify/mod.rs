//! What a real server says about the same migrations and queries that the checker reads.
//!
//! Truth comes from the server alone: only [`document`] asks the checker.

pub mod catalog;
pub mod describe;
pub mod document;
pub mod replay;
