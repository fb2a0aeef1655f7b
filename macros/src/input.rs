//! What stands between the parentheses, parsed and validated.

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, LitStr, Result, Token};

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

/// The argument of `required_schema!`: the integer type of versions, or nothing for text.
pub(crate) struct Numbers {
    pub(crate) ty: Option<Ident>,
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

impl Parse for Numbers {
    fn parse(input: ParseStream<'_>) -> Result<Numbers> {
        if input.is_empty() {
            return Ok(Numbers { ty: None });
        }
        let wrong = |span| Error::new(span, "expected an integer type, as in `required_schema!(i64)`, or nothing");
        let ty: Ident = input.parse().map_err(|error: Error| wrong(error.span()))?;
        let known = ["i32", "i64", "i128", "isize", "u32", "u64", "u128", "usize"];
        if !known.iter().any(|name| ty == name) || !input.is_empty() {
            return Err(wrong(ty.span()));
        }
        Ok(Numbers { ty: Some(ty) })
    }
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
    Ok((key, input.parse()?))
}

fn set<T>(slot: &mut Option<T>, value: T, span: Span, what: &str) -> Result<()> {
    if slot.replace(value).is_some() {
        return Err(Error::new(span, format!("{what} is given twice")));
    }
    Ok(())
}
