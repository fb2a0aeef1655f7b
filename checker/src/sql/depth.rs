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
    tok.is_mark(b'(') || tok.is_mark(b'[') || tok.is("case")
}

fn closes(tok: &Tok) -> bool {
    tok.is_mark(b')') || tok.is_mark(b']') || tok.is("end")
}

fn count(row: &mut Row, tok: &Tok, before: Option<&Tok>) {
    const CLAUSES: [&str; 14] = [
        "select",
        "from",
        "where",
        "group",
        "having",
        "order",
        "limit",
        "on",
        "returning",
        "values",
        "set",
        "when",
        "then",
        "else",
    ];
    if tok.is_any(&["union", "intersect", "except"]) {
        *row = Row { sets: row.sets + 1, ..Row::default() };
    } else if tok.is_mark(b',') || tok.is_mark(b';') || tok.is_any(&CLAUSES) {
        *row = Row { sets: row.sets, ..Row::default() };
    } else if tok.is_any(&["and", "or"]) {
        *row = Row { logical: row.logical + 1, other: 0, ..*row };
    } else if deepens(tok) {
        row.other += 1;
        row.prefixes += usize::from(is_prefix(tok, before));
    }
}

/// Whether the token makes the tree a level deeper without a bracket.
fn deepens(tok: &Tok) -> bool {
    match tok.lexeme.kind {
        Kind::Operator | Kind::DoubleColon => true,
        Kind::Word => tok.is_any(&[
            "not", "in", "is", "like", "ilike", "similar", "between", "collate", "at", "join", "operator", "isnull",
            "notnull", "with", "explain", "prepare",
        ]),
        _ => false,
    }
}

/// Whether an operator stands before its only operand.
fn is_prefix(tok: &Tok, before: Option<&Tok>) -> bool {
    let after_operator = before.is_none_or(|it| match it.lexeme.kind {
        Kind::Operator | Kind::Mark(b'(' | b'[' | b',') => true,
        Kind::Word => it.is_any(&["and", "or", "not", "select", "where", "when", "then", "else", "by", "on", "in"]),
        _ => false,
    });
    tok.is_any(&["not", "explain", "prepare"]) || (tok.lexeme.kind == Kind::Operator && after_operator)
}
