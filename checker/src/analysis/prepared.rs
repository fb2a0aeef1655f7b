//! Statements beside those that read and write rows.

use sqlparser::ast::Statement;

use super::cx::Cx;
use super::query::Rows;
use super::relation::find_relation;
use super::statement::statement;

/// A statement that is neither a query nor a write.
pub(super) fn other(cx: &mut Cx, written: &Statement) -> Rows {
    match written {
        Statement::Prepare { statement: inner, data_types, .. } => cx.at_execution(|cx| {
            for data_type in data_types {
                super::types::written::resolve(cx, data_type, cx.span);
            }
            cx.deeper(|cx| statement(cx, inner));
            Rows::silent()
        }),
        Statement::Lock(lock) => cx.at_execution(|cx| {
            for table in &lock.tables {
                let parts = cx.names(&table.name);
                find_relation(cx, &parts);
            }
            Rows::silent()
        }),
        Statement::Set(_)
        | Statement::ShowVariable { .. }
        | Statement::LISTEN { .. }
        | Statement::UNLISTEN { .. }
        | Statement::NOTIFY { .. }
        | Statement::Deallocate { .. }
        | Statement::Execute { .. }
        | Statement::Fetch { .. }
        | Statement::Close { .. }
        | Statement::Discard { .. }
        | Statement::StartTransaction { .. }
        | Statement::Commit { .. }
        | Statement::Rollback { .. }
        | Statement::Savepoint { .. }
        | Statement::ReleaseSavepoint { .. }
        | Statement::Vacuum(_)
        | Statement::Analyze(_) => Rows::unsure(),
        _ => {
            cx.unknown(cx.span, "this kind of statement is not understood");
            Rows::unsure()
        }
    }
}
