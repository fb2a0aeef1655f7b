//! What stands between the parentheses, parsed and validated.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, LitStr, Result, Token};

/// `since`, `until` and `flag`.
#[derive(Default)]
pub(crate) struct Expectation {
    since: Option<LitStr>,
    until: Option<LitStr>,
    flag: Option<LitStr>,
}

/// The arguments of `sql!`.
pub(crate) struct Sql {
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

impl Parse for Sql {
    fn parse(input: ParseStream<'_>) -> Result<Sql> {
        let mut expectation = Expectation::default();
        let mut text = None;
        while !input.is_empty() {
            if input.peek(LitStr) {
                set(&mut text, Text::Literal(input.parse()?), input.span(), "the query's text")?;
            } else {
                let (key, value) = key_value(input)?;
                if key == "file" {
                    set(&mut text, Text::File(value), key.span(), "the query's text")?;
                } else {
                    expectation.set(&key, value, "`since`, `until`, `flag`, `file` or the query's text")?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        expectation.validate()?;
        let text = text.ok_or_else(|| {
            Error::new(Span::call_site(), "the query's text is missing: `sql!(\"SELECT …\")` or `sql!(file = \"…\")`")
        })?;
        Ok(Sql { text })
    }
}

impl Parse for Expectation {
    fn parse(input: ParseStream<'_>) -> Result<Expectation> {
        let mut expectation = Expectation::default();
        while !input.is_empty() {
            let (key, value) = key_value(input)?;
            expectation.set(&key, value, "`since`, `until` or `flag`")?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if expectation.since.is_none() && expectation.until.is_none() && expectation.flag.is_none() {
            return Err(Error::new(Span::call_site(), "say at least `since = \"V\"` or `until = \"V\"`"));
        }
        expectation.validate()?;
        Ok(expectation)
    }
}

impl Expectation {
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

fn key_value(input: ParseStream<'_>) -> Result<(Ident, LitStr)> {
    let key = input.parse::<Ident>()?;
    input.parse::<Token![=]>()?;
    Ok((key, input.parse()?))
}

fn set<T>(slot: &mut Option<T>, value: T, span: Span, what: &str) -> Result<()> {
    if slot.replace(value).is_some() {
        return Err(Error::new(span, format!("{what} is given twice")));
    }
    Ok(())
}
