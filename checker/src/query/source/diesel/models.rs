//! Structs that derive diesel's traits: which columns of which table they name.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Meta, Token};

use super::{Around, Derives, Field, Model, PathUse};
use crate::query::Read;
use crate::query::source::attributes::{derives, for_each, text_of};
use crate::query::source::records;
use crate::query::source::scope::Scope;

/// The column that `#[diesel(column_name = …)]` names.
pub(in crate::query::source) fn column_name(attributes: &[Attribute]) -> Option<String> {
    keys(attributes).iter().find(|key| key.name == "column_name").and_then(Key::text)
}

/// Whether a field stands for the columns of its struct.
pub(in crate::query::source) fn embeds(attributes: &[Attribute]) -> bool {
    keys(attributes).iter().any(|key| key.name == "embed")
}

/// A struct that derives some of diesel's traits, and the expressions by which it selects fields.
pub(in crate::query::source) fn model(
    item: &syn::ItemStruct,
    scope: &Scope<'_>,
    around: Around,
) -> Option<(Model, Vec<Expr>)> {
    let names = derives(&item.attrs);
    let has = |name: &str| names.iter().any(|derived| derived == name);
    let derives = Derives {
        selectable: has("Selectable") || has("HasQuery"),
        insertable: has("Insertable"),
        changeset: has("AsChangeset"),
    };
    let relevant =
        ["Selectable", "HasQuery", "Insertable", "AsChangeset", "QueryableByName", "Identifiable", "Associations"];
    if !relevant.iter().any(|name| has(name)) {
        return None;
    }
    let own_keys = keys(&item.attrs);
    let table = own_keys.iter().find(|key| key.name == "table_name").and_then(Key::path);
    let primary_key = own_keys.iter().find(|key| key.name == "primary_key").map(Key::names);
    let mut expressions = Vec::new();
    expressions.extend(own_keys.iter().find(|key| key.name == "base_query").and_then(Key::expression));
    let fields =
        item.fields.iter().enumerate().map(|(at, field)| field_of(at, field, scope, &mut expressions)).collect();
    let model = Model {
        module: scope.module.clone(),
        name: item.ident.to_string(),
        span: scope.span_of(&item.ident),
        derives,
        table: {
            let names = match table {
                Some(path) => path.segments.iter().map(|segment| segment.ident.to_string()).collect(),
                None => vec![table_name(&item.ident.to_string())],
            };
            PathUse::new(scope, names, scope.span_of(&item.ident))
        },
        fields,
        primary_key: primary_key.unwrap_or_else(|| vec!["id".to_owned()]),
        around,
    };
    Some((model, expressions))
}

fn field_of(at: usize, field: &syn::Field, scope: &Scope<'_>, expressions: &mut Vec<Expr>) -> Field {
    let keys = keys(&field.attrs);
    let has = |name: &str| keys.iter().any(|key| key.name == name);
    let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
    let name = name.trim_start_matches("r#").to_owned();
    let column = keys.iter().find(|key| key.name == "column_name").and_then(Key::text).unwrap_or_else(|| name.clone());
    let expression = keys.iter().find(|key| key.name == "select_expression").and_then(Key::expression);
    let by_expression = expression.is_some();
    expressions.extend(expression);
    let span = match &field.ident {
        Some(ident) => scope.span_of(ident),
        None => scope.span_of(&field.ty),
    };
    let ty = records::spelled(&field.ty);
    let optional = ty.starts_with("Option<");
    Field {
        read: Read { name: column.clone(), ty, optional, default: false },
        column,
        span,
        embedded: has("embed").then(|| match &field.ty {
            syn::Type::Path(path) => scope.resolve(&path.path),
            _ => Vec::new(),
        }),
        by_expression,
        skips_insertion: has("skip_insertion"),
        skips_update: has("skip_update"),
    }
}

/// The table that diesel takes for a struct without `table_name`: `UserPost` is `user_posts`.
fn table_name(of_struct: &str) -> String {
    let mut name = String::new();
    for (at, character) in of_struct.chars().enumerate() {
        if character.is_uppercase() && at > 0 {
            name.push('_');
        }
        name.extend(character.to_lowercase());
    }
    name.push('s');
    name
}

/// A key of `#[diesel(…)]`, or an attribute of its first version, such as `#[table_name = "users"]`.
struct Key {
    name: String,
    value: Option<TokenStream>,
    names: Vec<String>,
}

impl Key {
    fn expression(&self) -> Option<Expr> {
        syn::parse2(self.value.clone()?).ok()
    }

    fn text(&self) -> Option<String> {
        let value = self.expression()?;
        let of_path = || match &value {
            Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        text_of(&value).or_else(of_path).map(|text| text.trim_start_matches("r#").to_owned())
    }

    fn path(&self) -> Option<syn::Path> {
        match self.expression()? {
            Expr::Path(path) => Some(path.path),
            value => syn::parse_str(&text_of(&value)?).ok(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.names.clone()
    }
}

/// The keys that diesel reads.
fn keys(attributes: &[Attribute]) -> Vec<Key> {
    const FIRST_VERSION: &[&str] = &["table_name", "column_name", "primary_key", "embed"];
    let mut keys = Vec::new();
    for_each(attributes, &mut |meta| match meta {
        Meta::List(list) if list.path.is_ident("diesel") => {
            let inner = list.parse_args_with(Punctuated::<Item, Token![,]>::parse_terminated);
            keys.extend(inner.into_iter().flatten().map(|item| item.0));
        }
        other if FIRST_VERSION.iter().any(|name| other.path().is_ident(name)) => keys.extend(key_of(other)),
        _ => {}
    });
    keys
}

/// A key whose value may be any expression.
struct Item(Key);

impl syn::parse::Parse for Item {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Item> {
        let name: syn::Ident = syn::ext::IdentExt::parse_any(input)?;
        let mut key = Key { name: name.to_string(), value: None, names: Vec::new() };
        if input.peek(syn::token::Paren) {
            let inner;
            syn::parenthesized!(inner in input);
            let tokens: TokenStream = inner.parse()?;
            key.names = names_in(tokens);
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            key.value = Some(match input.fork().parse::<Expr>() {
                Ok(_) => input.parse::<Expr>()?.into_token_stream(),
                Err(_) => input.parse::<syn::Type>()?.into_token_stream(),
            });
        }
        Ok(Item(key))
    }
}

fn key_of(meta: &Meta) -> Option<Key> {
    let name = meta.path().get_ident()?.to_string();
    Some(match meta {
        Meta::Path(_) => Key { name, value: None, names: Vec::new() },
        Meta::NameValue(value) => Key { name, value: Some(value.value.to_token_stream()), names: Vec::new() },
        Meta::List(list) => Key { name, value: None, names: names_in(list.tokens.clone()) },
    })
}

fn names_in(tokens: TokenStream) -> Vec<String> {
    let name = |token| match token {
        proc_macro2::TokenTree::Ident(ident) => Some(ident.to_string().trim_start_matches("r#").to_owned()),
        _ => None,
    };
    tokens.into_iter().filter_map(name).collect()
}
