//! From the text of a Rust file to syn's tree, with byte offsets that hold in the file.
//!
//! Each file is parsed and walked on a thread of its own: its stack is large enough for whatever the limits below let
//! through, and proc-macro2's table of file texts, which only grows, ends with it. Not for use inside a procedural
//! macro, where proc-macro2 hands out the compiler's spans, which have no offsets.

use std::iter::Peekable;
use std::str::FromStr as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream};

use crate::source::{Place, Source, Span};

/// How deep brackets may nest.
const DEPTH_LIMIT: usize = 256;
/// How many tokens may lead to a token without a separator: each can be a level of the tree (`!!!…x`, `a+b+c+…`).
const RUN_LIMIT: usize = 20_000;
/// Measured: an unoptimised parse takes up to 15 KB per bracket and 2 KB per token of a run.
const STACK_BYTES: usize = 128 << 20;

/// A file's tokens, with what turns their spans into offsets in the file.
pub(super) struct Tokens {
    pub(super) stream: TokenStream,
    pub(super) offsets: Offsets,
}

/// Turns proc-macro2's spans into byte spans of the file.
#[derive(Clone, Copy, Default)]
pub(super) struct Offsets {
    base: usize,
}

impl Offsets {
    pub(super) fn span(self, span: proc_macro2::Span) -> Span {
        let range = span.byte_range();
        Span::new(range.start, range.end).shifted(self.base)
    }
}

/// Why a file is not read, and where.
pub(super) struct Broken {
    pub(super) place: Place,
    pub(super) reason: String,
}

/// Runs `walk` on a thread whose stack bears the trees that [`tokenize`] lets through.
pub(super) fn on_large_stack<T: Send>(walk: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, walk).ok()?;
        thread.join().ok()
    })
}

/// The tokens of a file, if they can be had and are not nested too deep to work on.
pub(super) fn tokenize(source: &Source) -> Result<Tokens, Broken> {
    let base = code_start(source.text());
    let code = source.text().get(base..).unwrap_or("");
    let broken = |offset: usize, reason: String| {
        let at = (base + offset).min(source.text().len());
        Broken { place: Place { source: source.clone(), span: Span::new(at, at) }, reason }
    };
    let stream = TokenStream::from_str(code).map_err(|error| {
        let at = error.span().byte_range();
        broken(at.start, "not Rust: a bracket or a literal does not end".to_owned())
    })?;
    match too_deep(&stream, RUN_LIMIT) {
        Some(span) => Err(broken(span.byte_range().start, "nested too deep to read".to_owned())),
        None => Ok(Tokens { stream, offsets: Offsets { base } }),
    }
}

/// syn's tree of a file's tokens.
pub(super) fn parse(source: &Source, tokens: &Tokens) -> Result<syn::File, Broken> {
    syn::parse2(tokens.stream.clone()).map_err(|error| {
        let span = tokens.offsets.span(error.span());
        Broken { place: Place { source: source.clone(), span }, reason: format!("not Rust: {error}") }
    })
}

/// Whether no token stands deeper than what a recursive walk bears, with this many tokens in a row.
pub(super) fn within_run(stream: &TokenStream, run_limit: usize) -> bool {
    too_deep(stream, run_limit).is_none()
}

/// Where the code starts: after a byte order mark and a `#!` line.
fn code_start(text: &str) -> usize {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let rest = text.get(bom..).unwrap_or("");
    let attribute = rest.strip_prefix("#!").is_some_and(|after| after.trim_start().starts_with('['));
    if rest.starts_with("#!") && !attribute { bom + rest.find('\n').unwrap_or(rest.len()) } else { bom }
}

/// The first token that is nested beyond the limits. A recursive parser and a recursive walk are safe without one.
fn too_deep(stream: &TokenStream, run_limit: usize) -> Option<proc_macro2::Span> {
    let mut open = vec![Level { tokens: stream.clone().into_iter().peekable(), base: 0, run: 0 }];
    while let Some(level) = open.last_mut() {
        let Some(token) = level.tokens.next() else {
            open.pop();
            continue;
        };
        level.run += 1;
        let run = level.run;
        match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => level.run = level.base,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && ends_run(level.tokens.peek()) => {
                level.run = level.base;
            }
            _ => {}
        }
        if run > run_limit {
            return Some(token.span());
        }
        if let TokenTree::Group(group) = token {
            if open.len() >= DEPTH_LIMIT {
                return Some(group.span_open());
            }
            open.push(Level { tokens: group.stream().into_iter().peekable(), base: run, run });
        }
    }
    None
}

/// The tokens between two brackets that are being counted, on top of those that lead to them.
struct Level {
    tokens: Peekable<token_stream::IntoIter>,
    base: usize,
    run: usize,
}

/// Whether what follows a `}` starts something new, rather than going on with the same expression.
fn ends_run(next: Option<&TokenTree>) -> bool {
    match next {
        None | Some(TokenTree::Group(_) | TokenTree::Literal(_)) => true,
        Some(TokenTree::Ident(ident)) => ident != "else" && ident != "as",
        Some(TokenTree::Punct(punct)) => punct.as_char() == '#',
    }
}
