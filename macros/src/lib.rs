//! Proc macros that mark queries with the schema versions they expect.
