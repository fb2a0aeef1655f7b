//! What the walk takes down of a call: its profile, its text, its rows.

use std::borrow::Cow;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::visit::Visit as _;
use syn::{Expr, Token};

use super::chain::plain;
use super::evaluate::{arguments, path_ends};
use super::macro_rules::EXPANSION_LIMIT;
use super::records::{self, RowType};
use super::scan::Call;
use super::shapes::{self, Certainty, Reads};
use super::text::{SqlText, looks_like_sql};
use super::value::{IncludedFile, Value};
use super::walk::Walker;
use super::{CallProfile, Read, diesel, macro_rules, own, profiles};
use crate::source::Span;

impl Walker<'_> {
    /// A function called by its path.
    pub(super) fn take_function_call(&mut self, call: &syn::ExprCall) {
        if !self.take_known_function(call) {
            self.take_passed(call);
        }
    }

    /// A function that is known to send SQL; whether it is one.
    fn take_known_function(&mut self, call: &syn::ExprCall) -> bool {
        let Expr::Path(function) = &*call.func else { return false };
        let path = self.scope.resolve(&function.path);
        let imports = &self.scope.imports;
        let imported = |crates: &[&str]| imports.has_glob_of(|first| crates.contains(&first));
        let Some((shape, certainty)) = shapes::of_function(&path, imported) else {
            return self.take_associated_call(call, &path);
        };
        let (Some(profile), Some(argument)) = (shape.profile(), call.args.iter().nth(shape.text)) else { return false };
        let text = self.scope.value_of(argument);
        let last_type = function.path.segments.last().and_then(last_type_argument);
        let row = last_type.and_then(|ty| match shape.reads {
            Reads::Row => records::row_type(ty, |path| self.scope.reference(path)),
            Reads::Scalar => records::scalar(ty),
            Reads::Nothing => None,
        });
        let row = row.or_else(|| self.loaded_as.take().filter(|_| profile.id == "diesel::sql_query"));
        let span = self.scope.span_of(argument);
        let built_at_once = self.text_behind(self.scope.span_of(call)).starts_with(".build");
        let extended =
            (profile.id == "sqlx::QueryBuilder" && !built_at_once).then_some(Cow::Borrowed("the builder adds to it"));
        let sure = certainty == Certainty::Named;
        self.add(Call { row, extended, ..self.call(profile, text, span, sure) })
    }

    /// The statement that loads an entity.
    pub(super) fn take_entity(&mut self, text: SqlText, reads: Vec<Read>) {
        if let Some(profile) = profiles::by_id("sea_orm::entity") {
            let span = text.place.span;
            let row = Some(RowType::Names(reads));
            self.add(Call { row, ..self.call(profile, Value::Text(text), span, true) });
        }
    }

    /// `impl QueryFragment`, which writes SQL piece by piece as it runs.
    pub(super) fn take_query_fragment(&mut self, item: &syn::ItemImpl) {
        let span = self.scope.span_of(&item.self_ty);
        let writes = self.scope.source.slice(self.scope.span_of(item)).contains("push_sql");
        if let (true, Some(profile)) = (writes, profiles::by_id("diesel::dsl")) {
            self.add(self.call(profile, Value::run_time("is written piece by piece in `walk_ast`", true), span, true));
        }
    }

    /// `Client::query(&client, "…")`.
    fn take_associated_call(&mut self, call: &syn::ExprCall, path: &[String]) -> bool {
        if let (true, Some(profile)) =
            (self.is_sql_piece(path, self.scope.span_of(call)), profiles::by_id("diesel::dsl"))
        {
            let text = Value::run_time("is a piece of SQL in an expression", true);
            return self.add(self.call(profile, text, self.scope.span_of(call), true));
        }
        let (true, Some(name), Some(argument)) = (path.len() > 1, path.last(), call.args.iter().nth(1)) else {
            return false;
        };
        match self.scope.value_of(argument) {
            Value::Text(text) if looks_like_sql(&text.sql) => {
                self.take_by_method_name(name, argument, self.scope.span_of(call))
            }
            _ => false,
        }
    }

    /// A method.
    pub(super) fn take_method_call(&mut self, call: &syn::ExprMethodCall) {
        let Some(argument) = call.args.first() else { return };
        let taken = self.take_by_method_name(&call.method.to_string(), argument, self.scope.span_of(call));
        self.take_passed_to_method(call, taken);
    }

    fn take_by_method_name(&mut self, name: &str, argument: &Expr, whole: Span) -> bool {
        if matches!(plain(argument), Expr::Array(_) | Expr::Tuple(_)) {
            return false;
        }
        let awaited = self.text_behind(whole).starts_with(".await");
        let shape = shapes::of_method(name, self.scope.package, self.scope.source.text(), awaited);
        let Some((shape, profile)) = shape.and_then(|shape| Some((shape, shape.profile()?))) else {
            return false;
        };
        let text = self.scope.value_of(argument);
        if self.delegates(name, &text) {
            return true;
        }
        let span = self.scope.span_of(argument);
        self.add(self.call(profile, text, span, shape.sure))
    }

    /// Whether a method of a driver's own trait hands its text on to the same method of what it wraps: its callers are calls of
    /// the driver as any.
    fn delegates(&self, name: &str, text: &Value) -> bool {
        let of_driver = self.of_trait.as_deref().is_some_and(|of| DRIVER_TRAITS.contains(&of));
        let handed_on = |text: &Value| match text {
            Value::RunTime(unknown) => unknown.parameter.as_ref().is_some_and(|parameter| parameter.function == name),
            _ => false,
        };
        of_driver && handed_on(text)
    }

    fn text_behind(&self, span: Span) -> &str {
        self.scope.source.text().get(span.end..).unwrap_or("").trim_start().trim_start_matches('?').trim_start()
    }

    /// A macro: one that sends SQL, one of the file's own, or any other, whose tokens may hold calls.
    pub(super) fn take_macro(&mut self, call: &syn::Macro) {
        let path = self.scope.resolve(&call.path);
        let Some(name) = path.last().map(|name| name.trim_start_matches("r#").to_owned()) else { return };
        let known_here = self.scope.rules.defines(&name);
        let package = self.scope.package;
        if let (Some((shape, certainty)), false) =
            (shapes::of_macro(&path, |crates| package.depends_on(crates)), known_here)
        {
            if self.take_query_macro(shape, certainty, &call.tokens).is_some() {
                return;
            }
        } else if own::is_named(&self.scope, &path) {
            return self.take_own_macro(&call.tokens);
        } else if self.chains.active
            && matches!(name.as_str(), "table" | "view" | "define_sql_function" | "sql_function")
        {
            let offsets = self.scope.offsets;
            if name == "table" || name == "view" {
                self.found.diesel.tables.extend(diesel::table(&call.tokens, &self.scope.module));
            } else {
                self.found.diesel.functions.extend(diesel::function(&call.tokens, offsets, self.around()));
            }
            return;
        } else if name == "paste" || path_ends(&path, &["paste", "item"]) {
            return self.visit_tokens(&macro_rules::pasted(&call.tokens));
        } else if name == "write" || name == "writeln" {
            if self.take_write(call) {
                let values = arguments(call.tokens.clone()).unwrap_or_default();
                return values.iter().skip(1).for_each(|value| self.visit_expr(value));
            }
        } else if name == "lazy_static" {
            return self.take_lazy_statics(&call.tokens);
        } else if name == "include" || path_ends(&path, &["automod", "dir"]) {
            self.found.includes_code = true;
        } else if known_here {
            let expansion = self.scope.rules.expand(&name, &call.tokens);
            match expansion.filter(|_| self.scope.expanding < EXPANSION_LIMIT) {
                Some(tokens) => {
                    self.expanded.insert(name);
                    self.scope.expanding += 1;
                    self.visit_tokens(&tokens);
                    self.scope.expanding -= 1;
                    return;
                }
                None => self.not_expanded.insert(name),
            };
        }
        self.visit_tokens(&call.tokens);
    }

    fn take_query_macro(
        &mut self,
        shape: &shapes::MacroShape,
        certainty: Certainty,
        tokens: &TokenStream,
    ) -> Option<()> {
        let profile = shape.profile()?;
        let parser = |input: ParseStream<'_>| {
            let row: Option<syn::Type> = if shape.typed { Some(input.parse()?) } else { None };
            if row.is_some() {
                input.parse::<Token![,]>()?;
            }
            let text: Expr = input.parse()?;
            Ok((row, text, input.parse::<TokenStream>()?))
        };
        let (row, argument, rest) = parser.parse2(tokens.clone()).ok()?;
        let mut text = self.scope.value_of(&argument);
        if certainty == Certainty::Likely
            && !shape.file
            && !matches!(&text, Value::Text(text) if looks_like_sql(&text.sql))
        {
            return None;
        }
        if let (true, Value::Text(path)) = (shape.file, &text) {
            text = Value::File(IncludedFile { path: path.sql.clone(), from_package: true });
        }
        let row = row.filter(|_| shape.reads == Reads::Row);
        let row: Option<RowType> = row.and_then(|ty| records::row_type(&ty, |path| self.scope.reference(path)));
        let span = self.scope.span_of(&argument);
        self.add(Call { row, ..self.call(profile, text, span, true) });
        self.visit_tokens(&rest);
        Some(())
    }

    /// `lazy_static! { static ref NAME: Type = …; }`
    fn take_lazy_statics(&mut self, tokens: &TokenStream) {
        let parser = |input: ParseStream<'_>| {
            let mut statics = Vec::new();
            while !input.is_empty() {
                syn::Attribute::parse_outer(input)?;
                input.parse::<syn::Visibility>()?;
                input.parse::<Token![static]>()?;
                input.parse::<Token![ref]>()?;
                let name: Ident = input.parse()?;
                input.parse::<Token![:]>()?;
                input.parse::<syn::Type>()?;
                input.parse::<Token![=]>()?;
                statics.push((name, input.parse::<Expr>()?));
                input.parse::<Token![;]>()?;
            }
            Ok(statics)
        };
        let Ok(statics) = parser.parse2(tokens.clone()) else { return self.visit_tokens(tokens) };
        for (name, value) in &statics {
            let text = self.scope.value_of(value);
            self.define(name, text);
            self.visit_expr(value);
        }
    }

    fn take_own_macro(&mut self, tokens: &TokenStream) {
        let Some(profile) = profiles::by_id(profiles::OWN_MACRO) else { return };
        let (text, expectation) = own::read(&mut self.scope, tokens);
        let span = arguments(tokens.clone()).and_then(|all| all.last().map(|last| self.scope.span_of(last)));
        let mut call = self.call(profile, text, span.unwrap_or_default(), true);
        if let Some(mut expectation) = expectation {
            expectation.place = Some(super::PlaceKey { path: self.scope.source.path().to_owned(), span: call.span });
            call.expectation = Some(expectation);
        }
        self.add(call);
    }

    fn call(&self, profile: &'static CallProfile, text: Value, span: Span, sure: bool) -> Call {
        Call {
            profile,
            text,
            span,
            sure,
            row: None,
            expectation: self.expectation.clone(),
            test: self.test,
            in_macro: self.in_macro.clone(),
            extended: None,
        }
    }

    /// Keeps a call, unless it is plain that it takes no SQL; says whether it does.
    fn add(&mut self, call: Call) -> bool {
        let keep = match &call.text {
            Value::Text(text) => call.sure || looks_like_sql(&text.sql),
            Value::RunTime(unknown) => call.sure || unknown.is_text,
            Value::Tuple(_) | Value::Number => call.sure,
            _ => true,
        };
        if keep {
            self.found.calls.push(call);
        }
        keep
    }

    /// The definition of a macro whose arguments are not known: calls in its bodies, with stand-ins for the arguments.
    pub(super) fn visit_macro_definition(&mut self, name: &str, definition: &TokenStream) {
        let tokens: Vec<TokenTree> = definition.clone().into_iter().collect();
        let bodies = tokens.windows(3).filter_map(|window| match window {
            [TokenTree::Punct(eq), TokenTree::Punct(gt), TokenTree::Group(body)]
                if eq.as_char() == '=' && gt.as_char() == '>' =>
            {
                Some(without_variables(body.stream()))
            }
            _ => None,
        });
        let outer = self.in_macro.replace(name.to_owned());
        self.scope.locals.open();
        self.scope.locals.set(STAND_IN, Value::run_time(format!("is an argument of `{name}!`"), true));
        for body in bodies {
            self.visit_tokens(&body);
        }
        self.scope.locals.close();
        self.in_macro = outer;
    }
}

/// The traits by which drivers send statements.
const DRIVER_TRAITS: &[&str] =
    &["Executor", "GenericClient", "ConnectionTrait", "SimpleConnection", "SimpleAsyncConnection"];

/// What stands for a variable of a macro.
const STAND_IN: &str = "schemacheck_argument";

/// A macro's body with its variables replaced by a name, and its repetitions by one of their rounds.
fn without_variables(stream: TokenStream) -> TokenStream {
    let mut output: Vec<TokenTree> = Vec::new();
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(dollar) if dollar.as_char() == '$' => match tokens.next() {
                Some(TokenTree::Ident(ident)) if ident == "crate" => output.push(TokenTree::Ident(ident)),
                Some(TokenTree::Ident(ident)) => output.push(TokenTree::Ident(Ident::new(STAND_IN, ident.span()))),
                Some(TokenTree::Group(group)) => {
                    output.extend(without_variables(group.stream()));
                    let is_operator = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if matches!(p.as_char(), '*' | '+' | '?'));
                    if tokens.next_if(is_operator).is_none() {
                        output.extend(tokens.next());
                        tokens.next_if(is_operator);
                    }
                }
                other => output.extend(other),
            },
            TokenTree::Group(group) => {
                let mut inner = proc_macro2::Group::new(group.delimiter(), without_variables(group.stream()));
                inner.set_span(group.span());
                output.push(TokenTree::Group(inner));
            }
            other => output.push(other),
        }
    }
    output.into_iter().collect()
}

fn last_type_argument(segment: &syn::PathSegment) -> Option<&syn::Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().rev().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
