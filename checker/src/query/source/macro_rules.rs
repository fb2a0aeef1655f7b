//! `macro_rules!` of the same file: matched and expanded, so that SQL which a macro puts together is known whole.
//!
//! Expansion keeps the tokens' spans, so places stay exact. It covers what projects use around queries: fragments and
//! repetitions; not hygiene, and not macros of other files.

use std::cell::Cell;
use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};

use super::syntax;

/// How deep expansions nest.
pub(super) const EXPANSION_LIMIT: usize = 8;
/// How many tokens all expansions of a file may make.
const TOKEN_LIMIT: usize = 1 << 20;
/// How many tokens an invocation may have; matching takes up to their square.
const INPUT_LIMIT: usize = 4_000;
/// How many tokens of one expansion may lead to a token without a separator.
const RUN_LIMIT: usize = 2_000;

/// The macros that a file defines.
#[derive(Default)]
pub(super) struct Rules {
    macros: HashMap<String, Vec<Rule>>,
    made: Cell<usize>,
}

struct Rule {
    pattern: Vec<Part>,
    body: Vec<Part>,
}

/// A part of a pattern or of a body.
enum Part {
    Token(TokenTree),
    Group(Delimiter, proc_macro2::Span, Vec<Part>),
    /// `$name:fragment`, or `$name` in a body.
    Variable {
        name: String,
        fragment: String,
    },
    /// `$( … ) separator operator`.
    Repeat {
        parts: Vec<Part>,
        separator: Option<TokenTree>,
        at_most_once: bool,
    },
}

/// What a variable of a pattern stands for.
enum Binding {
    Tokens(Vec<TokenTree>),
    Each(Vec<Bindings>),
}

type Bindings = HashMap<String, Binding>;

impl Rules {
    /// Takes note of a definition. What is not understood of it is not expanded later.
    pub(super) fn define(&mut self, name: &str, definition: &TokenStream) {
        let tokens: Vec<TokenTree> = definition.clone().into_iter().collect();
        let rules = tokens.split(|token| is_punct(token, ';')).filter_map(|rule| match rule {
            [TokenTree::Group(pattern), TokenTree::Punct(eq), TokenTree::Punct(gt), TokenTree::Group(body)]
                if eq.as_char() == '=' && gt.as_char() == '>' =>
            {
                Some(Rule { pattern: parts(pattern.stream(), true), body: parts(body.stream(), false) })
            }
            _ => None,
        });
        self.macros.insert(name.to_owned(), rules.collect());
    }

    /// Whether the file defines a macro of this name.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.macros.contains_key(name)
    }

    /// What a macro of the file makes of these tokens.
    pub(super) fn expand(&self, name: &str, tokens: &TokenStream) -> Option<TokenStream> {
        let input: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let rules = self.macros.get(name).filter(|_| input.len() <= INPUT_LIMIT)?;
        let (rule, bindings) = rules.iter().find_map(|rule| {
            let mut bindings = Bindings::new();
            let end = matches(&rule.pattern, &input, 0, &mut bindings)?;
            (end == input.len()).then_some((rule, bindings))
        })?;
        let mut output = Vec::new();
        self.fill(&rule.body, &[&bindings], &mut output)?;
        let stream: TokenStream = output.into_iter().collect();
        syntax::within_run(&stream, RUN_LIMIT).then_some(stream)
    }

    /// Adds a body with its variables replaced. `None` where a variable is not bound or too much is made.
    fn fill(&self, body: &[Part], bindings: &[&Bindings], output: &mut Vec<TokenTree>) -> Option<()> {
        for part in body {
            self.made.set(self.made.get() + 1);
            if self.made.get() > TOKEN_LIMIT {
                return None;
            }
            match part {
                Part::Token(token) => output.push(token.clone()),
                Part::Group(delimiter, span, parts) => {
                    let mut inner = Vec::new();
                    self.fill(parts, bindings, &mut inner)?;
                    let mut group = Group::new(*delimiter, inner.into_iter().collect());
                    group.set_span(*span);
                    output.push(TokenTree::Group(group));
                }
                Part::Variable { name, .. } => {
                    let binding = bindings.iter().rev().find_map(|scope| scope.get(name))?;
                    let Binding::Tokens(tokens) = binding else { return None };
                    self.made.set(self.made.get() + tokens.len());
                    output.extend(tokens.iter().cloned());
                }
                Part::Repeat { parts, separator, .. } => {
                    let names = variables(parts);
                    let each = names.iter().find_map(|name| {
                        bindings.iter().rev().find_map(|scope| match scope.get(*name) {
                            Some(Binding::Each(each)) => Some(each),
                            _ => None,
                        })
                    })?;
                    for (at, inner) in each.iter().enumerate() {
                        output.extend(separator.clone().filter(|_| at > 0));
                        let scopes: Vec<&Bindings> = bindings.iter().copied().chain([inner]).collect();
                        self.fill(parts, &scopes, output)?;
                    }
                }
            }
        }
        Some(())
    }
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// The parts of a pattern or a body.
fn parts(stream: TokenStream, is_pattern: bool) -> Vec<Part> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut parts_found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '$' => match tokens.get(at) {
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                    let (separator, operator, length) = repetition(tokens.get(at + 1..).unwrap_or_default());
                    at += 1 + length;
                    let parts = parts(group.stream(), is_pattern);
                    parts_found.push(Part::Repeat { parts, separator, at_most_once: operator == '?' });
                }
                Some(TokenTree::Ident(ident)) if ident == "crate" => {
                    parts_found.push(Part::Token(TokenTree::Ident(ident.clone())));
                    at += 1;
                }
                Some(TokenTree::Ident(ident)) => {
                    let name = ident.to_string();
                    at += 1;
                    let mut fragment = String::new();
                    if let (true, Some(colon), Some(TokenTree::Ident(kind))) =
                        (is_pattern, tokens.get(at), tokens.get(at + 1))
                        && is_punct(colon, ':')
                    {
                        fragment = kind.to_string();
                        at += 2;
                    }
                    parts_found.push(Part::Variable { name, fragment });
                }
                _ => {}
            },
            TokenTree::Group(group) => {
                parts_found.push(Part::Group(group.delimiter(), group.span(), parts(group.stream(), is_pattern)));
            }
            other => parts_found.push(Part::Token(other.clone())),
        }
    }
    parts_found
}

/// The separator and the operator behind `$( … )`, and how many tokens they take.
fn repetition(tokens: &[TokenTree]) -> (Option<TokenTree>, char, usize) {
    let operator = |token: Option<&TokenTree>| match token {
        Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '*' | '+' | '?') => Some(punct.as_char()),
        _ => None,
    };
    match operator(tokens.first()) {
        Some(found) => (None, found, 1),
        None => (tokens.first().cloned(), operator(tokens.get(1)).unwrap_or('*'), 2.min(tokens.len())),
    }
}

/// The variables that occur in parts.
fn variables(parts: &[Part]) -> Vec<&str> {
    let mut names = Vec::new();
    for part in parts {
        match part {
            Part::Variable { name, .. } => names.push(name.as_str()),
            Part::Group(_, _, parts) | Part::Repeat { parts, .. } => names.extend(variables(parts)),
            Part::Token(_) => {}
        }
    }
    names
}

/// Matches a pattern from a token on; gives the token behind it.
fn matches(pattern: &[Part], input: &[TokenTree], mut at: usize, bindings: &mut Bindings) -> Option<usize> {
    for part in pattern {
        match part {
            Part::Token(token) => {
                let found = input.get(at)?;
                if token.to_string() != found.to_string() {
                    return None;
                }
                at += 1;
            }
            Part::Group(delimiter, _, parts) => {
                let Some(TokenTree::Group(group)) = input.get(at) else { return None };
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let fits = group.delimiter() == *delimiter && matches(parts, &inner, 0, bindings)? == inner.len();
                if !fits {
                    return None;
                }
                at += 1;
            }
            Part::Variable { name, fragment } => {
                let length = fragment_length(fragment, input.get(at..)?)?;
                let tokens = input.get(at..at + length)?.to_vec();
                bindings.insert(name.clone(), Binding::Tokens(grouped(fragment, tokens)));
                at += length;
            }
            Part::Repeat { parts, separator, at_most_once } => {
                let (end, each) = repeat(parts, separator.as_ref(), *at_most_once, input, at);
                at = end;
                for name in variables(parts) {
                    let of_name = each.iter().map(copy).collect();
                    bindings.insert(name.to_owned(), Binding::Each(of_name));
                }
            }
        }
    }
    Some(at)
}

/// As many matches of a repetition as there are.
fn repeat(
    parts: &[Part],
    separator: Option<&TokenTree>,
    at_most_once: bool,
    input: &[TokenTree],
    mut at: usize,
) -> (usize, Vec<Bindings>) {
    let mut each = Vec::new();
    while at < input.len() {
        let start = match (separator, each.is_empty()) {
            (Some(separator), false) => match input.get(at) {
                Some(found) if found.to_string() == separator.to_string() => at + 1,
                _ => break,
            },
            _ => at,
        };
        let mut inner = Bindings::new();
        match matches(parts, input, start, &mut inner) {
            Some(end) if end > start => {
                each.push(inner);
                at = end;
            }
            _ => break,
        }
        if at_most_once {
            break;
        }
    }
    (at, each)
}

fn copy(bindings: &Bindings) -> Bindings {
    let copy_one = |binding: &Binding| match binding {
        Binding::Tokens(tokens) => Binding::Tokens(tokens.clone()),
        Binding::Each(each) => Binding::Each(each.iter().map(copy).collect()),
    };
    bindings.iter().map(|(name, binding)| (name.clone(), copy_one(binding))).collect()
}

/// An expression of several tokens stays one when it is put between others.
fn grouped(fragment: &str, tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    if let (true, [first, _, ..]) = (fragment.starts_with("expr"), tokens.as_slice()) {
        let span = first.span();
        let mut group = Group::new(Delimiter::None, tokens.into_iter().collect());
        group.set_span(span);
        return vec![TokenTree::Group(group)];
    }
    tokens
}

/// How many tokens a fragment takes from the start of the input.
fn fragment_length(fragment: &str, input: &[TokenTree]) -> Option<usize> {
    let first = input.first();
    match fragment {
        "ident" => matches!(first?, TokenTree::Ident(_)).then_some(1),
        "lifetime" => is_punct(first?, '\'').then_some(2),
        "tt" => Some(if is_punct(first?, '\'') { 2 } else { 1 }),
        "literal" => match first? {
            TokenTree::Literal(_) => Some(1),
            TokenTree::Ident(ident) if ident == "true" || ident == "false" => Some(1),
            TokenTree::Punct(minus) if minus.as_char() == '-' => Some(2),
            _ => None,
        },
        "vis" => parsed_length::<syn::Visibility>(input),
        _ if first.is_none() => None,
        "expr" | "expr_2021" => parsed_length::<syn::Expr>(input),
        "ty" => parsed_length::<syn::Type>(input),
        "path" => parsed_length::<syn::Path>(input),
        "block" => parsed_length::<syn::Block>(input),
        "item" => parsed_length::<syn::Item>(input),
        "meta" => parsed_length::<syn::Meta>(input),
        "stmt" => parsed_length::<syn::Stmt>(input),
        "pat" | "pat_param" => {
            let parser = |stream: ParseStream<'_>| {
                syn::Pat::parse_multi(stream)?;
                stream.parse::<TokenStream>()
            };
            let rest = parser.parse2(input.iter().cloned().collect()).ok()?;
            input.len().checked_sub(rest.into_iter().count())
        }
        _ => None,
    }
}

fn parsed_length<T: syn::parse::Parse>(input: &[TokenTree]) -> Option<usize> {
    let parser = |stream: ParseStream<'_>| {
        stream.parse::<T>()?;
        stream.parse::<TokenStream>()
    };
    let rest = parser.parse2(input.iter().cloned().collect()).ok()?;
    input.len().checked_sub(rest.into_iter().count())
}

/// What `paste!` makes of its tokens: `[< a b >]` becomes the name `ab`.
pub(super) fn pasted(stream: &TokenStream) -> TokenStream {
    let paste = |token| match token {
        TokenTree::Group(group) => pasted_name(&group).map_or_else(
            || {
                let mut inner = Group::new(group.delimiter(), pasted(&group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            },
            TokenTree::Ident,
        ),
        other => other,
    };
    stream.clone().into_iter().map(paste).collect()
}

/// The name that `[< … >]` makes; without regard to case modifiers, as only whether names are equal matters.
fn pasted_name(group: &Group) -> Option<Ident> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let [open, inner @ .., close] = tokens.as_slice() else { return None };
    if group.delimiter() != Delimiter::Bracket || !is_punct(open, '<') || !is_punct(close, '>') {
        return None;
    }
    let part = |token: &TokenTree| match token {
        TokenTree::Punct(_) => String::new(),
        other => other.to_string().trim_matches('"').to_owned(),
    };
    let name: Ident = syn::parse_str(&inner.iter().map(part).collect::<String>()).ok()?;
    Some(Ident::new(&name.to_string(), group.span_open()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(definition: &str, input: &str) -> Option<String> {
        let mut rules = Rules::default();
        rules.define("m", &definition.parse().expect("tokens"));
        rules.expand("m", &input.parse().expect("tokens")).map(|tokens| tokens.to_string())
    }

    #[test]
    fn fragments_and_repetitions_expand() {
        let check = |definition: &str, input: &str, expected: &str| {
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(expand(definition, input).map(|text| plain(&text)), Some(plain(expected)), "{definition}");
        };
        check("($p:literal) => { query!(\"a\" + $p) }", "\"b\"", "query!(\"a\" + \"b\")");
        check("($p:expr, $t:ty) => { f::<$t>($p) };", "x.y(), Vec<u8>", "f::<Vec<u8>>(x.y())");
        check("($($x:ident),* $(,)?) => { [$($x),*] }", "a, b, c,", "[a, b, c]");
        check("(a) => { 1 }; (b $x:tt) => { $crate::g($x) }", "b (1, 2)", "crate::g((1, 2))");
        check("($($k:ident = $v:expr;)+) => { $( set($k, $v); )+ }", "a = 1; b = 2;", "set(a, 1); set(b, 2);");
        assert_eq!(expand("($x:ident) => { $x }", "1"), None);
        assert_eq!(expand("() => { $unbound }", ""), None);
    }

    #[test]
    fn expansion_is_bounded() {
        let mut rules = Rules::default();
        rules.define("twice", &"($($x:tt)*) => { $($x)* $($x)* }".parse().expect("tokens"));
        let mut tokens: TokenStream = "a, a, a, a".parse().expect("tokens");
        let mut rounds = 0;
        while let Some(next) = rules.expand("twice", &tokens) {
            tokens = next;
            rounds += 1;
            assert!(rounds < 64, "no bound");
        }
    }
}
