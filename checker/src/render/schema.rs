//! A schema: as one JSON document, and as a list for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::printable;
use crate::schema::description::{
    ColumnDescription, ConstraintDescription, Description, GrantDescription, IndexDescription, KeyDescription,
    RelationDescription, RoutineDescription,
};

/// A schema with what it is of.
#[derive(Debug, Serialize)]
pub struct SchemaAt<'a> {
    /// The database.
    pub database: DatabaseAt<'a>,
    /// The version of the newest migration in it; `None` for an empty database.
    pub version: Option<&'a str>,
    /// How many migrations are in it.
    pub migrations: usize,
    /// What it holds.
    #[serde(flatten)]
    pub description: Description,
}

/// The database of a schema.
#[derive(Debug, Serialize)]
pub struct DatabaseAt<'a> {
    /// Its name in the configuration.
    pub name: &'a str,
    /// The dialect's name.
    pub dialect: &'a str,
}

/// The document of docs/json.md.
pub fn json(schema: &SchemaAt<'_>) -> Value {
    let mut value = serde_json::to_value(schema).unwrap_or_default();
    value["format"] = Value::from(1);
    value
}

/// A list for people: an object, then indented what belongs to it.
pub fn text(schema: &SchemaAt<'_>) -> String {
    let mut out = String::new();
    let at = match (schema.version, schema.migrations) {
        (None, _) => "before the first migration".to_owned(),
        (Some(version), 1) => format!("after {version}, the first migration"),
        (Some(version), count) => format!("after {version}, {count} migrations"),
    };
    let _ = writeln!(out, "{}: {}, {at}", schema.database.name, schema.database.dialect);
    let description = &schema.description;
    for extension in &description.extensions {
        let unknown = if extension.known { "" } else { " (its objects are not known)" };
        let _ = writeln!(out, "\nextension {} in {}{unknown}", extension.name, extension.schema);
    }
    for namespace in &description.schemas {
        if !namespace.grants.is_empty() {
            let _ = writeln!(out, "\nschema {}", namespace.name);
            grants(&mut out, &namespace.grants);
        }
    }
    types(&mut out, description);
    for relation in &description.relations {
        self::relation(&mut out, relation);
    }
    for routine in &description.routines {
        self::routine(&mut out, routine);
    }
    unknown(&mut out, description);
    printable(&out).into_owned()
}

/// A line for each reason, with all names that it is about.
fn unknown(out: &mut String, description: &Description) {
    let mut reasons: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for unknown in &description.unknown {
        let names = reasons.entry((&unknown.file, unknown.line, &unknown.reason)).or_default();
        names.push(unknown.name.as_deref().unwrap_or("anything"));
    }
    for ((file, line, reason), names) in reasons {
        let place = match (file, line) {
            (Some(file), Some(line)) => format!(" ({file}:{line})"),
            _ => String::new(),
        };
        let _ = writeln!(out, "\nunknown: {}: {reason}{place}", names.join(", "));
    }
}

fn types(out: &mut String, description: &Description) {
    for ty in &description.enums {
        let labels: Vec<String> = ty.labels.iter().map(|label| format!("'{}'", label.replace('\'', "''"))).collect();
        let _ = writeln!(out, "\nenum {}: {}", path(&ty.schema, &ty.name), labels.join(", "));
    }
    for ty in &description.domains {
        let not_null = if ty.nullable { "" } else { " not null" };
        let base = ty.ty.as_deref().unwrap_or("?");
        let _ =
            writeln!(out, "\ndomain {}: {base}{not_null}{}", path(&ty.schema, &ty.name), default(ty.default.as_ref()));
        for check in &ty.checks {
            let _ = writeln!(out, "    {}: check ({}){}", check.name, flat(&check.check), not_valid(check.valid));
        }
    }
    for ty in &description.ranges {
        let _ = writeln!(out, "\nrange {} of {}", path(&ty.schema, &ty.name), ty.subtype.as_deref().unwrap_or("?"));
    }
}

fn relation(out: &mut String, relation: &RelationDescription) {
    let parents =
        if relation.parents.is_empty() { String::new() } else { format!(" of {}", relation.parents.join(", ")) };
    let _ = write!(out, "\n{} {}{parents}", relation.kind, path(&relation.schema, &relation.name));
    if let Some(sequence) = &relation.sequence {
        let owner = sequence.owned_by.as_ref().map_or_else(String::new, |owner| format!(", owned by {owner}"));
        let _ = write!(out, ": {}{owner}", sequence.ty.as_deref().unwrap_or("?"));
    }
    let _ = writeln!(out, "{}", if relation.populated { "" } else { " (holds no data yet)" });
    let width = relation.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0);
    for column in &relation.columns {
        self::column(out, column, width);
    }
    if let Some(reason) = &relation.unknown {
        let _ = writeln!(out, "    unknown: its columns: {reason}");
    }
    for constraint in &relation.constraints {
        self::constraint(out, constraint);
    }
    // The index of a key says no more than the key.
    for index in relation.indexes.iter().filter(|index| index.constraint.is_none() || !index.valid) {
        self::index(out, index);
    }
    for trigger in &relation.triggers {
        let calls = trigger.routine.as_ref().map_or_else(String::new, |routine| format!(": {routine}"));
        let disabled = if trigger.enabled { "" } else { " (disabled)" };
        let _ = writeln!(out, "    trigger {}{calls}{disabled}", trigger.name);
    }
    for rule in &relation.rules {
        let _ = writeln!(out, "    rule {rule}");
    }
    if relation.row_security {
        let _ = writeln!(out, "    row level security");
    }
    for policy in &relation.policies {
        let kind = if policy.permissive { "" } else { " (restrictive)" };
        let _ = writeln!(out, "    policy {} to {}{kind}", policy.name, policy.roles.join(", "));
    }
    grants(out, &relation.grants);
}

fn column(out: &mut String, column: &ColumnDescription, width: usize) {
    let not_null = if column.nullable == Some(false) { " not null" } else { "" };
    let generated = column.generated.as_ref().map_or_else(String::new, |generated| {
        let how = if generated.stored { " stored" } else { "" };
        format!(" generated as ({}){how}", flat(&generated.expression))
    });
    let identity = column.identity.map_or_else(String::new, |how| format!(" identity {how}"));
    let default = default(column.default.as_ref());
    let _ = writeln!(out, "    {:width$}  {}{not_null}{default}{generated}{identity}", column.name, column.ty);
}

fn constraint(out: &mut String, constraint: &ConstraintDescription) {
    let what = match (&constraint.check, &constraint.references) {
        (Some(check), _) => format!("check ({})", flat(check)),
        (None, Some(to)) => {
            let actions = [("delete", &to.on_delete), ("update", &to.on_update)];
            let actions: String = actions
                .into_iter()
                .filter(|(_, action)| *action != "no action")
                .map(|(event, action)| format!(" on {event} {action}"))
                .collect();
            let (own, others) = (constraint.columns.join(", "), to.columns.join(", "));
            format!("foreign key ({own}) references {} ({others}){actions}", to.table)
        }
        (None, None) => format!("{} ({})", constraint.kind, constraint.columns.join(", ")),
    };
    let deferrable = match (constraint.deferrable, constraint.initially_deferred) {
        (_, true) => " initially deferred",
        (true, false) => " deferrable",
        (false, false) => "",
    };
    let _ = writeln!(out, "    {}: {what}{deferrable}{}", constraint.name, not_valid(constraint.valid));
}

fn index(out: &mut String, index: &IndexDescription) {
    let key = |key: &KeyDescription| match key {
        KeyDescription::Column(name) => name.clone(),
        KeyDescription::Expression(text) => format!("({})", flat(text)),
    };
    let keys: Vec<String> = index.keys.iter().map(key).collect();
    let unique = if index.unique { "unique " } else { "" };
    let include =
        if index.include.is_empty() { String::new() } else { format!(" include ({})", index.include.join(", ")) };
    let predicate = index.predicate.as_ref().map_or_else(String::new, |rows| format!(" where {}", flat(rows)));
    let invalid = if index.valid { "" } else { " (invalid)" };
    let (name, method) = (&index.name, &index.method);
    let _ = writeln!(out, "    {name}: {unique}index {method} ({}){include}{predicate}{invalid}", keys.join(", "));
}

fn routine(out: &mut String, routine: &RoutineDescription) {
    let set = if routine.returns_set { "setof " } else { "" };
    let result = routine.result.as_ref().map_or_else(String::new, |result| format!(" returns {set}{result}"));
    let arguments = routine.arguments.join(", ");
    let (kind, path) = (routine.kind, path(&routine.schema, &routine.name));
    let _ = writeln!(out, "\n{kind} {path}({arguments}){result} language {}", routine.language);
    match routine.grants.as_slice() {
        [] => out.push_str("    granted to nobody\n"),
        [everyone] if everyone.role == "public" => {}
        other => grants(out, other),
    }
}

fn grants(out: &mut String, grants: &[GrantDescription]) {
    for grant in grants {
        let whole = (!grant.privileges.is_empty()).then(|| grant.privileges.join(", "));
        let columns = grant.columns.iter().map(|(column, words)| format!("{} ({column})", words.join(", ")));
        let words: Vec<String> = whole.into_iter().chain(columns).collect();
        let _ = writeln!(out, "    grant {} to {}", words.join(", "), grant.role);
    }
}

fn path(schema: &str, name: &str) -> String {
    format!("{schema}.{name}")
}

fn default(default: Option<&String>) -> String {
    default.map_or_else(String::new, |text| format!(" default {}", flat(text)))
}

fn not_valid(valid: bool) -> &'static str {
    if valid { "" } else { " not valid" }
}

/// An expression on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
