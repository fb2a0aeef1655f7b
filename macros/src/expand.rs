//! From validated input to tokens.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use schemacheck_checker::build_script::{Left, left};
use syn::{Error, LitStr};

use crate::input::{Arguments, Needed, Sql, Text};
use crate::{ask, mark};
use schemacheck_checker::snapshot::NotRequired;

/// The variable that the build script sets: an expansion that reads it is made again when the schemas change, also by caches
/// between builds.
fn stamp() -> TokenStream {
    quote!(
        const _: ::core::option::Option<&'static str> = ::core::option_env!("SCHEMACHECK_SNAPSHOT");
    )
}

/// `sql!`. After an error the expansion still is a `&'static str`, so that no second error follows from the first.
pub(crate) fn sql(input: syn::Result<Sql>) -> TokenStream {
    let (text, checked) = match input {
        Ok(Sql { arguments, text: Text::Literal(literal) }) => {
            let checked = ask::query(&literal.value(), literal.span(), &arguments, None);
            (quote!(#literal), checked)
        }
        Ok(Sql { arguments, text: Text::File(path) }) => match read(&path) {
            Ok(text) => {
                let checked = ask::query(&text, path.span(), &arguments, Some(path.value().trim_start_matches('/')));
                let path = LitStr::new(&format!("/{}", path.value().trim_start_matches('/')), path.span());
                let text = quote! {
                    ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path))
                };
                (text, checked)
            }
            Err(error) => (quote!(""), Err(error)),
        },
        Err(error) => (quote!(""), Err(error)),
    };
    let (stamp, error) = (stamp(), checked.err().map(Error::into_compile_error));
    quote!({ #stamp #error #text })
}

/// The text of a file of the package.
fn read(path: &LitStr) -> Result<String, Error> {
    let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let relative = path.value();
    let file = std::path::Path::new(&folder).join(relative.trim_start_matches('/'));
    std::fs::read_to_string(&file).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" (os error").next().unwrap_or(&reason).to_lowercase();
        Error::new(
            path.span(),
            format!("`{relative}` cannot be read: {reason}\n= help: paths are relative to the package's folder"),
        )
    })
}

/// `#[expects_schema]`: the item with the arguments in its `sql!` calls; after an error as it was.
pub(crate) fn expects_schema(arguments: syn::Result<Arguments>, item: TokenStream) -> TokenStream {
    let arguments = match arguments.and_then(Arguments::some) {
        Ok(arguments) => arguments,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    if let Some(second) = mark::second_attribute(&item) {
        let error = Error::new(second, "the item has two of these: say `since`, `until` and `flag` in one")
            .into_compile_error();
        return quote!(#error #item);
    }
    let left = left();
    let krate = match &left {
        Left::Snapshot(snapshot) => snapshot.facts().alias.as_str(),
        _ => "schemacheck",
    };
    let (marked, calls) = mark::mark(item, &arguments.tokens(), krate);
    // Calls that got the arguments report what is wrong with them.
    let wrong = match &left {
        Left::Snapshot(snapshot) if calls == 0 => ask::versions(snapshot, &arguments).err(),
        _ => None,
    };
    let error = wrong.map(Error::into_compile_error);
    quote!(#error #marked)
}

/// `required_schema!`. After an error an empty list, of whichever type is wanted where none was said.
pub(crate) fn required_schema(needed: syn::Result<Needed>) -> TokenStream {
    let stamp = stamp();
    let (list, checked) = match needed {
        Ok(needed) => {
            let ty = needed.ty.as_ref().map_or_else(|| quote!(&'static str), |(ty, _)| quote!(#ty));
            let (values, checked) = match required(&needed) {
                Ok(values) => (values, None),
                Err(error) => (Vec::new(), Some(error)),
            };
            (quote!({ const REQUIRED: &'static [#ty] = &[#(#values),*]; REQUIRED }), checked)
        }
        Err(error) => (quote!(&[]), Some(error)),
    };
    let error = checked.map(Error::into_compile_error);
    quote!({ #stamp #error #list })
}

fn required(needed: &Needed) -> Result<Vec<TokenStream>, Error> {
    let snapshot = snapshot("required_schema!")?;
    let named = needed.database.as_ref().map(LitStr::value);
    let versions = snapshot.facts().required(named.as_deref()).map_err(|why| match why {
        NotRequired::NotClear(names) => databases(needed, &names),
        NotRequired::NotAsked => Error::new(Span::call_site(), NOT_ASKED),
    })?;
    let value = |version: &str| {
        let Some((ty, numbers)) = &needed.ty else { return Ok(quote!(#version)) };
        let wrong = |reason: &str, help: &str| {
            Err(Error::new(ty.span(), format!("version `{version}` {reason}\n= help: {help}")))
        };
        match version.parse::<u128>() {
            Ok(number) if numbers.contains(&number) => {
                let number = proc_macro2::Literal::u128_unsuffixed(number);
                Ok(quote!(#number))
            }
            Ok(_) => wrong(&format!("is too large for {ty}"), "`required_schema!(i64)` holds any time stamp"),
            Err(_) => wrong("is no number", "`required_schema!()` gives versions as text"),
        }
    };
    versions.into_iter().map(value).collect()
}

const NOT_ASKED: &str = "the build script does not know that the package asks which schema it needs\n\
    = help: write `required_schema` in a source file of the package, not only in a macro of another one";

/// What to say where no database, or none of that name, is meant.
fn databases(needed: &Needed, names: &[&str]) -> Error {
    let names = names.join(", ");
    match &needed.database {
        Some(named) => {
            Error::new(named.span(), format!("the package has no database `{}`\n= help: it has {names}", named.value()))
        }
        None => Error::new(
            Span::call_site(),
            format!(
                "the package has several databases, which need different migrations: {names}\n= help: `database = \"NAME\"` says which"
            ),
        ),
    }
}

/// `rollout!`.
pub(crate) fn rollout(tokens: TokenStream) -> TokenStream {
    let checked = match tokens.into_iter().next() {
        Some(token) => Err(Error::new(token.span(), "`rollout!()` takes no arguments")),
        None => goes_through(),
    };
    let (stamp, error) = (stamp(), checked.err().map(Error::into_compile_error));
    quote!(#stamp #error)
}

fn goes_through() -> Result<(), Error> {
    let snapshot = snapshot("rollout!")?;
    let facts = snapshot.facts();
    if facts.baselines.is_empty() {
        return Err(Error::new(
            Span::call_site(),
            "`rollout!` needs to know what runs now, and no release file is committed\n\
             = help: in what runs now, `cargo schemacheck record --output schemacheck.release.json`; commit that file here",
        ));
    }
    match facts.refused.as_slice() {
        [] => Ok(()),
        refused => {
            let count = match refused.len() {
                1 => "1 finding".to_owned(),
                count => format!("{count} findings"),
            };
            let message = format!("this rollout cannot go through: {count}\n\n{}", refused.join("\n\n"));
            Err(Error::new(Span::call_site(), message))
        }
    }
}

/// The snapshot that a macro cannot do without.
fn snapshot(name: &str) -> Result<std::sync::Arc<schemacheck_checker::snapshot::Snapshot>, Error> {
    match left() {
        Left::Snapshot(snapshot) => Ok(snapshot),
        Left::Broken(reason) => Err(Error::new(Span::call_site(), ask::unreadable(&reason))),
        Left::Failed(reason) => Err(Error::new(
            Span::call_site(),
            format!("`{name}` needs to know the schema, and the build script cannot check: {reason}"),
        )),
        Left::Nothing => Err(Error::new(
            Span::call_site(),
            format!(
                "`{name}` needs the package's build script, which found nothing or is not there\n\
                 = help: `fn main() {{ schemacheck_checker::build_script() }}` in build.rs, \
                 with `schemacheck-checker` in [build-dependencies]"
            ),
        )),
    }
}

/// Tokens at a place.
pub(crate) fn argument(key: &str, value: &LitStr) -> TokenStream {
    let span = value.span();
    let key = syn::Ident::new(key, span);
    quote_spanned!(span=> #key = #value,)
}
