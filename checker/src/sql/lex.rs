//! SQL text cut into lexemes by the rules of a dialect, without looking at what they mean.
//!
//! Each byte is looked at a bounded number of times; what cannot be cut becomes one [`Kind::Bad`] lexeme.

use crate::dialect::syntax::{Operators, ParameterSign, Syntax};

/// Longer rows of operator characters are cut.
const LONGEST_OPERATOR: usize = 63;

/// One lexeme: what it is and its bytes in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a lexeme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or keyword without quotes.
    Word,
    /// A quoted identifier.
    Quoted,
    /// `U&"…"`.
    UnicodeQuoted,
    /// A number.
    Number,
    /// `'…'` with the letter before it in lower case, or a space.
    String(char),
    /// `$tag$…$tag$`, with the length of each delimiter.
    Dollar(usize),
    /// A parameter.
    Parameter,
    /// An operator.
    Operator,
    /// `( ) [ ] , ; .` and what else stands alone.
    Mark(u8),
    /// `::`.
    DoubleColon,
    /// `:=`.
    Assign,
    /// A line for the command-line client, from its backslash to the end of the line.
    ClientCommand,
    /// What cannot be cut, with the reason.
    Bad(&'static str),
}

/// Cuts a text into lexemes, one after the other.
#[derive(Clone)]
pub(crate) struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    syntax: &'static Syntax,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str, syntax: &'static Syntax) -> Lexer<'a> {
        Lexer { text, bytes: text.as_bytes(), at: 0, syntax }
    }

    /// Where the next lexeme or the white space before it starts.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes on at another place, which must lie between characters.
    pub(crate) fn jump(&mut self, at: usize) {
        self.at = at;
    }

    fn byte(&self, at: usize) -> u8 {
        if at < self.bytes.len() { self.bytes[at] } else { 0 }
    }

    /// The first place from `at` on whose byte does not satisfy `inside`.
    fn end_of(&self, at: usize, inside: impl Fn(u8) -> bool) -> usize {
        let mut end = at;
        while end < self.bytes.len() && inside(self.bytes[end]) {
            end += 1;
        }
        end
    }

    /// The place after white space and comments from `at` on, or why there is none.
    fn after_space(&self, mut at: usize) -> Result<usize, &'static str> {
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => at += 1,
                b'-' if self.byte(at + 1) == b'-' => at = self.end_of(at, |byte| byte != b'\n'),
                b'#' if self.syntax.hash_comments => at = self.end_of(at, |byte| byte != b'\n'),
                b'/' if self.byte(at + 1) == b'*' => at = self.after_block_comment(at)?,
                0xef if self.bytes.get(at..at + 3) == Some(b"\xef\xbb\xbf") => at += 3,
                _ => return Ok(at),
            }
        }
    }

    fn after_block_comment(&self, start: usize) -> Result<usize, &'static str> {
        let mut depth = 1;
        let mut at = start + 2;
        while at < self.bytes.len() {
            match (self.byte(at), self.byte(at + 1)) {
                (b'*', b'/') => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return Ok(at);
                    }
                }
                (b'/', b'*') if self.syntax.nested_comments => {
                    depth += 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
        // SQLite takes the end of the text as the end of a comment.
        if self.syntax.nested_comments { Err("unterminated comment") } else { Ok(at) }
    }

    /// The place after a string whose opening quote is at `quote`, with the strings that continue it.
    fn after_string(&self, quote: usize, backslash: bool) -> Option<usize> {
        let mut end = after_quoted(self.bytes, quote + 1, b'\'', backslash)?;
        while let Some(next) = continuation(self.text, end, self.syntax) {
            end = after_quoted(self.bytes, next + 1, b'\'', backslash)?;
        }
        Some(end)
    }

    fn string(&self, start: usize, quote: usize, prefix: char) -> Lexeme {
        let backslash = self.syntax.backslash_escapes || prefix == 'e';
        match self.after_string(quote, backslash) {
            Some(end) => Lexeme { kind: Kind::String(prefix), start, end: end.min(self.text.len()) },
            None => self.bad_rest(start, "unterminated string"),
        }
    }

    fn quoted(&self, start: usize, open: usize, close: char, kind: Kind) -> Lexeme {
        let doubled = close != ']';
        let end = if doubled {
            after_quoted(self.bytes, open + 1, close as u8, false)
        } else {
            self.text.get(open..).and_then(|rest| rest.find(close)).map(|at| open + at + 1)
        };
        match end {
            Some(end) => Lexeme { kind, start, end },
            None => self.bad_rest(start, "unterminated quoted identifier"),
        }
    }

    fn bad_rest(&self, start: usize, reason: &'static str) -> Lexeme {
        Lexeme { kind: Kind::Bad(reason), start, end: self.text.len() }
    }

    /// The next lexeme; nothing at the end.
    pub(crate) fn next(&mut self) -> Option<Lexeme> {
        let lexeme = match self.after_space(self.at) {
            Err(reason) => self.bad_rest(self.at, reason),
            Ok(start) if start >= self.bytes.len() => {
                self.at = self.bytes.len();
                return None;
            }
            Ok(start) => self.lexeme_at(start),
        };
        self.at = lexeme.end;
        Some(lexeme)
    }

    fn lexeme_at(&self, start: usize) -> Lexeme {
        let one = |kind| Lexeme { kind, start, end: start + 1 };
        let to = |kind, end| Lexeme { kind, start, end };
        let byte = self.byte(start);
        let next = self.byte(start + 1);
        if is_word_start(byte) {
            return self.word(start);
        }
        if byte == b'\'' {
            return self.string(start, start, ' ');
        }
        if let Some(&(_, close)) = self.syntax.identifier_quotes.iter().find(|(open, _)| *open as u8 == byte) {
            return self.quoted(start, start, close, Kind::Quoted);
        }
        if let Some(parameter) = self.parameter(start) {
            return parameter;
        }
        match byte {
            b'$' if self.syntax.dollar_quotes => self.dollar_quote(start),
            b'0'..=b'9' => to(Kind::Number, self.after_number(start)),
            b'.' if next.is_ascii_digit() && (start == 0 || self.byte(start - 1) != b'.') => {
                to(Kind::Number, self.after_number(start))
            }
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' | b'.' => one(Kind::Mark(byte)),
            b':' if next == b':' => to(Kind::DoubleColon, start + 2),
            b':' if next == b'=' => to(Kind::Assign, start + 2),
            b':' => one(Kind::Mark(byte)),
            b'\\' if self.syntax.client_commands => to(Kind::ClientCommand, self.end_of(start, |byte| byte != b'\n')),
            _ => match self.after_operator(start) {
                Some(end) => to(Kind::Operator, end),
                None => {
                    let length = self.text[start..].chars().next().map_or(1, char::len_utf8);
                    to(Kind::Bad("unexpected character"), start + length)
                }
            },
        }
    }

    fn word(&self, start: usize) -> Lexeme {
        let prefix = self.byte(start).to_ascii_lowercase() as char;
        if matches!(self.byte(start + 1), b'\'' | b'&') && self.syntax.string_prefixes.contains(prefix) {
            if prefix != 'u' && self.byte(start + 1) == b'\'' {
                return self.string(start, start + 1, prefix);
            }
            if prefix == 'u' && self.byte(start + 1) == b'&' {
                match self.byte(start + 2) {
                    b'\'' => return self.string(start, start + 2, prefix),
                    b'"' => return self.quoted(start, start + 2, '"', Kind::UnicodeQuoted),
                    _ => {}
                }
            }
        }
        Lexeme { kind: Kind::Word, start, end: self.end_of(start, is_word_part) }
    }

    fn parameter(&self, start: usize) -> Option<Lexeme> {
        if !matches!(self.byte(start), b'$' | b'?' | b':' | b'@') {
            return None;
        }
        let next = self.byte(start + 1);
        let name = is_word_start(next);
        self.syntax.parameters.iter().find_map(|sign| {
            let end = match (sign, self.byte(start)) {
                (ParameterSign::DollarNumber, b'$') if next.is_ascii_digit() => {
                    self.end_of(start + 1, |byte| byte.is_ascii_digit())
                }
                (ParameterSign::Question, b'?') => self.end_of(start + 1, |byte| byte.is_ascii_digit()),
                (ParameterSign::DollarName, b'$') if name || next.is_ascii_digit() => {
                    self.end_of(start + 1, is_word_part)
                }
                (ParameterSign::AtName, b'@') if name || next.is_ascii_digit() => self.end_of(start + 1, is_word_part),
                (ParameterSign::ColonName, b':') if name || next.is_ascii_digit() => {
                    self.end_of(start + 1, is_word_part)
                }
                _ => return None,
            };
            Some(Lexeme { kind: Kind::Parameter, start, end })
        })
    }

    fn dollar_quote(&self, start: usize) -> Lexeme {
        let tag_end = match self.byte(start + 1) {
            b'$' => start + 1,
            byte if is_word_start(byte) => self.end_of(start + 1, |byte| byte != b'$' && is_word_part(byte)),
            _ => start,
        };
        let bad = Lexeme { kind: Kind::Bad("unexpected character"), start, end: start + 1 };
        if tag_end == start || self.byte(tag_end) != b'$' {
            return bad;
        }
        let delimiter = &self.text[start..=tag_end];
        let body = tag_end + 1;
        match self.text[body..].find(delimiter) {
            Some(at) => Lexeme { kind: Kind::Dollar(delimiter.len()), start, end: body + at + delimiter.len() },
            None => self.bad_rest(start, "unterminated dollar-quoted string"),
        }
    }

    fn after_number(&self, start: usize) -> usize {
        let digit = |byte: u8| byte.is_ascii_digit() || byte == b'_';
        if self.byte(start) == b'0' && matches!(self.byte(start + 1) | 0x20, b'x' | b'o' | b'b') {
            let end = self.end_of(start + 2, |byte| byte.is_ascii_hexdigit() || byte == b'_');
            if end > start + 2 {
                return end;
            }
        }
        let mut end = self.end_of(start, digit);
        // `1..10` is a range in loops, not two numbers with a point.
        if self.byte(end) == b'.' && self.byte(end + 1) != b'.' {
            end = self.end_of(end + 1, digit);
        }
        if self.byte(end) | 0x20 == b'e' {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            if self.byte(end + 1 + sign).is_ascii_digit() {
                end = self.end_of(end + 1 + sign, digit);
            }
        }
        end
    }

    fn after_operator(&self, start: usize) -> Option<usize> {
        let characters = match self.syntax.operators {
            Operators::Fixed(operators) => {
                let rest = &self.text[start..];
                return operators.iter().find(|operator| rest.starts_with(**operator)).map(|it| start + it.len());
            }
            Operators::Made(characters) => characters.as_bytes(),
        };
        let longest = (start + LONGEST_OPERATOR).min(self.bytes.len());
        let run = self.bytes[start..longest].iter().take_while(|byte| characters.contains(byte)).count();
        let run = &self.bytes[start..start + run];
        // A comment ends an operator.
        let comment = run.windows(2).position(|pair| pair == b"--" || pair == b"/*");
        let mut end = start + comment.unwrap_or(run.len());
        // A longer operator ends in + or - only if it has a character that standard SQL's operators lack.
        let peculiar = self.bytes[start..end].iter().any(|byte| b"~!@#%^&|`?".contains(byte));
        while !peculiar && end > start + 1 && matches!(self.byte(end - 1), b'+' | b'-') {
            end -= 1;
        }
        (end > start).then_some(end)
    }
}

/// The place after a quoted text whose opening quote ends at `at`; a doubled closing quote does not end it.
fn after_quoted(bytes: &[u8], mut at: usize, close: u8, backslash: bool) -> Option<usize> {
    loop {
        let byte = *bytes.get(at)?;
        if byte == b'\\' && backslash {
            at += 2;
        } else if byte != close {
            at += 1;
        } else if bytes.get(at + 1) == Some(&close) {
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
}

/// What stands between the quotes of a string that starts at its quote, and of those that continue it.
pub(crate) fn string_bodies<'a>(text: &'a str, syntax: &Syntax, backslash: bool) -> Vec<&'a str> {
    let mut bodies = Vec::new();
    let mut quote = 0;
    while let Some(end) = after_quoted(text.as_bytes(), quote + 1, b'\'', backslash) {
        bodies.push(text.get(quote + 1..end - 1).unwrap_or(""));
        match continuation(text, end, syntax) {
            Some(next) => quote = next,
            None => break,
        }
    }
    bodies
}

/// The place of the quote that continues a string ending at `end`.
fn continuation(text: &str, end: usize, syntax: &Syntax) -> Option<usize> {
    if !syntax.strings_continue {
        return None;
    }
    let space = text.as_bytes().get(end..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let between = text.get(end..end + space)?;
    (between.contains('\n') && text.as_bytes().get(end + space) == Some(&b'\'')).then_some(end + space)
}

fn is_word_start(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..)
}

fn is_word_part(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. | b'0'..=b'9' | b'$')
}
