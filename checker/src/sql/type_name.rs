//! Types as written.

use sqlparser::ast::DataType;

use super::cursor::{Cursor, Parsed, split_commas};
use super::ddl::{Name, TypeName};
use super::lex::Kind;
use super::token::{Origin, Piece};
use crate::dialect::Dialect;
use crate::source::Span;

/// The type of a tree's cast, at the span of the cast.
pub fn type_name_of(data_type: &DataType, span: Span, dialect: &'static Dialect) -> Option<TypeName> {
    let text = data_type.to_string();
    let piece = Piece { text: &text, dialect, origin: Origin::Within(span), level: 0 };
    let tokens = piece.tokens();
    let mut cursor = Cursor::new(&piece, &tokens);
    cursor.type_name().ok().filter(|_| cursor.at_end())
}

/// Words that end the type of a column where types are rows of words.
const AFTER_LOOSE_TYPE: [&str; 14] = [
    "constraint",
    "primary",
    "not",
    "null",
    "unique",
    "check",
    "default",
    "collate",
    "references",
    "generated",
    "as",
    "on",
    "autoincrement",
    "auto_increment",
];

impl Cursor<'_> {
    /// A type.
    pub(crate) fn type_name(&mut self) -> Parsed<TypeName> {
        if self.piece.dialect.syntax.loose_types { self.loose_type() } else { self.strict_type() }
    }

    /// Any words with at most one pair of parentheses after them.
    fn loose_type(&mut self) -> Parsed<TypeName> {
        let start = self.position();
        let mut words: Vec<&str> = Vec::new();
        while let Some(tok) = self.peek() {
            let word = matches!(tok.lexeme.kind, Kind::Word | Kind::Quoted) && !tok.is_any(&AFTER_LOOSE_TYPE);
            if !word {
                break;
            }
            words.push(self.piece.lexeme(&tok.lexeme).trim_matches(['"', '`', '[', ']']));
            self.advance();
        }
        if words.is_empty() {
            return self.failure("a type");
        }
        let name = Name { text: words.join(" ").into(), span: self.span_since(start) };
        let modifiers = if self.is_mark(b'(') { self.modifiers()? } else { Vec::new() };
        let interval_fields = None;
        let span = self.span_since(start);
        Ok(TypeName {
            schema: None,
            name,
            modifiers,
            interval_fields,
            dimensions: 0,
            set_of: false,
            of_column: false,
            span,
        })
    }

    fn strict_type(&mut self) -> Parsed<TypeName> {
        let start = self.position();
        let set_of = self.eat("setof");
        let mut ty = self.base_type()?;
        ty.set_of = set_of;
        if self.is_operator("%") && self.peek_nth(1).is_some_and(|tok| tok.is("type")) {
            self.advance();
            self.advance();
            ty.of_column = true;
        }
        // `array` and `array[3]` are one dimension.
        let array = self.eat("array");
        ty.dimensions = usize::from(array && !self.is_mark(b'['));
        while self.is_mark(b'[') {
            self.advance();
            if self.peek().is_some_and(|tok| tok.lexeme.kind == Kind::Number) {
                self.advance();
            }
            self.expect_mark(b']')?;
            ty.dimensions += 1;
        }
        ty.span = self.span_since(start);
        Ok(ty)
    }

    /// A type without `SETOF` and array bounds.
    fn base_type(&mut self) -> Parsed<TypeName> {
        let start = self.position();
        let special = self.peek().and_then(|tok| tok.plain_word()).map(str::to_string);
        let qualified = self.peek_nth(1).is_some_and(|tok| tok.is_mark(b'.'));
        match special {
            Some(word) if !qualified => self.keyword_type(&word),
            _ => {
                let object = self.object_name()?;
                let modifiers = if self.is_mark(b'(') { self.modifiers()? } else { Vec::new() };
                let mut ty = plain(object.name, self.span_since(start));
                ty.schema = object.schema;
                ty.modifiers = modifiers;
                Ok(ty)
            }
        }
    }

    /// A type that starts with a word that is not quoted and not qualified.
    fn keyword_type(&mut self, word: &str) -> Parsed<TypeName> {
        let start = self.position();
        let name = self.name()?;
        let mut spelling = word.to_string();
        let mut more = |cursor: &mut Self, words: &str| {
            let found = cursor.eat(words);
            if found {
                spelling = format!("{spelling} {words}");
            }
            found
        };
        match word {
            "double" => {
                more(self, "precision");
            }
            "national" => {
                let _ = more(self, "character") || more(self, "char");
                more(self, "varying");
            }
            "character" | "char" | "nchar" | "bit" => {
                more(self, "varying");
            }
            _ => {}
        }
        let mut interval_fields = None;
        if word == "interval" {
            let fields = self.position();
            self.interval_fields();
            let words: Vec<&str> = self.since(fields).iter().filter_map(|tok| tok.plain_word()).collect();
            interval_fields = (!words.is_empty()).then(|| words.join(" "));
        }
        let mut modifiers = if self.is_mark(b'(') { self.modifiers()? } else { Vec::new() };
        if matches!(word, "time" | "timestamp") && (self.is("with time zone") || self.is("without time zone")) {
            let with = self.is("with");
            self.eat("with time zone");
            self.eat("without time zone");
            spelling.push_str(if with { " with time zone" } else { " without time zone" });
        }
        let span = self.span_since(start);
        let text = (self.piece.dialect.type_name)(&spelling, &mut modifiers);
        let name = if text == &*name.text { name } else { Name { text: text.into(), span } };
        Ok(TypeName { modifiers, interval_fields, ..plain(name, span) })
    }

    fn interval_fields(&mut self) {
        const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
        if self.eat_any(&FIELDS).is_some() && self.eat("to") {
            self.eat_any(&FIELDS);
        }
    }

    /// What stands in the parentheses after a type's name.
    fn modifiers(&mut self) -> Parsed<Vec<String>> {
        let inside = self.parentheses()?;
        let written = |entry: &[super::token::Tok]| match (entry.first(), entry.last()) {
            (Some(first), Some(last)) => self.piece.slice(first.lexeme.start..last.lexeme.end).to_string(),
            _ => String::new(),
        };
        Ok(split_commas(inside).into_iter().map(written).collect())
    }
}

fn plain(name: Name, span: Span) -> TypeName {
    TypeName {
        schema: None,
        name,
        modifiers: Vec::new(),
        interval_fields: None,
        dimensions: 0,
        set_of: false,
        of_column: false,
        span,
    }
}
