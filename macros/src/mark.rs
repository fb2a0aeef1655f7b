//! `sql!` calls inside an item, and the arguments that they get.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::input::Sql;

/// The item with `arguments` in each `sql!` call that says nothing of versions, and how many calls got them. Items inside that
/// have an `#[expects_schema]` of their own are left to it. `krate` is what the code calls this crate.
pub(crate) fn mark(item: TokenStream, arguments: &TokenStream, krate: &str) -> (TokenStream, usize) {
    let mut calls = 0;
    let tokens: Vec<TokenTree> = item.into_iter().collect();
    let mut marked: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    let mut own = false;
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            own &= !matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';');
            marked.push(token.clone());
            continue;
        };
        own |= is_attribute(&tokens, at) && names_own_attribute(group);
        let changed = if own {
            None
        } else if is_call(&tokens, at, krate) && lacks_versions(group) {
            calls += 1;
            Some(arguments.clone().into_iter().chain(group.stream()).collect())
        } else {
            let (inner, more) = mark(group.stream(), arguments, krate);
            calls += more;
            (more > 0).then_some(inner)
        };
        own &= group.delimiter() != Delimiter::Brace;
        marked.push(match changed {
            // Its two delimiters keep their own places, which a new group would not have.
            None => token.clone(),
            Some(inner) => {
                let mut group = Group::new(group.delimiter(), inner);
                group.set_span(token.span());
                TokenTree::Group(group)
            }
        });
    }
    (marked.into_iter().collect(), calls)
}

/// A second attribute on the item itself, which is not inside of it.
pub(crate) fn second_attribute(item: &TokenStream) -> Option<Span> {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let mut attributes = tokens.chunks(2).map_while(|pair| match pair {
        [TokenTree::Punct(mark), TokenTree::Group(group)] if mark.as_char() == '#' => Some(group),
        _ => None,
    });
    attributes.find(|group| names_own_attribute(group)).map(Group::span)
}

/// Whether the group at a position holds the arguments of `sql!` or `schemacheck::sql!`.
fn is_call(tokens: &[TokenTree], at: usize, krate: &str) -> bool {
    let mark = |back: usize, wanted: char| {
        let token = at.checked_sub(back).and_then(|at| tokens.get(at));
        matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == wanted)
    };
    let name = |back: usize| match at.checked_sub(back).and_then(|at| tokens.get(at)) {
        Some(TokenTree::Ident(name)) => name.to_string(),
        _ => String::new(),
    };
    let qualified = mark(3, ':') && mark(4, ':');
    mark(1, '!') && name(2) == "sql" && (!qualified || name(5) == krate)
}

/// Whether the group at a position is an attribute's.
fn is_attribute(tokens: &[TokenTree], at: usize) -> bool {
    matches!(at.checked_sub(1).and_then(|at| tokens.get(at)), Some(TokenTree::Punct(mark)) if mark.as_char() == '#')
}

fn names_own_attribute(group: &Group) -> bool {
    let mut names = group.stream().into_iter().filter_map(|token| match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    });
    group.delimiter() == Delimiter::Bracket && names.any(|name| name == "expects_schema")
}

/// Whether the arguments are those of `sql!`, without a word on versions.
fn lacks_versions(group: &Group) -> bool {
    syn::parse2::<Sql>(group.stream()).is_ok_and(|sql| sql.arguments.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn marked(item: TokenStream) -> String {
        mark(item, &quote!(since = "2",), "schemacheck").0.to_string()
    }

    #[test]
    fn calls_without_versions_get_them() {
        let item = quote!(
            fn f() {
                g(sql!("a"));
                h(schemacheck::sql! { file = "b.sql" })
            }
        );
        let expected = quote!(
            fn f() {
                g(sql!(since = "2", "a"));
                h(schemacheck::sql! { since = "2", file = "b.sql" })
            }
        );
        assert_eq!(marked(item), expected.to_string());
    }

    #[test]
    fn the_crate_may_have_another_name() {
        let of = |krate: &str| mark(quote!(sc::sql!("a") schemacheck::sql!("b")), &quote!(since = "2",), krate).1;
        assert_eq!((of("sc"), of("schemacheck"), of("other")), (1, 1, 0));
    }

    #[test]
    fn all_else_is_passed_on() {
        for item in [
            quote!(
                const A: &str = sql!(until = "3", "a");
            ),
            quote!(
                fn f() {
                    other::sql!("a");
                    sqlx::query!("a");
                    sql!(a b);
                    sql("a")
                }
            ),
            quote!(
                mod m {
                    #[schemacheck::expects_schema(since = "1")]
                    const A: &str = sql!("a");
                }
            ),
            quote!(impl T { #[expects_schema(since = "1")] fn f(a: [u8; 2]) -> S { sql!("a") } }),
        ] {
            assert_eq!(marked(item.clone()), item.to_string());
        }
        let item = quote!(
            mod m {
                #[expects_schema(since = "1")]
                const A: &str = sql!("a");
                const B: &str = sql!("b");
            }
        );
        let own = quote!(
            #[expects_schema(since = "1")]
            const A: &str = sql!("a");
        );
        assert_eq!(marked(item), quote!(mod m { #own const B: &str = sql!(since = "2", "b"); }).to_string());
    }
}
