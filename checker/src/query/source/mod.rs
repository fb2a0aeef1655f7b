//! From Rust sources and prepared lists to the queries in them.

mod collect;
mod package;
mod scan;
mod stored;

mod walk;
mod calls;
mod chain;
mod builder;
mod tokens;
mod wrappers;
mod shapes;
mod evaluate;
mod template;
mod value;
mod text;
mod literal;
mod scope;
mod imports;
mod locals;
mod text_type;
mod attributes;
mod macro_rules;
mod own;
mod records;
mod mapped;
mod entity;
mod syntax;

mod diesel;

mod link;
mod modules;
mod list;

#[cfg(test)]
mod tests;

pub use collect::{Options, collect};
pub use package::Package;
pub use scan::{FileScan, scan_file};

use super::*;
