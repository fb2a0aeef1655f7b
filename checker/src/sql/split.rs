//! A script cut into statements.
//!
//! Semicolons end statements except inside the bodies of triggers, `BEGIN ATOMIC` routines and rules. Commands of the
//! command-line client end them too, and the rows after `COPY … FROM STDIN` are stepped over.

use super::lex::{Kind, Lexer};
use super::token::{Piece, Tok};

/// Rows of one `VALUES` list that are kept: the others have the same meaning for names and types, and scripts that
/// fill tables have millions of them.
const ROWS_KEPT: usize = 64;

/// Tokens of one statement that are kept; a longer one is not parsed.
const TOKENS_KEPT: usize = 400_000;

/// The tokens of one statement.
pub(crate) struct Chunk {
    pub(crate) tokens: Vec<Tok>,
    /// Rows of `VALUES` were left out.
    pub(crate) rows_left_out: bool,
    /// The statement is too long to keep.
    pub(crate) too_long: bool,
    /// The byte after the last token, also of those left out.
    pub(crate) end: usize,
}

/// Cuts a script into statements, one after the other.
pub(crate) struct Splitter<'a> {
    piece: Piece<'a>,
    lexer: Lexer<'a>,
    /// From here on there is no line that ends the data of a `COPY`.
    no_data_end_from: usize,
}

/// What a semicolon means in the statement so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    None,
    /// In a trigger's body: `END` after a semicolon ends it.
    Trigger,
    /// In `BEGIN ATOMIC`, with the number of open `BEGIN` and `CASE`.
    Atomic(usize),
}

impl<'a> Splitter<'a> {
    pub(crate) fn new(piece: Piece<'a>) -> Splitter<'a> {
        let lexer = Lexer::new(piece.text, &piece.dialect.syntax);
        Splitter { piece, lexer, no_data_end_from: usize::MAX }
    }

    /// The next statement that has at least one token.
    pub(crate) fn next(&mut self) -> Option<Chunk> {
        loop {
            let chunk = self.chunk()?;
            if !chunk.tokens.is_empty() {
                return Some(chunk);
            }
        }
    }

    fn chunk(&mut self) -> Option<Chunk> {
        let mut chunk = Chunk { tokens: Vec::new(), rows_left_out: false, too_long: false, end: 0 };
        let mut body = Body::None;
        let mut depth = 0usize;
        // The depth of the last VALUES and the rows after it.
        let mut values: Option<(usize, usize)> = None;
        loop {
            let Some(lexeme) = self.lexer.next() else {
                return (!chunk.tokens.is_empty()).then_some(chunk);
            };
            match lexeme.kind {
                Kind::ClientCommand => return Some(chunk),
                Kind::Mark(b';') if body == Body::None && (depth == 0 || !is_rule(&chunk.tokens)) => {
                    self.step_over_data(&chunk.tokens);
                    return Some(chunk);
                }
                Kind::Mark(b'(') => depth += 1,
                Kind::Mark(b')') => {
                    depth = depth.saturating_sub(1);
                    if let Some((at, rows)) = &mut values
                        && *at == depth
                    {
                        *rows += 1;
                        if *rows >= ROWS_KEPT && self.step_over_rows() {
                            chunk.rows_left_out = true;
                        }
                    }
                }
                _ => {}
            }
            chunk.end = lexeme.end;
            if chunk.tokens.len() >= TOKENS_KEPT {
                chunk.too_long = true;
                continue;
            }
            let tok = self.piece.token(lexeme);
            if lexeme.kind == Kind::Word {
                body = body_after(body, &tok, &chunk.tokens, depth, self.piece.dialect.syntax.trigger_bodies);
                if tok.is("values") {
                    values = Some((depth, 0));
                }
            }
            chunk.tokens.push(tok);
        }
    }

    /// Steps over `, (…), (…)`; false where no row follows.
    fn step_over_rows(&mut self) -> bool {
        let mut stepped = false;
        loop {
            let mut ahead = self.lexer.clone();
            let starts = ahead.next().is_some_and(|it| it.kind == Kind::Mark(b','))
                && ahead.next().is_some_and(|it| it.kind == Kind::Mark(b'('));
            if !starts {
                return stepped;
            }
            let mut depth = 1;
            while depth > 0 {
                match ahead.next().map(|it| it.kind) {
                    Some(Kind::Mark(b'(')) => depth += 1,
                    Some(Kind::Mark(b')')) => depth -= 1,
                    Some(Kind::Mark(b';') | Kind::Bad(_)) | None => return stepped,
                    Some(_) => {}
                }
            }
            stepped = true;
            self.lexer = ahead;
        }
    }

    /// Steps over the rows after `COPY … FROM STDIN;`, up to the line `\.`.
    fn step_over_data(&mut self, tokens: &[Tok]) {
        let copies = self.piece.dialect.syntax.client_commands
            && tokens.first().is_some_and(|it| it.is("copy"))
            && tokens.windows(2).any(|pair| pair[0].is("from") && pair[1].is("stdin"));
        let at = self.lexer.position();
        if !copies || at >= self.no_data_end_from {
            return;
        }
        let rest = &self.piece.text[at..];
        let end = rest.match_indices("\n\\.").find_map(|(line, mark)| {
            let after = line + mark.len();
            let rest = &rest[after..];
            let length = if rest.is_empty() {
                0
            } else {
                rest.starts_with('\n') as usize + 2 * rest.starts_with("\r\n") as usize
            };
            (rest.is_empty() || length > 0).then_some(after + length)
        });
        match end {
            Some(end) => self.lexer.jump(at + end),
            None => self.no_data_end_from = at,
        }
    }
}

/// The leading words of `CREATE` without `OR REPLACE` and `TEMPORARY`: what is created.
fn created(tokens: &[Tok]) -> Option<&Tok> {
    let (first, rest) = tokens.split_first()?;
    first.is("create").then(|| rest.iter().take(4).find(|it| !it.is_any(&["or", "replace", "temp", "temporary"])))?
}

fn is_rule(tokens: &[Tok]) -> bool {
    created(tokens).is_some_and(|it| it.is("rule"))
}

fn body_after(body: Body, tok: &Tok, before: &[Tok], depth: usize, trigger_bodies: bool) -> Body {
    let after = |mark: u8| before.last().is_some_and(|it| it.is_mark(mark));
    match body {
        Body::None if depth == 0 && tok.is("begin") && trigger_bodies => {
            if created(before).is_some_and(|it| it.is("trigger")) { Body::Trigger } else { body }
        }
        Body::None if depth == 0 && tok.is("atomic") && before.last().is_some_and(|it| it.is("begin")) => {
            if created(before).is_some_and(|it| it.is_any(&["function", "procedure"])) { Body::Atomic(1) } else { body }
        }
        Body::Trigger if tok.is("end") && (after(b';') || before.last().is_some_and(|it| it.is("begin"))) => Body::None,
        Body::Atomic(open) if tok.is_any(&["case", "begin"]) => Body::Atomic(open + 1),
        Body::Atomic(open) if tok.is("end") => {
            if open == 1 {
                Body::None
            } else {
                Body::Atomic(open - 1)
            }
        }
        _ => body,
    }
}
