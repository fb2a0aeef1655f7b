//! Subqueries in expressions.

use sqlparser::ast::{self, BinaryOperator};

use super::super::Stage;
use super::super::cx::{Cx, Kind, Reference, Words};
use super::super::query::{self, Rows, Unknowns};
use super::super::scope::Scope;
use super::super::tree::{Node, Typed, What};
use super::super::types;
use super::expr;
use super::operators::{OperatorName, binary, boolean_type, operator_name, over_array};
use crate::dialect::TypeId;
use crate::schema::Type;
use crate::source::Span;

const COLUMN_COUNT: Kind = Kind("insert-arity", "42601", Stage::Parse);

/// The rows of a subquery, with the columns around it that it names.
fn rows_of(cx: &mut Cx, scope: &Scope, written: &ast::Query, unknowns: Unknowns) -> (Rows, Vec<Reference>) {
    let before = cx.references.len();
    let rows = query::subquery(cx, Some(scope), written, unknowns);
    let outer = cx.references.get(before..).unwrap_or(&[]);
    let outer = outer.iter().filter(|reference| reference.column.depth <= scope.depth).cloned().collect();
    (rows, outer)
}

/// The one column of a subquery that stands for a value.
fn only_column(cx: &mut Cx, rows: Rows, span: Span) -> Option<Typed> {
    if rows.complete && rows.columns.len() != 1 && !rows.silent {
        let count = rows.columns.len();
        let message = format!("a subquery that stands for a value must return one column, not {count}");
        cx.problem(COLUMN_COUNT, Vec::new(), Words { span, message, label: format!("{count} columns") });
        return None;
    }
    rows.columns.into_iter().next().filter(|_| rows.complete).map(|column| column.typed)
}

fn span_of(cx: &Cx, written: &ast::Query, rows: &Rows) -> Span {
    let first = rows.columns.iter().map(|column| column.typed.span).reduce(Span::to).filter(|span| !span.is_empty());
    let _ = written;
    first.unwrap_or(cx.span)
}

/// `(SELECT …)` as a value.
pub(super) fn scalar(cx: &mut Cx, scope: &Scope, written: &ast::Query) -> Typed {
    let (rows, outer) = rows_of(cx, scope, written, Unknowns::ToText);
    let span = span_of(cx, written, &rows);
    let one_row = rows.one_row;
    let fields = rows.columns.first().and_then(|column| column.typed.fields.clone());
    let name = rows.columns.first().map(|column| column.name.clone());
    let column = only_column(cx, rows, span);
    let (ty, nullable, collation) = match column {
        // Without a row the value is NULL.
        Some(column) => {
            let nullable = if one_row || column.nullable == Some(true) { column.nullable } else { Some(true) };
            (column.ty, nullable, column.collation)
        }
        None => (Type::UNSURE, None, None),
    };
    let node = Node::Subquery { outer, name };
    Typed { collation, fields, ..Typed::new(node, ty, nullable, span) }
}

/// `EXISTS (SELECT …)`.
pub(super) fn exists(cx: &mut Cx, scope: &Scope, written: &ast::Query) -> Typed {
    let (rows, outer) = rows_of(cx, scope, written, Unknowns::ToText);
    let span = span_of(cx, written, &rows);
    Typed::new(Node::Subquery { outer, name: Some("exists".into()) }, Type::plain(boolean_type(cx)), Some(false), span)
}

/// `ARRAY(SELECT …)`.
pub(super) fn array(cx: &mut Cx, scope: &Scope, written: &ast::Query) -> Typed {
    let (rows, outer) = rows_of(cx, scope, written, Unknowns::ToText);
    let span = span_of(cx, written, &rows);
    let column = only_column(cx, rows, span);
    let ty = column.map_or(Type::UNSURE, |column| {
        let array = match types::element(cx.schema, column.ty.id) {
            Some(_) => Some(column.ty.id),
            None => cx.schema.array_of(column.ty.id),
        };
        Type { id: array.unwrap_or(TypeId::UNSURE), modifier: column.ty.modifier }
    });
    Typed::new(Node::Subquery { outer, name: Some("array".into()) }, ty, Some(false), span)
}

/// `value IN (SELECT …)`.
pub(super) fn in_subquery(cx: &mut Cx, scope: &Scope, negated: bool, left: &ast::Expr, written: &ast::Query) -> Typed {
    let left = expr(cx, scope, left);
    let what = if negated { "not in query" } else { "in query" };
    against_query(cx, scope, what, left, &OperatorName::plain("="), written)
}

/// `(a, b) = (SELECT …)`.
pub(super) fn row_against_query(
    cx: &mut Cx,
    scope: &Scope,
    left: Typed,
    name: &OperatorName,
    written: &ast::Query,
) -> Typed {
    against_query(cx, scope, "row of query", left, name, written)
}

fn against_query(
    cx: &mut Cx,
    scope: &Scope,
    what: &'static str,
    left: Typed,
    name: &OperatorName,
    written: &ast::Query,
) -> Typed {
    let (rows, outer) = rows_of(cx, scope, written, Unknowns::ToText);
    let lefts = match left.node {
        Node::Call { what: What::Construct("row"), arguments } => arguments,
        _ => vec![left],
    };
    let span = span_of(cx, written, &rows);
    let mut arguments = Vec::new();
    if rows.complete && !rows.silent && rows.columns.len() != lefts.len() {
        unequal_rows(cx, lefts.len(), rows.columns.len(), span);
        arguments = lefts;
    } else if rows.complete {
        for (left, right) in lefts.into_iter().zip(rows.columns) {
            // The subquery's columns are no columns here.
            let right = Typed { node: Node::Unsure, ..right.typed };
            arguments.push(binary(cx, name, left, right));
        }
    } else {
        arguments = lefts;
    }
    arguments.push(Typed::new(Node::Subquery { outer, name: None }, Type::UNSURE, None, span));
    Typed::construct(what, boolean_type(cx), None, arguments)
}

/// Says that two sides of a comparison have different numbers of columns.
pub(super) fn unequal_rows(cx: &mut Cx, left: usize, right: usize, span: Span) {
    let message = format!("{left} values are compared with {right} columns");
    cx.problem(COLUMN_COUNT, Vec::new(), Words { span, message, label: format!("{right} columns") });
}

/// `value = ANY (array or subquery)`.
pub(super) fn any_all(
    cx: &mut Cx,
    scope: &Scope,
    all: bool,
    left: &ast::Expr,
    op: &BinaryOperator,
    right: &ast::Expr,
) -> Typed {
    let name = operator_name(cx, op);
    let left = expr(cx, scope, left);
    match right {
        ast::Expr::Subquery(written) => {
            let what = if all { "all query" } else { "in query" };
            against_query(cx, scope, what, left, &name, written)
        }
        _ => {
            let right = expr(cx, scope, right);
            over_array(cx, if all { "all" } else { "any" }, &name, left, right)
        }
    }
}
