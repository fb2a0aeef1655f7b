//! Who can store NULL in a column.

use std::collections::BTreeMap;

use crate::analysis::{Analysis, Value, Write};
use crate::schema::{ColumnNumber, RelationId, Schema};
use crate::sql::ddl::Event;

use super::input::CheckInput;
use super::plan::Plan;
use super::texts::Texts;

/// The columns that a writer of the rollout can set to NULL, with one such writer in words.
///
/// Only writers that are new count: what runs now was made for columns that refuse NULL.
pub(crate) fn null_writers(
    input: &CheckInput,
    plan: &Plan<'_>,
    texts: &Texts<'_>,
) -> BTreeMap<(RelationId, ColumnNumber), String> {
    let mut found = BTreeMap::new();
    let Some(schema) = plan.line.schema(plan.end) else { return found };
    for release in std::iter::once(&input.candidate).chain(&input.consumers) {
        for owned in &release.queries {
            let text = texts.sent(release, &owned.query);
            let (_, _, analysis) = texts.on(&text, plan.end);
            let (line, _) = owned.query.place.line_column();
            let who = format!("{}:{line} of {}", owned.query.place.source.path(), release.id);
            note(schema, &analysis, true, &who, &mut found);
        }
    }
    for (position, migration) in plan.migrations.iter().enumerate().skip(plan.applied) {
        let before = plan.line.steps_of(position).and_then(|(first, _)| plan.line.schema(first.checked_sub(1)?));
        let Some(before) = before else { continue };
        let text = texts.text(&migration.up.text().into());
        let analysis = texts.analyse(&text, before, &[]);
        note(schema, &analysis, false, &format!("migration {}", migration.version.text), &mut found);
    }
    found
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
