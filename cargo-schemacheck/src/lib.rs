//! What the command `cargo schemacheck` and the tests of this project share: asking a real server.
//!
//! Only the command's own needs decide what is here; nothing of it is a stable interface for other crates.

pub mod verify;
