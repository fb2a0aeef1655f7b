//! What differs between engines in the text of SQL: quotes, comments, parameters, keywords.

use super::keywords::Keywords;

/// How SQL text of one engine is cut into tokens and read.
pub struct Syntax {
    /// Characters that open a quoted identifier, each with the one that closes it.
    pub identifier_quotes: &'static [(char, char)],
    /// A string stands for a name where only a name fits.
    pub strings_name: bool,
    /// `$tag$ … $tag$` strings.
    pub dollar_quotes: bool,
    /// Letters (lower case) that, directly before a quote, change how a string is read: `e` escapes, `b` and `x` bits,
    /// `n` national; `u` stands for `U&` before strings and quoted identifiers.
    pub string_prefixes: &'static str,
    /// Backslashes escape in plain strings.
    pub backslash_escapes: bool,
    /// Two strings with only white space and a line break between them are one.
    pub strings_continue: bool,
    /// `/* /* */ */` is one comment.
    pub nested_comments: bool,
    /// `#` starts a comment that ends with the line.
    pub hash_comments: bool,
    /// Characters that start a parameter.
    pub parameters: &'static [ParameterSign],
    /// The operators.
    pub operators: Operators,
    /// Lines with a backslash are commands of the command-line client, and `COPY … FROM STDIN` is followed by its data.
    pub client_commands: bool,
    /// The body of `CREATE TRIGGER` holds statements with semicolons.
    pub trigger_bodies: bool,
    /// `SELECT … INTO table` creates a table.
    pub select_into: bool,
    /// `value IN table`.
    pub tables_in: bool,
    /// The type of a column is any row of words, or nothing.
    pub loose_types: bool,
    /// The words with a meaning in the grammar, with the way in which each is reserved.
    pub keywords: fn() -> &'static Keywords,
    /// The grammar of queries for the parser.
    pub grammar: &'static (dyn sqlparser::dialect::Dialect + Sync),
}

/// The operators of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operators {
    /// Of any length, made of these characters.
    Made(&'static str),
    /// These; longer ones stand before their beginnings.
    Fixed(&'static [&'static str]),
}

/// What starts a parameter, and what may follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterSign {
    /// `$1`.
    DollarNumber,
    /// `$name`.
    DollarName,
    /// `?` and `?1`.
    Question,
    /// `:name`.
    ColonName,
    /// `@name`.
    AtName,
}
