//! `table!` and `define_sql_function!`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{Around, Column, Function, Table};
use crate::query::source::syntax::Offsets;

/// The table that a `table!` declares.
pub(in crate::query::source) fn table(tokens: &TokenStream, module: &[String]) -> Option<Table> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut rest = skip_uses(&tokens);
    let sql_name = take_attributes(&mut rest);
    let first = take_ident(&mut rest)?;
    let mut schema = None;
    let mut name = first;
    if is_punct(rest.first(), '.') {
        rest = rest.get(1..)?;
        schema = Some(name.0);
        name = take_ident(&mut rest)?;
    }
    let mut primary_key = vec!["id".to_owned()];
    if let Some(TokenTree::Group(group)) = rest.first().filter(|token| has_delimiter(token, Delimiter::Parenthesis)) {
        let names = group.stream().into_iter().filter_map(|token| match token {
            TokenTree::Ident(ident) => Some(plain(&ident)),
            _ => None,
        });
        primary_key = names.collect();
        rest = rest.get(1..)?;
    }
    let Some(TokenTree::Group(body)) = rest.first().filter(|token| has_delimiter(token, Delimiter::Brace)) else {
        return None;
    };
    let columns = columns(body.stream());
    let sql_name = sql_name.unwrap_or_else(|| name.0.clone());
    Some(Table { module: module.to_vec(), name: name.0, schema, sql_name, primary_key, columns })
}

fn columns(stream: TokenStream) -> Vec<Column> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut columns = Vec::new();
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        let sql_name = take_attributes(&mut rest);
        if let Some((name, _)) = take_ident(&mut rest) {
            let sql_name = sql_name.unwrap_or_else(|| name.clone());
            columns.push(Column { name, sql_name });
        }
        let mut depth = 0_usize;
        let end = rest.iter().position(|token| {
            let TokenTree::Punct(punct) = token else { return false };
            match punct.as_char() {
                '<' => depth += 1,
                '>' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => return true,
                _ => {}
            }
            // The `>` of `->` opens nothing.
            false
        });
        rest = end.and_then(|end| rest.get(end + 1..)).unwrap_or_default();
    }
    columns
}

/// The function that `define_sql_function!` declares: `#[sql_name = "f"] fn f<T>(a: Text) -> Bool`.
pub(in crate::query::source) fn function(tokens: &TokenStream, offsets: Offsets, around: Around) -> Option<Function> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut rest = tokens.as_slice();
    let sql_name = take_attributes(&mut rest);
    let keyword = take_ident(&mut rest)?;
    if keyword.0 != "fn" {
        return None;
    }
    let (name, span) = take_ident(&mut rest)?;
    let parameters = match rest.first()? {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    };
    let arguments = parameters.and_then(|parameters| {
        let parameters: Vec<TokenTree> = parameters.into_iter().collect();
        let each = parameters.split(|token| is_punct(Some(token), ',')).filter(|one| !one.is_empty());
        each.map(|one| sql_type(one.get(2..)?)).collect()
    });
    Some(Function { sql_name: sql_name.unwrap_or(name), arguments, span: offsets.span(span), around })
}

/// One of diesel's SQL types in SQL's words.
fn sql_type(tokens: &[TokenTree]) -> Option<String> {
    let inner = |tokens: &[TokenTree]| match tokens {
        [open, inner @ .., close] if is_punct(Some(open), '<') && is_punct(Some(close), '>') => sql_type(inner),
        _ => None,
    };
    let (TokenTree::Ident(name), rest) = tokens.split_first()? else { return None };
    let name = match (name.to_string().as_str(), rest) {
        ("Nullable", rest) => return inner(rest),
        ("Array", rest) => return inner(rest).map(|element| format!("{element}[]")),
        (_, [_, ..]) => return None,
        ("Bool", _) => "boolean",
        ("SmallInt" | "Int2", _) => "smallint",
        ("Integer" | "Int4", _) => "integer",
        ("BigInt" | "Int8", _) => "bigint",
        ("Float" | "Float4", _) => "real",
        ("Double" | "Float8", _) => "double precision",
        ("Numeric" | "Decimal", _) => "numeric",
        ("Text" | "VarChar" | "Varchar", _) => "text",
        ("Binary" | "Bytea", _) => "bytea",
        ("Date", _) => "date",
        ("Time", _) => "time",
        ("Timestamp", _) => "timestamp",
        ("Timestamptz", _) => "timestamptz",
        ("Interval", _) => "interval",
        ("Uuid", _) => "uuid",
        ("Json", _) => "json",
        ("Jsonb", _) => "jsonb",
        ("Inet", _) => "inet",
        ("Cidr", _) => "cidr",
        _ => return None,
    };
    Some(name.to_owned())
}

/// The tokens after `use a::b;` lines.
fn skip_uses(mut tokens: &[TokenTree]) -> &[TokenTree] {
    while matches!(tokens.first(), Some(TokenTree::Ident(word)) if word == "use") {
        let end = tokens.iter().position(|token| is_punct(Some(token), ';')).unwrap_or(tokens.len());
        tokens = tokens.get(end + 1..).unwrap_or_default();
    }
    tokens
}

/// Takes attributes off; gives the text of `#[sql_name = "…"]`.
fn take_attributes(tokens: &mut &[TokenTree]) -> Option<String> {
    let mut sql_name = None;
    while is_punct(tokens.first(), '#') {
        if let Some(TokenTree::Group(group)) = tokens.get(1)
            && let Ok(syn::Meta::NameValue(value)) = syn::parse2::<syn::Meta>(group.stream())
            && value.path.is_ident("sql_name")
        {
            sql_name = crate::query::source::attributes::text_of(&value.value);
        }
        *tokens = tokens.get(2..).unwrap_or_default();
    }
    sql_name
}

fn take_ident(tokens: &mut &[TokenTree]) -> Option<(String, proc_macro2::Span)> {
    let (TokenTree::Ident(ident), rest) = tokens.split_first()? else { return None };
    *tokens = rest;
    Some((plain(ident), ident.span()))
}

fn plain(ident: &proc_macro2::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn has_delimiter(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}
