//! The walk over a file's tree: it keeps track of scopes and attributes, and takes down calls, constants and structs.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr};

use super::builder::Separated;
use super::imports::Imports;
use super::macro_rules::Rules;
use super::records::RowType;
use super::scan::{Definition, Found, Module};
use super::scope::Scope;
use super::text_type;
use super::value::{Parameter, RunTime, Value};
use super::{Expectation, PlaceKey, attributes, diesel, entity, evaluate, mapped, records};

/// What must be known of a file before its calls are looked at: imports and macros.
#[derive(Default)]
pub(super) struct Declarations {
    pub(super) imports: Imports,
    pub(super) rules: Rules,
    module: Vec<String>,
}

impl<'ast> Visit<'ast> for Declarations {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.imports.add(&self.module, &item.tree);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        for statement in &block.stmts {
            match statement {
                syn::Stmt::Item(syn::Item::Use(_)) => {}
                other => self.visit_stmt(other),
            }
        }
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if let (Some(name), true) = (&item.ident, item.mac.path.is_ident("macro_rules")) {
            self.rules.define(&name.to_string(), &item.mac.tokens);
        }
    }
}

/// The walk.
pub(super) struct Walker<'s> {
    pub(super) scope: Scope<'s>,
    pub(super) found: Found,
    /// Whether the item around is only compiled for tests.
    pub(super) test: bool,
    pub(super) expectation: Option<Expectation>,
    /// The trait that the `impl` around is for.
    pub(super) of_trait: Option<String>,
    /// The macro whose definition is being walked.
    pub(super) in_macro: Option<String>,
    pub(super) chains: diesel::Chains,
    /// What `sql_query(…).load::<T>(…)`, which is being walked, reads.
    pub(super) loaded_as: Option<RowType>,
    /// Variables that separate what they hand on to a builder.
    pub(super) separated: Vec<Separated>,
    /// What the function around gives before its end.
    returned: Vec<Value>,
    /// Whether the block that comes next is the body of a function that gives a text.
    gives_text: bool,
    definitions_of_macros: Vec<(String, TokenStream)>,
    /// The macros of the file that were expanded, and those of them that once were not.
    pub(super) expanded: BTreeSet<String>,
    pub(super) not_expanded: BTreeSet<String>,
}

impl<'s> Walker<'s> {
    pub(super) fn new(scope: Scope<'s>) -> Walker<'s> {
        let active = scope.package.depends_on(&["diesel", "diesel_async"]);
        let chains = diesel::Chains::new(active);
        Walker {
            scope,
            found: Found::default(),
            test: false,
            expectation: None,
            of_trait: None,
            in_macro: None,
            chains,
            loaded_as: None,
            separated: Vec::new(),
            returned: Vec::new(),
            gives_text: false,
            definitions_of_macros: Vec::new(),
            expanded: BTreeSet::new(),
            not_expanded: BTreeSet::new(),
        }
    }

    pub(super) fn finish(self) -> (Found, Imports) {
        (self.found, self.scope.imports)
    }

    /// Walks the bodies of the macros that nothing in the file expands, or not always.
    pub(super) fn visit_unexpanded_macros(&mut self) {
        for (name, definition) in std::mem::take(&mut self.definitions_of_macros) {
            if !self.expanded.contains(&name) || self.not_expanded.contains(&name) {
                self.visit_macro_definition(&name, &definition);
            }
        }
    }

    /// What holds for the item around.
    pub(super) fn around(&self) -> diesel::Around {
        diesel::Around { test: self.test, expectation: self.expectation.clone() }
    }

    /// Walks something under its attributes.
    fn under(&mut self, attributes: &[Attribute], walk: impl FnOnce(&mut Self)) {
        let test = self.test;
        self.test |= attributes::is_test(attributes, self.scope.package);
        let outer = self.expectation.clone();
        if let Some((mut expectation, attribute)) = attributes::expectation(attributes) {
            let span = self.scope.span_of(attribute);
            expectation.place = Some(PlaceKey { path: self.scope.source.path().to_owned(), span });
            self.expectation = Some(expectation);
        }
        walk(self);
        self.test = test;
        self.expectation = outer;
    }

    pub(super) fn define(&mut self, name: &syn::Ident, value: Value) {
        if value.is_known() {
            self.found.definitions.push(Definition {
                module: self.scope.module.clone(),
                owner: self.scope.self_name.clone(),
                of_trait: self.of_trait.clone(),
                name: name.to_string(),
                value,
            });
        }
    }

    /// Takes note of what a struct's field is made with.
    pub(super) fn define_field(&mut self, of: &syn::Path, member: &syn::Member, value: Value) {
        let Some(last) = of.segments.last() else { return };
        let owner = if last.ident == "Self" { self.scope.self_name.clone() } else { Some(last.ident.to_string()) };
        if value.is_text() {
            self.found.definitions.push(Definition {
                module: self.scope.module.clone(),
                owner,
                of_trait: None,
                name: evaluate::field_name(member),
                value,
            });
        }
    }

    fn function(&mut self, signature: &syn::Signature, body: &syn::Block) {
        self.scope.locals.open_function(body);
        let has_self = matches!(signature.inputs.first(), Some(syn::FnArg::Receiver(_)));
        let typed = signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(typed) => Some(typed),
            syn::FnArg::Receiver(_) => None,
        });
        for (at, typed) in typed.enumerate() {
            self.scope.locals.hide(&typed.pat, &format!("is a parameter of `{}`", signature.ident));
            if let syn::Pat::Ident(name) = &*typed.pat {
                let (owner, function) = (self.scope.self_name.clone(), signature.ident.to_string());
                let value = Value::RunTime(RunTime {
                    reason: format!("`{}` is a parameter of `{}`", name.ident, signature.ident),
                    is_text: text_type::takes_text(&typed.ty, &signature.generics),
                    parameter: Some(Parameter { owner, function, file: 0, at, has_self }),
                });
                self.scope.locals.set(&name.ident.to_string(), value);
                self.scope.locals.set_type(&typed.pat, &typed.ty);
            }
        }
        if self.chains.active {
            self.bind_parameters(signature);
        }
        let gives_text = matches!(&signature.output, syn::ReturnType::Type(_, ty) if text_type::is_text_type(ty));
        let outer = std::mem::take(&mut self.returned);
        self.gives_text = gives_text;
        self.visit_block(body);
        let returned = std::mem::replace(&mut self.returned, outer);
        if gives_text {
            self.define(&signature.ident, Value::AnyOf(returned));
        }
        self.scope.locals.close_function();
    }

    /// Walks branches of which each begins where all begin. `may_skip` says that there may be none.
    fn branches(&mut self, branches: &mut [&mut dyn FnMut(&mut Self)], may_skip: bool) {
        let mut each: Vec<_> = branches
            .iter_mut()
            .map(|branch| {
                move |walker: &mut Self| {
                    branch(walker);
                    false
                }
            })
            .collect();
        let mut each: Vec<&mut dyn FnMut(&mut Self) -> bool> =
            each.iter_mut().map(|branch| branch as &mut dyn FnMut(&mut Self) -> bool).collect();
        self.branches_or_end(&mut each, may_skip);
    }

    /// Walks branches that say whether the function ends in them: nothing that they did is seen behind them.
    fn branches_or_end(&mut self, branches: &mut [&mut dyn FnMut(&mut Self) -> bool], may_skip: bool) {
        let before = self.scope.locals.built();
        let mut ends = Vec::new();
        for branch in branches {
            self.scope.locals.open_conditional();
            let ended = branch(self);
            self.scope.locals.close_conditional();
            let end = self.scope.locals.restore(&before);
            if !ended {
                ends.push(end);
            }
        }
        if may_skip || ends.is_empty() {
            ends.push(self.scope.locals.built());
        }
        self.scope.locals.merge(&before, &ends);
    }

    fn owned_by(&mut self, owner: Option<String>, of_trait: Option<String>, walk: impl FnOnce(&mut Self)) {
        let outer = (self.scope.self_name.take(), self.of_trait.take());
        (self.scope.self_name, self.of_trait) = (owner, of_trait);
        walk(self);
        (self.scope.self_name, self.of_trait) = outer;
    }
}

impl<'ast> Visit<'ast> for Walker<'_> {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.under(attributes_of(item), |walker| visit::visit_item(walker, item));
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let attributes = match item {
            syn::ImplItem::Const(item) => &item.attrs,
            syn::ImplItem::Fn(item) => &item.attrs,
            syn::ImplItem::Macro(item) => &item.attrs,
            _ => return,
        };
        self.under(attributes, |walker| visit::visit_impl_item(walker, item));
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        match &item.content {
            Some((_, items)) => {
                self.scope.module.push(name);
                items.iter().for_each(|item| self.visit_item(item));
                self.scope.module.pop();
            }
            None => self.found.modules.push(Module {
                module: self.scope.module.clone(),
                name: name.trim_start_matches("r#").to_owned(),
                path: attributes::value(&item.attrs, "path"),
                test: self.test,
            }),
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.under(&item.attrs, |walker| walker.function(&item.sig, body));
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let owner = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        let of_trait =
            item.trait_.as_ref().and_then(|of| of.0.segments.last()).map(|segment| segment.ident.to_string());
        if self.chains.active && of_trait.as_deref() == Some("QueryFragment") {
            self.take_query_fragment(item);
        }
        self.owned_by(owner, of_trait, |walker| item.items.iter().for_each(|item| walker.visit_impl_item(item)));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.owned_by(Some(item.ident.to_string()), None, |walker| visit::visit_item_trait(walker, item));
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        let value = self.scope.value_of(&item.expr);
        self.define(&item.ident, value);
        self.visit_expr(&item.expr);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        let value = self.scope.value_of(&item.expr);
        self.define(&item.ident, value);
        self.visit_expr(&item.expr);
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        let value = self.scope.value_of(&item.expr);
        self.define(&item.ident, value);
    }

    fn visit_trait_item_const(&mut self, item: &'ast syn::TraitItemConst) {
        if let Some((_, default)) = &item.default {
            let value = self.scope.value_of(default);
            self.define(&item.ident, value);
        }
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.found.mapped.extend(mapped::of_enum(item).filter(|_| !self.test));
        syn::visit::visit_item_enum(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.found.records.push(records::record(item, &self.scope.module));
        self.found.mapped.extend(mapped::of_struct(item).filter(|_| !self.test));
        if let Some((text, reads)) = entity::select(item, &self.scope) {
            self.take_entity(text, reads);
        }
        if self.chains.active
            && let Some((model, expressions)) = diesel::model(item, &self.scope, self.around())
        {
            self.found.diesel.models.push(model);
            expressions.iter().for_each(|expression| self.visit_expr(expression));
        }
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        match &item.ident {
            Some(name) => self.definitions_of_macros.push((name.to_string(), item.mac.tokens.clone())),
            None => self.visit_macro(&item.mac),
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let mut imports = Imports::default();
        let outer_group = std::mem::take(&mut self.chains.in_group);
        for statement in &block.stmts {
            if let syn::Stmt::Item(syn::Item::Use(item)) = statement {
                imports.add(&self.scope.module, &item.tree);
            }
        }
        self.scope.open_block(imports);
        for statement in &block.stmts {
            if let syn::Stmt::Item(
                syn::Item::Const(syn::ItemConst { ident, expr, .. })
                | syn::Item::Static(syn::ItemStatic { ident, expr, .. }),
            ) = statement
            {
                let value = self.scope.value_of(expr);
                self.scope.locals.set(&ident.to_string(), value);
            }
        }
        let gives_text = std::mem::take(&mut self.gives_text);
        visit::visit_block(self, block);
        if let (true, Some(syn::Stmt::Expr(last, None))) = (gives_text, block.stmts.last()) {
            let value = self.scope.value_of(last);
            self.returned.push(value);
        }
        self.chains.in_group = outer_group;
        self.scope.close_block();
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        let calls_before = self.found.calls.len();
        self.under(&local.attrs, |walker| visit::visit_local(walker, local));
        self.bind_building(local, calls_before);
        if let (true, Some(init)) = (self.chains.active, &local.init) {
            self.bind_chain(&local.pat, &init.expr);
        }
    }

    fn visit_expr_return(&mut self, given: &'ast syn::ExprReturn) {
        if let Some(given) = &given.expr {
            let value = self.scope.value_of(given);
            self.returned.push(value);
        }
        visit::visit_expr_return(self, given);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        let passes_on = matches!(expr, Expr::MethodCall(_) | Expr::Await(_) | Expr::Try(_) | Expr::Paren(_));
        self.chains.is_receiver &= passes_on;
        if !self.chains.active {
            return visit::visit_expr(self, expr);
        }
        self.visit_as_group(expr, |walker, expr| match expr {
            Expr::Path(path) if path.qself.is_none() => walker.take_path(&path.path),
            other => visit::visit_expr(walker, other),
        });
    }

    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        for field in &made.fields {
            let value = self.scope.value_of(&field.expr);
            self.define_field(&made.path, &field.member, value);
        }
        visit::visit_expr_struct(self, made);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        visit::visit_expr_assign(self, assign);
        self.take_assignment(assign);
        if self.chains.active {
            self.assign_chain(assign);
        }
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        visit::visit_expr_binary(self, binary);
        self.take_addition(binary);
    }

    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        self.take_lent(reference);
        visit::visit_expr_reference(self, reference);
    }

    fn visit_expr_loop(&mut self, repeat: &'ast syn::ExprLoop) {
        self.branches(&mut [&mut |walker| visit::visit_expr_loop(walker, repeat)], false);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let mut body = |walker: &mut Self| {
            for input in &closure.inputs {
                walker.scope.locals.bind(input, &Value::run_time("is a parameter of a closure", false), false);
            }
            let outer = std::mem::take(&mut walker.returned);
            walker.visit_expr(&closure.body);
            walker.returned = outer;
            false
        };
        self.branches_or_end(&mut [&mut body], true);
    }

    fn visit_expr_for_loop(&mut self, each: &'ast syn::ExprForLoop) {
        self.visit_expr(&each.expr);
        let elements = match self.scope.value_of(&each.expr) {
            elements @ (Value::AnyOf(_)
            | Value::List(_)
            | Value::Repeated(_)
            | Value::Named(_)
            | Value::Part { .. }) => elements,
            _ => Value::run_time("is bound by a loop", false),
        };
        let mut body = |walker: &mut Self| {
            walker.scope.locals.bind(&each.pat, &elements, false);
            walker.visit_block(&each.body);
        };
        self.branches(&mut [&mut body], true);
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        let mut then = |walker: &mut Self| {
            walker.visit_expr(&branch.cond);
            walker.visit_block(&branch.then_branch);
            branch.then_branch.stmts.last().is_some_and(evaluate::diverges)
        };
        match &branch.else_branch {
            Some((_, otherwise)) => {
                let mut other = |walker: &mut Self| {
                    walker.visit_expr(otherwise);
                    matches!(&**otherwise, Expr::Block(block) if block.block.stmts.last().is_some_and(evaluate::diverges))
                };
                self.branches_or_end(&mut [&mut then, &mut other], false);
            }
            None => self.branches_or_end(&mut [&mut then], true),
        }
    }

    fn visit_expr_while(&mut self, repeat: &'ast syn::ExprWhile) {
        self.branches(&mut [&mut |walker| visit::visit_expr_while(walker, repeat)], true);
    }

    fn visit_expr_match(&mut self, matched: &'ast syn::ExprMatch) {
        self.visit_expr(&matched.expr);
        let before = self.scope.locals.built();
        let mut ends = Vec::new();
        for arm in &matched.arms {
            self.visit_arm(arm);
            let end = self.scope.locals.restore(&before);
            if !evaluate::ends(&arm.body) {
                ends.push(end);
            }
        }
        self.scope.locals.merge(&before, &ends);
    }

    fn visit_expr_let(&mut self, condition: &'ast syn::ExprLet) {
        self.visit_expr(&condition.expr);
        self.scope.locals.bind_inner(&condition.pat, &condition.expr);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.scope.locals.open_conditional();
        self.scope.locals.hide(&arm.pat, "is bound by a pattern");
        visit::visit_arm(self, arm);
        self.scope.locals.close_conditional();
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.take_function_call(call);
        if self.chains.active {
            self.take_exists(call);
        }
        if !matches!(&*call.func, Expr::Path(_)) {
            self.visit_expr(&call.func);
        }
        call.args.iter().for_each(|argument| self.visit_expr(argument));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.take_method_call(call);
        if !self.chains.is_receiver {
            self.take_building(call);
            if self.chains.active {
                self.take_chain(call);
            }
        }
        self.chains.is_receiver = true;
        self.visit_expr(&call.receiver);
        self.chains.is_receiver = false;
        call.args.iter().for_each(|argument| self.visit_expr(argument));
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.take_macro(call);
    }
}

fn attributes_of(item: &syn::Item) -> &[Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
