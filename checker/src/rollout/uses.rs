//! Which of the candidate's queries use a relation or a column, at its head.

use std::sync::Arc;

use crate::analysis::{Context, Object, analyze};
use crate::schema::{ColumnNumber, Plan, RelationId, Schema, Scripts, replay};
use crate::source::Place;
use crate::sql::{self, StatementKind};

use super::input::CheckInput;

/// One place where a query uses what was asked for.
#[derive(Clone, Debug)]
pub struct Usage {
    /// The name in the source, or the `*` that stands for it.
    pub place: Place,
    /// The query's text.
    pub sql: Arc<str>,
    /// Whether it is written to.
    pub written: bool,
    /// Whether it stands there by name, not through `*`.
    pub explicit: bool,
}

/// The schema after the candidate's migrations up to a version; after all of them where none is given. `None` where no
/// migration has that version.
pub fn head(input: &CheckInput, at: Option<&str>) -> Option<Schema> {
    let base = input.empty();
    let Some(history) = &input.candidate.history else { return Some(base) };
    let last = match at {
        Some(version) => history.migrations.iter().position(|migration| migration.version.is_named(version))? + 1,
        None => history.migrations.len(),
    };
    let migrations: Vec<_> = history.migrations[..last].iter().collect();
    let repeatable = if at.is_none() { history.repeatable.as_slice() } else { &[] };
    let plan = Plan { layout: history.layout, given: &history.given, migrations: &migrations, repeatable };
    let timeline = replay(&base, &plan, &mut Scripts::default());
    Some(timeline.states.last().map_or(base, |state| state.schema.clone()))
}

/// The uses of `TABLE`, `TABLE.COLUMN`, `SCHEMA.TABLE` or `SCHEMA.TABLE.COLUMN`, in order of place. `None` where the head
/// has no such object.
pub fn uses(input: &CheckInput, object: &str) -> Option<Vec<Usage>> {
    let schema = head(input, None)?;
    let (relation, column) = resolve(&schema, object)?;
    let mut usages = Vec::new();
    for owned in &input.candidate.queries {
        for statement in sql::parse(&owned.query.sql, input.dialect) {
            let StatementKind::Query(query) = &statement.kind else { continue };
            for found in analyze(&schema, query, &Context::default()).uses {
                let wanted = match (&found.object, column) {
                    (Object::Relation(id), None) => *id == relation,
                    (Object::Column(id, number), Some(column)) => *id == relation && *number == column,
                    _ => false,
                };
                if wanted {
                    usages.push(Usage {
                        place: owned.query.locate(found.span),
                        sql: owned.query.sql.clone(),
                        written: found.written,
                        explicit: found.explicit,
                    });
                }
            }
        }
    }
    usages.sort_by(|a, b| order(a).cmp(&order(b)));
    usages.dedup_by(|a, b| order(a) == order(b) && a.written == b.written);
    Some(usages)
}

fn order(usage: &Usage) -> (&str, usize) {
    (usage.place.source.path(), usage.place.span.start)
}

fn resolve(schema: &Schema, object: &str) -> Option<(RelationId, Option<ColumnNumber>)> {
    let parts: Vec<String> = object.split('.').map(|part| (schema.dialect.fold)(part)).collect();
    let column = |relation: &crate::schema::Relation, name: &str| {
        relation.columns.iter().find(|column| *column.name == *name).map(|column| column.number)
    };
    match parts.as_slice() {
        [table] => Some((schema.find_relation(None, table)?.id, None)),
        [first, second] => match schema.find_relation(None, first) {
            Some(relation) if column(&relation, second).is_some() => Some((relation.id, column(&relation, second))),
            _ => Some((schema.find_relation(Some(first), second)?.id, None)),
        },
        [namespace, table, name] => {
            let relation = schema.find_relation(Some(namespace), table)?;
            Some((relation.id, Some(column(&relation, name)?)))
        }
        _ => None,
    }
}
