//! How deep a statement nests, found on its tokens, and a stack that is large enough for it.
//!
//! Parsers and all that walks a tree recurse. Unoptimised, sqlparser takes about 150 kB of stack for one level of
//! parentheses, so that deeper statements are parsed on a thread of their own.

use super::lex::Kind;
use super::token::Tok;

/// Levels of parentheses, brackets and `CASE` that are accepted.
pub(crate) const NESTING: usize = 64;

/// Operators in one row (`a OR b OR …`) that are accepted: each makes the tree a level deeper.
pub(crate) const OPERATORS: usize = 1_000;

/// Levels for which a small stack is enough.
const SHALLOW: usize = 4;

/// Operators in one row for which a small stack is enough, and those of them that stand before their operand: these
/// deepen the parser's recursion too.
const SHORT: usize = 64;
const SHORT_PREFIXES: usize = 3;

/// The stack of the threads that [`on_deep_stack`] starts.
const STACK: usize = 64 << 20;

/// How deep the tree of some tokens will be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Depth {
    levels: usize,
    row: usize,
    prefixes: usize,
}

impl Depth {
    /// Whether a stack of any size will do.
    pub(crate) fn is_shallow(self) -> bool {
        self.levels <= SHALLOW && self.row <= SHORT && self.prefixes <= SHORT_PREFIXES
    }
}

/// Runs work that walks trees on a stack that is large enough for the deepest tree that the parser accepts, also
/// without optimisation.
///
/// # Panics
///
/// Where the work panics, and where no thread can be started.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let joined = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        thread.expect("a thread can be started").join()
    });
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Operators in one row at one level of brackets.
#[derive(Clone, Copy, Default)]
struct Row {
    /// Set operations, which outlast clauses.
    sets: usize,
    /// `AND` and `OR`.
    logical: usize,
    /// Others since the last of those.
    other: usize,
    prefixes: usize,
}

impl Row {
    fn length(self) -> usize {
        self.sets + self.logical + self.other
    }
}

/// The depth of the tokens, or the token at which they nest too deep, and what is too deep.
pub(crate) fn of(tokens: &[Tok]) -> Result<Depth, (&Tok, &'static str)> {
    let mut depth = Depth::default();
    let mut rows = vec![Row::default()];
    for (at, tok) in tokens.iter().enumerate() {
        if opens(tok) {
            rows.push(Row::default());
            depth.levels = depth.levels.max(rows.len());
            if rows.len() > NESTING {
                return Err((tok, "nested too deep"));
            }
        } else if closes(tok) && rows.len() > 1 {
            rows.pop();
        } else if let Some(row) = rows.last_mut() {
            count(row, tok, at.checked_sub(1).and_then(|before| tokens.get(before)));
            depth.prefixes = depth.prefixes.max(row.prefixes);
            depth.row = depth.row.max(row.length());
            if row.length() > OPERATORS {
                return Err((tok, "too many operators in a row"));
            }
        }
    }
    Ok(depth)
}

fn opens(tok: &Tok) -> bool {
    matches!(tok.lexeme.kind, Kind::Mark(b'(' | b'[')) || tok.is("case")
}

fn closes(tok: &Tok) -> bool {
    matches!(tok.lexeme.kind, Kind::Mark(b')' | b']')) || tok.is("end")
}

fn count(row: &mut Row, tok: &Tok, before: Option<&Tok>) {
    if matches!(tok.lexeme.kind, Kind::Mark(b',' | b';')) {
        *row = Row { sets: row.sets, ..Row::default() };
        return;
    }
    match word(tok) {
        b"union" | b"intersect" | b"except" => *row = Row { sets: row.sets + 1, ..Row::default() },
        b"select" | b"from" | b"where" | b"group" | b"having" | b"order" | b"limit" | b"on" | b"returning"
        | b"values" | b"set" | b"when" | b"then" | b"else" => *row = Row { sets: row.sets, ..Row::default() },
        b"and" | b"or" => *row = Row { logical: row.logical + 1, other: 0, ..*row },
        word if deepens(tok, word) => {
            row.other += 1;
            row.prefixes += usize::from(is_prefix(tok, word, before));
        }
        _ => {}
    }
}

/// The bytes of a word, which are compared letter by letter with several at once; none for another token.
fn word(tok: &Tok) -> &[u8] {
    match tok.plain_word() {
        Some(word) => word.as_bytes(),
        None => b"",
    }
}

/// Whether the token makes the tree a level deeper without a bracket.
fn deepens(tok: &Tok, word: &[u8]) -> bool {
    match tok.lexeme.kind {
        Kind::Operator | Kind::DoubleColon => true,
        Kind::Word => matches!(
            word,
            b"not"
                | b"in"
                | b"is"
                | b"like"
                | b"ilike"
                | b"similar"
                | b"between"
                | b"collate"
                | b"at"
                | b"join"
                | b"operator"
                | b"isnull"
                | b"notnull"
                | b"with"
                | b"explain"
                | b"prepare"
        ),
        _ => false,
    }
}

/// Whether an operator stands before its only operand.
fn is_prefix(tok: &Tok, written: &[u8], before: Option<&Tok>) -> bool {
    let after_operator = before.is_none_or(|it| match it.lexeme.kind {
        Kind::Operator | Kind::Mark(b'(' | b'[' | b',') => true,
        Kind::Word => matches!(
            word(it),
            b"and" | b"or" | b"not" | b"select" | b"where" | b"when" | b"then" | b"else" | b"by" | b"on" | b"in"
        ),
        _ => false,
    });
    matches!(written, b"not" | b"explain" | b"prepare") || (tok.lexeme.kind == Kind::Operator && after_operator)
}
