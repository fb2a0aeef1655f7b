//! What statements do to the session: parameters, transactions; and `TRUNCATE`.

use std::sync::Arc;

use super::{Cx, Outcome, Stop, inherit};
use crate::schema::{Key, Schema};
use crate::sql::Transaction;
use crate::sql::ddl::ObjectName;

/// The session that applies migrations.
#[derive(Clone, Debug, Default)]
pub(in crate::schema) struct Session {
    /// Whether a transaction is open.
    pub(in crate::schema) in_transaction: bool,
    /// What the search path goes back to when the transaction ends, after `SET LOCAL`.
    path_after: Option<Arc<Vec<Arc<str>>>>,
}

/// `SET` and `RESET`.
pub(super) fn set(cx: &mut Cx<'_>, parameter: &str, values: &[String], local: bool) -> Outcome {
    match parameter {
        "search_path" => {
            if local && cx.schema.session.path_after.is_none() {
                cx.schema.session.path_after = Some(cx.schema.search_path.clone());
            }
            cx.schema.search_path = match values {
                // RESET, SET … TO DEFAULT
                [] => cx.schema.default_search_path.clone(),
                [one] if one.eq_ignore_ascii_case("default") => cx.schema.default_search_path.clone(),
                values => Arc::new(path(cx.schema, values)),
            };
            // New sessions, those of the application among them, have the database's own path.
        }
        "database.search_path" => {
            cx.schema.default_search_path = match values {
                [] => Schema::new(cx.schema.dialect, None).default_search_path,
                values => Arc::new(path(cx.schema, values)),
            };
            cx.touch(Key::Everything);
        }
        _ => {}
    }
    Ok(())
}

/// A search path as written: the schema named after the user is not known and left out.
pub(in crate::schema) fn path(schema: &Schema, values: &[String]) -> Vec<Arc<str>> {
    let entries = values.iter().flat_map(|value| value.split(',')).map(str::trim);
    let entries = entries.filter_map(|entry| match entry.strip_prefix('"').and_then(|entry| entry.strip_suffix('"')) {
        Some(quoted) => Some((schema.dialect.fold_quoted)(quoted)),
        None => Some((schema.dialect.fold)(entry)),
    });
    entries.filter(|entry| !entry.is_empty() && entry != "$user").map(Arc::from).collect()
}

pub(super) fn transaction(cx: &mut Cx<'_>, transaction: Transaction) {
    match transaction {
        Transaction::Begin => cx.schema.session.in_transaction = true,
        Transaction::Commit | Transaction::Rollback => end_transaction(cx.schema),
        Transaction::Savepoint => {}
    }
}

/// Ends what lasts as long as a transaction.
pub(in crate::schema) fn end_transaction(schema: &mut Schema) {
    schema.session.in_transaction = false;
    if let Some(path) = schema.session.path_after.take() {
        schema.search_path = path;
    }
}

pub(super) fn truncate(cx: &mut Cx<'_>, tables: &[ObjectName], _cascade: bool) -> Outcome {
    for table in tables {
        let id = match cx.relation(table) {
            Ok(relation) => relation.id,
            Err(Stop::Clouded) => continue,
            Err(stop) => {
                cx.part(cx.at, |_| Err(stop))?;
                continue;
            }
        };
        for id in inherit::with_children(cx.schema, id, false) {
            cx.schema.note_empty(id);
        }
    }
    Ok(())
}
