//! One file per output format; nothing here decides, it only prints.

mod json;
mod schema;
mod text;
mod cargo_json;
mod block;
mod closing;
mod expansion;
mod matrix;
mod printable;

pub use cargo_json::cargo_json;
pub use closing::counted;
pub use expansion::expansion;
pub use json::{matrix as matrix_json, report as report_json};
pub use matrix::text as matrix_text;
pub use printable::printable;
pub use schema::{DatabaseAt, SchemaAt, json as schema_json, text as schema_text};
pub use text::{TextOptions, blocks, report as report_text};
