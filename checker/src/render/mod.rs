//! One file per output format; nothing here decides, it only prints.

#[cfg(feature = "command")]
mod json;
#[cfg(feature = "command")]
mod schema;
mod text;
#[cfg(feature = "command")]
mod cargo_json;
mod block;
mod closing;
mod expansion;
#[cfg(feature = "command")]
mod matrix;
mod printable;

#[cfg(feature = "command")]
pub use cargo_json::{cargo_json, project_line};
pub use closing::counted;
pub use expansion::expansion;
#[cfg(feature = "command")]
pub use json::{matrix as matrix_json, report as report_json};
#[cfg(feature = "command")]
pub use matrix::text as matrix_text;
pub use printable::printable;
#[cfg(feature = "command")]
pub use schema::{DatabaseAt, SchemaAt, json as schema_json, text as schema_text};
pub use text::{TextOptions, blocks, report as report_text};
