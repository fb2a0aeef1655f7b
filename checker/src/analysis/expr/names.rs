//! Names in expressions: columns, whole rows, variables, functions written without parentheses.

use std::sync::Arc;

use sqlparser::ast::Ident;

use super::super::cx::{Cx, Kind, Words};
use super::super::scope::{ColumnFound, Entry, Item, ItemFound, Places, Scope, column_at_level, find_item};
use super::super::tree::{ColumnRef, Node, Typed};
use super::super::{Object, Stage, Variable, VariableConflict};
use super::{access, functions};
use crate::schema::{Key, Type};
use crate::source::Span;

const NO_COLUMN: Kind = Kind("missing-column", "42703", Stage::Parse);
const NO_TABLE: Kind = Kind("missing-table", "42P01", Stage::Parse);
const AMBIGUOUS: Kind = Kind("ambiguous-column", "42702", Stage::Parse);
const AMBIGUOUS_TABLE: Kind = Kind("ambiguous-column", "42P09", Stage::Parse);
const NOT_HERE: Kind = Kind("missing-table", "42P10", Stage::Parse);

/// A name of one part.
pub(super) fn identifier(cx: &mut Cx, scope: &Scope, written: &Ident) -> Typed {
    let name = cx.fold(written);
    let span = cx.span_of(written);
    if cx.is_hole(&name, span) {
        return Typed::unsure(span);
    }
    if written.quote_style.is_none()
        && let Some(typed) = functions::keyword(cx, &name, span)
    {
        return typed;
    }
    let variable = variable(cx, None, &name).cloned();
    if let Some(variable) = variable.as_ref().filter(|_| cx.context.conflict == VariableConflict::Variable) {
        return variable_value(variable, span);
    }
    if let Some(typed) = unqualified(cx, scope, &name, span) {
        let clashes = variable.is_some() && cx.context.conflict == VariableConflict::Error;
        if clashes && matches!(typed.node, Node::Column(_) | Node::Row(..)) {
            let message = format!("`{name}` could be a variable of the routine or a column of a table");
            let about = about_column(cx, &typed, &name);
            cx.problem(AMBIGUOUS, about, Words { span, message, label: "variable or column".into() });
        }
        return typed;
    }
    if let Some(variable) = variable {
        return variable_value(&variable, span);
    }
    if cx.rules().quoted_names_may_be_strings && written.quote_style == Some('"') {
        return Typed::new(Node::Text(written.value.as_str().into()), Type::UNSURE, Some(false), span);
    }
    // Engines whose grammar does not reserve the words take them for a value where no column has the name.
    if written.quote_style.is_none() && matches!(&*name, "true" | "false") {
        return Typed::new(Node::Constant(name), Type::UNSURE, Some(false), span);
    }
    no_column(cx, scope, &name, span);
    Typed::unsure(span)
}

/// A column or a whole row by an unqualified name.
fn unqualified(cx: &mut Cx, scope: &Scope, name: &Arc<str>, span: Span) -> Option<Typed> {
    for level in scope.levels() {
        match column_at_level(level, name) {
            ColumnFound::One(entry, at) => {
                check_usable(cx, entry, span);
                let item = entry.item.clone();
                return Some(column(cx, &item, at, span, true));
            }
            ColumnFound::Ambiguous(a, b) => {
                ambiguous(cx, name, span, a, b);
                return Some(Typed::unsure(span));
            }
            ColumnFound::Perhaps => return Some(Typed::unsure(span)),
            ColumnFound::None => {}
        }
        if let Some((_, typed)) = level.outputs.iter().find(|(output, _)| output == name) {
            return Some(Typed { span, ..typed.clone() });
        }
    }
    if !cx.rules().whole_rows {
        return None;
    }
    match find_item(scope, None, name) {
        ItemFound::One(entry) => {
            let item = entry.item.clone();
            Some(whole_row(cx, &item, span))
        }
        ItemFound::Ambiguous | ItemFound::NotHere | ItemFound::None => None,
    }
}

/// The row that `name.*` stands for as an argument: that of an item, even where a column has its name.
pub(super) fn row_or_column(cx: &mut Cx, scope: &Scope, name: &Ident) -> Typed {
    let folded = cx.fold(name);
    match find_item(scope, None, &folded) {
        ItemFound::One(entry) if cx.rules().whole_rows => {
            let (item, span) = (entry.item.clone(), cx.span_of(name));
            whole_row(cx, &item, span)
        }
        _ => identifier(cx, scope, name),
    }
}

/// An item that stands to the left, but that `LATERAL` cannot use from a side that may be filled with NULL.
fn check_usable(cx: &mut Cx, entry: &Entry, span: Span) {
    if entry.lateral_only && !entry.lateral_ok {
        let name = entry.item.name.clone().unwrap_or_else(|| Arc::from("?"));
        let message = format!("`{name}` cannot be used from this part of the query");
        cx.problem(NOT_HERE, Vec::new(), Words { span, message, label: "not usable here".into() });
    }
}

fn ambiguous(cx: &mut Cx, name: &Arc<str>, span: Span, a: &Entry, b: &Entry) {
    let owner = |cx: &Cx, entry: &Entry, nth: usize| {
        let column = entry.item.columns.iter().filter(|column| column.name == *name).nth(nth);
        let origin = column.and_then(|column| column.origin);
        let relation = origin.and_then(|(id, _)| cx.schema.relation(id));
        relation.map(|relation| Key::Column(relation.name.clone(), name.clone()))
    };
    let same = Arc::ptr_eq(name, name) && std::ptr::eq(a, b);
    let about = [owner(cx, b, usize::from(same)), owner(cx, a, 0)].into_iter().flatten().collect();
    let message = format!("column `{name}` is ambiguous");
    cx.problem(AMBIGUOUS, about, Words { span, message, label: "ambiguous column".into() });
}

/// A column of an item, by its place.
pub(in crate::analysis) fn column(cx: &mut Cx, item: &Item, at: usize, span: Span, explicit: bool) -> Typed {
    let Some(found) = item.columns.get(at) else { return Typed::unsure(span) };
    let own = ColumnRef { depth: item.depth, item: item.id, column: at };
    let place = found.column.unwrap_or(own);
    cx.referred(place, item, span, at);
    match found.origin {
        Some(origin) => cx.used_column(span, origin, explicit),
        None if explicit => cx.used(span, Object::Derived(found.name.clone())),
        None => {}
    }
    Typed {
        collation: found.collation.clone(),
        origin: found.origin,
        ..Typed::new(Node::Column(place), found.ty, found.nullable, span)
    }
}

/// An item's whole row.
fn whole_row(cx: &mut Cx, item: &Item, span: Span) -> Typed {
    if item.scalar && !item.columns.is_empty() {
        return column(cx, item, 0, span, true);
    }
    let nullable = if item.outer { Some(true) } else { Some(false) };
    for (at, found) in item.columns.iter().enumerate().filter(|(_, column)| !column.hidden) {
        cx.referred(found.column.unwrap_or(ColumnRef { depth: item.depth, item: item.id, column: at }), item, span, at);
        if let Some(origin) = found.origin {
            cx.used_column(span, origin, false);
        }
    }
    let row = Typed::new(Node::Row(item.id, item.depth), item.row, nullable, span);
    Typed { fields: item.complete.then(|| access::columns_as_fields(item)), ..row }
}

/// A name of several parts.
pub(super) fn compound(cx: &mut Cx, scope: &Scope, parts: &[Ident]) -> Typed {
    let names: Vec<(Arc<str>, Span)> = parts.iter().map(|part| (cx.fold(part), cx.span_of(part))).collect();
    let span = names.iter().map(|(_, span)| *span).reduce(Span::to).unwrap_or(cx.span);
    for (name, at) in &names {
        if cx.is_hole(name, *at) {
            return Typed::unsure(span);
        }
    }
    let (schema, table, column_name) = match names.as_slice() {
        [table, column] => (None, table, column),
        [schema, table, column] | [_, schema, table, column] => (Some(&*schema.0), table, column),
        _ => {
            cx.unknown(span, "a name of so many parts is not understood");
            return Typed::unsure(span);
        }
    };
    let variable = field_of_variable(cx, &names, span);
    if let Some(typed) = variable.as_ref().filter(|_| cx.context.conflict == VariableConflict::Variable) {
        return typed.clone();
    }
    let entry = match find_item(scope, schema, &table.0) {
        ItemFound::One(entry) => entry,
        ItemFound::NotHere if is_beyond_lateral(scope, schema, &table.0) => {
            let message = format!("`{}` cannot be used from this part of the query", table.0);
            cx.problem(NOT_HERE, Vec::new(), Words { span: table.1, message, label: "not usable here".into() });
            return Typed::unsure(span);
        }
        ItemFound::Ambiguous => {
            let message = format!("table reference `{}` is ambiguous", table.0);
            cx.problem(AMBIGUOUS_TABLE, Vec::new(), Words { span: table.1, message, label: "ambiguous table".into() });
            return Typed::unsure(span);
        }
        ItemFound::NotHere | ItemFound::None => {
            return variable.unwrap_or_else(|| {
                no_item(cx, scope, schema, &table.0, table.1);
                Typed::unsure(span)
            });
        }
    };
    let item = entry.item.clone();
    item_column(cx, scope, &item, column_name, span)
}

/// Whether an item stands to the left, but `LATERAL` cannot use it.
fn is_beyond_lateral(scope: &Scope, schema: Option<&str>, name: &str) -> bool {
    let seen = |level: &&Scope| level.lateral && schema.is_none();
    let named = |entry: &Entry| entry.lateral_only && !entry.lateral_ok && entry.item.name.as_deref() == Some(name);
    scope.levels().filter(seen).any(|level| level.entries.iter().any(named))
}

/// `item.column`, or `item.function`.
fn item_column(cx: &mut Cx, scope: &Scope, item: &Item, name: &(Arc<str>, Span), span: Span) -> Typed {
    match item.find(&name.0) {
        Places::One(at) => return column(cx, item, at, span, true),
        Places::Several => {
            let message = format!("column `{}` is ambiguous", name.0);
            cx.problem(AMBIGUOUS, Vec::new(), Words { span, message, label: "ambiguous column".into() });
            return Typed::unsure(span);
        }
        Places::None => {}
    }
    if !item.complete {
        return Typed::unsure(span);
    }
    if cx.rules().whole_rows
        && let Some(typed) = functions::of_row(cx, scope, item, &name.0, span)
    {
        return typed;
    }
    let table = item.name.clone().unwrap_or_else(|| Arc::from("?"));
    let about = match &item.relation {
        Some(relation) => {
            vec![Key::Column(relation.name.clone(), name.0.clone()), Key::Relation(relation.name.clone())]
        }
        None => Vec::new(),
    };
    let words = Words {
        span: name.1,
        message: format!("column `{table}.{}` does not exist", name.0),
        label: "unknown column".into(),
    };
    cx.problem(NO_COLUMN, about, words);
    Typed::unsure(span)
}

/// Says that no item has the name.
pub(in crate::analysis) fn no_item(cx: &mut Cx, scope: &Scope, schema: Option<&str>, name: &Arc<str>, span: Span) {
    let shown = schema.map_or_else(|| name.to_string(), |schema| format!("{schema}.{name}"));
    let message = match find_item(scope, schema, name) {
        ItemFound::NotHere => format!("table `{shown}` cannot be used from this part of the query, or has an alias"),
        _ => format!("missing `FROM` entry for table `{shown}`"),
    };
    cx.depend(Key::Relation(name.clone()));
    let about = vec![Key::Relation(name.clone())];
    cx.problem(NO_TABLE, about, Words { span, message, label: "unknown table".into() });
}

/// Says that there is no such column.
fn no_column(cx: &mut Cx, scope: &Scope, name: &Arc<str>, span: Span) {
    let relations =
        scope.levels().flat_map(|level| level.entries.iter()).filter_map(|entry| entry.item.relation.clone());
    let about: Vec<Key> = relations.map(|relation| Key::Column(relation.name.clone(), name.clone())).collect();
    let message = format!("column `{name}` does not exist");
    cx.problem(NO_COLUMN, about, Words { span, message, label: "unknown column".into() });
}

fn about_column(cx: &Cx, typed: &Typed, name: &Arc<str>) -> Vec<Key> {
    let relation = typed.origin.and_then(|(id, _)| cx.schema.relation(id));
    relation.map(|relation| Key::Column(relation.name.clone(), name.clone())).into_iter().collect()
}

/// The variable of a name, perhaps qualified by its block or routine.
fn variable<'c>(cx: &'c Cx, qualifier: Option<&str>, name: &str) -> Option<&'c Variable> {
    let fits = |variable: &&Variable| {
        *variable.name == *name
            && qualifier.is_none_or(|qualifier| variable.qualifiers.iter().any(|known| **known == *qualifier))
    };
    cx.context.variables.iter().rev().find(fits)
}

fn variable_value(variable: &Variable, span: Span) -> Typed {
    let fields = variable.fields.clone();
    Typed { fields, ..Typed::new(Node::Variable(variable.name.clone()), variable.ty, None, span) }
}

/// A row that a variable holds: for `variable.*`.
pub(in crate::analysis) fn row_variable(cx: &mut Cx, _scope: &Scope, name: &str, span: Span) -> Option<Typed> {
    variable(cx, None, name).map(|variable| variable_value(variable, span))
}

/// `record.field`, `block.variable`, `block.record.field`.
fn field_of_variable(cx: &mut Cx, names: &[(Arc<str>, Span)], span: Span) -> Option<Typed> {
    match names {
        [(first, _), (second, at)] => {
            if let Some(found) = variable(cx, Some(first), second) {
                return Some(variable_value(found, span));
            }
            let record = variable(cx, None, first)?.clone();
            Some(record_field(cx, &record, second, *at, span))
        }
        [(block, _), (record, _), (field, at)] => {
            let record = variable(cx, Some(block), record)?.clone();
            Some(record_field(cx, &record, field, *at, span))
        }
        _ => None,
    }
}

/// The field of a row variable; the server notices when the statement runs that there is none.
fn record_field(cx: &mut Cx, record: &Variable, name: &Arc<str>, at: Span, span: Span) -> Typed {
    let node = Node::Variable(format!("{}.{name}", record.name).into());
    let fields = record.fields.clone().or_else(|| cx.schema.attributes(record.ty.id).map(Arc::from));
    let Some(fields) = fields else { return Typed::new(node, Type::UNSURE, None, span) };
    if let Some(field) = fields.iter().find(|field| field.name == *name) {
        if let Some(relation) = record.relation {
            cx.used_column(span, (relation, field.number), true);
            cx.out.fields.insert((relation, field.number));
        }
        return Typed::new(node, field.ty, None, span);
    }
    let relation = record.relation.and_then(|id| cx.schema.relation(id));
    // Where tables number their rows in a hidden column, the rows of triggers have it too.
    let numbered = cx.rules().system_columns_number_rows && relation.as_ref().is_some_and(|relation| relation.row_id);
    if numbered && let Some((_, id)) = cx.schema.dialect.system_columns.iter().find(|(known, _)| **known == **name) {
        return Typed::new(node, Type::plain(*id), None, span);
    }
    let about = relation.map(|relation| Key::Column(relation.name.clone(), name.clone())).into_iter().collect();
    let message = format!("record `{}` has no field `{name}`", record.name);
    let kind = Kind(NO_COLUMN.0, NO_COLUMN.1, Stage::Execute);
    cx.problem(kind, about, Words { span: at, message, label: "unknown field".into() });
    Typed::unsure(span)
}
