//! What statements do to the session: parameters, transactions; and `TRUNCATE`.

use std::sync::Arc;

use super::{Cx, Outcome, Stop, inherit};
use crate::schema::{Kept, Key, Named, Relation, Schema};
use crate::sql::Transaction;
use crate::sql::ddl::ObjectName;

/// The session that applies migrations.
#[derive(Clone, Debug, Default)]
pub(in crate::schema) struct Session {
    /// What the search path goes back to when the transaction ends, after `SET LOCAL`.
    path_after: Option<Arc<Vec<Arc<str>>>>,
    /// Whether renames leave views and triggers as they are.
    pub(in crate::schema) renames_plainly: bool,
}

/// A statement that changes nothing but, perhaps, how later statements of the session work.
pub(super) fn switch(cx: &mut Cx<'_>) {
    let text = cx.source.slice(cx.at).to_owned();
    if let Some(plainly) = (cx.schema.dialect.definition.renames_plainly)(&text) {
        cx.schema.session.renames_plainly = plainly;
    }
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
    let entries = entries.map(|entry| match entry.strip_prefix('"').and_then(|entry| entry.strip_suffix('"')) {
        Some(quoted) => (schema.dialect.fold_quoted)(quoted),
        None => (schema.dialect.fold)(entry),
    });
    entries.filter(|entry| !entry.is_empty() && entry != "$user").map(Arc::from).collect()
}

pub(super) fn transaction(cx: &mut Cx<'_>, transaction: Transaction) {
    match transaction {
        Transaction::Commit | Transaction::Rollback => cx.schema.end_transaction(),
        Transaction::Begin | Transaction::Savepoint => {}
    }
}

impl Schema {
    /// Ends what lasts as long as a transaction.
    pub(in crate::schema) fn end_transaction(&mut self) {
        if let Some(path) = self.session.path_after.take() {
            self.search_path = path;
        }
    }

    /// Some time has passed since the last migration: the application may have added rows.
    pub(in crate::schema) fn begin_run(&mut self) {
        self.forget_empty();
    }

    /// The schema as a new session sees it: without temporary objects, with the database's own search path.
    pub(in crate::schema) fn for_new_session(&self) -> Schema {
        let mut schema = self.clone();
        schema.session = Session::default();
        schema.search_path = schema.default_search_path.clone();
        for relation in self.temporary_relations() {
            let array = schema.type_info(relation.row_type).and_then(|info| info.array);
            for ty in array.into_iter().chain([relation.row_type]) {
                schema.take_out_type(ty);
            }
            schema.take_out(relation.id);
        }
        schema
    }

    /// The temporary relations, which have a schema of their own: this is asked after each migration, of which there may be
    /// thousands, as of relations.
    fn temporary_relations(&self) -> Vec<Kept<Relation>> {
        let Some(temporary) = self.dialect.definition.temporary_schema else { return Vec::new() };
        let named = self.relation_names.range((Arc::from(temporary), Arc::from(""))..);
        let named = named.take_while(|((schema, _), _)| **schema == *temporary);
        let relations = named.filter_map(|(_, named)| match named {
            Named::Relation(id) => self.relations.get(id).cloned(),
            Named::Index(_) => None,
        });
        relations.filter(|relation| relation.temporary).collect()
    }

    /// Marks the indexes that an earlier schema lacks as not valid.
    pub(in crate::schema) fn invalidate_new_indexes(&mut self, before: &Schema) {
        let new =
            |relation: &Relation, name: &str| before.relation(relation.id).is_none_or(|old| old.index(name).is_none());
        let changed: Vec<_> = self
            .relations
            .values()
            .filter(|relation| relation.indexes.iter().any(|index| new(relation, &index.name)))
            .map(|relation| relation.id)
            .collect();
        for id in changed {
            self.edit(id, |relation| {
                let old = relation.clone();
                for index in relation.indexes.iter_mut().filter(|index| new(&old, &index.name)) {
                    index.valid = false;
                }
            });
        }
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
