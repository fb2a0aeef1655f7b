//! The checker's schema model as the same table of cells that the server's catalogs give.

use std::collections::{BTreeMap, BTreeSet};

use schemacheck_checker::dialect::TypeId;
use schemacheck_checker::dialect::catalog::{FunctionKind, TypeKind};
use schemacheck_checker::schema::{
    ColumnNumber, Constraint, ConstraintKind, Index, Relation, RelationKind, Right, Routine, Schema, Type,
    UserDefinedType,
};

use crate::catalog::Cells;

/// The cells of a schema of the model.
#[must_use]
pub fn model_cells(schema: &Schema) -> Cells {
    let mut cells = Table { schema, cells: Cells::new() };
    for (name, _) in &schema.namespaces {
        cells.put(format!("schema {name}"), "");
    }
    for (_, relation) in &schema.relations {
        if !relation.temporary && relation.extension.is_none() && relation.kind != RelationKind::System {
            cells.relation(relation);
        }
    }
    for (_, ty) in &schema.types {
        if ty.extension.is_none() {
            cells.user_type(ty);
        }
    }
    for (_, routine) in &schema.routines {
        if routine.extension.is_none() {
            cells.routine(routine);
        }
    }
    cells.cells
}

struct Table<'a> {
    schema: &'a Schema,
    cells: Cells,
}

impl Table<'_> {
    fn put(&mut self, cell: String, value: impl Into<String>) {
        self.cells.insert(cell, value.into());
    }

    fn relation(&mut self, relation: &Relation) {
        let path = path(relation);
        let table = matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
        self.put(format!("relation {path}: kind"), kind(relation.kind));
        if table {
            self.put(format!("relation {path}: row security"), relation.row_security.to_string());
            let parents: Vec<String> = relation.parents.iter().map(|id| self.path_of(*id)).collect();
            self.put(format!("relation {path}: parents"), parents.join(", "));
        }
        if relation.kind == RelationKind::MaterializedView {
            self.put(format!("relation {path}: populated"), relation.populated.to_string());
        }
        if relation.kind == RelationKind::Sequence {
            self.sequence(relation, &path);
        } else {
            self.columns(relation, &path);
        }
        for constraint in &relation.constraints {
            self.constraint(relation, constraint, &path);
        }
        for index in &relation.indexes {
            self.index(relation, index, &path);
        }
        self.attached(relation, &path);
        self.grants(&format!("relation {path}"), &relation.grants);
    }

    fn columns(&mut self, relation: &Relation, path: &str) {
        let stored =
            matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable | RelationKind::ForeignTable);
        for (position, column) in relation.columns.iter().enumerate() {
            self.put(format!("column {path} position {}", position + 1), &*column.name);
            let cell = format!("column {path}.{}: ", column.name);
            self.put(format!("{cell}type"), self.schema.format_type(column.ty));
            if stored {
                self.put(format!("{cell}nullable"), (!column.not_null).to_string());
                self.put(format!("{cell}default"), column.default.is_some().to_string());
                self.put(format!("{cell}generated"), column.generated.is_some().to_string());
                let identity = match column.identity {
                    Some(true) => "always",
                    Some(false) => "by default",
                    None => "no",
                };
                self.put(format!("{cell}identity"), identity);
            }
        }
    }

    fn sequence(&mut self, sequence: &Relation, path: &str) {
        let ty = sequence.sequence_type.map(|id| self.plain(id)).unwrap_or_default();
        self.put(format!("sequence {path}: type"), ty);
        let owner = sequence.owned_by.and_then(|(table, column, _)| {
            let table = self.schema.relations.get(&table)?;
            Some(format!("{}.{}", self::path(table), column_name(table, column)))
        });
        self.put(format!("sequence {path}: owned by"), owner.unwrap_or_default());
    }

    fn constraint(&mut self, relation: &Relation, constraint: &Constraint, path: &str) {
        let cell = format!("constraint {path} {}: ", constraint.name);
        let names = constraint.columns.iter().map(|column| column_name(relation, *column));
        let (kind, columns): (_, Vec<String>) = match &constraint.kind {
            ConstraintKind::PrimaryKey => ("primary key", names.collect()),
            ConstraintKind::Unique { .. } => ("unique", names.collect()),
            ConstraintKind::Exclude => ("exclude", names.collect()),
            ConstraintKind::Check(_) => ("check", names.collect::<BTreeSet<_>>().into_iter().collect()),
            ConstraintKind::ForeignKey { .. } => ("foreign key", names.collect()),
        };
        self.put(format!("{cell}kind"), kind);
        self.put(format!("{cell}columns"), columns.join(", "));
        if matches!(kind, "check" | "foreign key") {
            self.put(format!("{cell}valid"), constraint.valid.to_string());
        }
        if kind != "check" {
            let deferrable = format!("{}/{}", constraint.deferrable, constraint.initially_deferred);
            self.put(format!("{cell}deferrable"), deferrable);
        }
        if let ConstraintKind::ForeignKey { table, referenced, on_delete, on_update, .. } = &constraint.kind {
            let columns = self.schema.relations.get(table).map(|parent| {
                let names: Vec<_> = referenced.iter().map(|column| column_name(parent, *column)).collect();
                names.join(", ")
            });
            let columns = columns.unwrap_or_default();
            self.put(format!("{cell}references"), format!("{} ({columns})", self.path_of(*table)));
            self.put(format!("{cell}on delete"), action(on_delete.as_deref()));
            self.put(format!("{cell}on update"), action(on_update.as_deref()));
        }
    }

    fn index(&mut self, relation: &Relation, index: &Index, path: &str) {
        let cell = format!("index {path} {}: ", index.name);
        let key = |column: Option<ColumnNumber>| {
            column.map_or_else(|| "(expression)".to_owned(), |column| column_name(relation, column))
        };
        let keys: Vec<String> = index.keys.iter().map(|part| key(part.column)).collect();
        let include: Vec<String> = index.include.iter().map(|column| column_name(relation, *column)).collect();
        self.put(format!("{cell}keys"), keys.join(", "));
        self.put(format!("{cell}include"), include.join(", "));
        self.put(format!("{cell}unique"), index.unique.to_string());
        self.put(format!("{cell}primary"), index.primary.to_string());
        self.put(format!("{cell}predicate"), index.predicate.is_some().to_string());
        self.put(format!("{cell}valid"), index.valid.to_string());
        self.put(format!("{cell}immediate"), index.immediate.to_string());
        self.put(format!("{cell}method"), &*index.method);
    }

    fn attached(&mut self, relation: &Relation, path: &str) {
        for trigger in &relation.triggers {
            self.put(format!("trigger {path} {}: enabled", trigger.name), trigger.enabled.to_string());
            let routine = trigger.routine.and_then(|id| self.schema.routines.get(&id));
            let routine = routine.map(|routine| format!("{}.{}", routine.signature.schema, routine.signature.name));
            self.put(format!("trigger {path} {}: routine", trigger.name), routine.unwrap_or_default());
        }
        for rule in &relation.rules {
            self.put(format!("rule {path} {}", rule.name), "");
        }
        for policy in &relation.policies {
            self.put(format!("policy {path} {}", policy.name), policy.permissive.to_string());
        }
    }

    fn user_type(&mut self, ty: &UserDefinedType) {
        let path = format!("{}.{}", ty.info.schema, ty.info.name);
        match ty.info.kind {
            TypeKind::Enum => {
                let labels: Vec<_> = ty.labels.iter().map(|label| format!("'{}'", label.replace('\'', "''"))).collect();
                self.put(format!("enum {path}"), labels.join(", "));
            }
            TypeKind::Domain => {
                let base = ty.info.base.map(|(id, modifier)| self.schema.format_type(Type { id, modifier }));
                self.put(format!("domain {path}: type"), base.unwrap_or_default());
                self.put(format!("domain {path}: nullable"), (!ty.info.not_null).to_string());
                for check in &ty.checks {
                    self.put(format!("domain {path}: constraint {}", check.name), check.valid.to_string());
                }
            }
            TypeKind::Range => {
                let bound = ty.info.base.map(|(id, _)| self.plain(id));
                self.put(format!("range {path}"), bound.unwrap_or_default());
            }
            _ => {}
        }
    }

    fn routine(&mut self, routine: &Routine) {
        let signature = &routine.signature;
        let arguments: Vec<_> = signature.arguments.iter().map(|argument| self.plain(argument.ty)).collect();
        let path = format!("{}.{}({})", signature.schema, signature.name, arguments.join(", "));
        let kind = match signature.kind {
            FunctionKind::Function => "function",
            FunctionKind::Procedure => "procedure",
            FunctionKind::Aggregate | FunctionKind::OrderedSet(_) | FunctionKind::HypotheticalSet(_) => "aggregate",
            FunctionKind::Window => "window",
        };
        self.put(format!("routine {path}: kind"), kind);
        if kind != "procedure" {
            let set = if signature.returns_set { "setof " } else { "" };
            self.put(format!("routine {path}: result"), format!("{set}{}", self.plain(signature.result)));
        }
        self.put(format!("routine {path}: arguments with default"), signature.defaults.to_string());
        self.grants(&format!("routine {path}"), &routine.grants);
    }

    fn grants(&mut self, object: &str, grants: &[Right]) {
        let mut by_role: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for right in grants.iter().filter(|right| right.column.is_none()) {
            by_role.entry(&right.grantee).or_default().insert(&right.privilege);
        }
        for (role, privileges) in by_role {
            let privileges: Vec<_> = privileges.into_iter().collect();
            self.put(format!("grants on {object} to {role}"), privileges.join(", "));
        }
    }

    fn path_of(&self, id: schemacheck_checker::schema::RelationId) -> String {
        self.schema.relations.get(&id).map(|relation| path(relation)).unwrap_or_default()
    }

    fn plain(&self, id: TypeId) -> String {
        self.schema.format_type(Type::plain(id))
    }
}

fn path(relation: &Relation) -> String {
    format!("{}.{}", relation.schema, relation.name)
}

fn column_name(relation: &Relation, number: ColumnNumber) -> String {
    let column = relation.columns.iter().find(|column| column.number == number);
    column.map_or_else(|| format!("#{}", number.0), |column| column.name.to_string())
}

fn kind(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Table => "table",
        RelationKind::PartitionedTable => "partitioned table",
        RelationKind::ForeignTable => "foreign table",
        RelationKind::View => "view",
        RelationKind::MaterializedView => "materialized view",
        RelationKind::Sequence => "sequence",
        RelationKind::Composite => "composite",
        RelationKind::Virtual => "virtual table",
        RelationKind::System => "system",
    }
}

/// The letter that the catalogs store for a foreign key's action.
fn action(words: Option<&str>) -> &'static str {
    match words {
        Some("restrict") => "r",
        Some("cascade") => "c",
        Some(words) if words.starts_with("set null") => "n",
        Some(words) if words.starts_with("set default") => "d",
        _ => "a",
    }
}
