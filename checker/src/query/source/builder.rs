//! Texts that are built step by step: `String::push_str`, `+=`, `write!`, and sqlx's `QueryBuilder`.
//!
//! Branches are followed each on its own and joined behind them: what a condition adds is there or not. Of a loop one round
//! stands for all, or none.

use syn::Expr;

use super::chain::{flatten, plain, variable};
use super::evaluate::arguments;
use super::records::{self, RowType};
use super::scan::Call;
use super::text::SqlText;
use super::value::Value;
use super::walk::Walker;
use crate::source::Span;

/// A variable that separates what it hands on to a builder.
#[derive(Clone)]
pub(super) struct Separated {
    pub(super) name: String,
    of: String,
    separator: Value,
    is_first: bool,
}

impl Walker<'_> {
    /// Follows what a chain of calls does to the text or the builder that it starts with.
    pub(super) fn take_building(&mut self, call: &syn::ExprMethodCall) {
        let (root, methods) = flatten(call);
        let Some(name) = variable(root) else { return };
        let mut separated = self.separated.iter().rev().find(|separated| separated.name == name).cloned();
        let of = separated.as_ref().map_or(name, |separated| separated.of.clone());
        let Some(value) = self.scope.locals.get(&of).filter(|value| value.is_text()) else { return };
        if !self.scope.locals.is_building(&of) {
            return;
        }
        let is_known = value.is_known();
        for call in methods {
            let method = call.method.to_string();
            if let ("separated", Some(separator)) = (method.as_str(), call.args.first()) {
                let separator = self.scope.part_of(separator);
                separated = Some(Separated { name: String::new(), of: of.clone(), separator, is_first: true });
            } else if method.starts_with("build") {
                self.take_built(&of, call, &method);
            } else if is_known {
                self.take_step(&of, call, &method, separated.as_mut());
            }
        }
        if let Some(separated) = separated
            && let Some(known) = self.separated.iter_mut().rev().find(|known| known.name == separated.name)
        {
            *known = separated;
        }
    }

    fn take_step(&mut self, of: &str, call: &syn::ExprMethodCall, method: &str, separated: Option<&mut Separated>) {
        let separates = separated.is_some() && !method.ends_with("_unseparated");
        let bind = Value::Bind { numbered: self.scope.locals.numbers_binds(of) };
        let mut parts = Vec::new();
        if let (true, Some(separated)) = (separates, separated)
            && !std::mem::take(&mut separated.is_first)
        {
            parts.push(separated.separator.clone());
        }
        match (method, call.args.first(), call.args.last()) {
            ("push" | "push_str" | "push_unseparated", Some(text), _) => parts.push(self.scope.part_of(text)),
            ("push_bind" | "push_bind_unseparated", Some(_), _) => parts.push(bind),
            ("push_values" | "push_tuples", Some(_), Some(Expr::Closure(row))) => match self.row(row, &bind) {
                Some(row) => {
                    let (open, close) = if method == "push_values" { ("VALUES (", ")") } else { (" ((", ")) ") };
                    parts.push(self.made(open, call));
                    parts.extend(row);
                    parts.push(self.made(close, call));
                }
                None => return self.scope.locals.forget(of, &format!("is changed by `{method}`")),
            },
            (method, _, _) if super::locals::CHANGING.contains(&method) || method.starts_with("push_") => {
                return self.scope.locals.forget(of, &format!("is changed by `{method}`"));
            }
            _ => return,
        }
        self.scope.locals.extend(of, parts);
    }

    /// What one row pushes, if the closure does nothing else with the builder.
    fn row(&mut self, closure: &syn::ExprClosure, bind: &Value) -> Option<Vec<Value>> {
        let builder = match closure.inputs.first()? {
            syn::Pat::Ident(name) => name.ident.to_string(),
            syn::Pat::Type(typed) => match &*typed.pat {
                syn::Pat::Ident(name) => name.ident.to_string(),
                _ => return None,
            },
            _ => return None,
        };
        let mut chains = Vec::new();
        match &*closure.body {
            Expr::Block(block) => {
                for statement in &block.block.stmts {
                    match statement {
                        syn::Stmt::Expr(Expr::MethodCall(call), _) => chains.push(call),
                        syn::Stmt::Expr(..) | syn::Stmt::Macro(_) => return None,
                        syn::Stmt::Local(_) | syn::Stmt::Item(_) => {}
                    }
                }
            }
            Expr::MethodCall(call) => chains.push(call),
            _ => return None,
        }
        let mut parts = Vec::new();
        let mut is_first = true;
        for chain in chains {
            let (root, methods) = flatten(chain);
            if variable(root).as_ref() != Some(&builder) {
                continue;
            }
            for call in methods {
                let method = call.method.to_string();
                if !method.ends_with("_unseparated") && !std::mem::take(&mut is_first) {
                    parts.push(self.made(", ", call));
                }
                parts.push(match (method.as_str(), call.args.first()) {
                    ("push_bind" | "push_bind_unseparated", Some(_)) => bind.clone(),
                    ("push" | "push_unseparated", Some(text)) => self.scope.part_of(text),
                    _ => return None,
                });
            }
        }
        (!parts.is_empty()).then_some(parts)
    }

    /// Text that the builder writes by itself.
    fn made(&self, text: &str, call: &syn::ExprMethodCall) -> Value {
        let mut made = SqlText::new(self.scope.place(self.scope.span_of(call)));
        text.chars().for_each(|character| made.push_char(character));
        Value::Text(made)
    }

    /// `builder.build()`: the statement is sent as it is now.
    fn take_built(&mut self, of: &str, call: &syn::ExprMethodCall, method: &str) {
        let Some(created) = self.scope.locals.builder(of) else { return };
        let Some(text) = self.scope.locals.get(of).filter(|text| text.is_known()).cloned() else { return };
        let turbofish = call.turbofish.iter().flat_map(|generic| &generic.args).find_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        let row: Option<RowType> = turbofish.and_then(|ty| match method {
            "build_query_as" => records::row_type(ty, |path| self.scope.reference(path)),
            "build_query_scalar" => records::scalar(ty),
            _ => None,
        });
        let Some(first) = self.found.calls.get(created) else { return };
        let built = Call { text, row, extended: None, ..first.clone() };
        match self.found.calls.get_mut(created).filter(|call| call.extended.is_some()) {
            Some(first) => *first = built,
            None => self.found.calls.push(built),
        }
    }

    /// `text += "…"`.
    pub(super) fn take_addition(&mut self, sum: &syn::ExprBinary) {
        let (syn::BinOp::AddAssign(_), Some(name)) = (&sum.op, variable(&sum.left)) else { return };
        let is_number = matches!(self.scope.locals.get(&name), Some(Value::Number));
        if self.scope.locals.is_building(&name) && !is_number {
            let part = self.scope.part_of(&sum.right);
            self.scope.locals.extend(&name, vec![part]);
        }
    }

    /// `text = "…"`.
    pub(super) fn take_assignment(&mut self, assign: &syn::ExprAssign) {
        if let Some(name) = variable(&assign.left) {
            let value = self.scope.value_of(&assign.right);
            self.scope.locals.assign(&name, value);
        }
    }

    /// `write!(text, "…")`; whether it is one that adds to a text.
    pub(super) fn take_write(&mut self, call: &syn::Macro) -> bool {
        let Some(all) = arguments(call.tokens.clone()) else { return false };
        let Some((target, rest)) = all.split_first() else { return false };
        let Some(name) = variable(target).filter(|name| self.scope.locals.is_building(name)) else { return false };
        let mut parts = vec![self.scope.value_of_format(rest)];
        if call.path.segments.last().is_some_and(|last| last.ident == "writeln") {
            let mut end = SqlText::new(self.scope.place(Span::default()));
            end.push_char('\n');
            parts.push(Value::Text(end));
        }
        self.scope.locals.extend(&name, parts);
        true
    }

    /// `&mut text` handed to something.
    pub(super) fn take_lent(&mut self, reference: &syn::ExprReference) {
        if let (true, Some(name)) = (reference.mutability.is_some(), variable(&reference.expr)) {
            self.scope.locals.forget(&name, "is changed by what it is lent to");
        }
    }

    /// Remembers what a `let` binds, for what may be built on it.
    pub(super) fn bind_building(&mut self, local: &syn::Local, calls_before: usize) {
        self.scope.bind_local(local, true);
        let mut pattern = &local.pat;
        if let syn::Pat::Type(typed) = pattern {
            pattern = &typed.pat;
        }
        let (syn::Pat::Ident(name), Some(init)) = (pattern, &local.init) else { return };
        let name = name.ident.to_string();
        match plain(&init.expr) {
            Expr::Call(_) => {
                let created = self.found.calls.iter().enumerate().skip(calls_before);
                let builder = created.filter(|(_, call)| call.extended.is_some()).map(|(at, _)| at).next_back();
                if let Some(at) = builder {
                    let numbered = !self.scope.source.slice(self.scope.span_of(local)).contains("MySql");
                    self.scope.locals.set_builder(&name, at, numbered);
                }
            }
            Expr::MethodCall(call) if call.method == "separated" => {
                let (Some(of), Some(separator)) = (variable(&call.receiver), call.args.first()) else { return };
                let separator = self.scope.part_of(separator);
                self.separated.push(Separated { name, of, separator, is_first: true });
            }
            _ => {}
        }
    }
}
