//! Tokens that are no Rust as a whole, such as a macro's or a broken file's: what can be read in them is walked.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Expr;
use syn::parse::Parser as _;
use syn::visit::Visit as _;

use super::evaluate::arguments;
use super::walk::Walker;

impl Walker<'_> {
    /// Tokens of no known meaning, such as a macro's: whatever in them can be read as Rust is walked.
    pub(super) fn visit_tokens(&mut self, stream: &TokenStream) {
        if stream.is_empty() {
            return;
        }
        if let Some(expressions) = arguments(stream.clone()) {
            return expressions.iter().for_each(|expression| self.visit_expr(expression));
        }
        if let Ok(stmts) = syn::Block::parse_within.parse2(stream.clone()) {
            let block = syn::Block { brace_token: syn::token::Brace::default(), stmts };
            return self.visit_block(&block);
        }
        if let Ok(file) = syn::parse2::<syn::File>(stream.clone()) {
            return self.visit_file(&file);
        }
        let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
        self.visit_pieces(&tokens);
    }

    /// Tokens that are no Rust as a whole: piece by piece between separators, then by their patterns.
    fn visit_pieces(&mut self, tokens: &[TokenTree]) {
        let is_arrow = |at: usize| {
            matches!(tokens.get(at..at + 2), Some([TokenTree::Punct(a), TokenTree::Punct(b)])
            if a.as_char() == '=' && b.as_char() == '>')
        };
        let mut start = 0;
        for at in 0..=tokens.len() {
            let separates = match tokens.get(at) {
                None => true,
                Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), ',' | ';') || is_arrow(at),
                _ => false,
            };
            if !separates {
                continue;
            }
            let piece = tokens.get(start..at).unwrap_or_default();
            start = if is_arrow(at) { at + 2 } else { at + 1 };
            if piece.is_empty() {
                continue;
            }
            match syn::parse2::<Expr>(piece.iter().cloned().collect()) {
                Ok(expression) if piece.len() < tokens.len() => self.visit_expr(&expression),
                _ => self.visit_patterns(piece),
            }
        }
    }

    /// Tokens by their patterns: `path!(…)`, `path(…)`, `.method(…)`, and whatever is in brackets.
    fn visit_patterns(&mut self, tokens: &[TokenTree]) {
        let outer = self.test;
        for (at, token) in tokens.iter().enumerate() {
            let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
            let TokenTree::Group(group) = token else { continue };
            if group.delimiter() == Delimiter::Bracket && is_punct(before(1), '#') {
                self.test |= marks_test(&group.stream());
                continue;
            }
            let is_macro = is_punct(before(1), '!');
            let path_end = if is_macro { at.checked_sub(1) } else { Some(at) };
            let path = path_end.and_then(|end| tokens.get(..end)).map(path_before).unwrap_or_default();
            let call = tokens.get(at - path.len() - usize::from(is_macro)..=at).unwrap_or_default();
            let is_method = !is_macro && is_punct(at.checked_sub(path.len() + 1).and_then(|at| tokens.get(at)), '.');
            let stream: TokenStream = if is_method {
                let receiver = TokenTree::Ident(Ident::new("receiver", group.span()));
                let dot = TokenTree::Punct(proc_macro2::Punct::new('.', proc_macro2::Spacing::Alone));
                [receiver, dot].into_iter().chain(call.iter().cloned()).collect()
            } else {
                call.iter().cloned().collect()
            };
            match syn::parse2::<Expr>(stream) {
                Ok(expression @ (Expr::Macro(_) | Expr::Call(_) | Expr::MethodCall(_))) if !path.is_empty() => {
                    self.visit_expr(&expression);
                }
                _ => self.visit_tokens(&group.stream()),
            }
            if group.delimiter() == Delimiter::Brace {
                self.test = outer;
            }
        }
        self.test = outer;
    }
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Whether an attribute's tokens say that the item behind it is for tests.
fn marks_test(attribute: &TokenStream) -> bool {
    let text: String = attribute.to_string().split_whitespace().collect();
    text == "cfg(test)" || text == "test" || text.ends_with("::test") || text.contains("::test(")
}

/// The tokens of the path that ends a run of tokens: `a::b`, without type arguments.
fn path_before(tokens: &[TokenTree]) -> &[TokenTree] {
    let mut start = tokens.len();
    let at = |index: Option<usize>| index.and_then(|index| tokens.get(index));
    while let Some(TokenTree::Ident(_)) = at(start.checked_sub(1)) {
        start -= 1;
        let colons = is_punct(at(start.checked_sub(1)), ':') && is_punct(at(start.checked_sub(2)), ':');
        if !colons || !matches!(at(start.checked_sub(3)), Some(TokenTree::Ident(_))) {
            break;
        }
        start -= 2;
    }
    tokens.get(start..).unwrap_or_default()
}
