//! Whether two schemas that came about on different ways are the same to queries.
//!
//! Ids differ between replays, and tools that squash a history print expressions their own way: objects are compared by
//! name, and expressions by what they hang on. The order of columns is left out: branches that each add a column land in
//! either order, and what that does to a query shows when the query is analysed.

use std::collections::BTreeMap;

use crate::dialect::catalog::TypeKind;
use crate::schema::{ColumnNumber, Constraint, ConstraintKind, Index, Relation, RelationKind, Schema};

/// The first difference, in words that call the first schema `one` and the second one `other`; `None` where they are the same.
pub fn difference(first: &Schema, one: &str, second: &Schema, other: &str) -> Option<String> {
    let (first, second) = (facts(first), facts(second));
    for (object, fact) in &first {
        match second.get(object) {
            None => return Some(format!("{object} exists in {one} and not in {other}")),
            Some(theirs) if theirs != fact => {
                return Some(format!("{object} is {} in {one} and {} in {other}", shown(fact), shown(theirs)));
            }
            Some(_) => {}
        }
    }
    let extra = second.keys().find(|object| !first.contains_key(*object))?;
    Some(format!("{extra} exists in {other} and not in {one}"))
}

fn shown(fact: &str) -> String {
    if fact.is_empty() { "there".to_owned() } else { format!("`{fact}`") }
}

/// What there is, with what matters of it.
fn facts(schema: &Schema) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    for relation in schema.relations.values() {
        relation_facts(schema, relation, &mut facts);
    }
    for (_, created) in schema.types.iter() {
        if created.relation.is_some() || created.array_of.is_some() || created.extension.is_some() {
            continue;
        }
        let mut fact = created.labels.iter().map(|label| &**label).collect::<Vec<_>>().join(", ");
        if created.info.kind == TypeKind::Domain {
            let base = created.info.base.map(|(id, modifier)| crate::schema::Type { id, modifier });
            fact = base.map_or(String::new(), |base| schema.format_type(base));
            fact.push_str(if created.info.not_null { " not null" } else { "" });
        }
        facts.insert(format!("type `{}.{}`", created.info.schema, created.info.name), fact);
    }
    for routine in schema.routines.values().filter(|routine| routine.extension.is_none()) {
        let signature = &routine.signature;
        let ty = |id| schema.format_type(crate::schema::Type::plain(id));
        let arguments: Vec<String> = signature.arguments.iter().map(|argument| ty(argument.ty)).collect();
        let object = format!("routine `{}.{}({})`", signature.schema, signature.name, arguments.join(", "));
        facts.insert(object, format!("returns {}", ty(signature.result)));
    }
    for (name, _) in schema.extensions.iter() {
        facts.insert(format!("extension `{name}`"), String::new());
    }
    facts
}

fn relation_facts(schema: &Schema, relation: &Relation, facts: &mut BTreeMap<String, String>) {
    if relation.extension.is_some() || relation.temporary {
        return;
    }
    let kind = match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable | RelationKind::ForeignTable => "table",
        RelationKind::View => "view",
        RelationKind::MaterializedView => "materialized view",
        RelationKind::Virtual => "virtual table",
        // Its numbers are taken through the column that owns it.
        RelationKind::Sequence if relation.owned_by.is_some() => return,
        RelationKind::Sequence => "sequence",
        RelationKind::Composite => "type",
        RelationKind::System => return,
    };
    let name = format!("{}.{}", relation.schema, relation.name);
    let mut fact = if relation.row_security { "row level security".to_owned() } else { String::new() };
    let mut grants: Vec<String> =
        relation.grants.iter().map(|right| format!("{} to {}", right.privilege, right.grantee)).collect();
    grants.sort();
    grants.dedup();
    fact.push_str(&grants.join(", "));
    facts.insert(format!("{kind} `{name}`"), fact);
    for column in &relation.columns {
        let mut fact = schema.format_type(column.ty);
        let mut say = |holds: bool, words: &str| {
            if holds {
                fact.push(' ');
                fact.push_str(words);
            }
        };
        say(column.not_null && !matches!(kind, "view" | "materialized view"), "not null");
        say(column.default.is_some() || column.auto_number, "default");
        say(column.generated.is_some(), "generated");
        say(column.identity.is_some(), "identity");
        facts.insert(format!("column `{name}.{}`", column.name), fact);
    }
    for constraint in &relation.constraints {
        let (object, fact) = constraint_fact(schema, relation, constraint);
        facts.insert(format!("{object} of `{name}`"), fact);
    }
    for index in relation.indexes.iter().filter(|index| index.unique && index.constraint.is_none()) {
        facts.insert(format!("unique index on {} of `{name}`", index_keys(relation, index)), String::new());
    }
    for trigger in relation.triggers.iter().filter(|trigger| trigger.enabled) {
        facts.insert(format!("trigger `{}` of `{name}`", trigger.name), String::new());
    }
}

fn constraint_fact(schema: &Schema, relation: &Relation, constraint: &Constraint) -> (String, String) {
    let columns = names(relation, &constraint.columns);
    let deferrable = if constraint.deferrable { "deferrable" } else { "" };
    match &constraint.kind {
        ConstraintKind::PrimaryKey => {
            (format!("primary key `{}`", constraint.name), format!("({columns}) {deferrable}"))
        }
        ConstraintKind::Unique { .. } => {
            (format!("unique constraint `{}`", constraint.name), format!("({columns}) {deferrable}"))
        }
        ConstraintKind::Exclude => (format!("exclusion constraint `{}`", constraint.name), format!("({columns})")),
        ConstraintKind::Check(_) => (format!("check on ({columns})"), String::new()),
        ConstraintKind::ForeignKey { table, referenced, .. } => {
            let target = schema.relation(*table);
            let (name, referenced) = target.map_or((String::new(), String::new()), |target| {
                (format!("{}.{}", target.schema, target.name), names(&target, referenced))
            });
            (format!("foreign key ({columns}) to {name} ({referenced})"), String::new())
        }
    }
}

fn index_keys(relation: &Relation, index: &Index) -> String {
    let keys = index.keys.iter().map(|key| match key.column {
        Some(column) => names(relation, &[column]),
        None => format!("expression over ({})", names(relation, &key.mentions)),
    });
    let partial = if index.predicate.is_some() { " where" } else { "" };
    format!("({}){partial}", keys.collect::<Vec<_>>().join(", "))
}

fn names(relation: &Relation, columns: &[ColumnNumber]) -> String {
    let name = |number: &ColumnNumber| relation.column_numbered(*number).map_or("?", |column| &*column.name);
    columns.iter().map(name).collect::<Vec<_>>().join(", ")
}
