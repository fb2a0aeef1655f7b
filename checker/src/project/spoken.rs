//! Which engine a query is written for, where its driver or its file says so.

use crate::query::{Driver, Query};

/// The types of sqlx's drivers by which a file shows the engine that it talks to.
const SIGNS: &[(&str, &[&str])] = &[
    (
        "sqlite",
        &["SqlitePool", "SqliteConnect", "SqliteExecutor", "SqliteRow", "SqliteQuery", "sqlx::Sqlite", "sqlx::sqlite"],
    ),
    (
        "postgres",
        &["PgPool", "PgConnect", "PgExecutor", "PgRow", "PgTransaction", "PgQuery", "sqlx::Postgres", "sqlx::postgres"],
    ),
    ("mysql", &["MySqlPool", "MySqlConnect", "MySqlRow", "sqlx::MySql", "sqlx::mysql"]),
];

/// The engine's name; `None` where nothing says it, or more than one thing does.
pub(super) fn of(query: &Query) -> Option<&'static str> {
    let named = |product: &str| SIGNS.iter().map(|(engine, _)| *engine).find(|engine| product.contains(engine));
    if let Some(product) = query.described.as_ref().and_then(|described| described.product.as_deref()) {
        return named(&product.to_lowercase());
    }
    match query.call.driver {
        Driver::Rusqlite => Some("sqlite"),
        Driver::TokioPostgres => Some("postgres"),
        Driver::Sqlx => {
            let path = query.alternative.as_ref().map_or(query.place.source.path(), |call| &call.path);
            let text = Some(query.place.source.text()).filter(|_| path == query.place.source.path());
            let text = text.filter(|_| path.ends_with(".rs"))?;
            let spoken = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
            let mut engines = SIGNS.iter().filter(|(_, signs)| spoken(signs)).map(|(engine, _)| *engine);
            engines.next().filter(|_| engines.next().is_none())
        }
        Driver::Diesel | Driver::SeaOrm | Driver::Other => None,
    }
}
