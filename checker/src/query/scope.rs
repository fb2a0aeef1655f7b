//! Names in one file: local variables by block, and what `use` brings in.

use std::collections::{BTreeMap, HashMap, HashSet};

use syn::visit::{self, Visit};

use super::value::{RunTime, Value};

/// Local variables, innermost block last, and the names that their function changes after setting them.
#[derive(Default)]
pub(super) struct Locals {
    blocks: Vec<HashMap<String, Local>>,
    changed: Vec<HashSet<String>>,
    /// How many conditions and loops are around.
    conditional: usize,
}

/// A variable.
struct Local {
    value: Value,
    /// How its text is built, if step by step.
    building: Option<Building>,
}

/// A text that is built step by step.
#[derive(Clone, Copy)]
struct Building {
    /// How many conditions and loops were around where it started.
    conditional: usize,
    /// Whether it is declared without a value.
    unset: bool,
    /// The call that made it, if it is a library's builder.
    builder: Option<usize>,
    /// Whether it numbers what is bound: `$1`, not `?`.
    numbered: bool,
}

impl Locals {
    pub(super) fn open(&mut self) {
        self.blocks.push(HashMap::new());
    }

    pub(super) fn close(&mut self) {
        self.blocks.pop();
    }

    /// Starts a function's body.
    pub(super) fn open_function(&mut self, body: &syn::Block) {
        let mut finder = Changes::default();
        finder.visit_block(body);
        self.changed.push(finder.names);
        self.open();
    }

    pub(super) fn close_function(&mut self) {
        self.close();
        self.changed.pop();
    }

    /// Enters what may be done not at all, or more than once.
    pub(super) fn open_conditional(&mut self) {
        self.open();
        self.conditional += 1;
    }

    pub(super) fn close_conditional(&mut self) {
        self.conditional -= 1;
        self.close();
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.local(name).map(|local| &local.value)
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.blocks.iter().rev().find_map(|block| block.get(name))
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        if let Some(block) = self.blocks.last_mut() {
            block.insert(name.to_owned(), Local { value, building: None });
        }
    }

    /// Binds the names of a pattern to the parts of a value. `follows` says that changes will be told.
    pub(super) fn bind(&mut self, pattern: &syn::Pat, value: &Value, follows: bool) {
        match pattern {
            syn::Pat::Ident(ident) if ident.subpat.is_none() => {
                let name = ident.ident.to_string();
                let changed = self.changed.last().is_some_and(|names| names.contains(&name));
                self.set(&name, value.clone());
                if changed && follows {
                    let building =
                        Building { conditional: self.conditional, unset: false, builder: None, numbered: true };
                    self.update(&name, |local| local.building = Some(building));
                } else if changed && ident.mutability.is_some() {
                    self.set(&name, Value::run_time(format!("`{name}` is changed after it is set"), value.is_text()));
                }
            }
            syn::Pat::Type(typed) => {
                let text = is_text_type(&typed.ty);
                match value {
                    Value::RunTime(unknown) if text && !unknown.is_text => {
                        self.bind(&typed.pat, &Value::RunTime(RunTime { is_text: true, ..unknown.clone() }), follows);
                    }
                    _ => self.bind(&typed.pat, value, follows),
                }
            }
            syn::Pat::Reference(reference) => self.bind(&reference.pat, value, follows),
            syn::Pat::Paren(paren) => self.bind(&paren.pat, value, follows),
            syn::Pat::Tuple(tuple) => {
                for (at, element) in tuple.elems.iter().enumerate() {
                    self.bind(element, &value.position(at), follows);
                }
            }
            other => self.hide(other, "is bound by a pattern"),
        }
    }

    fn update(&mut self, name: &str, change: impl FnOnce(&mut Local)) {
        if let Some(local) = self.blocks.iter_mut().rev().find_map(|block| block.get_mut(name)) {
            change(local);
        }
    }

    /// Marks a variable as declared without a value.
    pub(super) fn set_unset(&mut self, name: &str) {
        let conditional = self.conditional;
        self.update(name, |local| {
            local.building = Some(Building { conditional, unset: true, builder: None, numbered: true })
        });
    }

    /// Marks a variable as a library's builder, made by a call.
    pub(super) fn set_builder(&mut self, name: &str, call: usize, numbered: bool) {
        let conditional = self.conditional;
        self.update(name, |local| {
            local.building = Some(Building { conditional, unset: false, builder: Some(call), numbered })
        });
    }

    /// The call that made a builder.
    pub(super) fn builder(&self, name: &str) -> Option<usize> {
        self.local(name)?.building?.builder
    }

    /// Whether a builder numbers what is bound.
    pub(super) fn numbers_binds(&self, name: &str) -> bool {
        self.local(name).and_then(|local| local.building).is_none_or(|building| building.numbered)
    }

    /// Whether a variable's changes are followed.
    pub(super) fn is_building(&self, name: &str) -> bool {
        self.local(name).is_some_and(|local| local.building.is_some())
    }

    /// Adds to a text that is being built. `repeats` says that a loop's rounds are like one.
    pub(super) fn extend(&mut self, name: &str, parts: Vec<Value>, repeats: bool) {
        let conditional = self.conditional;
        let Some(Building { conditional: at_start, .. }) = self.local(name).and_then(|local| local.building) else {
            return;
        };
        if conditional > at_start && !repeats {
            return self.forget(name, "is changed under a condition or in a loop");
        }
        self.update(name, |local| match &mut local.value {
            Value::Join(known) => known.extend(parts),
            Value::RunTime(_) => {}
            value => {
                let first = std::mem::replace(value, Value::Join(Vec::new()));
                *value = Value::Join(std::iter::once(first).chain(parts).collect());
            }
        });
    }

    /// Takes note of an assignment.
    pub(super) fn assign(&mut self, name: &str, value: Value) {
        let Some(building) = self.local(name).and_then(|local| local.building) else { return };
        let is_first = matches!(self.get(name), Some(Value::RunTime(_)));
        if building.unset {
            self.update(name, |local| match &mut local.value {
                Value::AnyOf(known) if !is_first => known.push(value),
                known => *known = Value::AnyOf(vec![value]),
            });
        } else if self.conditional > building.conditional {
            self.forget(name, "is changed under a condition or in a loop");
        } else {
            self.update(name, |local| local.value = value);
        }
    }

    /// Marks a variable as not known from here on.
    pub(super) fn forget(&mut self, name: &str, reason: &str) {
        self.update(name, |local| {
            let is_text = local.value.is_text();
            if local.building.is_some() {
                local.value = Value::run_time(format!("`{name}` {reason}"), is_text);
            }
        });
    }

    /// Marks the names of a pattern as not known, so that no outer name is taken for them.
    pub(super) fn hide(&mut self, pattern: &syn::Pat, reason: &str) {
        let mut finder = Names::default();
        finder.visit_pat(pattern);
        for name in finder.names {
            let reason = format!("`{name}` {reason}");
            self.set(&name, Value::run_time(reason, false));
        }
    }
}

/// Whether a type is one of text, by its name.
pub(super) fn is_text_type(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => is_text_type(&reference.elem),
        syn::Type::Paren(paren) => is_text_type(&paren.elem),
        syn::Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return false };
            let name = last.ident.to_string();
            let inner = || {
                let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
                arguments.args.iter().any(|a| matches!(a, syn::GenericArgument::Type(ty) if is_text_type(ty)))
            };
            matches!(name.as_str(), "str" | "String" | "SqlStr")
                || (matches!(
                    name.as_str(),
                    "Cow" | "Arc" | "Box" | "Rc" | "LazyLock" | "Lazy" | "OnceLock" | "OnceCell"
                ) && inner())
        }
        syn::Type::ImplTrait(bounds) => bounds.bounds.iter().any(is_text_bound),
        _ => false,
    }
}

/// Whether a parameter takes text: by its type, or by what its generic type must be.
pub(super) fn takes_text(ty: &syn::Type, generics: &syn::Generics) -> bool {
    let mut plain = ty;
    while let syn::Type::Reference(reference) = plain {
        plain = &reference.elem;
    }
    let syn::Type::Path(path) = plain else { return is_text_type(ty) };
    let Some(name) = path.path.get_ident() else { return is_text_type(ty) };
    let of_parameter = generics.type_params().filter(|parameter| parameter.ident == *name).flat_map(|p| &p.bounds);
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let of_where = predicates.filter_map(|predicate| match predicate {
        syn::WherePredicate::Type(bounded) => match &bounded.bounded_ty {
            syn::Type::Path(path) if path.path.is_ident(name) => Some(&bounded.bounds),
            _ => None,
        },
        _ => None,
    });
    is_text_type(ty) || of_parameter.chain(of_where.flatten()).any(is_text_bound)
}

/// Whether a bound is `AsRef<str>`, `Into<String>`, `ToString` or the like.
fn is_text_bound(bound: &syn::TypeParamBound) -> bool {
    let syn::TypeParamBound::Trait(bound) = bound else { return false };
    let Some(last) = bound.path.segments.last() else { return false };
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().any(|a| matches!(a, syn::GenericArgument::Type(ty) if is_text_type(ty)))
        }
        _ => matches!(last.ident.to_string().as_str(), "ToString" | "SqlSafeStr"),
    }
}

/// What `use` declarations bring into each inline module of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Imports {
    names: BTreeMap<(Vec<String>, String), Vec<String>>,
    globs: Vec<Vec<String>>,
}

impl Imports {
    pub(super) fn add(&mut self, module: &[String], tree: &syn::UseTree) {
        self.add_tree(module, Vec::new(), tree);
    }

    fn add_tree(&mut self, module: &[String], mut prefix: Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.add_tree(module, prefix, &path.tree);
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = prefix.last().cloned() {
                    self.names.insert((module.to_vec(), last), prefix);
                }
            }
            syn::UseTree::Name(name) => {
                prefix.push(name.ident.to_string());
                self.names.insert((module.to_vec(), name.ident.to_string()), prefix);
            }
            syn::UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    prefix.push(rename.ident.to_string());
                }
                self.names.insert((module.to_vec(), rename.rename.to_string()), prefix);
            }
            syn::UseTree::Glob(_) => self.globs.push(prefix),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(module, prefix.clone(), tree);
                }
            }
        }
    }

    /// A path with its first name replaced by what it was imported as.
    pub(super) fn resolve(&self, module: &[String], path: Vec<String>) -> Vec<String> {
        let Some(first) = path.first() else { return path };
        let mut scopes = (0..=module.len()).rev().filter_map(|length| module.get(..length));
        let found = scopes.find_map(|scope| self.names.get(&(scope.to_vec(), first.clone())));
        match found {
            Some(target) if *target != path => target.iter().chain(path.iter().skip(1)).cloned().collect(),
            _ => path,
        }
    }

    /// The paths that are imported whole.
    pub(super) fn globs(&self) -> &[Vec<String>] {
        &self.globs
    }

    /// Whether everything of one of these crates is imported.
    pub(super) fn has_glob_of(&self, is_crate: impl Fn(&str) -> bool) -> bool {
        self.globs.iter().any(|glob| glob.first().is_some_and(|first| is_crate(first)))
    }
}

/// The names that a pattern binds.
#[derive(Default)]
struct Names {
    names: Vec<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.names.push(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_expr(&mut self, _: &'ast syn::Expr) {}
}

/// The variables that a function's body changes in place.
#[derive(Default)]
struct Changes {
    names: HashSet<String>,
}

impl Changes {
    fn add(&mut self, expr: &syn::Expr) {
        match expr {
            syn::Expr::Path(path) => self.names.extend(path.path.get_ident().map(ToString::to_string)),
            syn::Expr::Reference(reference) => self.add(&reference.expr),
            syn::Expr::Paren(paren) => self.add(&paren.expr),
            syn::Expr::Unary(unary) => self.add(&unary.expr),
            _ => {}
        }
    }
}

/// Methods that change a `String`, or whatever else builds a text, in place.
pub(super) const CHANGING: &[&str] = &[
    "push_str",
    "push",
    "insert_str",
    "insert",
    "extend",
    "clear",
    "truncate",
    "replace_range",
    "write_str",
    "write_fmt",
    "drain",
    "retain",
    "pop",
    "remove",
    "make_ascii_lowercase",
    "make_ascii_uppercase",
    "append",
];

impl<'ast> Visit<'ast> for Changes {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if CHANGING.iter().any(|method| call.method == method) {
            self.add(&call.receiver);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.add(&assign.left);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if matches!(binary.op, syn::BinOp::AddAssign(_)) {
            self.add(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        if reference.mutability.is_some() {
            self.add(&reference.expr);
        }
        visit::visit_expr_reference(self, reference);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if matches!(name.as_str(), "write" | "writeln") {
            let first = call.tokens.clone().into_iter().find_map(|token| match token {
                proc_macro2::TokenTree::Ident(ident) if ident != "mut" => Some(ident.to_string()),
                _ => None,
            });
            self.names.extend(first);
        }
    }
}
