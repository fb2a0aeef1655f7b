//! What stands between the parentheses, parsed and validated.

use std::ops::RangeInclusive;

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, LitInt, LitStr, Result, Token};

use crate::expand::argument;

/// `since`, `until` and `flag`.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) since: Option<LitStr>,
    pub(crate) until: Option<LitStr>,
    pub(crate) flag: Option<LitStr>,
}

/// The arguments of `sql!`.
pub(crate) struct Sql {
    /// The versions.
    pub(crate) arguments: Arguments,
    /// The query.
    pub(crate) text: Text,
}

/// Where a query's text is.
pub(crate) enum Text {
    /// In the call.
    Literal(LitStr),
    /// In a file, relative to the package's root.
    File(LitStr),
}

/// The arguments of `required_schema!`.
#[derive(Default)]
pub(crate) struct Needed {
    /// The integer type of versions; nothing for text.
    pub(crate) ty: Option<(Ident, RangeInclusive<u128>)>,
    /// Of which database.
    pub(crate) database: Option<LitStr>,
}

impl Parse for Sql {
    fn parse(input: ParseStream<'_>) -> Result<Sql> {
        let mut arguments = Arguments::default();
        let mut text = None;
        while !input.is_empty() {
            if input.peek(LitStr) {
                let literal: LitStr = input.parse()?;
                let span = literal.span();
                set(&mut text, Text::Literal(literal), span, "the query's text")?;
            } else {
                let (key, value) =
                    key_value(input, "the query's text as a literal, or `file`, `since`, `until`, `flag`")?;
                if key == "file" {
                    set(&mut text, Text::File(value), key.span(), "the query's text")?;
                } else {
                    arguments.set(&key, value, "`since`, `until`, `flag`, `file` or the query's text")?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        arguments.validate()?;
        let text = text.ok_or_else(|| {
            Error::new(Span::call_site(), "the query's text is missing: `sql!(\"SELECT …\")` or `sql!(file = \"…\")`")
        })?;
        Ok(Sql { arguments, text })
    }
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> Result<Arguments> {
        let mut arguments = Arguments::default();
        while !input.is_empty() {
            let (key, value) = key_value(input, "`since`, `until` or `flag`")?;
            arguments.set(&key, value, "`since`, `until` or `flag`")?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        arguments.validate()?;
        Ok(arguments)
    }
}

impl Parse for Needed {
    fn parse(input: ParseStream<'_>) -> Result<Needed> {
        let mut needed = Needed::default();
        while !input.is_empty() {
            let wrong = |span| {
                let expected =
                    "expected an integer type, as in `required_schema!(i64)`, `database = \"NAME\"`, or nothing";
                Error::new(span, expected)
            };
            let word: Ident = input.parse().map_err(|error: Error| wrong(error.span()))?;
            if word == "database" && input.peek(Token![=]) {
                input.parse::<Token![=]>()?;
                set(&mut needed.database, input.parse()?, word.span(), "`database`")?;
            } else {
                let numbers = numbers(&word).ok_or_else(|| wrong(word.span()))?;
                let span = word.span();
                set(&mut needed.ty, (word, numbers), span, "the integer type")?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(needed)
    }
}

/// The numbers of an integer type that are versions. Those of `usize` and `isize` are another machine's.
fn numbers(ty: &Ident) -> Option<RangeInclusive<u128>> {
    let bits = match ty.to_string().as_str() {
        "i8" => 7,
        "u8" => 8,
        "i16" => 15,
        "u16" => 16,
        "i32" => 31,
        "u32" => 32,
        "i64" => 63,
        "u64" => 64,
        "i128" => 127,
        "u128" => 128,
        _ => return None,
    };
    Some(0..=u128::MAX >> (128 - bits))
}

impl Arguments {
    /// The arguments, of which there must be one.
    pub(crate) fn some(self) -> Result<Arguments> {
        match self.is_empty() {
            true => Err(Error::new(Span::call_site(), "say at least `since = \"V\"` or `until = \"V\"`")),
            false => Ok(self),
        }
    }

    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.since.is_none() && self.until.is_none() && self.flag.is_none()
    }

    /// As they stand before a query's text, each followed by a comma.
    pub(crate) fn tokens(&self) -> TokenStream {
        let all = [("since", &self.since), ("until", &self.until), ("flag", &self.flag)];
        all.into_iter().filter_map(|(key, value)| Some(argument(key, value.as_ref()?))).collect()
    }

    fn set(&mut self, key: &Ident, value: LitStr, expected: &str) -> Result<()> {
        let slot = match key.to_string().as_str() {
            "since" => &mut self.since,
            "until" => &mut self.until,
            "flag" => &mut self.flag,
            _ => return Err(Error::new(key.span(), format!("unknown argument `{key}`: expected {expected}"))),
        };
        if value.value().trim().is_empty() {
            return Err(Error::new(value.span(), format!("`{key}` is empty")));
        }
        set(slot, value, key.span(), &format!("`{key}`"))
    }

    fn validate(&self) -> Result<()> {
        match (&self.flag, &self.since) {
            (Some(flag), None) => {
                Err(Error::new(flag.span(), "`flag` needs `since`: from which version on may the flag be set?"))
            }
            _ => Ok(()),
        }
    }
}

fn key_value(input: ParseStream<'_>, expected: &str) -> Result<(Ident, LitStr)> {
    let key = input.parse::<Ident>().map_err(|error| Error::new(error.span(), format!("expected {expected}")))?;
    if !input.peek(Token![=]) {
        return Err(Error::new(key.span(), format!("expected {expected}")));
    }
    input.parse::<Token![=]>()?;
    if input.peek(LitInt) {
        let number: LitInt = input.parse()?;
        return Err(Error::new(number.span(), format!("write it as text: `{key} = \"{number}\"`")));
    }
    Ok((key, input.parse()?))
}

fn set<T>(slot: &mut Option<T>, value: T, span: Span, what: &str) -> Result<()> {
    if slot.replace(value).is_some() {
        return Err(Error::new(span, format!("{what} is given twice")));
    }
    Ok(())
}
