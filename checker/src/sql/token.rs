//! Lexemes with their values: folded identifiers and unescaped strings, as tokens for the parsers.

use std::ops::Range;

use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Word};

use super::ddl::Name;
use super::lex::{Kind, Lexeme, Lexer, string_bodies};
use crate::dialect::Dialect;
use crate::source::Span;

/// A text that is being read, and where it stands in the file.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    pub(crate) dialect: &'static Dialect,
    pub(crate) origin: Origin,
    /// In how many routine bodies the text stands.
    pub(crate) level: usize,
}

/// How places in a piece become places in the file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// The piece starts at this byte of the file.
    At(usize),
    /// The piece is the value of a string with escapes: all places in it are the whole string.
    Within(Span),
}

impl<'a> Piece<'a> {
    /// A text that was kept with its span in the file. Where that is not as long as the text, the text is no part of the file.
    pub(crate) fn of_kept(text: &'a str, span: Span, dialect: &'static Dialect) -> Piece<'a> {
        let origin = if span.end.checked_sub(span.start) == Some(text.len()) {
            Origin::At(span.start)
        } else {
            Origin::Within(span)
        };
        Piece { text, dialect, origin, level: 0 }
    }

    /// The span in the file of bytes of the piece.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        match self.origin {
            Origin::At(offset) => Span::new(start, end).shifted(offset),
            Origin::Within(span) => span,
        }
    }

    /// The text of some bytes of the piece.
    pub(crate) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or("")
    }

    /// The text of a lexeme.
    pub(crate) fn lexeme(&self, lexeme: &Lexeme) -> &'a str {
        self.slice(lexeme.start..lexeme.end)
    }

    /// All tokens of the piece.
    pub(crate) fn tokens(&self) -> Vec<Tok> {
        let mut lexer = Lexer::new(self.text, &self.dialect.syntax);
        std::iter::from_fn(|| lexer.next()).map(|lexeme| self.token(lexeme)).collect()
    }

    /// The value of a lexeme.
    pub(crate) fn token(&self, lexeme: Lexeme) -> Tok {
        Tok { token: self.value(lexeme), lexeme }
    }

    fn value(&self, lexeme: Lexeme) -> Token {
        let text = self.lexeme(&lexeme);
        match lexeme.kind {
            Kind::Word => self.word(text),
            Kind::Quoted => self.quoted_word(&unquote(text)),
            Kind::UnicodeQuoted => self.quoted_word(&unescape_unicode(&unquote(text.get(2..).unwrap_or("")))),
            Kind::Number => Token::Number(text.to_string(), false),
            Kind::String(prefix) => self.string(text, prefix),
            Kind::Dollar(delimiter) => {
                let body = text.get(delimiter..text.len().saturating_sub(delimiter)).unwrap_or("");
                Token::SingleQuotedString(body.to_string())
            }
            Kind::Parameter => Token::Placeholder(text.to_string()),
            Kind::Operator => operator(text),
            Kind::Mark(mark) => punctuation(mark),
            Kind::DoubleColon => Token::DoubleColon,
            Kind::Assign => Token::Assignment,
            Kind::ClientCommand => Token::Backslash,
            Kind::Bad(_) => Token::Char(text.chars().next().unwrap_or('\u{fffd}')),
        }
    }

    fn word(&self, text: &str) -> Token {
        let keyword = (self.dialect.syntax.keywords)().of_parser(text);
        Token::Word(Word { value: (self.dialect.fold)(text), quote_style: None, keyword })
    }

    fn quoted_word(&self, text: &str) -> Token {
        Token::make_word(&(self.dialect.fold_quoted)(text), Some('"'))
    }

    fn string(&self, text: &str, prefix: char) -> Token {
        let skip = text.find('\'').unwrap_or(0);
        let backslash = prefix == 'e' || self.dialect.syntax.backslash_escapes;
        let bodies = string_bodies(text.get(skip..).unwrap_or(""), &self.dialect.syntax, backslash);
        let decode: fn(&str) -> String = match prefix {
            _ if backslash => unescape_backslashes,
            'u' => |body| unescape_unicode(&body.replace("''", "'")),
            _ => |body| body.replace("''", "'"),
        };
        let value: String = bodies.into_iter().map(decode).collect();
        match prefix {
            'b' => Token::SingleQuotedByteStringLiteral(value),
            'x' => Token::HexStringLiteral(value),
            _ => Token::SingleQuotedString(value),
        }
    }
}

/// A lexeme with its value.
#[derive(Clone, Debug)]
pub(crate) struct Tok {
    pub(crate) lexeme: Lexeme,
    pub(crate) token: Token,
}

impl Tok {
    /// Whether this is the word, not in quotes; the word is given in lower case.
    pub(crate) fn is(&self, word: &str) -> bool {
        match &self.token {
            Token::Word(Word { value, quote_style: None, .. }) => is_word(value.as_bytes(), word.as_bytes()),
            _ => false,
        }
    }

    /// Whether this is one of the words.
    pub(crate) fn is_any(&self, words: &[&str]) -> bool {
        let Token::Word(Word { value, quote_style: None, .. }) = &self.token else { return false };
        let mut at = 0;
        while at < words.len() {
            if is_word(value.as_bytes(), words[at].as_bytes()) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether this is the punctuation mark.
    pub(crate) fn is_mark(&self, mark: u8) -> bool {
        matches!(self.lexeme.kind, Kind::Mark(it) if it == mark)
    }

    /// The word without quotes, folded; nothing for another token.
    pub(crate) fn plain_word(&self) -> Option<&str> {
        match &self.token {
            Token::Word(Word { value, quote_style: None, .. }) => Some(value),
            _ => None,
        }
    }

    /// The identifier, folded: any word, in quotes or not.
    pub(crate) fn name(&self, piece: &Piece) -> Option<Name> {
        match &self.token {
            Token::Word(word) => Some(Name { text: word.value.as_str().into(), span: self.span(piece) }),
            _ => None,
        }
    }

    /// The value of a string.
    pub(crate) fn string(&self) -> Option<&str> {
        match &self.token {
            Token::SingleQuotedString(value) => Some(value),
            _ => None,
        }
    }

    /// Whether this is a `$$…$$` string.
    pub(crate) fn is_dollar_quoted(&self) -> bool {
        matches!(self.lexeme.kind, Kind::Dollar(_))
    }

    /// Where it stands in the file.
    pub(crate) fn span(&self, piece: &Piece) -> Span {
        piece.span(self.lexeme.start, self.lexeme.end)
    }

    /// As sqlparser takes it, with line 1 and the byte offset as the column.
    pub(crate) fn located(&self, piece: &Piece) -> TokenWithSpan {
        TokenWithSpan { token: self.token.clone(), span: located(self.span(piece)) }
    }
}

/// Whether a word is another one in lower case. Asked so often of words that are not that length and first letter decide first,
/// without a call.
fn is_word(word: &[u8], lower: &[u8]) -> bool {
    word.len() == lower.len()
        && (lower.is_empty() || word[0] | 0x20 == lower[0] | 0x20 && word.eq_ignore_ascii_case(lower))
}

/// A byte span as sqlparser takes it.
pub(crate) fn located(span: Span) -> sqlparser::tokenizer::Span {
    sqlparser::tokenizer::Span::new(Location::new(1, span.start as u64), Location::new(1, span.end as u64))
}

/// A quoted identifier without its quotes.
fn unquote(text: &str) -> String {
    let mut chars = text.chars();
    let open = chars.next().unwrap_or('"');
    chars.next_back();
    let body = chars.as_str();
    match open {
        '[' => body.to_string(),
        quote => body.replace(&format!("{quote}{quote}"), &quote.to_string()),
    }
}

/// The value of a string with backslash escapes.
fn unescape_backslashes(body: &str) -> String {
    let mut value = String::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\'' => {
                chars.next_if_eq(&'\'');
                value.push('\'');
            }
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some('r') => value.push('\r'),
                Some('b') => value.push('\u{8}'),
                Some('f') => value.push('\u{c}'),
                Some('x') => value.push(coded(&mut chars, 16, 2)),
                Some('u') => value.push(coded(&mut chars, 16, 4)),
                Some('U') => value.push(coded(&mut chars, 16, 8)),
                Some(digit @ '0'..='7') => {
                    let mut code = digit as u32 - '0' as u32;
                    for _ in 0..2 {
                        let Some(digit) = chars.peek().and_then(|char| char.to_digit(8)) else { break };
                        code = code * 8 + digit;
                        chars.next();
                    }
                    value.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                }
                Some(other) => value.push(other),
                None => value.push('\\'),
            },
            other => value.push(other),
        }
    }
    value
}

/// A character given by up to `most` digits.
fn coded(chars: &mut std::iter::Peekable<std::str::Chars>, radix: u32, most: usize) -> char {
    let mut code = 0u32;
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|char| char.to_digit(radix)) else { break };
        code = code.wrapping_mul(radix).wrapping_add(digit);
        chars.next();
    }
    char::from_u32(code).unwrap_or('\u{fffd}')
}

/// The value of a `U&` text: `\0041`, `\+000041` and `\\`.
fn unescape_unicode(body: &str) -> String {
    let mut value = String::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, chars.peek()) {
            ('\\', Some('\\')) => {
                chars.next();
                value.push('\\');
            }
            ('\\', Some('+')) => {
                chars.next();
                value.push(coded(&mut chars, 16, 6));
            }
            ('\\', Some(digit)) if digit.is_ascii_hexdigit() => value.push(coded(&mut chars, 16, 4)),
            _ => value.push(char),
        }
    }
    value
}

fn punctuation(mark: u8) -> Token {
    match mark {
        b'(' => Token::LParen,
        b')' => Token::RParen,
        b'[' => Token::LBracket,
        b']' => Token::RBracket,
        b'{' => Token::LBrace,
        b'}' => Token::RBrace,
        b',' => Token::Comma,
        b';' => Token::SemiColon,
        b'.' => Token::Period,
        b':' => Token::Colon,
        other => Token::Char(other as char),
    }
}

fn operator(text: &str) -> Token {
    match text.as_bytes() {
        b"=" => Token::Eq,
        b"==" => Token::DoubleEq,
        b"<>" | b"!=" => Token::Neq,
        b"<" => Token::Lt,
        b">" => Token::Gt,
        b"<=" => Token::LtEq,
        b">=" => Token::GtEq,
        b"<=>" => Token::Spaceship,
        b"+" => Token::Plus,
        b"-" => Token::Minus,
        b"*" => Token::Mul,
        b"/" => Token::Div,
        b"%" => Token::Mod,
        b"||" => Token::StringConcat,
        b"&" => Token::Ampersand,
        b"|" => Token::Pipe,
        b"^" => Token::Caret,
        b"=>" => Token::RArrow,
        b"#" => Token::Sharp,
        b"##" => Token::DoubleSharp,
        b"~" => Token::Tilde,
        b"~*" => Token::TildeAsterisk,
        b"!~" => Token::ExclamationMarkTilde,
        b"!~*" => Token::ExclamationMarkTildeAsterisk,
        b"~~" => Token::DoubleTilde,
        b"~~*" => Token::DoubleTildeAsterisk,
        b"!~~" => Token::ExclamationMarkDoubleTilde,
        b"!~~*" => Token::ExclamationMarkDoubleTildeAsterisk,
        b"<<" => Token::ShiftLeft,
        b">>" => Token::ShiftRight,
        b"&&" => Token::Overlap,
        b"!" => Token::ExclamationMark,
        b"!!" => Token::DoubleExclamationMark,
        b"@" => Token::AtSign,
        b"^@" => Token::CaretAt,
        b"|/" => Token::PGSquareRoot,
        b"||/" => Token::PGCubeRoot,
        b"->" => Token::Arrow,
        b"->>" => Token::LongArrow,
        b"#>" => Token::HashArrow,
        b"#>>" => Token::HashLongArrow,
        b"@-@" => Token::AtDashAt,
        b"?-" => Token::QuestionMarkDash,
        b"&<" => Token::AmpersandLeftAngleBracket,
        b"&>" => Token::AmpersandRightAngleBracket,
        b"&<|" => Token::AmpersandLeftAngleBracketVerticalBar,
        b"|&>" => Token::VerticalBarAmpersandRightAngleBracket,
        b"<->" => Token::TwoWayArrow,
        b"<^" => Token::LeftAngleBracketCaret,
        b">^" => Token::RightAngleBracketCaret,
        b"?#" => Token::QuestionMarkSharp,
        b"?-|" => Token::QuestionMarkDashVerticalBar,
        b"?||" => Token::QuestionMarkDoubleVerticalBar,
        b"~=" => Token::TildeEqual,
        b"<<|" => Token::ShiftLeftVerticalBar,
        b"|>>" => Token::VerticalBarShiftRight,
        b"@>" => Token::AtArrow,
        b"<@" => Token::ArrowAt,
        b"#-" => Token::HashMinus,
        b"@?" => Token::AtQuestion,
        b"@@" => Token::AtAt,
        b"?" => Token::Question,
        b"?&" => Token::QuestionAnd,
        b"?|" => Token::QuestionPipe,
        _ => Token::CustomBinaryOperator(text.to_string()),
    }
}
