//! The table of call profiles: what each library's call does with the statement that it sends. The tests run each call
//! against a server and hold its row to what it did.
//!
//! Columns of a row: identifier, driver, declares parameter types, keeps the prepared statement, compares result types,
//! reads by position. `None` is "depends on the arguments or on the server's settings" and makes the rules that ask
//! answer *unknown*.
//!
//! Sources, by crate version read:
//! - sqlx 0.9 (`sqlx-core/src/executor.rs`, `sqlx-core/src/query*.rs`, `sqlx-core/src/raw_sql.rs`,
//!   `sqlx-macros-core/src/query/output.rs`, `sqlx-postgres/src/connection/executor.rs`): arguments carry their type
//!   OIDs into Parse; `persistent` is true unless told otherwise; a bare `&str` has no arguments and goes by the simple
//!   protocol; macros read `try_get_unchecked(ordinal)`, those of one value and functions `try_get`; structs are read by
//!   name, tuples by position.
//! - tokio-postgres 0.7 (`src/client.rs`, `src/prepare.rs`, `src/row.rs`): Parse without types except in `*_typed`;
//!   a `&str` is prepared for this call only; `Row::get` compares with `FromSql::accepts`.
//! - deadpool-postgres 0.14 (`src/lib.rs`, `StatementCache`): keeps what `prepare_cached` prepared.
//! - rusqlite 0.41: SQLite compiles a kept statement anew when the schema changed (`sqlite3_prepare_v2`), and its values
//!   carry their own types.
//! - diesel 2.3 (`diesel/src/query_builder/sql_query.rs`, `pg/connection/stmt/mod.rs`, `pg/types`): the DSL's statements
//!   are cached and read by position without looking at type OIDs; `sql_query` is not safe to cache and reads by name.
//! - sea-orm 1.1 (`src/driver/sqlx_postgres.rs`): hands statement and values to `sqlx::query_with`, reads `try_get(name)`.

use super::{CallProfile, Driver, ResultCheck};
use Driver::{Diesel, Other, Rusqlite, SeaOrm, Sqlx, TokioPostgres};

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
const DEPENDS: Option<bool> = None;
const DECODES: Option<ResultCheck> = Some(ResultCheck::Decodes);
const COMPATIBLE: Option<ResultCheck> = Some(ResultCheck::Compatible);

const fn row(
    id: &'static str,
    driver: Driver,
    declares_parameters: Option<bool>,
    keeps_statement: Option<bool>,
    checks_results: Option<ResultCheck>,
    by_position: Option<bool>,
) -> CallProfile {
    CallProfile { id, driver, declares_parameters, keeps_statement, checks_results, by_position }
}

/// The profile of this project's own macro, outside of any driver's call.
pub const OWN_MACRO: &str = "schemacheck::sql!";

/// Every profile, sorted by identifier.
pub static ALL: &[CallProfile] = &[
    row(".sql file", Other, DEPENDS, DEPENDS, None, DEPENDS),
    row("diesel::batch_execute", Diesel, NO, NO, None, DEPENDS),
    row("diesel::dsl", Diesel, YES, YES, DECODES, YES),
    row("diesel::sql_query", Diesel, YES, NO, DECODES, NO),
    row("mysql::exec", Other, NO, DEPENDS, COMPATIBLE, DEPENDS),
    row("mysql::query", Other, NO, NO, COMPATIBLE, DEPENDS),
    row("rusqlite::execute", Rusqlite, NO, NO, None, DEPENDS),
    row("rusqlite::execute_batch", Rusqlite, NO, NO, None, DEPENDS),
    row("rusqlite::prepare", Rusqlite, NO, NO, None, DEPENDS),
    row("rusqlite::prepare_cached", Rusqlite, NO, NO, None, DEPENDS),
    row("rusqlite::query_row", Rusqlite, NO, NO, None, DEPENDS),
    row(OWN_MACRO, Other, DEPENDS, DEPENDS, None, DEPENDS),
    row("sea_orm::Statement", SeaOrm, YES, YES, COMPATIBLE, NO),
    row("sea_orm::entity", SeaOrm, YES, YES, COMPATIBLE, NO),
    row("sea_orm::execute_unprepared", SeaOrm, NO, NO, None, DEPENDS),
    row("sqlx::Executor", Sqlx, NO, NO, COMPATIBLE, DEPENDS),
    row("sqlx::Executor::prepare", Sqlx, NO, YES, COMPATIBLE, DEPENDS),
    row("sqlx::QueryBuilder", Sqlx, YES, YES, COMPATIBLE, DEPENDS),
    row("sqlx::prepared", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::query", Sqlx, YES, YES, COMPATIBLE, DEPENDS),
    row("sqlx::query!", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::query_as", Sqlx, YES, YES, COMPATIBLE, DEPENDS),
    row("sqlx::query_as!", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::query_as_unchecked!", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::query_file!", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::query_file_as!", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::query_file_as_unchecked!", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::query_file_scalar!", Sqlx, YES, YES, COMPATIBLE, YES),
    row("sqlx::query_file_scalar_unchecked!", Sqlx, YES, YES, COMPATIBLE, YES),
    row("sqlx::query_file_unchecked!", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::query_scalar", Sqlx, YES, YES, COMPATIBLE, YES),
    row("sqlx::query_scalar!", Sqlx, YES, YES, COMPATIBLE, YES),
    row("sqlx::query_scalar_unchecked!", Sqlx, YES, YES, COMPATIBLE, YES),
    row("sqlx::query_unchecked!", Sqlx, YES, YES, DECODES, YES),
    row("sqlx::raw_sql", Sqlx, NO, NO, COMPATIBLE, DEPENDS),
    row("tokio_postgres::batch_execute", TokioPostgres, NO, NO, None, DEPENDS),
    row("tokio_postgres::copy", TokioPostgres, NO, NO, None, DEPENDS),
    row("tokio_postgres::prepare", TokioPostgres, NO, DEPENDS, COMPATIBLE, DEPENDS),
    row("tokio_postgres::prepare_cached", TokioPostgres, NO, YES, COMPATIBLE, DEPENDS),
    row("tokio_postgres::prepare_typed", TokioPostgres, YES, DEPENDS, COMPATIBLE, DEPENDS),
    row("tokio_postgres::query", TokioPostgres, NO, NO, COMPATIBLE, DEPENDS),
    row("tokio_postgres::query_typed", TokioPostgres, YES, NO, COMPATIBLE, DEPENDS),
    row("tokio_postgres::simple_query", TokioPostgres, NO, NO, None, DEPENDS),
];

/// The profile with this identifier.
pub fn by_id(id: &str) -> Option<&'static CallProfile> {
    ALL.binary_search_by(|profile| profile.id.cmp(id)).ok().and_then(|at| ALL.get(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_each_row_is_found() {
        for profile in ALL {
            assert!(std::ptr::eq(by_id(profile.id).expect(profile.id), profile));
        }
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(by_id("nothing").is_none());
    }
}
