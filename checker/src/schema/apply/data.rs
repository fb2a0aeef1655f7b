//! Statements that write rows: what is known of the rows after them.

use std::ops::ControlFlow;

use sqlparser::ast::{
    AssignmentTarget, Delete, Expr, FromTable, Insert, ObjectName, SetExpr, Statement, TableFactor, TableObject,
    Update, Value, Visitor,
};

use super::Cx;
use super::rows::has_value;
use crate::schema::mention::{folded, split};
use crate::schema::{ColumnNumber, Relation, Schema};
use crate::sql::{Query, walk};
use std::sync::Arc;

/// Notes what a statement does to rows.
pub(super) fn note(cx: &mut Cx<'_>, query: &Query) {
    let mut writes = Writes(Vec::new());
    let _ = walk(&*query.tree, &mut writes);
    for write in writes.0 {
        match write {
            Write::Insert(insert) => note_insert(cx.schema, &insert),
            Write::Update(update) => note_update(cx.schema, &update),
            Write::Delete(delete) => note_delete(cx.schema, &delete),
            Write::Into(name) => {
                if let Some(relation) = find(cx.schema, &name) {
                    cx.schema.note_added(relation.id);
                }
            }
        }
    }
}

#[expect(clippy::large_enum_variant, reason = "one at a time")]
enum Write {
    Insert(Insert),
    Update(Update),
    Delete(Delete),
    /// Rows come from elsewhere.
    Into(ObjectName),
}

struct Writes(Vec<Write>);

impl Visitor for Writes {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        match statement {
            Statement::Insert(insert) => self.0.push(Write::Insert(insert.clone())),
            Statement::Update(update) => self.0.push(Write::Update(update.clone())),
            Statement::Delete(delete) => self.0.push(Write::Delete(delete.clone())),
            Statement::Copy { source: sqlparser::ast::CopySource::Table { table_name, .. }, to: false, .. } => {
                self.0.push(Write::Into(table_name.clone()));
            }
            Statement::Merge(merge) => {
                if let TableFactor::Table { name, .. } = &merge.table {
                    self.0.push(Write::Into(name.clone()));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn find(schema: &Schema, name: &ObjectName) -> Option<Arc<Relation>> {
    let (namespace, name) = split(schema, name);
    schema.find_relation(namespace.as_deref(), &name)
}

fn note_insert(schema: &mut Schema, insert: &Insert) {
    let TableObject::TableName(name) = &insert.table else { return };
    let Some(relation) = find(schema, name) else { return };
    let given: Vec<ColumnNumber> = match insert.columns.as_slice() {
        [] => relation.columns.iter().map(|column| column.number).collect(),
        columns => {
            let named = columns.iter().filter_map(|name| relation.column(&split(schema, name).1));
            named.map(|column| column.number).collect()
        }
    };
    let empty = schema.is_empty(relation.id);
    for column in &relation.columns {
        let holds_value = match given.iter().position(|&number| number == column.number) {
            Some(position) => !writes_null(insert, position),
            None => has_value(schema, column),
        };
        match holds_value {
            // Into an empty table: the columns that get values hold no NULL.
            true if empty => schema.note_filled(relation.id, column.number),
            true => {}
            false => schema.note_unfilled(relation.id, column.number),
        }
    }
    schema.note_added(relation.id);
}

/// Whether an `INSERT … VALUES` has a `NULL` at a position.
fn writes_null(insert: &Insert, position: usize) -> bool {
    let Some(SetExpr::Values(values)) = insert.source.as_ref().map(|source| &*source.body) else { return false };
    values.rows.iter().any(|row| row.get(position).is_some_and(is_null))
}

fn is_null(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => is_null(inner),
        Expr::Value(value) => value.value == Value::Null,
        _ => false,
    }
}

fn note_update(schema: &mut Schema, update: &Update) {
    let TableFactor::Table { name, .. } = &update.table.relation else { return };
    let Some(relation) = find(schema, name) else { return };
    for assignment in &update.assignments {
        let names: Vec<&ObjectName> = match &assignment.target {
            AssignmentTarget::ColumnName(name) => vec![name],
            AssignmentTarget::Tuple(names) => names.iter().collect(),
        };
        for name in names {
            let Some(column) = relation.column(&split(schema, name).1) else { continue };
            if !is_null(&assignment.value) && !may_hold_null(schema, &relation, &assignment.value) {
                schema.note_filled(relation.id, column.number);
            }
        }
    }
}

/// Whether a value is that of a column of the same table which can hold NULL.
fn may_hold_null(schema: &Schema, relation: &Relation, value: &Expr) -> bool {
    let name = match value {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => return may_hold_null(schema, relation, inner),
        Expr::Identifier(name) => name,
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [table, name] if *folded(schema, table) == *relation.name => name,
            _ => return false,
        },
        _ => return false,
    };
    let column = relation.column(&folded(schema, name));
    column.is_some_and(|column| {
        let refuses = column.not_null || column.auto_number || column.identity.is_some();
        !refuses && !schema.is_filled(relation.id, column.number)
    })
}

fn note_delete(schema: &mut Schema, delete: &Delete) {
    let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
    let [table] = tables.as_slice() else { return };
    let TableFactor::Table { name, .. } = &table.relation else { return };
    let Some(relation) = find(schema, name) else { return };
    match &delete.selection {
        None => schema.note_empty(relation.id),
        Some(condition) => {
            for name in null_tests(condition) {
                if let Some(column) = relation.column(&folded(schema, name)) {
                    schema.note_filled(relation.id, column.number);
                }
            }
        }
    }
}

/// The columns that a condition tests for NULL, where nothing else is demanded.
fn null_tests(condition: &Expr) -> Vec<&sqlparser::ast::Ident> {
    match condition {
        Expr::Nested(inner) => null_tests(inner),
        Expr::IsNull(inner) => match &**inner {
            Expr::Identifier(ident) => vec![ident],
            Expr::CompoundIdentifier(idents) => idents.last().into_iter().collect(),
            _ => Vec::new(),
        },
        Expr::BinaryOp { left, op: sqlparser::ast::BinaryOperator::Or, right } => {
            null_tests(left).into_iter().chain(null_tests(right)).collect()
        }
        _ => Vec::new(),
    }
}
