//! `cargo schemacheck`.

fn main() {}
