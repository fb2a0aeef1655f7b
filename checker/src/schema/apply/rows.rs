//! Statements that fail when a table has rows.

use super::column::NewColumn;
use super::{Cx, problem};
use crate::schema::{ApplyProblem, Column, ConstraintKind, Key, Relation, RelationId, RelationKind, Schema, Type};
use crate::source::Span;
use crate::sql::ddl::{self, ColumnDef};
use sqlparser::ast::Expr;

/// A new column: where it refuses NULL and nothing gives it a value, the rows that are there break it.
pub(super) fn new_column(cx: &mut Cx<'_>, relation: &Relation, def: &ColumnDef, new: &NewColumn) {
    let keyed = new.constraints.iter().any(|def| matches!(def.kind, ddl::ConstraintKind::PrimaryKey { .. }));
    let column = &new.column;
    if !(column.not_null || keyed || refuses_null(cx, column.ty)) || has_value(cx.schema, column) || new.makes_numbers()
    {
        return;
    }
    if is_rowless(cx, relation) {
        return;
    }
    let message = format!(
        "column `{}` is added to `{}` as NOT NULL without a default, which fails if the table has rows",
        column.name, relation.name
    );
    report(cx, relation, column, def.span, message, "23502");
}

/// A column that now refuses NULL: rows that hold NULL in it break it.
pub(super) fn set_not_null(cx: &mut Cx<'_>, relation: &Relation, column: &Column, span: Span) {
    let safe = column.not_null
        || refuses_null(cx, column.ty)
        || column.identity.is_some()
        || cx.schema.is_filled(relation.id, column.number)
        || is_rowless(cx, relation)
        || is_checked(relation, column);
    if safe {
        return;
    }
    let message = format!(
        "column `{}` of `{}` becomes NOT NULL, which fails if a row holds NULL in it",
        column.name, relation.name
    );
    report(cx, relation, column, span, message, "23502");
}

/// A column that gives its value to the rows that are there counts as filled.
pub(super) fn note_filled(cx: &mut Cx<'_>, id: RelationId, column: &Column) {
    if has_value(cx.schema, column) {
        cx.schema.note_filled(id, column.number);
    }
}

fn report(cx: &mut Cx<'_>, relation: &Relation, column: &Column, span: Span, message: String, sqlstate: &'static str) {
    let about = vec![Key::Column(relation.name.clone(), column.name.clone()), Key::Relation(relation.name.clone())];
    cx.report(ApplyProblem { rule: problem::FAILS_ON_ROWS, span, message, sqlstate: Some(sqlstate), about });
}

fn is_rowless(cx: &Cx<'_>, relation: &Relation) -> bool {
    !matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable) || cx.schema.is_empty(relation.id)
}

/// Whether a column has a value in a row that gives it none.
pub(super) fn has_value(schema: &Schema, column: &Column) -> bool {
    column.default.as_ref().is_some_and(|default| !super::column::is_null(default))
        || column.generated.is_some()
        || column.identity.is_some()
        || column.auto_number
        || schema.domain(column.ty.id).is_some_and(|domain| domain.default.is_some())
}

fn refuses_null(cx: &Cx<'_>, ty: Type) -> bool {
    cx.schema.domain(ty.id).is_some_and(|domain| domain.info.not_null)
}

/// Whether a validated check already refuses NULL.
fn is_checked(relation: &Relation, column: &Column) -> bool {
    relation
        .constraints
        .iter()
        .filter(|constraint| constraint.valid && constraint.columns.contains(&column.number))
        .any(|constraint| match &constraint.kind {
            ConstraintKind::Check(expr) => {
                expr.tree().map(|tree| &**tree).is_some_and(|tree| demands(tree, &column.name))
            }
            _ => false,
        })
}

/// Whether a condition holds only where the column is not NULL.
fn demands(condition: &Expr, column: &str) -> bool {
    match condition {
        Expr::Nested(inner) => demands(inner, column),
        Expr::IsNotNull(inner) => names(inner, column),
        Expr::BinaryOp { left, op: sqlparser::ast::BinaryOperator::And, right } => {
            demands(left, column) || demands(right, column)
        }
        _ => false,
    }
}

fn names(expr: &Expr, column: &str) -> bool {
    match expr {
        Expr::Nested(inner) => names(inner, column),
        Expr::Identifier(ident) => ident.value.eq_ignore_ascii_case(column),
        Expr::CompoundIdentifier(idents) => idents.last().is_some_and(|ident| ident.value.eq_ignore_ascii_case(column)),
        _ => false,
    }
}
