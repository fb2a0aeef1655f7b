//! One file per output format; nothing here decides, it only prints.

mod json;
mod printable;
mod schema;
mod text;

pub use json::{matrix as matrix_json, report as report_json};
pub use printable::printable;
pub use schema::{DatabaseAt, SchemaAt, json as schema_json, text as schema_text};
pub use text::{TextOptions, counted, matrix as matrix_text, report as report_text};
