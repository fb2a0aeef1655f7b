//! Local variables by block, and the texts that are built in them step by step.

use std::collections::{HashMap, HashSet};

use syn::visit::{self, Visit};

use super::chain::plain;
use super::text_type::{is_number_type, is_optional_number, is_text_type, name_of};
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
    /// The name of its type, where it is written.
    ty: Option<String>,
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
    /// How often its value was replaced.
    replaced: usize,
}

/// The texts that are being built, at one point.
pub(super) struct Built(Vec<(usize, String, Value, usize)>);

/// What stands for the name of an `Option` of a number.
const OPTIONAL_NUMBER: &str = "Option<number>";

/// How often a text may be replaced as a whole under a condition: each time doubles it.
const REPLACED_LIMIT: usize = 4;

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

    /// The name of a variable's type, where it is written.
    pub(super) fn type_of(&self, name: &str) -> Option<String> {
        self.local(name)?.ty.clone()
    }

    /// Takes note of the type that is written behind a pattern.
    pub(super) fn set_type(&mut self, pattern: &syn::Pat, ty: &syn::Type) {
        let syn::Pat::Ident(name) = pattern else { return };
        let name = name.ident.to_string();
        if is_number_type(ty) {
            self.update(&name, |local| local.value = Value::Number);
        }
        let optional = is_optional_number(ty);
        self.update(&name, |local| local.ty = if optional { Some(OPTIONAL_NUMBER.to_owned()) } else { name_of(ty) });
    }

    /// Binds what a pattern takes out of an expression of which nothing else is known: the number in an `Option` of one.
    pub(super) fn bind_inner(&mut self, pattern: &syn::Pat, of: &syn::Expr) {
        let of = match plain(of) {
            syn::Expr::Path(of) => of.path.get_ident().and_then(|name| self.type_of(&name.to_string())),
            _ => None,
        };
        self.hide(pattern, "is bound by a pattern");
        let syn::Pat::TupleStruct(some) = pattern else { return };
        let is_some = some.path.is_ident("Some");
        if let (true, Some(OPTIONAL_NUMBER), Some(syn::Pat::Ident(inner))) =
            (is_some, of.as_deref(), some.elems.first())
        {
            self.set(&inner.ident.to_string(), Value::Number);
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        if let Some(block) = self.blocks.last_mut() {
            block.insert(name.to_owned(), Local { value, ty: None, building: None });
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
                    let building = Building {
                        conditional: self.conditional,
                        unset: false,
                        builder: None,
                        numbered: true,
                        replaced: 0,
                    };
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
                self.set_type(&typed.pat, &typed.ty);
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
            local.building = Some(Building { conditional, unset: true, builder: None, numbered: true, replaced: 0 })
        });
    }

    /// Marks a variable as a library's builder, made by a call.
    pub(super) fn set_builder(&mut self, name: &str, call: usize, numbered: bool) {
        let conditional = self.conditional;
        self.update(name, |local| {
            local.building = Some(Building { conditional, unset: false, builder: Some(call), numbered, replaced: 0 })
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

    /// Adds to a text that is being built.
    pub(super) fn extend(&mut self, name: &str, parts: Vec<Value>) {
        if !self.is_building(name) {
            return;
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

    /// The texts that are being built, as they are now.
    pub(super) fn built(&self) -> Built {
        let mut built = Vec::new();
        for (at, block) in self.blocks.iter().enumerate() {
            for (name, local) in block {
                if let Some(building) = local.building {
                    built.push((at, name.clone(), local.value.clone(), building.replaced));
                }
            }
        }
        built.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        Built(built)
    }

    /// Goes back to texts as they were, for another branch; gives them as they are now.
    pub(super) fn restore(&mut self, before: &Built) -> Built {
        let now = self.built();
        for (at, name, value, replaced) in &before.0 {
            if let Some(local) = self.blocks.get_mut(*at).and_then(|block| block.get_mut(name)) {
                local.value = value.clone();
                if let Some(building) = &mut local.building {
                    building.replaced = *replaced;
                }
            }
        }
        now
    }

    /// Joins what branches made of texts. `before` is how all of them began.
    pub(super) fn merge(&mut self, before: &Built, branches: &[Built]) {
        for (at, name, value, replaced) in &before.0 {
            let of_branch = |branch: &Built| {
                let found = branch.0.iter().find(|(block, of, ..)| block == at && of == name)?;
                Some((found.2.clone(), found.3))
            };
            let values: Vec<(Value, usize)> = branches.iter().filter_map(of_branch).collect();
            let most = values.iter().map(|(_, replaced)| *replaced).max().unwrap_or(*replaced);
            let Some(local) = self.blocks.get_mut(*at).and_then(|block| block.get_mut(name)) else { continue };
            let unset = local.building.is_some_and(|building| building.unset);
            local.value = merged(value, values, *replaced, unset);
            if let Some(building) = &mut local.building {
                building.replaced = most;
            }
        }
    }

    /// Takes note of an assignment.
    pub(super) fn assign(&mut self, name: &str, value: Value) {
        let Some(building) = self.local(name).and_then(|local| local.building) else { return };
        let is_first = matches!(self.get(name), Some(Value::RunTime(_)));
        if self.conditional > building.conditional && building.replaced >= REPLACED_LIMIT {
            return self.forget(name, "is changed under a condition or in a loop");
        }
        self.update(name, |local| {
            local.building = Some(Building { replaced: building.replaced + 1, ..building });
            match &mut local.value {
                Value::AnyOf(known) if building.unset && !is_first => known.push(value),
                known if building.unset => *known = Value::AnyOf(vec![value]),
                known => *known = value,
            }
        });
    }

    /// Marks a variable as not known from here on.
    pub(super) fn forget(&mut self, name: &str, reason: &str) {
        self.update(name, |local| {
            let is_text = local.value.is_text();
            // A number stays one.
            if matches!(local.value, Value::Number) {
                return;
            }
            if let Some(building) = &mut local.building {
                building.replaced += 1;
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

/// What a text is behind branches that add to it, or replace it.
fn merged(before: &Value, branches: Vec<(Value, usize)>, replaced: usize, unset: bool) -> Value {
    let known = parts(before).len();
    let only_added = branches.iter().all(|(_, times)| *times == replaced);
    if !only_added {
        let is_set = |value: &Value| !unset || value.is_known();
        let mut values: Vec<Value> = branches.into_iter().map(|(value, _)| value).filter(is_set).collect();
        return if values.len() == 1 { values.remove(0) } else { Value::AnyOf(values) };
    }
    let added = |value: &Value| parts(value).get(known..).unwrap_or_default().to_vec();
    let added: Vec<Vec<Value>> = branches.iter().map(|(value, _)| added(value)).collect();
    if added.iter().all(Vec::is_empty) {
        return before.clone();
    }
    let mut joined = parts(before).to_vec();
    joined.push(Value::AnyOf(added.into_iter().map(Value::Join).collect()));
    Value::Join(joined)
}

/// The parts of a text.
fn parts(value: &Value) -> &[Value] {
    match value {
        Value::Join(parts) => parts,
        other => std::slice::from_ref(other),
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
