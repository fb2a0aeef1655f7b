//! Expressions of diesel's DSL: which columns each names, and the statements that can be told from their chains of calls.

use std::collections::HashMap;
use std::sync::Arc;

use syn::Expr;

use super::{Conflict, Group, Kind, PathUse, Statement, Target, Values};
use crate::query::source::attributes::text_of;
use crate::query::source::chain::{flatten, plain};
use crate::query::source::evaluate::{arguments, path_ends};
use crate::query::source::records::{self, RowType};
use crate::query::source::scope::Scope;
use crate::query::source::walk::Walker;
use crate::source::Span;

/// What the walk keeps in mind of the DSL.
#[derive(Default)]
pub(in crate::query::source) struct Chains {
    /// Whether the package uses diesel.
    pub(in crate::query::source) active: bool,
    /// Whether the expression to be visited is what a method is called on.
    pub(in crate::query::source) is_receiver: bool,
    /// Whether an expression around takes the paths that are found.
    pub(in crate::query::source) in_group: bool,
    /// Pieces of SQL that statements take.
    understood: Vec<Span>,
    /// The structs that local variables are, or are lists of.
    types: HashMap<String, PathUse>,
    /// What local variables hold.
    locals: HashMap<String, State>,
}

impl Chains {
    pub(in crate::query::source) fn new(active: bool) -> Chains {
        Chains { active, ..Chains::default() }
    }
}

/// A query that is being built.
#[derive(Clone, Default)]
struct State {
    tables: Vec<PathUse>,
    /// Whether it says which columns it gives.
    selects: bool,
    /// Columns with values, for `values` and `set`.
    assigned: Option<Vec<PathUse>>,
}

/// Calls that fetch rows.
const LOADS: &[&str] = &["load", "load_stream", "load_iter", "first", "get_result", "get_results"];
/// Calls that say which columns are given.
const SELECTS: &[&str] = &["select", "count", "returning"];
/// Calls that bring in other tables.
const JOINS: &[&str] = &["inner_join", "left_join", "left_outer_join", "right_join", "full_join"];

impl Walker<'_> {
    /// Visits an expression as a group of columns, unless one around is one already.
    pub(in crate::query::source) fn visit_as_group(&mut self, expr: &Expr, visit: impl FnOnce(&mut Self, &Expr)) {
        let opens = matches!(
            expr,
            Expr::MethodCall(_) | Expr::Call(_) | Expr::Tuple(_) | Expr::Array(_) | Expr::Path(_) | Expr::Macro(_)
        );
        if !opens || self.chains.in_group {
            return visit(self, expr);
        }
        self.chains.in_group = true;
        let span = self.scope.span_of(expr);
        self.found.diesel.groups.push(Group { span, around: self.around(), paths: Vec::new() });
        visit(self, expr);
        self.chains.in_group = false;
        if self.found.diesel.groups.last().is_some_and(|group| group.paths.is_empty()) {
            self.found.diesel.groups.pop();
        }
    }

    /// Takes a path down that may be a column's.
    pub(in crate::query::source) fn take_path(&mut self, path: &syn::Path) {
        if let (Some(path), true) = (self.path_use(path), self.chains.in_group) {
            self.found.diesel.groups.last_mut().into_iter().for_each(|group| group.paths.push(path.clone()));
        }
    }

    fn path_use(&self, path: &syn::Path) -> Option<PathUse> {
        let last = path.segments.last()?;
        let is_local = path.get_ident().is_some_and(|ident| self.scope.locals.get(&ident.to_string()).is_some());
        if is_local || last.ident.to_string().starts_with(char::is_uppercase) {
            return None;
        }
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let used = PathUse::new(&self.scope, names, self.scope.span_of(&last.ident));
        (used.path.len() > 1 || !used.globs.is_empty()).then_some(used)
    }

    /// Takes down the statement that a chain of calls builds.
    pub(in crate::query::source) fn take_chain(&mut self, call: &syn::ExprMethodCall) {
        let (root, methods) = flatten(call);
        self.loaded_as = self.loaded_as(root, &methods);
        let span = self.scope.span_of(call);
        let loads = methods.iter().any(|call| LOADS.iter().any(|name| call.method == name));
        let state = self.state_after(root, &methods);
        let gives_all = loads && !state.selects;
        let kind = match self.changing(root, &methods) {
            Some(kind) => {
                if let Kind::Insert { conflict: Some(Conflict { target: Target::Raw(_, span), .. }), .. } = &kind {
                    self.chains.understood.push(*span);
                }
                kind
            }
            None if gives_all && !state.tables.is_empty() => Kind::Load(state.tables),
            None => return,
        };
        self.found.diesel.statements.push(Statement { span, around: self.around(), kind, gives_all });
    }

    /// What a raw query's rows are read as, where the call that loads them says it.
    fn loaded_as(&self, root: &Expr, methods: &[&syn::ExprMethodCall]) -> Option<RowType> {
        let Expr::Call(query) = root else { return None };
        let Expr::Path(function) = &*query.func else { return None };
        let load = methods.iter().find(|call| LOADS.iter().any(|name| call.method == name))?;
        let is_raw = function.path.segments.last()?.ident == "sql_query";
        load.turbofish.iter().flat_map(|generic| &generic.args).filter(|_| is_raw).find_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => records::row_type(ty, |path| self.scope.reference(path)),
            _ => None,
        })
    }

    /// `exists(query)` fetches all columns of a query that does not say which.
    pub(in crate::query::source) fn take_exists(&mut self, call: &syn::ExprCall) {
        let Expr::Path(function) = &*call.func else { return };
        let path = self.scope.resolve(&function.path);
        let (true, Some(argument)) = (path_ends(&path, &["exists"]), call.args.first()) else { return };
        let state = self.state_of(argument);
        if !state.tables.is_empty() && !state.selects {
            let (span, kind) = (self.scope.span_of(call), Kind::Load(state.tables));
            self.found.diesel.statements.push(Statement { span, around: self.around(), kind, gives_all: true });
        }
    }

    /// Remembers the structs that a function's parameters are.
    pub(in crate::query::source) fn bind_parameters(&mut self, signature: &syn::Signature) {
        for input in &signature.inputs {
            if let syn::FnArg::Typed(typed) = input {
                self.bind_type(&typed.pat, &typed.ty);
            }
        }
    }

    fn bind_type(&mut self, pattern: &syn::Pat, ty: &syn::Type) {
        let syn::Pat::Ident(name) = pattern else { return };
        match self.struct_in(ty) {
            Some(used) => self.chains.types.insert(name.ident.to_string(), used),
            None => self.chains.types.remove(&name.ident.to_string()),
        };
    }

    /// The struct that a type is, or is a list or a reference of.
    fn struct_in(&self, ty: &syn::Type) -> Option<PathUse> {
        const HOLDERS: &[&str] =
            &["Vec", "Option", "Box", "Arc", "Cow", "SmallVec", "HashSet", "IntoIterator", "Iterator"];
        match ty {
            syn::Type::Reference(reference) => self.struct_in(&reference.elem),
            syn::Type::Slice(slice) => self.struct_in(&slice.elem),
            syn::Type::Array(array) => self.struct_in(&array.elem),
            syn::Type::Paren(paren) => self.struct_in(&paren.elem),
            syn::Type::Path(path) => {
                let last = path.path.segments.last()?;
                if !HOLDERS.iter().any(|holder| last.ident == holder) {
                    return Some(self.type_use(&path.path));
                }
                let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
                arguments.args.iter().rev().find_map(|argument| match argument {
                    syn::GenericArgument::Type(ty) => self.struct_in(ty),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    fn type_use(&self, path: &syn::Path) -> PathUse {
        let mut names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let ([only], Some(own)) = (names.as_slice(), &self.scope.self_name)
            && only == "Self"
        {
            names = vec![own.clone()];
        }
        PathUse::new(&self.scope, names, self.scope.span_of(path))
    }

    /// The struct that an expression is, or is a list of, where its form or its variable's type shows it.
    fn struct_of(&self, expr: &Expr) -> Option<PathUse> {
        match plain(expr) {
            Expr::Struct(literal) => Some(self.type_use(&literal.path)),
            Expr::Array(array) => self.struct_of(array.elems.first()?),
            Expr::Macro(list) if list.mac.path.is_ident("vec") => {
                self.struct_of(arguments(list.mac.tokens.clone())?.first()?)
            }
            Expr::Path(path) => {
                let name = path.path.get_ident()?.to_string();
                if name == "self" {
                    return self
                        .scope
                        .self_name
                        .as_ref()
                        .map(|own| PathUse::new(&self.scope, vec![own.clone()], Span::default()));
                }
                self.chains.types.get(&name).cloned()
            }
            Expr::MethodCall(call)
                if matches!(call.method.to_string().as_str(), "clone" | "as_slice" | "as_ref" | "iter") =>
            {
                self.struct_of(&call.receiver)
            }
            _ => None,
        }
    }

    /// Remembers what a variable holds.
    pub(in crate::query::source) fn bind_chain(&mut self, pattern: &syn::Pat, value: &Expr) {
        let name = match pattern {
            syn::Pat::Ident(ident) => ident.ident.to_string(),
            syn::Pat::Type(typed) => {
                self.bind_chain(&typed.pat, value);
                return self.bind_type(&typed.pat, &typed.ty);
            }
            _ => return,
        };
        match self.struct_of(value) {
            Some(used) => self.chains.types.insert(name.clone(), used),
            None => self.chains.types.remove(&name),
        };
        self.set_chain(name, value);
    }

    /// Remembers what is assigned to a variable.
    pub(in crate::query::source) fn assign_chain(&mut self, assign: &syn::ExprAssign) {
        if let Expr::Path(path) = &*assign.left
            && let Some(name) = path.path.get_ident()
        {
            self.set_chain(name.to_string(), &assign.right);
        }
    }

    fn set_chain(&mut self, name: String, value: &Expr) {
        let state = State { assigned: self.assigned(value), ..self.state_of(value) };
        if state.tables.is_empty() && state.assigned.is_none() {
            self.chains.locals.remove(&name);
        } else {
            self.chains.locals.insert(name, state);
        }
    }

    /// What a query is over.
    fn state_of(&self, expr: &Expr) -> State {
        match plain(expr) {
            Expr::MethodCall(call) => {
                let (root, methods) = flatten(call);
                self.state_after(root, &methods)
            }
            other => self.state_of_root(other),
        }
    }

    fn state_of_root(&self, root: &Expr) -> State {
        match root {
            Expr::Path(path) => {
                if let Some(state) = path.path.get_ident().and_then(|ident| self.chains.locals.get(&ident.to_string()))
                {
                    return state.clone();
                }
                let tables = self.path_use(&path.path).filter(may_be_table).into_iter().collect();
                State { tables, ..State::default() }
            }
            Expr::Call(call) => {
                let Expr::Path(function) = &*call.func else { return State::default() };
                let path = self.scope.resolve(&function.path);
                let span = self.scope.span_of(&function.path);
                match path.last().map(String::as_str) {
                    Some("belonging_to") => {
                        State { tables: vec![PathUse { path, globs: Arc::default(), span }], ..State::default() }
                    }
                    _ => State::default(),
                }
            }
            _ => State::default(),
        }
    }

    fn state_after(&self, root: &Expr, methods: &[&syn::ExprMethodCall]) -> State {
        let mut state = self.state_of_root(root);
        for call in methods {
            if SELECTS.iter().any(|name| call.method == name) {
                state.selects = true;
            } else if JOINS.iter().any(|name| call.method == name) {
                call.args.iter().for_each(|table| self.add_joined(table, &mut state));
            }
        }
        state
    }

    fn add_joined(&self, table: &Expr, state: &mut State) {
        match plain(table) {
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|table| self.add_joined(table, state)),
            other => state.tables.extend(self.state_of(other).tables),
        }
    }

    /// The statement of a chain that inserts, updates or deletes.
    fn changing(&self, root: &Expr, methods: &[&syn::ExprMethodCall]) -> Option<Kind> {
        let argument_of =
            |name: &str| methods.iter().find(|call| call.method == name).and_then(|call| call.args.first());
        if let Some(table) = argument_of("insert_into") {
            let table = self.state_of(table).tables.into_iter().next()?;
            let values = self.struct_of(root).map_or(Values::Other, Values::Struct);
            return Some(Kind::Insert { table, values, conflict: self.conflict(methods) });
        }
        let Expr::Call(call) = root else { return None };
        let Expr::Path(function) = &*call.func else { return None };
        let target = call.args.first()?;
        let table = self.state_of(target).tables.into_iter().next();
        match function.path.segments.last()?.ident.to_string().as_str() {
            "insert_into" | "replace_into" | "insert_or_ignore_into" => {
                let values = match (argument_of("values"), argument_of("into_columns")) {
                    (_, Some(columns)) => self.columns(columns).map(Values::Columns),
                    (Some(values), _) => {
                        let assigned = self.assigned(values).map(Values::Columns);
                        let or_mixed = assigned.or_else(|| self.mixed(values));
                        or_mixed.or_else(|| self.struct_of(values).map(Values::Struct))
                    }
                    (None, None) => methods.iter().any(|c| c.method == "default_values").then_some(Values::Default),
                };
                let values = values.unwrap_or(Values::Other);
                Some(Kind::Insert { table: table?, values, conflict: self.conflict(methods) })
            }
            "update" => {
                let values = argument_of("set").and_then(|values| self.assigned(values)).map(Values::Columns);
                Some(Kind::Update { table, values: values.unwrap_or(Values::Other) })
            }
            "delete" => Some(Kind::Delete { table: table? }),
            _ => None,
        }
    }

    fn conflict(&self, methods: &[&syn::ExprMethodCall]) -> Option<Conflict> {
        let at =
            methods.iter().position(|call| call.method == "on_conflict" || call.method == "on_conflict_do_nothing")?;
        let call = methods.get(at)?;
        let mut target = match call.args.first() {
            Some(target) => self.target(target),
            None => Target::Anything,
        };
        let after = methods.get(at + 1..).unwrap_or_default();
        if after.iter().any(|call| call.method == "filter_target") {
            target = Target::Unknown;
        }
        let set = after.iter().find(|call| call.method == "set").and_then(|call| call.args.first());
        Some(Conflict { target, updates: set.and_then(|set| self.assigned(set)).unwrap_or_default() })
    }

    fn target(&self, target: &Expr) -> Target {
        match plain(target) {
            Expr::Call(call) => {
                let Expr::Path(function) = &*call.func else { return Target::Unknown };
                let name = function.path.segments.last().map(|segment| segment.ident.to_string());
                match (name.as_deref(), call.args.first().and_then(text_of)) {
                    (Some("on_constraint"), Some(name)) => Target::Constraint(name),
                    (Some("sql"), Some(text)) => Target::Raw(text, self.scope.span_of(call)),
                    _ => Target::Unknown,
                }
            }
            Expr::MethodCall(call) if call.method == "primary_key" => {
                match self.state_of(&call.receiver).tables.into_iter().next() {
                    Some(table) => Target::PrimaryKey(table),
                    None => Target::Unknown,
                }
            }
            other => self.columns(other).map_or(Target::Unknown, Target::Columns),
        }
    }

    /// The columns of a path or of a tuple of paths.
    fn columns(&self, expr: &Expr) -> Option<Vec<PathUse>> {
        match plain(expr) {
            Expr::Path(path) => Some(vec![self.path_use(&path.path)?]),
            Expr::Tuple(tuple) => tuple
                .elems
                .iter()
                .map(|element| self.columns(element))
                .collect::<Option<Vec<_>>>()
                .map(|all| all.concat()),
            _ => None,
        }
    }

    /// The columns that `a.eq(1)`, tuples, lists and options of such assign. `None` where it is something else.
    fn assigned(&self, expr: &Expr) -> Option<Vec<PathUse>> {
        match plain(expr) {
            Expr::Tuple(tuple) => {
                let each: Option<Vec<_>> = tuple.elems.iter().map(|element| self.assigned(element)).collect();
                each.map(|all| all.concat()).filter(|all| !all.is_empty())
            }
            Expr::Array(array) => self.assigned(array.elems.first()?),
            Expr::Macro(list) if list.mac.path.is_ident("vec") => {
                self.assigned(arguments(list.mac.tokens.clone())?.first()?)
            }
            Expr::Block(block) => match block.block.stmts.last()? {
                syn::Stmt::Expr(last, None) => self.assigned(last),
                _ => None,
            },
            Expr::Call(some) => match &*some.func {
                Expr::Path(path) if path.path.is_ident("Some") => self.assigned(some.args.first()?),
                _ => None,
            },
            Expr::Path(path) => self.chains.locals.get(&path.path.get_ident()?.to_string())?.assigned.clone(),
            Expr::MethodCall(call) => match (call.method.to_string().as_str(), call.args.first()) {
                ("eq", Some(_)) => match plain(&call.receiver) {
                    Expr::Path(column) => Some(vec![self.path_use(&column.path)?]),
                    _ => None,
                },
                ("map" | "then", Some(Expr::Closure(closure))) => self.assigned(&closure.body),
                ("then_some", Some(value)) => self.assigned(value),
                ("collect" | "collect_vec" | "as_slice" | "to_vec" | "clone" | "as_ref", None) => {
                    self.assigned(&call.receiver)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A tuple of a struct and of columns with values.
    fn mixed(&self, expr: &Expr) -> Option<Values> {
        let Expr::Tuple(tuple) = plain(expr) else { return None };
        let columns: Vec<PathUse> = tuple.elems.iter().filter_map(|element| self.assigned(element)).flatten().collect();
        let of = tuple.elems.iter().find_map(|element| self.struct_of(element));
        (!columns.is_empty()).then_some(Values::Mixed(columns, of))
    }

    /// Whether a call is `sql("…")`: a piece of SQL inside an expression, which no statement takes as it is.
    pub(in crate::query::source) fn is_sql_piece(&self, path: &[String], span: Span) -> bool {
        let is_piece = self.chains.active && path_ends(path, &["diesel", "dsl", "sql"]);
        is_piece && !self.chains.understood.contains(&span)
    }
}

impl PathUse {
    /// A path as written, with the imports applied.
    pub(super) fn new(scope: &Scope<'_>, names: Vec<String>, span: Span) -> PathUse {
        let path = scope.resolve_names(names.clone());
        let globs = if path.first() == names.first() { scope.globs() } else { Arc::default() };
        let plain = |name: &String| name.trim_start_matches("r#").to_owned();
        PathUse { path: path.iter().map(plain).collect(), globs, span }
    }
}

/// Whether a path has a form in which diesel's tables are named.
fn may_be_table(path: &PathUse) -> bool {
    match path.path.as_slice() {
        [_] => path.globs.iter().any(|glob| glob.last().is_some_and(|last| last == "dsl")),
        [.., _, last] if last == "table" => true,
        [.., table, dsl, last] => dsl == "dsl" && table == last,
        _ => false,
    }
}

/// The span that a list of paths covers.
pub(super) fn span_of_all(paths: &[PathUse]) -> Option<Span> {
    paths.iter().map(|path| path.span).reduce(Span::to)
}
