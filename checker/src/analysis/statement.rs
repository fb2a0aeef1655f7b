//! Statements as a whole.

use sqlparser::ast::{self, CopySource, Statement};

use super::cx::{Cx, Kind, Words};
use super::expr::functions::{self, Call};
use super::modify::NO_COLUMN;
use super::query::{self, Rows, Unknowns};
use super::relation::find_relation;
use super::scope::Scope;
use super::types::candidates::NO_FUNCTION;
use super::{Object, Stage, modify, operation, prepared};
use crate::schema::{Key, RelationKind};

const NOT_A_TABLE: Kind = Kind("operation-refused", "42809", Stage::Execute);

/// Analyses a statement; its rows are those that the client gets.
pub(super) fn statement(cx: &mut Cx, written: &Statement) -> Rows {
    match written {
        Statement::Query(written) => query::subquery(cx, None, written, Unknowns::ToText),
        Statement::Insert(_) | Statement::Update(_) | Statement::Delete(_) | Statement::Merge(_) => {
            modify::statement(cx, Scope::inside(None), written)
        }
        Statement::Explain { statement, .. } => {
            explained(cx, statement);
            Rows::unsure()
        }
        Statement::Copy { source, to, .. } => cx.at_execution(|cx| copy(cx, source, *to)),
        Statement::Truncate(truncate) => cx.at_execution(|cx| {
            for table in &truncate.table_names {
                let parts = cx.names(&table.name);
                if let Some((relation, span)) = find_relation(cx, &parts) {
                    operation::emptied(cx, &relation, span);
                }
            }
            Rows::silent()
        }),
        Statement::Call(function) => call(cx, function),
        Statement::Declare { stmts } => {
            for declared in stmts {
                if let Some(written) = &declared.for_query {
                    query::subquery(cx, None, written, Unknowns::ToText);
                }
            }
            Rows::silent()
        }
        other => prepared::other(cx, other),
    }
}

fn explained(cx: &mut Cx, written: &Statement) {
    cx.deeper(|cx| statement(cx, written));
}

/// `COPY table (columns) FROM …`, `COPY (query) TO …`.
fn copy(cx: &mut Cx, source: &CopySource, to: bool) -> Rows {
    match source {
        CopySource::Query(written) => {
            query::subquery(cx, None, written, Unknowns::ToText);
        }
        CopySource::Table { table_name, columns } => {
            let parts = cx.names(table_name);
            let Some((relation, span)) = find_relation(cx, &parts) else { return Rows::silent() };
            let name = relation.name.clone();
            if to && matches!(relation.kind, RelationKind::View | RelationKind::PartitionedTable) {
                let message = format!("`COPY` cannot read from `{name}`, which stores no rows itself");
                let about = vec![Key::Relation(name.clone())];
                cx.problem(NOT_A_TABLE, about, Words { span, message, label: "not a table".into() });
            }
            for column in columns {
                let (column, at) = (cx.fold(column), cx.span_of(column));
                match relation.column(&column) {
                    Some(found) if to => cx.used_column(at, (relation.id, found.number), true),
                    Some(found) => cx.wrote(at, Object::Column(relation.id, found.number)),
                    None if relation.opaque.is_some() || cx.is_hole(&column, at) => {}
                    None => {
                        let message = format!("column `{column}` of `{name}` does not exist");
                        let about = vec![Key::Column(name.clone(), column.clone()), Key::Relation(name.clone())];
                        cx.problem(NO_COLUMN, about, Words { span: at, message, label: "unknown column".into() });
                    }
                }
            }
        }
    }
    Rows::silent()
}

/// `CALL procedure(arguments)`.
fn call(cx: &mut Cx, function: &ast::Function) -> Rows {
    let scope = Scope::inside(None);
    let mut parts = cx.names(&function.name);
    let Some((name, span)) = parts.pop() else { return Rows::unsure() };
    let Some((arguments, _)) = functions::arguments(cx, &scope, &function.args) else { return Rows::unsure() };
    if cx.is_hole(&name, span) {
        return Rows::unsure();
    }
    let schema = parts.pop().map(|(schema, _)| schema);
    let call = Call { schema, name: name.clone(), span, arguments, star: false, variadic: false };
    cx.depend(Key::Routine(name.clone()));
    if !functions::call_procedure(cx, call) && !cx.clouded(&name, span) {
        let message = format!("procedure `{name}` does not exist for these arguments");
        cx.problem(NO_FUNCTION, vec![Key::Routine(name)], Words { span, message, label: "unknown procedure".into() });
    }
    Rows::unsure()
}
