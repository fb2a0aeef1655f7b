//! What differs between database engines, as data and a few functions.

pub mod catalog;
pub mod definition;
pub mod resolution;
pub mod keywords;
pub mod objects;
pub mod postgres;
mod rows;
pub mod signs;
pub mod sqlite;
pub mod syntax;
pub mod system_tables;
pub mod transactions;

pub use catalog::Catalog;
pub use objects::*;
pub use syntax::Syntax;

/// All that may differ between two database engines. Nothing outside this folder names an engine.
pub struct Dialect {
    /// The name in configuration files and output.
    pub name: &'static str,
    /// Whether the application runs the engine itself and owns its file, so that two versions do not overlap unless said so.
    pub embedded: bool,
    /// How its SQL text is cut and read.
    pub syntax: Syntax,
    /// An identifier written without quotes, in the form in which it is looked up.
    pub fold: fn(&str) -> String,
    /// An identifier written in quotes (which are removed already), in the form in which it is looked up.
    pub fold_quoted: fn(&str) -> String,
    /// An identifier as SQL text, in quotes where it needs them.
    pub quote: fn(&str) -> String,
    /// The longest identifier in bytes; a longer one is cut by `fold` and `fold_quoted`.
    pub max_identifier_bytes: Option<usize>,
    /// The schema that unqualified new objects go to.
    pub default_schema: Option<&'static str>,
    /// The schema of the built-in objects, searched before all others.
    pub system_schema: Option<&'static str>,
    /// The built-in objects of a major server version: of the newest known one without a version, of the nearest
    /// known one for a version that is not known.
    pub catalog: fn(Option<u32>) -> &'static Catalog,
    /// A type as the server prints it, with its modifier (-1 for none). Names of types that are not
    /// built in come from the last argument.
    pub format_type: fn(&Catalog, TypeId, i32, &UserTypes<'_>) -> String,
    /// The internal name of a type from its unquoted SQL spelling in lower case with single spaces
    /// (`character varying`), and the words in parentheses after it. A name without a special spelling comes
    /// back as it is. Words that the grammar implies are added (`char` is `char(1)`), and those that choose
    /// the name are taken out (`float(24)` is `float4`).
    pub type_name: for<'a> fn(&'a str, &mut Vec<String>) -> &'a str,
    /// The modifier (-1 for none) that the server stores for a type by its internal name, the numbers in
    /// parentheses, and the fields after `interval` (`day to second`). The error says what the server would.
    pub type_modifier: TypeModifier,
    /// The columns that each table has and `*` leaves out, with their types.
    pub system_columns: &'static [(&'static str, TypeId)],
    /// How statements that define objects work.
    pub definition: &'static definition::Definition,
    /// How names and types in queries resolve.
    pub resolution: &'static resolution::Resolution,
    /// How scripts of statements commit.
    pub transactions: &'static transactions::Transactions,
    /// Whether a kept prepared statement fails when its result columns change, instead of being compiled anew.
    pub fixed_results: bool,
    /// Whether values have the type of their column, instead of each carrying its own.
    pub typed_columns: bool,
}

/// All dialects.
pub static ALL: &[&Dialect] = &[&postgres::DIALECT, &sqlite::DIALECT];

/// The dialect with this name.
pub fn named(name: &str) -> Option<&'static Dialect> {
    ALL.iter().copied().find(|dialect| dialect.name == name)
}

/// From the internal name of a type, the numbers in parentheses, and the fields of an interval.
pub type TypeModifier = fn(&str, &[i64], Option<&str>) -> Result<i32, String>;

/// How to print the types that are not built in.
pub type UserTypes<'a> = dyn Fn(TypeId) -> Option<UserType> + 'a;

/// How to print a type that is not built in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserType {
    /// Its name, qualified and quoted as needed.
    Named(String),
    /// The array over this type.
    ArrayOf(TypeId),
}

impl std::fmt::Debug for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Dialect {
    fn eq(&self, other: &Dialect) -> bool {
        self.name == other.name
    }
}

impl Eq for Dialect {}
