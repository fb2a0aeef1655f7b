//! Functions in `FROM`.

use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{
    self, FunctionArg, FunctionArgumentList, FunctionArguments, JsonTableColumn, TableAlias, TableFactor,
    XmlTableColumnOption,
};

use super::Stage;
use super::cx::{Cx, Kind, Words};
use super::expr::functions::{self, Argument, Call};
use super::relation::{columns_item, opaque, rename};
use super::scope::{Entry, Item, ItemColumn, Scope};
use super::tree::Typed;
use super::types::{self, INT8, RECORD, written};
use super::{expr, relation};
use crate::schema::{Column, Type};
use crate::source::Span;

const NO_LIST: Kind = Kind("type-mismatch", "42601", Stage::Parse);

/// An item of `FROM` that is no table and no subquery.
pub(super) fn function_item(cx: &mut Cx, scope: &mut Scope, factor: &TableFactor) -> Entry {
    let before = scope.lateral;
    // Functions see what stands to their left as if they were LATERAL.
    scope.lateral = true;
    let entry = item(cx, scope, factor);
    scope.lateral = before;
    entry
}

fn item(cx: &mut Cx, scope: &Scope, factor: &TableFactor) -> Entry {
    match factor {
        TableFactor::Table { name, alias, args, with_ordinality, .. } => {
            let arguments = args.as_ref().map_or(&[][..], |args| &args.args);
            let ordinality = *with_ordinality || alias.as_ref().is_some_and(|alias| alias.at.is_some());
            called(cx, scope, name, arguments, ordinality, alias.as_ref())
        }
        TableFactor::Function { name, args, with_ordinality, alias, .. } => {
            called(cx, scope, name, args, *with_ordinality, alias.as_ref())
        }
        TableFactor::UNNEST { array_exprs, alias, with_ordinality, .. } => {
            unnest(cx, scope, array_exprs, *with_ordinality, alias.as_ref())
        }
        TableFactor::TableFunction { expr: written, alias } => {
            expr::expr(cx, scope, written);
            with_alias(cx, scope, alias.as_ref())
        }
        TableFactor::JsonTable { json_expr, columns, alias, .. } => {
            expr::expr(cx, scope, json_expr);
            let mut found = Vec::new();
            json_columns(cx, columns, &mut found);
            of_columns(cx, scope, found, alias.as_ref())
        }
        TableFactor::XmlTable { row_expression, columns, alias, passing, .. } => {
            expr::expr(cx, scope, row_expression);
            for argument in &passing.arguments {
                expr::expr(cx, scope, &argument.expr);
            }
            let mut found = Vec::new();
            for column in columns {
                let ty = match &column.option {
                    XmlTableColumnOption::NamedInfo { r#type, .. } => written::resolve(cx, r#type, cx.span),
                    XmlTableColumnOption::ForOrdinality => Type::plain(types::INT4),
                };
                found.push(Column::new(crate::schema::ColumnNumber(0), cx.fold(&column.name), ty));
            }
            of_columns(cx, scope, found, alias.as_ref())
        }
        _ => {
            cx.unknown(cx.span, "this item of `FROM` is not understood");
            opaque(cx, scope, None)
        }
    }
}

fn json_columns(cx: &mut Cx, written: &[JsonTableColumn], found: &mut Vec<Column>) {
    for column in written {
        match column {
            JsonTableColumn::Named(named) => {
                let ty = written::resolve(cx, &named.r#type, cx.span);
                found.push(Column::new(crate::schema::ColumnNumber(0), cx.fold(&named.name), ty));
            }
            JsonTableColumn::ForOrdinality(name) => {
                found.push(Column::new(crate::schema::ColumnNumber(0), cx.fold(name), Type::plain(types::INT4)));
            }
            JsonTableColumn::Nested(nested) => {
                cx.deeper(|cx| json_columns(cx, &nested.columns, found));
            }
        }
    }
}

fn of_columns(cx: &mut Cx, scope: &Scope, columns: Vec<Column>, alias: Option<&TableAlias>) -> Entry {
    let columns = columns.into_iter().map(|column| item_column(column.name, column.ty, None)).collect();
    let mut item = columns_item(cx, scope, columns, true);
    rename(cx, &mut item, alias);
    Entry::new(Rc::new(item))
}

fn item_column(name: Arc<str>, ty: Type, nullable: Option<bool>) -> ItemColumn {
    ItemColumn { name, ty, nullable, collation: None, origin: None, column: None, hidden: false }
}

/// An item of which only the alias is known.
fn with_alias(cx: &mut Cx, scope: &Scope, alias: Option<&TableAlias>) -> Entry {
    let mut entry = opaque(cx, scope, None);
    rename(cx, Rc::make_mut(&mut entry.item), alias);
    entry
}

/// `function(arguments)`.
fn called(
    cx: &mut Cx,
    scope: &Scope,
    name: &ast::ObjectName,
    arguments: &[FunctionArg],
    ordinality: bool,
    alias: Option<&TableAlias>,
) -> Entry {
    let mut parts = cx.names(name);
    let Some((function, span)) = parts.pop() else { return with_alias(cx, scope, alias) };
    let list = FunctionArgumentList { duplicate_treatment: None, args: arguments.to_vec(), clauses: Vec::new() };
    let given = functions::arguments(cx, scope, &FunctionArguments::List(list)).map(|(given, _)| given);
    let Some(given) = given.filter(|_| !cx.is_hole(&function, span)) else {
        return named(cx, scope, function, span, alias);
    };
    let schema = parts.pop().map(|(schema, _)| schema);
    if !cx.rules().static_types {
        return table_function(cx, scope, (function, span), alias);
    }
    if &*function == "unnest" && given.len() > 1 && schema.is_none() {
        let values = given.into_iter().map(|argument| argument.value).collect();
        return unnest_values(cx, scope, values, ordinality, alias);
    }
    let variadic = functions::is_variadic(cx, span, &given);
    let call = Call { schema, name: function.clone(), span, arguments: given, star: false, variadic };
    let Some(found) = functions::call(cx, scope, call) else { return named(cx, scope, function, span, alias) };
    let result = found.result;
    let columns =
        definition_list(cx, alias).or_else(|| columns_of(cx, &function, result, found.fields.as_deref(), alias));
    if columns.is_none() && result.id == RECORD {
        let message = format!("function `{function}` needs a list of its columns: it returns `record`");
        cx.problem(NO_LIST, Vec::new(), Words { span, message, label: "of no known columns".into() });
    }
    let scalar = columns.as_ref().is_some_and(|(_, scalar)| *scalar);
    let complete = columns.is_some();
    let mut columns = columns.map(|(columns, _)| columns).unwrap_or_default();
    if ordinality && complete {
        columns.push(item_column("ordinality".into(), Type::plain(INT8), Some(false)));
    }
    let mut item = columns_item(cx, scope, columns, complete);
    item.name = Some(function);
    item.function = true;
    item.span = span;
    item.scalar = scalar && !ordinality;
    if !ordinality && result.id != RECORD {
        item.row = result;
    }
    rename(cx, &mut item, alias);
    Entry::new(Rc::new(item))
}

/// A function of which nothing is known.
fn named(cx: &mut Cx, scope: &Scope, name: Arc<str>, span: Span, alias: Option<&TableAlias>) -> Entry {
    let mut entry = opaque(cx, scope, Some((name, span)));
    rename(cx, Rc::make_mut(&mut entry.item), alias);
    entry
}

/// The columns that the alias defines: `AS t (a int, b text)`.
fn definition_list(cx: &mut Cx, alias: Option<&TableAlias>) -> Option<(Vec<ItemColumn>, bool)> {
    let alias = alias.filter(|alias| alias.columns.iter().any(|column| column.data_type.is_some()))?;
    let mut columns = Vec::new();
    for column in &alias.columns {
        let near = cx.span_of(&column.name);
        let ty = column.data_type.as_ref().map_or(Type::UNSURE, |data_type| written::resolve(cx, data_type, near));
        columns.push(item_column(cx.fold(&column.name), ty, None));
    }
    Some((columns, false))
}

/// The columns that a function returns, and whether they are one value.
fn columns_of(
    cx: &mut Cx,
    function: &Arc<str>,
    result: Type,
    outputs: Option<&[Column]>,
    alias: Option<&TableAlias>,
) -> Option<(Vec<ItemColumn>, bool)> {
    let scalar_name = || alias.map_or_else(|| function.clone(), |alias| cx.fold(&alias.name));
    match outputs {
        Some([only]) if result.id != RECORD => {
            let unnamed = only.name.starts_with("column");
            let name = if unnamed { scalar_name() } else { only.name.clone() };
            return Some((vec![item_column(name, result, None)], true));
        }
        Some(outputs) if result.id == RECORD => {
            return Some((
                outputs.iter().map(|column| item_column(column.name.clone(), column.ty, None)).collect(),
                false,
            ));
        }
        _ => {}
    }
    if result.id == RECORD || types::is_hazy(cx.schema, result.id) {
        return None;
    }
    if types::is_composite(cx.schema, result.id) {
        let fields = cx.schema.attributes(types::base(cx.schema, result.id))?;
        let columns = fields
            .into_iter()
            .filter(|field| !field.hidden)
            .map(|field| ItemColumn { collation: field.collation.clone(), ..item_column(field.name, field.ty, None) });
        return Some((columns.collect(), false));
    }
    Some((vec![item_column(scalar_name(), result, None)], true))
}

/// `UNNEST(a, b)`.
fn unnest(cx: &mut Cx, scope: &Scope, arrays: &[ast::Expr], ordinality: bool, alias: Option<&TableAlias>) -> Entry {
    let values = expr::all(cx, scope, arrays);
    unnest_values(cx, scope, values, ordinality, alias)
}

fn unnest_values(
    cx: &mut Cx,
    scope: &Scope,
    values: Vec<Typed>,
    ordinality: bool,
    alias: Option<&TableAlias>,
) -> Entry {
    let function: Arc<str> = "unnest".into();
    let span = super::tree::cover(&values);
    let span = if span.is_empty() { cx.span } else { span };
    let single = values.len() == 1;
    let mut columns = Vec::new();
    let mut complete = true;
    let mut row = Type::plain(RECORD);
    let mut scalar = single && !ordinality;
    for value in values {
        let call = Call {
            schema: None,
            name: function.clone(),
            span,
            arguments: vec![Argument { name: None, value }],
            star: false,
            variadic: false,
        };
        let found = functions::call(cx, scope, call);
        let alias = alias.filter(|_| single);
        let found = found.and_then(|found| {
            Some((found.result, columns_of(cx, &function, found.result, found.fields.as_deref(), alias)?))
        });
        match found {
            Some((result, (mut more, one_value))) => {
                columns.append(&mut more);
                scalar &= one_value;
                row = result;
            }
            None if single => {
                complete = false;
                row = Type::UNSURE;
            }
            // One value of a type that is not known.
            None => columns.push(item_column(function.clone(), Type::UNSURE, None)),
        }
    }
    if ordinality && complete {
        columns.push(item_column("ordinality".into(), Type::plain(INT8), Some(false)));
    }
    let mut item = columns_item(cx, scope, columns, complete);
    item.name = Some(function);
    item.function = true;
    item.span = span;
    item.scalar = scalar;
    if single && !ordinality {
        item.row = row;
    }
    rename(cx, &mut item, alias);
    Entry::new(Rc::new(item))
}

/// A table that takes arguments, where functions return no rows: its name is a relation's.
fn table_function(cx: &mut Cx, scope: &Scope, function: (Arc<str>, Span), alias: Option<&TableAlias>) -> Entry {
    let item: Option<Item> = match cx.schema.find_relation(None, &function.0) {
        Some(found) => Some(relation::relation_item(cx, scope, found, function.1)),
        None => None,
    };
    match item {
        Some(mut item) => {
            rename(cx, &mut item, alias);
            Entry::new(Rc::new(item))
        }
        None => {
            cx.unknown(function.1, format!("the table function `{}` is not known", function.0));
            named(cx, scope, function.0, function.1, alias)
        }
    }
}
