//! Queries of a script over the system's tables and over values.

use std::ops::ControlFlow;
use std::rc::Rc;

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Join, JoinConstraint, JoinOperator,
    LimitClause, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableAlias, TableFactor,
    Value as Literal, ValueWithSpan, Visitor,
};

use super::evaluate::{Eval, Scope};
use super::facts;
use super::value::{Row, Value};
use crate::schema::mention::{folded, split};
use crate::schema::names;
use crate::sql::walk;

/// The rows of a query.
pub(super) enum Found {
    /// Each with whether it is certain to be there.
    Known(Vec<(Rc<Row>, bool)>),
    Unknown,
}

/// A set of rows under their aliases, before they become a result.
type Joined = Vec<(Vec<(Rc<str>, Option<Rc<Row>>)>, bool)>;

/// Whether a query has rows.
pub(super) fn exists(eval: &Eval<'_>, query: &Query, outer: &Scope<'_>) -> Option<bool> {
    match rows(eval, query, outer) {
        Found::Known(rows) if rows.iter().any(|(_, certain)| *certain) => Some(true),
        Found::Known(rows) if rows.is_empty() => Some(false),
        _ => None,
    }
}

/// The value of a query in the place of an expression.
pub(super) fn scalar(eval: &Eval<'_>, query: &Query, outer: &Scope<'_>) -> Value {
    match rows(eval, query, outer) {
        Found::Known(rows) => match rows.as_slice() {
            [] => Value::Null,
            [(row, true)] => row.columns.first().map_or(Value::Unknown, |(_, value)| value.clone()),
            _ => Value::Unknown,
        },
        Found::Unknown => Value::Unknown,
    }
}

/// The rows of a query.
pub(super) fn rows(eval: &Eval<'_>, query: &Query, outer: &Scope<'_>) -> Found {
    if !eval.step() || query.with.is_some() || asks_for_clouds(eval, query) {
        return Found::Unknown;
    }
    let found = match &*query.body {
        SetExpr::Select(select) => select_rows(eval, select, outer),
        SetExpr::Query(inner) => rows(eval, inner, outer),
        SetExpr::Values(values) => {
            let row = |exprs: &Vec<Expr>| {
                let value =
                    |(at, expr): (usize, &Expr)| (Rc::from(format!("column{}", at + 1)), eval.value(expr, outer));
                (Rc::new(Row { columns: exprs.iter().enumerate().map(value).collect(), open: false }), true)
            };
            Found::Known(values.rows.iter().map(|exprs| row(exprs)).collect())
        }
        _ => Found::Unknown,
    };
    match found {
        Found::Known(rows) => limited(eval, query, rows, outer),
        Found::Unknown => Found::Unknown,
    }
}

fn limited(eval: &Eval<'_>, query: &Query, mut rows: Vec<(Rc<Row>, bool)>, outer: &Scope<'_>) -> Found {
    let Some(LimitClause::LimitOffset { limit: Some(limit), offset: None, .. }) = &query.limit_clause else {
        return if query.limit_clause.is_none() { Found::Known(rows) } else { Found::Unknown };
    };
    let Some(limit) = eval.value(limit, outer).number().and_then(|limit| usize::try_from(limit).ok()) else {
        return Found::Unknown;
    };
    if rows.len() > limit && limit > 0 && rows.iter().any(|(_, certain)| !certain) {
        return Found::Unknown;
    }
    rows.truncate(limit);
    Found::Known(rows)
}

/// Whether a query asks for a name that something touched which was not understood.
fn asks_for_clouds(eval: &Eval<'_>, query: &Query) -> bool {
    struct Literals<'a, 'b>(&'a Eval<'b>);
    impl Visitor for Literals<'_, '_> {
        type Break = ();

        fn pre_visit_value(&mut self, value: &ValueWithSpan) -> ControlFlow<()> {
            match &value.value {
                Literal::SingleQuotedString(text) if self.0.schema.clouds.contains_key(text.as_str()) => {
                    ControlFlow::Break(())
                }
                _ => ControlFlow::Continue(()),
            }
        }
    }
    eval.schema.overcast.is_some() || walk(query, &mut Literals(eval)).is_break()
}

fn select_rows(eval: &Eval<'_>, select: &Select, outer: &Scope<'_>) -> Found {
    let ungrouped = matches!(&select.group_by, GroupByExpr::Expressions(groups, _) if groups.is_empty());
    if !ungrouped || select.having.is_some() {
        return Found::Unknown;
    }
    let conditions = select.selection.as_ref().map(conjuncts).unwrap_or_default();
    let mut joined: Joined = vec![(Vec::new(), true)];
    for from in &select.from {
        let Some(next) = cross(eval, &joined, &from.relation, outer, &conditions) else { return Found::Unknown };
        joined = next;
        for join in &from.joins {
            let Some(next) = join_rows(eval, &joined, join, outer, &conditions) else { return Found::Unknown };
            joined = next;
        }
    }
    let mut rows = Vec::new();
    for (items, certain) in joined {
        let scope = Scope { items, outer: Some(outer) };
        let holds = conditions.iter().fold(Value::Bool(true), |all, condition| all.and(eval.value(condition, &scope)));
        match holds.holds() {
            Some(true) => rows.push((scope.items, certain)),
            Some(false) => {}
            None => rows.push((scope.items, false)),
        }
    }
    project(eval, select, rows, outer)
}

/// The conditions that `AND` joins.
fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    let mut pending = vec![condition];
    while let Some(expr) = pending.pop() {
        match expr {
            Expr::BinaryOp { left, op: sqlparser::ast::BinaryOperator::And, right } => {
                pending.extend([&**left, &**right])
            }
            Expr::Nested(inner) => pending.push(inner),
            expr => found.push(expr),
        }
    }
    found
}

/// Each row so far with each row of a table, without those that a condition excludes already.
fn cross(
    eval: &Eval<'_>,
    joined: &Joined,
    table: &TableFactor,
    outer: &Scope<'_>,
    conditions: &[&Expr],
) -> Option<Joined> {
    let mut next = Vec::new();
    for (items, certain) in joined {
        let scope = Scope { items: items.clone(), outer: Some(outer) };
        let (alias, rows) = table_rows(eval, table, &scope)?;
        for (row, row_certain) in rows {
            if !eval.step() {
                return None;
            }
            let mut items = items.clone();
            items.push((alias.clone(), Some(row)));
            let scope = Scope { items, outer: Some(outer) };
            let excluded = conditions.iter().any(|condition| eval.value(condition, &scope) == Value::Bool(false));
            if !excluded {
                next.push((scope.items, *certain && row_certain));
            }
        }
    }
    Some(next)
}

fn join_rows(eval: &Eval<'_>, joined: &Joined, join: &Join, outer: &Scope<'_>, conditions: &[&Expr]) -> Option<Joined> {
    let (constraint, keeps) = match &join.join_operator {
        JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) | JoinOperator::CrossJoin(constraint) => {
            (constraint, false)
        }
        JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => (constraint, true),
        _ => return None,
    };
    let mut all: Vec<&Expr> = match constraint {
        JoinConstraint::On(on) => conjuncts(on),
        JoinConstraint::None => Vec::new(),
        JoinConstraint::Using(_) | JoinConstraint::Natural => return using_rows(eval, joined, join, outer, conditions),
    };
    if !keeps {
        // Nothing that they exclude comes back.
        let on = all.clone();
        all.extend(conditions);
        let found = cross(eval, joined, &join.relation, outer, &all)?;
        return Some(certain_by(eval, found, &on, outer));
    }
    let mut next = Vec::new();
    for left in joined {
        let found = cross(eval, &vec![left.clone()], &join.relation, outer, &all)?;
        let found = certain_by(eval, found, &all, outer);
        if !found.iter().any(|(_, certain)| *certain) {
            let mut items = left.0.clone();
            items.push((alias_of(eval, &join.relation), None));
            next.push((items, left.1 && found.is_empty()));
        }
        next.extend(found);
    }
    Some(next)
}

/// Marks the rows as uncertain whose join condition is not known to hold.
fn certain_by(eval: &Eval<'_>, rows: Joined, on: &[&Expr], outer: &Scope<'_>) -> Joined {
    let mut marked = Vec::new();
    for (items, certain) in rows {
        let scope = Scope { items, outer: Some(outer) };
        let holds = on.iter().all(|condition| eval.value(condition, &scope).holds() == Some(true));
        marked.push((scope.items, certain && holds));
    }
    marked
}

/// A join by equal column names.
fn using_rows(
    eval: &Eval<'_>,
    joined: &Joined,
    join: &Join,
    outer: &Scope<'_>,
    conditions: &[&Expr],
) -> Option<Joined> {
    let (JoinOperator::Join(constraint) | JoinOperator::Inner(constraint)) = &join.join_operator else { return None };
    let JoinConstraint::Using(names) = constraint else { return None };
    let names: Vec<String> = names.iter().map(|name| split(eval.schema, name).1).collect();
    let found = cross(eval, joined, &join.relation, outer, conditions)?;
    let equal = |items: &[(Rc<str>, Option<Rc<Row>>)], name: &str| {
        let (last, before) = items.split_last()?;
        let new = last.1.as_ref()?.get(name)?;
        let old = before.iter().find_map(|(_, row)| row.as_ref()?.get(name))?;
        old.equals(new).holds()
    };
    let fits = |items: &[(Rc<str>, Option<Rc<Row>>)]| {
        let each = names.iter().map(|name| equal(items, name)).reduce(|all, one| match (all, one) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        });
        each.unwrap_or(Some(true))
    };
    let kept = found.into_iter().filter_map(|(items, certain)| match fits(&items) {
        Some(false) => None,
        known => Some((items, certain && known.is_some())),
    });
    Some(kept.collect())
}

fn alias_of(eval: &Eval<'_>, table: &TableFactor) -> Rc<str> {
    let named = |alias: &Option<TableAlias>| alias.as_ref().map(|alias| folded(eval.schema, &alias.name));
    match table {
        TableFactor::Table { name, alias, .. } | TableFactor::Function { name, alias, .. } => {
            named(alias).unwrap_or_else(|| split(eval.schema, name).1).into()
        }
        TableFactor::Derived { alias, .. } | TableFactor::UNNEST { alias, .. } => {
            named(alias).unwrap_or_default().into()
        }
        _ => Rc::from(""),
    }
}

type TableRows = (Rc<str>, Vec<(Rc<Row>, bool)>);

/// The rows of an item of `FROM`; `None` where they are not known.
fn table_rows(eval: &Eval<'_>, table: &TableFactor, scope: &Scope<'_>) -> Option<TableRows> {
    let alias = alias_of(eval, table);
    match table {
        TableFactor::Table { name, args: None, .. } => {
            let (namespace, name) = split(eval.schema, name);
            let rows = facts::rows(eval.schema, namespace.as_deref(), &name)?;
            Some((alias, rows.into_iter().map(|row| (row, true)).collect()))
        }
        TableFactor::Table { name, args: Some(arguments), alias: written, .. } => {
            let (_, name) = split(eval.schema, name);
            let rows = series(eval, &name, &arguments.args, written.as_ref(), &alias, scope)?;
            Some((alias, rows))
        }
        TableFactor::Function { name, args, alias: written, .. } => {
            let (_, name) = split(eval.schema, name);
            let rows = series(eval, &name, args, written.as_ref(), &alias, scope)?;
            Some((alias, rows))
        }
        TableFactor::UNNEST { array_exprs, alias: written, .. } => {
            let [array] = array_exprs.as_slice() else { return None };
            let Value::List(items) = eval.value(array, scope) else { return None };
            let column = column_alias(eval, written.as_ref(), &alias);
            Some((alias, items.iter().map(|item| (one(&column, item.clone()), true)).collect()))
        }
        TableFactor::Derived { subquery, alias: written, .. } => {
            let Found::Known(rows) = rows(eval, subquery, scope) else { return None };
            let names = written.as_ref().map(|alias| alias.columns.as_slice()).unwrap_or_default();
            let renamed = rows.into_iter().map(|(row, certain)| {
                let mut row = (*row).clone();
                for (column, name) in row.columns.iter_mut().zip(names) {
                    column.0 = folded(eval.schema, &name.name).into();
                }
                (Rc::new(row), certain)
            });
            Some((alias, renamed.collect()))
        }
        _ => None,
    }
}

/// A row of one column.
fn one(name: &Rc<str>, value: Value) -> Rc<Row> {
    Rc::new(Row { columns: vec![(name.clone(), value)], open: false })
}

/// The column of a function in `FROM`: as the alias names it, else as the alias itself.
fn column_alias(eval: &Eval<'_>, written: Option<&TableAlias>, alias: &Rc<str>) -> Rc<str> {
    let first = written.and_then(|alias| alias.columns.first());
    first.map_or_else(|| alias.clone(), |column| folded(eval.schema, &column.name).into())
}

/// The rows of a function that gives a set.
fn series(
    eval: &Eval<'_>,
    name: &str,
    arguments: &[FunctionArg],
    written: Option<&TableAlias>,
    alias: &Rc<str>,
    scope: &Scope<'_>,
) -> Option<Vec<(Rc<Row>, bool)>> {
    let value = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => eval.value(expr, scope),
        _ => Value::Unknown,
    };
    let values: Vec<Value> = arguments.iter().map(value).collect();
    let column = column_alias(eval, written, alias);
    match (name, values.as_slice()) {
        ("unnest", [Value::List(items)]) => Some(items.iter().map(|item| (one(&column, item.clone()), true)).collect()),
        ("generate_series", [Value::Number(low), Value::Number(high)]) if high.saturating_sub(*low) < 10_000 => {
            Some((*low..=*high).map(|number| (one(&column, Value::Number(number)), true)).collect())
        }
        _ => None,
    }
}

/// The result's rows.
fn project(eval: &Eval<'_>, select: &Select, rows: Joined, outer: &Scope<'_>) -> Found {
    if select.projection.iter().any(|item| aggregate(item).is_some()) {
        return aggregated(eval, select, &rows, outer);
    }
    let mut found: Vec<(Rc<Row>, bool)> = Vec::new();
    for (items, certain) in rows {
        let scope = Scope { items, outer: Some(outer) };
        let mut row = Row::default();
        for item in &select.projection {
            add_item(eval, item, &scope, &mut row);
        }
        let row = Rc::new(row);
        if select.distinct.is_none() || !found.iter().any(|(other, _)| *other == row) {
            found.push((row, certain));
        }
    }
    Found::Known(found)
}

fn add_item(eval: &Eval<'_>, item: &SelectItem, scope: &Scope<'_>, row: &mut Row) {
    let mut whole = |of: &Rc<Row>| {
        row.columns.extend(of.columns.iter().cloned());
        row.open |= of.open;
    };
    match item {
        SelectItem::UnnamedExpr(expr) => {
            row.columns.push((names::expression_name(expr).into(), eval.value(expr, scope)))
        }
        SelectItem::ExprWithAlias { expr, alias } => {
            row.columns.push((folded(eval.schema, alias).into(), eval.value(expr, scope)));
        }
        SelectItem::Wildcard(_) => scope.items.iter().filter_map(|(_, of)| of.as_ref()).for_each(whole),
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
            let (_, name) = split(eval.schema, name);
            scope
                .items
                .iter()
                .filter(|(alias, _)| **alias == *name)
                .filter_map(|(_, of)| of.as_ref())
                .for_each(&mut whole);
        }
        _ => row.open = true,
    }
}

/// The name of the aggregate that an output is, with the expression that it is over.
fn aggregate(item: &SelectItem) -> Option<(&str, Vec<&Expr>)> {
    let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = item else { return None };
    let mut expr = expr;
    while let Expr::Nested(inner) | Expr::Cast { expr: inner, .. } = expr {
        expr = inner;
    }
    let Expr::Function(function) = expr else { return None };
    let name = function.name.0.last()?.as_ident()?.value.as_str();
    let known = ["count", "string_agg", "array_agg", "bool_and", "bool_or", "max", "min", "sum"];
    let name = known.into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
    let FunctionArguments::List(list) = &function.args else { return Some((name, Vec::new())) };
    let exprs = list.args.iter().filter_map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    Some((name, exprs.collect()))
}

fn aggregated(eval: &Eval<'_>, select: &Select, rows: &Joined, outer: &Scope<'_>) -> Found {
    let certain = rows.iter().all(|(_, certain)| *certain);
    let mut row = Row::default();
    for item in &select.projection {
        let name: Rc<str> = match item {
            SelectItem::ExprWithAlias { alias, .. } => folded(eval.schema, alias).into(),
            SelectItem::UnnamedExpr(expr) => names::expression_name(expr).into(),
            _ => Rc::from("?"),
        };
        let value = match aggregate(item) {
            Some((aggregate, exprs)) if certain => {
                let over = |items: &Vec<(Rc<str>, Option<Rc<Row>>)>| {
                    let scope = Scope { items: items.clone(), outer: Some(outer) };
                    exprs.iter().map(|expr| eval.value(expr, &scope)).collect::<Vec<Value>>()
                };
                fold(aggregate, &rows.iter().map(|(items, _)| over(items)).collect::<Vec<_>>())
            }
            Some(("count", _)) => Value::Something,
            _ => Value::Unknown,
        };
        row.columns.push((name, value));
    }
    Found::Known(vec![(Rc::new(row), true)])
}

/// The value of an aggregate over the values of its arguments.
fn fold(aggregate: &str, rows: &[Vec<Value>]) -> Value {
    let firsts = || rows.iter().filter_map(|row| row.first());
    let known = firsts().all(|value| value.is_null().is_some());
    match aggregate {
        "count" if rows.iter().all(Vec::is_empty) => count(rows.len()),
        "count" if known => count(firsts().filter(|value| **value != Value::Null).count()),
        "array_agg" if rows.is_empty() => Value::Null,
        "array_agg" => Value::List(firsts().cloned().collect()),
        "string_agg" => {
            let mut parts = Vec::new();
            let mut between = String::new();
            for row in rows {
                match row.as_slice() {
                    [Value::Null, ..] => {}
                    [value, separator] => match (value.shown(), separator.shown()) {
                        (Some(value), Some(separator)) => {
                            parts.push(value.to_string());
                            between = separator.to_string();
                        }
                        _ => return Value::Unknown,
                    },
                    _ => return Value::Unknown,
                }
            }
            if parts.is_empty() { Value::Null } else { Value::text(&parts.join(&between)) }
        }
        _ if rows.is_empty() => Value::Null,
        _ => Value::Unknown,
    }
}

fn count(rows: usize) -> Value {
    i64::try_from(rows).map_or(Value::Unknown, Value::Number)
}
