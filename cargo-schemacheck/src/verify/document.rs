//! What `cargo schemacheck schema --format json` prints as the same table of cells that the server's catalogs give.

use schemacheck_checker::render::{DatabaseAt, SchemaAt, schema_json};
use schemacheck_checker::schema::{Schema, describe};
use serde_json::Value;

use super::catalog::Cells;

/// The document that the command prints for a schema.
#[must_use]
pub fn document(schema: &Schema) -> Value {
    schema_json(&SchemaAt {
        database: DatabaseAt { name: "judged", dialect: schema.dialect.name },
        version: None,
        migrations: 0,
        description: describe(schema),
    })
}

/// The cells of a document about a Postgres database.
#[must_use]
pub fn document_cells(document: &Value) -> Cells {
    let mut table = Table::default();
    for namespace in items(document, "schemas") {
        let name = text(namespace, "name");
        table.put(format!("schema {name}"), "");
        table.grants(&format!("schema {name}"), namespace);
    }
    for extension in items(document, "extensions") {
        table.put(format!("extension {}", text(extension, "name")), text(extension, "schema"));
    }
    for relation in items(document, "relations") {
        table.relation(relation);
    }
    for ty in items(document, "enums") {
        let labels = strings(ty, "labels").map(|label| format!("'{}'", label.replace('\'', "''")));
        table.put(format!("enum {}", path(ty)), labels.collect::<Vec<_>>().join(", "));
    }
    for ty in items(document, "domains") {
        table.domain(ty);
    }
    for ty in items(document, "ranges") {
        table.put(format!("range {}", path(ty)), text(ty, "subtype"));
    }
    for routine in items(document, "routines") {
        table.routine(routine);
    }
    table.cells
}

/// The cells of a document about a SQLite database.
#[must_use]
pub fn sqlite_document_cells(document: &Value) -> Cells {
    let mut table = Table::default();
    for relation in items(document, "relations") {
        table.sqlite_relation(relation);
    }
    table.cells
}

#[derive(Default)]
struct Table {
    cells: Cells,
}

impl Table {
    fn put(&mut self, cell: String, value: impl Into<String>) {
        self.cells.insert(cell, value.into());
    }

    fn relation(&mut self, relation: &Value) {
        let (path, kind) = (path(relation), text(relation, "kind"));
        self.put(format!("relation {path}: kind"), kind);
        if matches!(kind, "table" | "partitioned table") {
            self.put(format!("relation {path}: row security"), flag(relation, "row_security"));
            self.put(format!("relation {path}: parents"), joined(relation, "parents"));
        }
        if kind == "materialized view" {
            self.put(format!("relation {path}: populated"), flag(relation, "populated"));
        }
        if let Some(sequence) = present(relation, "sequence") {
            self.put(format!("sequence {path}: type"), text(sequence, "type"));
            self.put(format!("sequence {path}: owned by"), text(sequence, "owned_by"));
        }
        self.columns(relation, &path, matches!(kind, "table" | "partitioned table" | "foreign table"));
        for constraint in items(relation, "constraints") {
            self.constraint(constraint, &path);
        }
        for index in items(relation, "indexes") {
            self.index(index, &path);
        }
        for trigger in items(relation, "triggers") {
            let cell = format!("trigger {path} {}", text(trigger, "name"));
            self.put(format!("{cell}: enabled"), flag(trigger, "enabled"));
            self.put(format!("{cell}: routine"), text(trigger, "routine"));
        }
        for rule in strings(relation, "rules") {
            self.put(format!("rule {path} {rule}"), "");
        }
        for policy in items(relation, "policies") {
            self.put(format!("policy {path} {}", text(policy, "name")), flag(policy, "permissive"));
        }
        self.grants(&format!("relation {path}"), relation);
    }

    fn columns(&mut self, relation: &Value, path: &str, stored: bool) {
        for (position, column) in items(relation, "columns").enumerate() {
            let name = text(column, "name");
            self.put(format!("column {path} position {}", position + 1), name);
            let cell = format!("column {path}.{name}: ");
            self.put(format!("{cell}type"), text(column, "type"));
            if stored {
                self.put(format!("{cell}nullable"), flag(column, "nullable"));
                self.put(format!("{cell}default"), present(column, "default").is_some().to_string());
                self.put(format!("{cell}generated"), present(column, "generated").is_some().to_string());
                let identity = present(column, "identity").and_then(Value::as_str);
                self.put(format!("{cell}identity"), identity.unwrap_or("no"));
            }
        }
    }

    fn constraint(&mut self, constraint: &Value, path: &str) {
        let cell = format!("constraint {path} {}: ", text(constraint, "name"));
        let kind = text(constraint, "kind");
        self.put(format!("{cell}kind"), kind);
        self.put(format!("{cell}columns"), joined(constraint, "columns"));
        if matches!(kind, "check" | "foreign key") {
            self.put(format!("{cell}valid"), flag(constraint, "valid"));
        }
        if kind != "check" {
            let deferred = flag(constraint, "initially_deferred");
            self.put(format!("{cell}deferrable"), format!("{}/{deferred}", flag(constraint, "deferrable")));
        }
        if let Some(to) = present(constraint, "references") {
            self.put(format!("{cell}references"), format!("{} ({})", text(to, "table"), joined(to, "columns")));
            self.put(format!("{cell}on delete"), action(text(to, "on_delete")));
            self.put(format!("{cell}on update"), action(text(to, "on_update")));
        }
    }

    fn index(&mut self, index: &Value, path: &str) {
        let cell = format!("index {path} {}: ", text(index, "name"));
        self.put(format!("{cell}keys"), keys(index));
        self.put(format!("{cell}include"), joined(index, "include"));
        for fact in ["unique", "primary", "valid", "immediate"] {
            self.put(format!("{cell}{fact}"), flag(index, fact));
        }
        self.put(format!("{cell}predicate"), present(index, "predicate").is_some().to_string());
        self.put(format!("{cell}constraint"), text(index, "constraint"));
        self.put(format!("{cell}method"), text(index, "method"));
    }

    fn domain(&mut self, ty: &Value) {
        let path = path(ty);
        self.put(format!("domain {path}: type"), text(ty, "type"));
        self.put(format!("domain {path}: nullable"), flag(ty, "nullable"));
        self.put(format!("domain {path}: default"), present(ty, "default").is_some().to_string());
        for check in items(ty, "checks") {
            self.put(format!("domain {path}: constraint {}", text(check, "name")), flag(check, "valid"));
        }
    }

    fn routine(&mut self, routine: &Value) {
        let path = format!("{}({})", path(routine), joined(routine, "arguments"));
        let kind = text(routine, "kind");
        self.put(format!("routine {path}: kind"), kind);
        if kind != "procedure" {
            let set = if routine["returns_set"] == true { "setof " } else { "" };
            self.put(format!("routine {path}: result"), format!("{set}{}", text(routine, "result")));
        }
        self.put(format!("routine {path}: arguments with default"), routine["defaults"].to_string());
        self.put(format!("routine {path}: language"), text(routine, "language"));
        self.grants(&format!("routine {path}"), routine);
    }

    fn grants(&mut self, object: &str, holder: &Value) {
        for grant in items(holder, "grants") {
            let role = text(grant, "role");
            if items(grant, "privileges").next().is_some() {
                self.put(format!("grants on {object} to {role}"), joined(grant, "privileges"));
            }
            for (column, _) in grant["columns"].as_object().into_iter().flatten() {
                let cell = format!("grants on column {column} of {object} to {role}");
                self.put(cell, joined(&grant["columns"], column));
            }
        }
    }

    fn sqlite_relation(&mut self, relation: &Value) {
        let (path, kind) = (path(relation), text(relation, "kind"));
        if !matches!(kind, "table" | "view") {
            return;
        }
        self.put(format!("relation {path}: kind"), kind);
        for (position, column) in items(relation, "columns").enumerate() {
            let name = text(column, "name");
            self.put(format!("column {path} position {}", position + 1), name);
            if kind == "table" {
                let cell = format!("column {path}.{name}: ");
                self.put(format!("{cell}type"), text(column, "type").to_uppercase());
                self.put(format!("{cell}nullable"), flag(column, "nullable"));
                self.put(format!("{cell}default"), present(column, "default").is_some().to_string());
                self.put(format!("{cell}generated"), present(column, "generated").is_some().to_string());
            }
        }
        for constraint in items(relation, "constraints") {
            let columns = joined(constraint, "columns");
            match (text(constraint, "kind"), present(constraint, "references")) {
                ("primary key", _) => self.put(format!("constraint {path} primary key"), columns),
                ("unique", _) => self.put(format!("constraint {path} unique ({columns})"), ""),
                (_, Some(to)) => {
                    let target = text(to, "table").trim_start_matches("main.").to_lowercase();
                    let cell =
                        format!("constraint {path} foreign key ({columns}) to {target} ({})", joined(to, "columns"));
                    self.put(cell, format!("{}, {}", text(to, "on_delete"), text(to, "on_update")));
                }
                _ => {}
            }
        }
        for index in items(relation, "indexes").filter(|index| index["constraint"].is_null()) {
            let cell = format!("index {path} {}", text(index, "name"));
            self.put(format!("{cell}: keys"), keys(index));
            self.put(format!("{cell}: unique"), flag(index, "unique"));
            self.put(format!("{cell}: predicate"), present(index, "predicate").is_some().to_string());
        }
        for trigger in items(relation, "triggers") {
            self.put(format!("trigger {path} {}", text(trigger, "name")), "");
        }
    }
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn strings<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    items(value, key).filter_map(Value::as_str)
}

fn joined(value: &Value, key: &str) -> String {
    strings(value, key).collect::<Vec<_>>().join(", ")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// A flag in words; what is no flag is printed as it is, and so equals nothing.
fn flag(value: &Value, key: &str) -> String {
    value[key].to_string()
}

fn present<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|value| !value.is_null())
}

fn path(value: &Value) -> String {
    format!("{}.{}", text(value, "schema"), text(value, "name"))
}

fn keys(index: &Value) -> String {
    let key = |key: &Value| key["column"].as_str().unwrap_or("(expression)").to_owned();
    items(index, "keys").map(key).collect::<Vec<_>>().join(", ")
}

/// The letter that the catalogs store for a foreign key's action.
fn action(words: &str) -> &'static str {
    match words {
        "restrict" => "r",
        "cascade" => "c",
        words if words.starts_with("set null") => "n",
        words if words.starts_with("set default") => "d",
        _ => "a",
    }
}
