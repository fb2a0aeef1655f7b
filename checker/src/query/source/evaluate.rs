//! What an expression says about a text: literals, macros that join them, branches, names.

use proc_macro2::TokenStream;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Token};

use super::chain::plain;
use super::scope::Scope;
use super::text::SqlText;
use super::text_type::is_number_type;
use super::value::{IncludedFile, Reference, RunTime, Value};
use super::{literal, template};
use crate::source::{Source, Span};

impl Scope<'_> {
    pub(super) fn literal(&self, literal: &syn::LitStr) -> Value {
        match literal::decode(self.source, self.offsets.span(literal.span())) {
            Some(text) => Value::Text(text),
            None => Value::run_time("a literal that a macro made", true),
        }
    }

    /// What an expression says about a text.
    pub(super) fn value_of(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => self.literal(text),
                Lit::Int(_) => Value::Number,
                _ => Value::run_time("is no text", false),
            },
            Expr::Macro(call) => self.value_of_macro(&call.mac),
            Expr::Reference(inner) => self.value_of(&inner.expr),
            Expr::Paren(inner) => self.value_of(&inner.expr),
            Expr::Group(inner) => self.value_of(&inner.expr),
            Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Deref(_)) => self.value_of(&inner.expr),
            Expr::Binary(sum) if matches!(sum.op, syn::BinOp::Add(_)) && !self.is_number(expr, NUMBER_DEPTH) => {
                let parts = vec![self.part_of(&sum.left), self.part_of(&sum.right)];
                if parts.iter().any(Value::is_text) { Value::Join(parts) } else { Value::run_time("is a sum", false) }
            }
            Expr::Path(path) if path.qself.is_none() => self.value_of_path(&path.path),
            Expr::Call(call) => self.value_of_call(call),
            Expr::MethodCall(call) => self.value_of_method_call(call),
            Expr::If(branch) => self.value_of_if(branch),
            Expr::Match(branches) => self.value_of_match(branches),
            Expr::Block(block) => self.value_of_block(&block.block),
            Expr::Unsafe(block) => self.value_of_block(&block.block),
            Expr::Const(block) => self.value_of_block(&block.block),
            Expr::Array(array) => Value::List(array.elems.iter().map(|element| self.value_of(element)).collect()),
            Expr::Repeat(repeat) => Value::Repeated(Box::new(self.part_of(&repeat.expr))),
            Expr::Range(_) => Value::Repeated(Box::new(Value::Number)),
            Expr::Cast(cast) if is_number_type(&cast.ty) => Value::Number,
            Expr::Binary(sum) if is_arithmetic(&sum.op) && self.is_number(expr, NUMBER_DEPTH) => Value::Number,
            Expr::Tuple(tuple) => Value::Tuple(tuple.elems.iter().map(|element| self.value_of(element)).collect()),
            Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => Value::AnyOf(Vec::new()),
            Expr::Field(field) => {
                let base = self.value_of(&field.base);
                match (&field.member, &base) {
                    (syn::Member::Unnamed(at), Value::Tuple(_) | Value::AnyOf(_)) => base.position(at.index as usize),
                    (syn::Member::Unnamed(at), Value::List(_) | Value::Named(_)) if !is_self(&field.base) => {
                        base.position(at.index as usize)
                    }
                    _ if is_self(&field.base) => Value::Named(self.own_field(&field.member)),
                    _ => Value::run_time("is a field of a value", false),
                }
            }
            Expr::Index(index) => match &*index.index {
                Expr::Range(range) if range.start.is_none() && range.end.is_none() => self.value_of(&index.expr),
                Expr::Range(_) => Value::run_time("is a part of a text", true),
                _ => self.value_of(&index.expr),
            },
            _ => Value::run_time("is the result of an expression", false),
        }
    }

    /// A part of a joined text, where numbers and truth values become text too.
    pub(super) fn part_of(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => self.literal(text),
                Lit::Int(number) => self.written(&lit.lit, number.base10_digits()),
                Lit::Float(number) => self.written(&lit.lit, number.base10_digits()),
                Lit::Bool(truth) => self.written(&lit.lit, if truth.value { "true" } else { "false" }),
                Lit::Char(character) => self.written(&lit.lit, character.value().encode_utf8(&mut [0; 4])),
                _ => Value::run_time("is no text", false),
            },
            _ => self.value_of(expr),
        }
    }

    fn written(&self, lit: &Lit, as_text: &str) -> Value {
        let mut text = SqlText::new(self.place(self.span_of(lit)));
        as_text.chars().for_each(|character| text.push_char(character));
        Value::Text(text)
    }

    /// The value of a variable or a constant.
    pub(super) fn value_of_path(&mut self, path: &syn::Path) -> Value {
        if let Some(value) = path.get_ident().and_then(|ident| self.locals.get(&ident.to_string())) {
            return value.clone();
        }
        Value::Named(self.reference(path))
    }

    pub(super) fn reference(&self, path: &syn::Path) -> Reference {
        Reference {
            path: self.resolve(path),
            method: false,
            module: self.module.clone(),
            self_name: self.self_name.clone(),
        }
    }

    /// A field of `self`; its values are those that the struct is made with.
    fn own_field(&self, member: &syn::Member) -> Reference {
        Reference {
            path: vec!["Self".to_owned(), field_name(member)],
            method: false,
            module: self.module.clone(),
            self_name: self.self_name.clone(),
        }
    }

    fn value_of_call(&mut self, call: &syn::ExprCall) -> Value {
        let Expr::Path(function) = &*call.func else { return Value::run_time("is the result of a call", false) };
        let names: Vec<String> = function.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let last_two = names.get(names.len().saturating_sub(2)..).unwrap_or_default();
        let last_two: Vec<&str> = last_two.iter().map(String::as_str).collect();
        let argument = call.args.first();
        match (last_two.as_slice(), argument) {
            ([.., "AssertSqlSafe"], Some(argument))
            | (
                [
                    "String" | "Cow" | "Arc" | "Rc" | "Box" | "SqlStr" | "SqlString",
                    "from" | "new" | "Borrowed" | "Owned",
                ]
                | ["SqlStr", "from_static"],
                Some(argument),
            ) => self.value_of(argument),
            (["repeat" | "repeat_n"] | ["iter", "repeat" | "repeat_n"], Some(each)) => {
                Value::Repeated(Box::new(self.part_of(each)))
            }
            (["LazyLock" | "Lazy" | "LazyCell" | "OnceLock", "new"], Some(Expr::Closure(closure))) => {
                self.value_of(&closure.body)
            }
            (["QueryBuilder", "new"], Some(argument)) => self.value_of(argument),
            (["String", "new" | "with_capacity"], _) => Value::Text(SqlText::new(self.place(self.span_of(call)))),
            _ => match function.path.get_ident().and_then(|ident| self.locals.get(&ident.to_string())) {
                Some(_) => Value::run_time("is the result of a closure", false),
                None => Value::Named(self.reference(&function.path)),
            },
        }
    }

    fn value_of_method_call(&mut self, call: &syn::ExprMethodCall) -> Value {
        let method = call.method.to_string();
        let trimmed = |text: Value, start: bool, end: bool| Value::Trimmed { text: Box::new(text), start, end };
        match (method.as_str(), call.args.len()) {
            ("to_string" | "to_owned" | "into_string" | "into_owned" | "as_str", 0) => {
                match self.value_of(&call.receiver) {
                    Value::RunTime(unknown) => Value::RunTime(RunTime { is_text: true, ..unknown }),
                    known => known,
                }
            }
            (
                "into" | "as_ref" | "clone" | "borrow" | "deref" | "into_boxed_str" | "leak" | "into_sql_str" | "iter"
                | "into_iter" | "copied" | "cloned",
                0,
            ) => self.value_of(&call.receiver),
            ("trim", 0) => trimmed(self.value_of(&call.receiver), true, true),
            ("trim_start", 0) => trimmed(self.value_of(&call.receiver), true, false),
            ("trim_end", 0) => trimmed(self.value_of(&call.receiver), false, true),
            ("replace", 2) => {
                let mut arguments = call.args.iter().map(|argument| Box::new(self.part_of(argument)));
                match (arguments.next(), arguments.next()) {
                    (Some(from), Some(to)) => {
                        drop(arguments);
                        Value::Replaced { text: Box::new(self.value_of(&call.receiver)), from, to }
                    }
                    _ => Value::run_time("is the result of `replace`", true),
                }
            }
            ("concat", 0) | ("join" | "intersperse", 1) => self.value_of_joined(call),
            ("len" | "count", 0) => Value::Number,
            ("collect" | "rev" | "by_ref" | "into_values" | "values" | "keys" | "chars" | "iter_mut" | "drain", _)
            | ("take" | "skip" | "filter" | "take_while" | "skip_while" | "inspect" | "chunks", 1) => {
                match self.value_of(&call.receiver) {
                    list @ (Value::Repeated(_) | Value::List(_)) if method == "collect" || call.args.is_empty() => list,
                    list @ Value::Repeated(_) => list,
                    joined @ Value::Joined { .. } if method == "collect" => joined,
                    _ => Value::run_time(format!("is the result of `{method}`"), false),
                }
            }
            ("repeat", 1) => match self.value_of(&call.receiver) {
                Value::List(values) => match values.as_slice() {
                    [only] => Value::Repeated(Box::new(only.clone())),
                    _ => Value::run_time("is the result of `repeat`", true),
                },
                _ => Value::run_time("is the result of `repeat`", true),
            },
            ("enumerate", 0) => match self.value_of(&call.receiver) {
                Value::Repeated(each) => Value::Repeated(Box::new(Value::Tuple(vec![Value::Number, *each]))),
                Value::List(values) => {
                    let counted = values.into_iter().map(|value| Value::Tuple(vec![Value::Number, value]));
                    Value::List(counted.collect())
                }
                _ => {
                    let each = Value::run_time("is an element of a list", false);
                    Value::Repeated(Box::new(Value::Tuple(vec![Value::Number, each])))
                }
            },
            ("map" | "filter_map" | "flat_map", 1) => match call.args.first() {
                Some(Expr::Closure(each)) => self.value_of_mapped(&call.receiver, each),
                _ => Value::run_time(format!("is the result of `{method}`"), false),
            },
            (_, 0) => Value::Named(self.method_on(&call.receiver, method)),
            (method @ ("repeat" | "to_uppercase" | "to_lowercase" | "replacen"), _) => {
                Value::run_time(format!("is the result of `{method}`"), true)
            }
            (method, _) => Value::run_time(format!("is the result of `{method}`"), false),
        }
    }

    /// `["a", "b"].join(" ")`, `["a", "b"].concat()`, and `list.intersperse(" ")`, which is then collected.
    fn value_of_joined(&mut self, call: &syn::ExprMethodCall) -> Value {
        let separator = call.args.first().map(|separator| self.part_of(separator));
        let list = match plain(&call.receiver) {
            Expr::Array(array) => Value::List(array.elems.iter().map(|element| self.part_of(element)).collect()),
            other => self.value_of(other),
        };
        Value::Joined { list: Box::new(list), separator: separator.map(Box::new) }
    }

    /// `list.iter().map(|each| …)`: what the closure makes of each.
    fn value_of_mapped(&mut self, list: &Expr, closure: &syn::ExprClosure) -> Value {
        let list = self.value_of(list);
        let each = |scope: &mut Self, element: &Value| {
            scope.locals.open();
            for input in &closure.inputs {
                scope.locals.bind(input, element, false);
            }
            let value = scope.part_of(&closure.body);
            scope.locals.close();
            value
        };
        match list {
            Value::List(elements) if elements.len() <= LIST_LIMIT && self.mapping < 2 => {
                self.mapping += 1;
                let mapped = elements.iter().map(|element| each(self, element)).collect();
                self.mapping -= 1;
                Value::List(mapped)
            }
            Value::Repeated(element) => Value::Repeated(Box::new(each(self, &element))),
            // An `Option` and a list of which nothing is known: what is made does not depend on it.
            _ => Value::Repeated(Box::new(each(self, &Value::run_time("is an element of a list", false)))),
        }
    }

    /// A method without arguments, on a value whose type may be known.
    fn method_on(&self, receiver: &Expr, method: String) -> Reference {
        let owner = match plain(receiver) {
            Expr::Path(path) if path.path.is_ident("self") => self.self_name.clone(),
            Expr::Path(path) => path.path.get_ident().and_then(|name| self.locals.type_of(&name.to_string())),
            _ => None,
        };
        let path = owner.into_iter().chain([method]).collect();
        Reference { path, method: true, module: Vec::new(), self_name: None }
    }

    /// Whether an expression is a number that is only known at run time: a variable, a length, or reckoned with one.
    fn is_number(&self, expr: &Expr, depth: usize) -> bool {
        match plain(expr) {
            Expr::Binary(sum) if is_arithmetic(&sum.op) && depth > 0 => {
                // Nothing but a number can be reckoned with one.
                let literal = |expr: &Expr| matches!(plain(expr), Expr::Lit(lit) if matches!(lit.lit, Lit::Int(_)));
                let mut sides = [&sum.left, &sum.right].into_iter();
                sides.any(|side| literal(side) || self.is_number(side, depth - 1))
            }
            Expr::Path(path) => {
                let local = path.path.get_ident().and_then(|name| self.locals.get(&name.to_string()));
                matches!(local, Some(Value::Number))
            }
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) && depth > 0 => {
                self.is_number(&unary.expr, depth - 1)
            }
            Expr::Cast(cast) => is_number_type(&cast.ty),
            Expr::MethodCall(call) => {
                matches!(call.method.to_string().as_str(), "len" | "count") && call.args.is_empty()
            }
            _ => false,
        }
    }

    fn value_of_if(&mut self, branch: &syn::ExprIf) -> Value {
        let Some((_, otherwise)) = &branch.else_branch else { return Value::run_time("is the result of `if`", false) };
        self.locals.open();
        if let Expr::Let(condition) = &*branch.cond {
            self.locals.bind_inner(&condition.pat, &condition.expr);
        }
        let then = self.value_of_block(&branch.then_branch);
        self.locals.close();
        any_of([then, self.value_of(otherwise)])
    }

    fn value_of_match(&mut self, branches: &syn::ExprMatch) -> Value {
        let mut values = Vec::new();
        for arm in &branches.arms {
            self.locals.open();
            self.locals.hide(&arm.pat, "is bound by a pattern");
            values.push(self.value_of(&arm.body));
            self.locals.close();
        }
        any_of(values)
    }

    /// The value of a block: of its last expression.
    pub(super) fn value_of_block(&mut self, block: &syn::Block) -> Value {
        let Some(syn::Stmt::Expr(last, None)) = block.stmts.last() else {
            let diverges = block.stmts.last().is_some_and(diverges);
            return if diverges {
                Value::AnyOf(Vec::new())
            } else {
                Value::run_time("is the result of a block", false)
            };
        };
        self.locals.open();
        for statement in &block.stmts {
            match statement {
                syn::Stmt::Local(local) => self.bind_local(local, false),
                syn::Stmt::Item(syn::Item::Const(constant)) => {
                    let value = self.value_of(&constant.expr);
                    self.locals.set(&constant.ident.to_string(), value);
                }
                _ => {}
            }
        }
        let value = self.value_of(last);
        self.locals.close();
        value
    }

    /// Takes note of what a `let` binds.
    pub(super) fn bind_local(&mut self, local: &syn::Local, follows: bool) {
        let value = match &local.init {
            Some(init) => self.value_of(&init.expr),
            None => Value::run_time("is set later", false),
        };
        match &local.init {
            Some(init) if matches!(local.pat, syn::Pat::TupleStruct(_)) => {
                self.locals.bind_inner(&local.pat, &init.expr);
            }
            _ => self.locals.bind(&local.pat, &value, follows),
        }
        if let (None, true, syn::Pat::Ident(name)) = (&local.init, follows, &local.pat) {
            self.locals.set_unset(&name.ident.to_string());
        }
    }

    /// What a macro that makes text makes.
    pub(super) fn value_of_macro(&mut self, call: &syn::Macro) -> Value {
        let path = self.resolve(&call.path);
        let name = path.last().map(String::as_str).unwrap_or_default();
        let arguments = || arguments(call.tokens.clone());
        match name {
            "concat" | "concatcp" => match arguments() {
                Some(parts) => Value::Join(parts.iter().map(|part| self.part_of(part)).collect()),
                None => Value::run_time("is joined by a macro", true),
            },
            "format" | "formatcp" | "format_args" => self.value_of_template(call, literal::decode),
            "formatdoc" => self.value_of_template(call, literal::decode_dedented),
            "indoc" => match arguments().as_deref() {
                Some([Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. })]) => {
                    let text = literal::decode_dedented(self.source, self.offsets.span(text.span()));
                    text.map_or_else(|| Value::run_time("a literal that a macro made", true), Value::Text)
                }
                _ => Value::run_time("is dedented by a macro", true),
            },
            "include_str" => match arguments().as_deref() {
                Some([path]) => self.value_of_included(path),
                _ => Value::run_time("is an included file whose path is not known", true),
            },
            "env" | "option_env" | "stringify" => Value::run_time(format!("is made by `{name}!`"), true),
            "vec" => match syn::parse2::<Repeat>(call.tokens.clone()) {
                Ok(Repeat(each)) => Value::Repeated(Box::new(self.part_of(&each))),
                Err(_) => {
                    Value::List(arguments().unwrap_or_default().iter().map(|element| self.value_of(element)).collect())
                }
            },
            "panic" | "unreachable" | "todo" | "unimplemented" | "bail" => Value::AnyOf(Vec::new()),
            _ => self.value_of_own_macro(call, name),
        }
    }

    fn value_of_own_macro(&mut self, call: &syn::Macro, name: &str) -> Value {
        if super::own::is_named(self, &self.resolve(&call.path)) {
            return super::own::text(self, &call.tokens);
        }
        let expression = self.rules.expand(name, &call.tokens).and_then(|tokens| syn::parse2::<Expr>(tokens).ok());
        match expression {
            Some(expression) if self.expanding < super::macro_rules::EXPANSION_LIMIT => {
                self.expanding += 1;
                let value = self.value_of(&expression);
                self.expanding -= 1;
                value
            }
            _ => Value::run_time(format!("is made by `{name}!`"), false),
        }
    }

    fn value_of_template(&mut self, call: &syn::Macro, decode: Decode) -> Value {
        match arguments(call.tokens.clone()) {
            Some(all) => self.value_of_filled(&all, decode),
            None => Value::run_time("is formatted at run time", true),
        }
    }

    /// What `format!` makes of these arguments.
    pub(super) fn value_of_format(&mut self, arguments: &[Expr]) -> Value {
        self.value_of_filled(arguments, literal::decode)
    }

    fn value_of_filled(&mut self, all: &[Expr], decode: Decode) -> Value {
        let unknown = || Value::run_time("is formatted at run time", true);
        let Some((template, rest)) = all.split_first() else { return unknown() };
        let filling = self.filling(rest);
        match template {
            Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => {
                let Some(text) = decode(self.source, self.offsets.span(text.span())) else { return unknown() };
                template::fill(&text, &filling, &mut |name| match syn::parse_str::<syn::Ident>(name) {
                    Ok(name) => self.value_of_path(&name.into()),
                    Err(_) => unknown(),
                })
            }
            Expr::Macro(inner) => {
                let template = Box::new(self.value_of_macro(&inner.mac));
                Value::Filled { template, arguments: filling }
            }
            _ => unknown(),
        }
    }

    fn filling(&mut self, arguments: &[Expr]) -> template::Arguments {
        let mut filling = template::Arguments::default();
        for argument in arguments {
            match argument {
                Expr::Assign(assign) => {
                    let value = self.part_of(&assign.right);
                    if let Expr::Path(name) = &*assign.left {
                        filling.named.extend(name.path.get_ident().map(|name| (name.to_string(), value.clone())));
                    }
                    filling.positional.push(value);
                }
                other => filling.positional.push(self.part_of(other)),
            }
        }
        filling
    }

    /// `include_str!("x")` and `include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/x"))`.
    pub(super) fn value_of_included(&mut self, path: &Expr) -> Value {
        let unknown = || Value::run_time("is an included file whose path is not known", true);
        match path {
            Expr::Lit(_) => match self.value_of(path) {
                Value::Text(text) => Value::File(IncludedFile { path: text.sql, from_package: false }),
                _ => unknown(),
            },
            Expr::Macro(joined) if joined.mac.path.is_ident("concat") => {
                let Some(parts) = arguments(joined.mac.tokens.clone()) else { return unknown() };
                let Some((Expr::Macro(first), rest)) = parts.split_first() else { return unknown() };
                if !first.mac.path.is_ident("env") || !first.mac.tokens.to_string().contains("CARGO_MANIFEST_DIR") {
                    return unknown();
                }
                let mut path = String::new();
                for part in rest {
                    let Value::Text(text) = self.part_of(part) else { return unknown() };
                    path.push_str(&text.sql);
                }
                Value::File(IncludedFile { path: path.trim_start_matches('/').to_owned(), from_package: true })
            }
            _ => unknown(),
        }
    }
}

/// The name under which the values of a field are kept, apart from those of constants and functions.
pub(super) fn field_name(member: &syn::Member) -> String {
    match member {
        syn::Member::Named(name) => format!(".{name}"),
        syn::Member::Unnamed(at) => format!(".{}", at.index),
    }
}

/// How deep sums are looked into for numbers.
const NUMBER_DEPTH: usize = 8;

/// How many elements of a list are followed through a closure.
const LIST_LIMIT: usize = 64;

fn is_arithmetic(operator: &syn::BinOp) -> bool {
    use syn::BinOp::{Add, Div, Mul, Rem, Sub};
    matches!(operator, Add(_) | Sub(_) | Mul(_) | Div(_) | Rem(_))
}

/// `x; n` in `vec![x; n]`.
struct Repeat(Expr);

impl syn::parse::Parse for Repeat {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Repeat> {
        let each = input.parse()?;
        input.parse::<Token![;]>()?;
        input.parse::<Expr>()?;
        Ok(Repeat(each))
    }
}

fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}

/// How a literal's meaning is read.
type Decode = fn(&Source, Span) -> Option<SqlText>;

/// A macro's arguments, if they are expressions with commas between them.
pub(super) fn arguments(tokens: TokenStream) -> Option<Vec<Expr>> {
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    parser.parse2(tokens).ok().map(|arguments| arguments.into_iter().collect())
}

/// Whether a path ends with these names, or is the last of them alone.
pub(super) fn path_ends(path: &[String], names: &[&str]) -> bool {
    path.len() >= names.len() && path.iter().rev().zip(names.iter().rev()).all(|(a, b)| a == b)
}

fn any_of(values: impl IntoIterator<Item = Value>) -> Value {
    let mut all = Vec::new();
    for value in values {
        match value {
            Value::AnyOf(inner) => all.extend(inner),
            other => all.push(other),
        }
    }
    Value::AnyOf(all)
}

/// Whether what an expression does never goes on to what is behind it.
pub(super) fn ends(expr: &Expr) -> bool {
    match expr {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Macro(call) => is_diverging_macro(&call.mac),
        Expr::Block(block) => block.block.stmts.last().is_some_and(diverges),
        _ => false,
    }
}

/// Whether a statement never goes on to the next.
pub(super) fn diverges(statement: &syn::Stmt) -> bool {
    match statement {
        syn::Stmt::Expr(Expr::Return(_) | Expr::Break(_) | Expr::Continue(_), _) => true,
        syn::Stmt::Expr(Expr::Macro(call), _) => is_diverging_macro(&call.mac),
        syn::Stmt::Macro(call) => is_diverging_macro(&call.mac),
        _ => false,
    }
}

fn is_diverging_macro(call: &syn::Macro) -> bool {
    let name = call.path.segments.last().map(|segment| segment.ident.to_string());
    matches!(name.as_deref(), Some("panic" | "unreachable" | "todo" | "unimplemented" | "bail"))
}
