//! Function calls: which function is meant, what it returns.

mod call;
mod overloads;

use std::sync::Arc;

use sqlparser::ast::{
    self, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArgumentList, FunctionArguments, WindowType,
};

use super::super::cx::Cx;
use super::super::nullability::Follows;
use super::super::scope::{Item, Scope};
use super::super::tree::{Node, Typed, What, cover};
use super::super::types::order::{self, Comparison};
use super::super::types::{self, INT4};
use super::{conditional, expr, grammar, names, subqueries};
use crate::dialect::TypeId;
use crate::schema::Type;
use crate::source::Span;

pub(in crate::analysis) use call::{Called, call, call_procedure};
pub(in crate::analysis) use overloads::{Argument, Call};

/// A function call.
pub(super) fn function(cx: &mut Cx, scope: &Scope, written: &ast::Function) -> Typed {
    let parts = cx.names(&written.name);
    let Some((name, span)) = parts.last().cloned() else { return Typed::unsure(cx.span) };
    let schema = parts.len().checked_sub(2).and_then(|at| parts.get(at)).map(|(schema, _)| schema.clone());
    if parts.iter().any(|(part, span)| cx.is_hole(part, *span)) {
        let _ = arguments(cx, scope, &written.args);
        return Typed::unsure(span);
    }
    let plain = schema.is_none() && is_unquoted(&written.name);
    let list = match &written.args {
        FunctionArguments::None => {
            let found = if plain { keyword(cx, &name, span) } else { None };
            return found.unwrap_or_else(|| {
                let call = Call { schema, name, span, arguments: Vec::new(), star: false, variadic: false };
                call::call(cx, scope, call)
                    .map_or_else(|| Typed::unsure(span), |called| finish(cx, scope, called, written, span))
            });
        }
        FunctionArguments::Subquery(query) if &*name == "array" => return subqueries::array(cx, scope, query),
        FunctionArguments::Subquery(query) => {
            let value = subqueries::scalar(cx, scope, query);
            let arguments = vec![Argument { name: None, value }];
            let call = Call { schema, name, span, arguments, star: false, variadic: false };
            return call::call(cx, scope, call)
                .map_or_else(|| Typed::unsure(span), |called| finish(cx, scope, called, written, span));
        }
        FunctionArguments::List(list) => list,
    };
    if plain && let Some(typed) = construct(cx, scope, &name, list) {
        return Typed { span: span.to(typed.span), ..typed };
    }
    let before = cx.references.len();
    let Some((mut given, star)) = arguments(cx, scope, &written.args) else {
        return Typed::unsure(span);
    };
    if list.duplicate_treatment == Some(ast::DuplicateTreatment::Distinct) {
        for argument in &given {
            order::check(cx, &argument.value, Comparison::Order, "DISTINCT");
        }
    }
    for sorted in &written.within_group {
        let value = expr(cx, scope, &sorted.expr);
        given.push(Argument { name: None, value });
    }
    let variadic = is_variadic(cx, span, &given);
    let call = Call { schema, name, span, arguments: given, star, variadic };
    let Some(called) = call::call(cx, scope, call) else {
        extras(cx, scope, written, list);
        return Typed::unsure(span);
    };
    let mut beside = extras(cx, scope, written, list);
    let typed = call::place(cx, scope, called, before, written.over.is_some(), &mut beside, span);
    // The rows that the filter leaves may be none, those of a window's frame too.
    let follows = if written.filter.is_some() || written.over.is_some() { Follows::Not } else { typed.follows };
    Typed { follows, ..typed }
}

fn finish(cx: &mut Cx, scope: &Scope, called: Called, written: &ast::Function, span: Span) -> Typed {
    let before = cx.references.len();
    call::place(cx, scope, called, before, written.over.is_some(), &mut Vec::new(), span)
}

fn is_unquoted(name: &ast::ObjectName) -> bool {
    name.0.iter().all(|part| part.as_ident().is_none_or(|ident| ident.quote_style.is_none()))
}

/// `VARIADIC` before the last argument had to be taken out of the tree.
pub(in crate::analysis) fn is_variadic(cx: &Cx, name: Span, arguments: &[Argument]) -> bool {
    let Some(last) = arguments.last() else { return false };
    let is = |what| match what {
        &crate::sql::RemovedKind::Clause(word) if word.eq_ignore_ascii_case("variadic") => Some(()),
        _ => None,
    };
    cx.removed(name.end, last.value.span.start.max(name.end + 1), is).is_some()
}

/// The arguments, and whether they are `*`. `None` for forms that are not understood.
pub(in crate::analysis) fn arguments(
    cx: &mut Cx,
    scope: &Scope,
    written: &FunctionArguments,
) -> Option<(Vec<Argument>, bool)> {
    let FunctionArguments::List(list) = written else { return Some((Vec::new(), false)) };
    let mut given = Vec::new();
    let mut star = false;
    let mut odd = false;
    for argument in &list.args {
        let (name, value) = match argument {
            FunctionArg::Unnamed(value) => (None, value),
            FunctionArg::Named { name, arg, operator } => {
                odd |= !matches!(operator, ast::FunctionArgOperator::RightArrow | ast::FunctionArgOperator::Assignment);
                (Some(cx.fold(name)), arg)
            }
            FunctionArg::ExprNamed { name, arg, .. } => {
                odd = true;
                expr(cx, scope, name);
                (None, arg)
            }
        };
        match value {
            FunctionArgExpr::Expr(value) => {
                let value = expr(cx, scope, value);
                given.push(Argument { name, value });
            }
            FunctionArgExpr::QualifiedWildcard(item) => {
                let parts: Vec<ast::Ident> = item.0.iter().filter_map(|part| part.as_ident().cloned()).collect();
                let value = match parts.as_slice() {
                    [name] => names::row_or_column(cx, scope, name),
                    parts => names::compound(cx, scope, parts),
                };
                given.push(Argument { name, value });
            }
            FunctionArgExpr::Wildcard | FunctionArgExpr::WildcardWithOptions(_) => star = true,
        }
    }
    // JSON constructors of newer servers: `json_object('key': value)`.
    (!odd).then_some((given, star))
}

/// What stands beside the arguments: order, filter, window.
fn extras(cx: &mut Cx, scope: &Scope, written: &ast::Function, list: &FunctionArgumentList) -> Vec<Typed> {
    let mut beside = Vec::new();
    for clause in &list.clauses {
        match clause {
            FunctionArgumentClause::OrderBy(keys) => {
                for key in keys {
                    let key = expr(cx, scope, &key.expr);
                    order::check(cx, &key, Comparison::Order, "ORDER BY");
                    beside.push(key);
                }
            }
            FunctionArgumentClause::Limit(count) | FunctionArgumentClause::Where(count) => {
                beside.push(expr(cx, scope, count));
            }
            _ => {}
        }
    }
    if let Some(filter) = &written.filter {
        beside.push(super::condition(cx, scope, filter, "FILTER"));
    }
    match &written.over {
        Some(WindowType::WindowSpec(spec)) => beside.extend(window(cx, scope, spec)),
        Some(WindowType::NamedWindow(name)) => super::super::select::window_name(cx, scope, name),
        None => {}
    }
    beside
}

/// The expressions of a window.
pub(in crate::analysis) fn window(cx: &mut Cx, scope: &Scope, spec: &ast::WindowSpec) -> Vec<Typed> {
    if let Some(name) = &spec.window_name {
        super::super::select::window_name(cx, scope, name);
    }
    let mut expressions = super::all(cx, scope, &spec.partition_by);
    for key in &expressions {
        order::check(cx, key, Comparison::Equality, "PARTITION BY");
    }
    for key in &spec.order_by {
        let key = expr(cx, scope, &key.expr);
        order::check(cx, &key, Comparison::Order, "ORDER BY");
        expressions.push(key);
    }
    if let Some(frame) = &spec.window_frame {
        for bound in [Some(&frame.start_bound), frame.end_bound.as_ref()].into_iter().flatten() {
            if let ast::WindowFrameBound::Preceding(Some(offset)) | ast::WindowFrameBound::Following(Some(offset)) =
                bound
            {
                expr(cx, scope, offset);
            }
        }
    }
    expressions
}

/// A function that is called without parentheses.
pub(in crate::analysis) fn keyword(cx: &mut Cx, name: &str, span: Span) -> Option<Typed> {
    let &(name, ty) = cx.rules().keyword_functions.iter().find(|(keyword, _)| *keyword == name)?;
    let node = Node::Call { what: What::Construct(name), arguments: Vec::new() };
    Some(Typed::new(node, Type::plain(ty), Some(false), span))
}

/// What looks like a function and is part of the grammar.
fn construct(cx: &mut Cx, scope: &Scope, name: &str, list: &FunctionArgumentList) -> Option<Typed> {
    if !cx.rules().grammar_functions.contains(&name) {
        return keyword_with_precision(cx, scope, name, list);
    }
    let all = |cx: &mut Cx| -> Option<Vec<Typed>> {
        let (given, _) = arguments(cx, scope, &FunctionArguments::List(list.clone()))?;
        Some(given.into_iter().map(|argument| argument.value).collect())
    };
    match name {
        // Its first argument is a word: `RAISE(ABORT, 'message')`.
        "raise" => Some(Typed::unsure(cx.span)),
        "coalesce" => all(cx).map(|values| conditional::coalesce(cx, values)),
        "greatest" => all(cx).map(|values| conditional::extreme(cx, "greatest", values)),
        "least" => all(cx).map(|values| conditional::extreme(cx, "least", values)),
        "nullif" => all(cx).map(|values| conditional::null_if(cx, values)),
        "row" => Some(row(cx, scope, list)),
        "grouping" => all(cx).map(|values| Typed {
            span: cover(&values),
            ..Typed::new(
                Node::Call { what: What::Construct("grouping"), arguments: Vec::new() },
                Type::plain(INT4),
                Some(false),
                cover(&values),
            )
        }),
        _ => {
            let values = all(cx).unwrap_or_default();
            let result = match name {
                "xmlconcat" | "xmlelement" | "xmlforest" | "xmlparse" | "xmlpi" | "xmlroot" => Type::plain(types::XML),
                "xmlserialize" => Type::plain(types::TEXT),
                _ => Type::UNSURE,
            };
            let span = cover(&values);
            Some(Typed::new(Node::Call { what: What::Construct("xml"), arguments: values }, result, None, span))
        }
    }
}

/// `ROW(…)`, in which `item.*` stands for all columns.
fn row(cx: &mut Cx, scope: &Scope, list: &FunctionArgumentList) -> Typed {
    let mut values = Vec::new();
    for argument in &list.args {
        let one = FunctionArgumentList { args: vec![argument.clone()], ..list.clone() };
        let Some((given, _)) = arguments(cx, scope, &FunctionArguments::List(one)) else {
            return Typed::unsure(cx.span);
        };
        let expands = matches!(argument, FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(_)));
        for Argument { value, .. } in given {
            match types::fields_of(cx, &value).filter(|_| expands) {
                Some(fields) => values.extend(fields.iter().map(|field| super::access::field_of(&value, field))),
                None if expands => return Typed::unsure(value.span),
                None => values.push(value),
            }
        }
    }
    grammar::row_of(cx, values)
}

/// `current_timestamp(3)`.
fn keyword_with_precision(cx: &mut Cx, scope: &Scope, name: &str, list: &FunctionArgumentList) -> Option<Typed> {
    let typed = keyword(cx, name, cx.span)?;
    let (given, _) = arguments(cx, scope, &FunctionArguments::List(list.clone()))?;
    let [Argument { value: Typed { node: Node::Constant(digits), span, .. }, .. }] = given.as_slice() else {
        return Some(typed);
    };
    let modifier = digits.parse().unwrap_or(-1);
    Some(Typed { ty: Type { modifier, ..typed.ty }, span: *span, ..typed })
}

/// A function of the system schema.
pub(super) fn system(cx: &mut Cx, name: &str, arguments: Vec<Typed>) -> Typed {
    system_of(cx, &[name], arguments)
}

/// The first of some functions of the system schema that the server has.
pub(super) fn system_of(cx: &mut Cx, names: &[&str], arguments: Vec<Typed>) -> Typed {
    let span = cover(&arguments);
    if !cx.rules().static_types {
        return Typed::construct("function", TypeId::UNSURE, None, arguments);
    }
    let schema = cx.schema.dialect.system_schema;
    let has = |name: &&&str| !cx.schema.find_routines(schema, name).is_empty();
    let Some(name) = names.iter().find(has) else {
        return Typed::construct("function", TypeId::UNSURE, None, arguments);
    };
    let call = Call {
        schema: schema.map(Arc::from),
        name: Arc::from(*name),
        span: super::or_whole(cx, span),
        arguments: arguments.into_iter().map(|value| Argument { name: None, value }).collect(),
        star: false,
        variadic: false,
    };
    let scope = Scope::inside(None);
    match call::call(cx, &scope, call) {
        Some(called) => call::place(cx, &scope, called, cx.references.len(), false, &mut Vec::new(), span),
        None => Typed::unsure(span),
    }
}

/// `item.name` where `name` is a function that takes the item's row.
pub(super) fn of_row(cx: &mut Cx, scope: &Scope, item: &Item, name: &Arc<str>, span: Span) -> Option<Typed> {
    let found = cx.schema.find_routines(None, name);
    if !item.row.id.is_user() || !found.iter().any(|routine| routine.signature().arguments.len() == 1) {
        return None;
    }
    let row = Typed { ..Typed::new(Node::Row(item.id, item.depth), item.row, Some(false), span) };
    let arguments = vec![Argument { name: None, value: row }];
    if !overloads::has_fitting(cx, name, &arguments) {
        return None;
    }
    let call = Call { schema: None, name: name.clone(), span, arguments, star: false, variadic: false };
    let called = call::call(cx, scope, call)?;
    Some(call::place(cx, scope, called, cx.references.len(), false, &mut Vec::new(), span))
}
