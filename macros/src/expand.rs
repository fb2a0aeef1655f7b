//! From validated input to tokens.

use proc_macro2::TokenStream;
use quote::quote;

use crate::input::{Expectation, Sql, Text};

/// `sql!`. After an error the expansion still is a `&'static str`, so that no second error follows from the first.
pub(crate) fn sql(input: syn::Result<Sql>) -> TokenStream {
    match input {
        Ok(Sql { text: Text::Literal(literal) }) => quote!(#literal),
        Ok(Sql { text: Text::File(path) }) => {
            let path = syn::LitStr::new(&format!("/{}", path.value().trim_start_matches('/')), path.span());
            quote!(::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path)))
        }
        Err(error) => {
            let error = error.into_compile_error();
            quote!({ #error; "" })
        }
    }
}

/// `#[expects_schema]`: the item as it was, after an error too.
pub(crate) fn expects_schema(arguments: syn::Result<Expectation>, item: TokenStream) -> TokenStream {
    match arguments {
        Ok(_) => item,
        Err(error) => {
            let error = error.into_compile_error();
            quote!(#error #item)
        }
    }
}
