//! Functions of the project that hand a parameter on to a call that sends SQL: their callers hold the text.

use std::collections::{HashMap, HashSet};

use syn::Expr;

use super::CallProfile;
use super::chain::plain;
use super::link::Linker;
use super::package::Package;
use super::scan::{Call, FileScan, Passed};
use super::text::looks_like_sql;
use super::value::{Parameter, Value};
use super::walk::Walker;

/// How many functions may stand between a text and the call that sends it.
const DEPTH_LIMIT: usize = 4;

impl Walker<'_> {
    /// Takes down texts that a function is called with, for the case that it sends them.
    pub(super) fn take_passed(&mut self, call: &syn::ExprCall) {
        let Expr::Path(function) = &*call.func else { return };
        let last_is_type =
            function.path.segments.last().is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase));
        let path = self.scope.resolve(&function.path);
        for (at, argument) in call.args.iter().enumerate() {
            let Some(text) = self.passed_text(argument) else { continue };
            if last_is_type {
                let member = syn::Member::Unnamed(syn::Index::from(at));
                self.define_field(&function.path, &member, text);
            } else {
                self.push_passed(path.clone(), (false, false), at, text, argument);
            }
        }
    }

    /// Takes down texts that a method is called with. `taken` says that the call is taken down as one of a library's.
    pub(super) fn take_passed_to_method(&mut self, call: &syn::ExprMethodCall, taken: bool) {
        for (at, argument) in call.args.iter().enumerate() {
            if let Some(text) = self.passed_text(argument) {
                self.push_passed(vec![call.method.to_string()], (true, taken), at, text, argument);
            }
        }
    }

    fn push_passed(
        &mut self,
        path: Vec<String>,
        (method, taken): (bool, bool),
        at: usize,
        text: Value,
        argument: &Expr,
    ) {
        let span = self.scope.span_of(argument);
        let (expectation, test) = (self.expectation.clone(), self.test);
        self.found.passed.push(Passed { path, method, taken, at, text, span, expectation, test });
    }

    /// An argument's text, if it may be SQL.
    fn passed_text(&mut self, argument: &Expr) -> Option<Value> {
        if matches!(plain(argument), Expr::Array(_) | Expr::Tuple(_) | Expr::Closure(_)) {
            return None;
        }
        let text = self.scope.value_of(argument);
        may_be_sql(&text).then_some(text)
    }
}

fn may_be_sql(value: &Value) -> bool {
    match value {
        Value::Text(text) => looks_like_sql(&text.sql),
        Value::Join(parts) => {
            let known = parts.iter().map_while(|part| match part {
                Value::Text(text) => Some(text.sql.as_str()),
                _ => None,
            });
            let start: String = known.chain(["…"]).collect();
            looks_like_sql(&start) || parts.iter().find(|part| !matches!(part, Value::Text(_))).is_some_and(may_be_sql)
        }
        Value::AnyOf(values) | Value::List(values) => values.iter().any(may_be_sql),
        Value::Repeated(each) => may_be_sql(each),
        Value::Part { .. } | Value::Joined { .. } | Value::Number => false,
        Value::File(file) => file.path.ends_with(".sql"),
        Value::Filled { template: text, .. } | Value::Replaced { text, .. } | Value::Trimmed { text, .. } => {
            may_be_sql(text)
        }
        Value::Named(reference) => {
            reference.path.last().is_some_and(|name| !name.is_empty() && !name.contains(char::is_lowercase))
        }
        Value::RunTime(unknown) => unknown.is_text,
        Value::Tuple(_) | Value::Bind { .. } => false,
    }
}

/// What is found of wrappers.
#[derive(Default)]
pub(super) struct Wrapped {
    /// Calls made by handing a text to a wrapper, with the files they stand in.
    pub(super) calls: Vec<(usize, Call)>,
    /// Parameters to which some caller of the project gives SQL: only those are taken for wrappers'.
    pub(super) given: HashSet<Parameter>,
}

/// Follows parameters that are sent to where they are given.
pub(super) fn follow(files: &[FileScan], linker: &Linker<'_>) -> Wrapped {
    let mut wrapped = Wrapped::default();
    let mut open: Vec<(Parameter, &'static CallProfile)> = Vec::new();
    for (file, scan) in files.iter().enumerate() {
        for call in scan.found.calls.iter().filter(|call| may_be_parameter(&call.text)) {
            open.extend(parameters(linker, file, &call.text).into_iter().map(|parameter| (parameter, call.profile)));
        }
    }
    let mut by_name: HashMap<&str, Vec<(usize, &Passed)>> = HashMap::new();
    for (file, scan) in files.iter().enumerate() {
        for passed in &scan.found.passed {
            by_name.entry(passed.path.last().map_or("", String::as_str)).or_default().push((file, passed));
        }
    }
    let mut seen = HashSet::new();
    let mut calls: Vec<(Parameter, usize, Call)> = Vec::new();
    let mut links: Vec<(Parameter, Parameter)> = Vec::new();
    for _ in 0..DEPTH_LIMIT {
        let mut next = Vec::new();
        for (wrapper, profile) in std::mem::take(&mut open) {
            if !seen.insert((wrapper.clone(), profile.id)) {
                continue;
            }
            for &(file, passed) in by_name.get(wrapper.function.as_str()).into_iter().flatten() {
                if !fits(files, &wrapper, (file, passed)) {
                    continue;
                }
                let outer = parameters(linker, file, &passed.text);
                links.extend(outer.iter().map(|outer| (wrapper.clone(), outer.clone())));
                next.extend(outer.into_iter().map(|outer| (outer, profile)));
                if gives_sql(linker, file, &passed.text) {
                    wrapped.given.insert(wrapper.clone());
                }
                if !passed.taken {
                    calls.push((wrapper.clone(), file, call(passed, profile)));
                }
            }
        }
        open = next;
    }
    for _ in 0..DEPTH_LIMIT {
        let outward = links.iter().filter(|(_, outer)| wrapped.given.contains(outer)).map(|(inner, _)| inner.clone());
        let outward: Vec<Parameter> = outward.collect();
        wrapped.given.extend(outward);
    }
    let is_given = |(wrapper, file, call)| wrapped.given.contains(&wrapper).then_some((file, call));
    wrapped.calls = calls.into_iter().filter_map(is_given).collect();
    wrapped
}

/// Whether some text that a value may be is SQL.
fn gives_sql(linker: &Linker<'_>, file: usize, value: &Value) -> bool {
    linker.texts(file, value).iter().flatten().any(|text| looks_like_sql(&text.sql))
}

/// Whether a value is not known in its file, so that it may turn out to be a parameter.
fn may_be_parameter(value: &Value) -> bool {
    match value {
        Value::RunTime(unknown) => unknown.parameter.is_some(),
        Value::AnyOf(values) | Value::List(values) => values.iter().any(may_be_parameter),
        Value::Named(_) => true,
        _ => false,
    }
}

/// The parameters that a value may be.
fn parameters(linker: &Linker<'_>, file: usize, value: &Value) -> Vec<Parameter> {
    if !may_be_parameter(value) {
        return Vec::new();
    }
    linker.texts(file, value).into_iter().filter_map(|outcome| outcome.err()?.parameter).collect()
}

/// Whether an argument is a wrapper's parameter.
fn fits(files: &[FileScan], wrapper: &Parameter, (file, passed): (usize, &Passed)) -> bool {
    let package = |at: usize| files.get(at).map(|file| &*file.package);
    let (Some(own), Some(theirs)) = (package(file), package(wrapper.file)) else { return false };
    let depends = |own: &Package| own.dependencies.values().any(|dependency| *dependency == theirs.library);
    if (own.name != theirs.name || own.root != theirs.root) && !depends(own) {
        return false;
    }
    if passed.method {
        return wrapper.has_self && passed.at == wrapper.at;
    }
    let qualifier = passed.path.iter().rev().nth(1).filter(|name| name.starts_with(char::is_uppercase));
    let owner_fits = match (&wrapper.owner, qualifier) {
        (Some(owner), Some(qualifier)) => owner == qualifier || qualifier == "Self",
        (None, None) => true,
        _ => false,
    };
    owner_fits && passed.at == wrapper.at + usize::from(wrapper.has_self)
}

fn call(passed: &Passed, profile: &'static CallProfile) -> Call {
    Call {
        profile,
        text: passed.text.clone(),
        span: passed.span,
        sure: false,
        row: None,
        expectation: passed.expectation.clone(),
        test: passed.test,
        in_macro: None,
        extended: None,
    }
}
