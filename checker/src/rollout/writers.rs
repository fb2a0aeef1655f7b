//! Who can store NULL in a column, and who a label of an enum.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::analysis::{Analysis, Object, Value, Write};
use crate::query::{MappedParts, Query};
use crate::schema::{ColumnNumber, RelationId, Schema, Type};
use crate::sql::ddl::Event;

use super::input::CheckInput;
use super::mapped::enum_in;
use super::plan::Plan;
use super::texts::Texts;

/// A query or a migration that writes, and the schema that it writes to.
struct Writer<'a> {
    schema: &'a Schema,
    analysis: Arc<Analysis>,
    /// In words.
    who: String,
    /// The query; none of a migration.
    query: Option<&'a Query>,
}

/// The writers of a rollout that are new: what runs now was made for columns as they are, and knows no label that is added.
fn each(input: &CheckInput, plan: &Plan<'_>, texts: &Texts<'_>, visit: &mut dyn FnMut(&Writer<'_>)) {
    let Some(schema) = plan.line.schema(plan.end) else { return };
    for release in std::iter::once(&input.candidate).chain(&input.consumers) {
        for owned in &release.queries {
            let text = texts.sent(release, &owned.query);
            let (_, _, analysis) = texts.on(&text, plan.end);
            let (line, _) = owned.query.place.line_column();
            let who = format!("{}:{line} of {}", owned.query.place.source.path(), release.id);
            visit(&Writer { schema, analysis, who, query: Some(&owned.query) });
        }
    }
    for (position, migration) in plan.migrations.iter().enumerate().skip(plan.applied) {
        let steps = plan.line.steps_of(position);
        let Some(before) = steps.and_then(|(first, _)| plan.line.schema(first.checked_sub(1)?)) else { continue };
        let text = texts.text(&migration.up.text().into());
        let analysis = Arc::new(texts.analyse(&text, before, &[]));
        let who = format!("migration {}", migration.version.text);
        visit(&Writer { schema: before, analysis, who, query: None });
    }
}

/// The columns that a writer of the rollout can set to NULL, with one such writer in words.
pub(crate) fn null_writers(
    input: &CheckInput,
    plan: &Plan<'_>,
    texts: &Texts<'_>,
) -> BTreeMap<(RelationId, ColumnNumber), String> {
    let mut found = BTreeMap::new();
    let Some(end) = plan.line.schema(plan.end) else { return found };
    each(input, plan, texts, &mut |writer| {
        note(end, &writer.analysis, writer.query.is_some(), &writer.who, &mut found);
    });
    found
}

/// The labels of enums that a writer of the rollout can store, by the type's name, with one such writer in words.
pub(crate) fn label_writers(
    input: &CheckInput,
    plan: &Plan<'_>,
    texts: &Texts<'_>,
) -> BTreeMap<(String, Arc<str>), String> {
    let mut found = BTreeMap::new();
    each(input, plan, texts, &mut |writer| {
        for (name, label) in written_labels(writer) {
            found.entry((name, label)).or_insert_with(|| writer.who.clone());
        }
    });
    found
}

/// The labels that a writer may store: of literals those that stand there, of parameters those that the code's own type has,
/// or all where it has none.
fn written_labels(writer: &Writer<'_>) -> Vec<(String, Arc<str>)> {
    let mut found = Vec::new();
    let analysis = &*writer.analysis;
    let writes = analysis.writes.iter().filter(|write| matches!(write.event, Event::Insert | Event::Update));
    for (write, column) in writes.flat_map(|write| write.columns.iter().map(move |column| (write, column))) {
        let relation = writer.schema.relation(write.relation);
        let stored = relation.and_then(|relation| Some(relation.column_numbered(column.column)?.ty));
        let Some(ty) = stored else { continue };
        let Some((id, name, labels)) = enum_in(writer.schema, ty) else { continue };
        let sends = |ty: &Type| enum_in(writer.schema, *ty).is_some_and(|(sent, ..)| sent == id);
        match &column.value {
            Value::Null => {}
            Value::Literal(text) => found.extend(elements(text).map(|label| (name.to_owned(), label.into()))),
            Value::Parameter(_) => found.extend(sent(writer.query, name, labels).map(|label| (name.to_owned(), label))),
            Value::Expression { .. } => {
                let named = analysis.uses.iter().filter_map(|used| match &used.object {
                    Object::Label(of, label) if *of == id => Some((name.to_owned(), label.clone())),
                    _ => None,
                });
                found.extend(named);
                if analysis.shape.parameters.iter().any(sends) {
                    found.extend(sent(writer.query, name, labels).map(|label| (name.to_owned(), label)));
                }
            }
        }
    }
    found
}

/// The labels that a parameter may have.
fn sent<'w>(query: Option<&'w Query>, name: &str, labels: &'w [Arc<str>]) -> impl Iterator<Item = Arc<str>> + 'w {
    let mut types = query.map_or(&[][..], |query| &query.types).iter();
    let known = types.find(|ty| *ty.name == *name && ty.serves(false)).and_then(|mapped| match &mapped.parts {
        MappedParts::Labels(known) => Some(known),
        MappedParts::Fields(_) => None,
    });
    let open = if known.is_none() { labels } else { &[] };
    known.into_iter().flatten().map(|label| label.as_str().into()).chain(open.iter().cloned())
}

/// A literal, or what an array's literal consists of.
fn elements(literal: &str) -> impl Iterator<Item = &str> {
    let inner = literal.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let parts = inner.map(|inner| inner.split(',').map(|one| one.trim().trim_matches('"')));
    let whole = inner.is_none().then_some(literal);
    whole.into_iter().chain(parts.into_iter().flatten())
}

fn note(
    schema: &Schema,
    analysis: &Analysis,
    parameters: bool,
    who: &str,
    found: &mut BTreeMap<(RelationId, ColumnNumber), String>,
) {
    for write in analysis.writes.iter().filter(|write| matches!(write.event, Event::Insert | Event::Update)) {
        let given = write.columns.iter().filter(|column| may_be_null(&column.value, parameters));
        let columns = given.map(|column| column.column).chain(omitted(schema, write));
        for column in columns {
            found.entry((write.relation, column)).or_insert_with(|| who.to_owned());
        }
    }
}

fn may_be_null(value: &Value, parameters: bool) -> bool {
    match value {
        Value::Null => true,
        Value::Literal(_) => false,
        Value::Parameter(_) => parameters,
        Value::Expression { nullable } => *nullable == Some(true),
    }
}

/// The columns that an insert leaves to NULL.
fn omitted(schema: &Schema, write: &Write) -> Vec<ColumnNumber> {
    let Some(relation) = schema.relation(write.relation).filter(|_| write.event == Event::Insert) else {
        return Vec::new();
    };
    let filled = |column: &&crate::schema::Column| {
        !column.not_null
            && column.default.is_none()
            && column.generated.is_none()
            && column.identity.is_none()
            && !column.auto_number
            && !write.columns.iter().any(|given| given.column == column.number)
    };
    relation.columns.iter().filter(filled).map(|column| column.number).collect()
}
