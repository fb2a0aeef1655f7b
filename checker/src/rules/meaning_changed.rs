//! Names and positions that stand for something else than when the code was made, while the query still runs.

use std::sync::Arc;

use crate::analysis::{Object, Use};
use crate::finding::{Level, Verdict};
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words, key_of_column};
use crate::schema::{Column, ColumnNumber, Key, Relation, RelationId, Schema};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "meaning-changed",
    level: Level::Deny,
    summary: "a name or position in a query stands for something else than when the code was made",
    docs: include_str!("meaning-changed.md"),
    check: Check::Query { family: Family::Own, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    if !meeting.accepted() || !meeting.comparable {
        return Vec::new();
    }
    let mut hits: Vec<Hit> = meeting.paired_uses().filter_map(|(then, now)| named(meeting, then, now)).collect();
    hits.extend(positions(meeting));
    hits.extend(joins(meeting));
    hits
}

/// A name that stands for another object.
fn named(meeting: &Meeting<'_>, then: &Use, now: &Use) -> Option<Hit> {
    let (old, new) = (meeting.contract.schema, meeting.met.schema);
    let (about, message) = match (&then.object, &now.object) {
        (Object::Column(r, c), Object::Column(s, d)) => {
            let key = another_column(old, new, (*r, *c), (*s, *d))?;
            let moved = new.relation(*r)?.column_numbered(*c)?.name.clone();
            (key, format!("what was `{}` is now `{moved}`, and another column has its name", column(old, *r, *c)?.name))
        }
        (Object::Relation(r), Object::Relation(s)) => {
            let (was, is) = (old.relation(*r)?, new.relation(*s)?);
            let still = new.relation(*r)?;
            if r == s || passes_on(&is, &still) || same_columns((old, &was), (new, &is)) {
                return None;
            }
            (
                Key::Relation(was.name.clone()),
                format!("what was `{}` is now `{}`, and another relation has its name", was.name, still.name),
            )
        }
        (Object::Routine(r), Object::Routine(s)) if r != s => {
            let was = old.routines.get(r)?;
            // A routine that was replaced by one with the same arguments is the same to its callers.
            new.routines.get(r).filter(|still| still.signature.name == was.signature.name)?;
            (
                Key::Routine(Arc::from(&*was.signature.name)),
                format!("another overload of `{}()` is called", was.signature.name),
            )
        }
        _ => return None,
    };
    Some(Hit {
        rule: RULE.id,
        verdict: Verdict::MayBreak,
        span: then.span,
        label: "stands for something else".to_owned(),
        message,
        about: vec![about],
        by_step: false,
    })
}

fn column(schema: &Schema, relation: RelationId, number: ColumnNumber) -> Option<Column> {
    schema.relation(relation)?.column_numbered(number).cloned()
}

/// The column's key where the name stands for another column while the old one is still there under another name.
fn another_column(
    old: &Schema,
    new: &Schema,
    then: (RelationId, ColumnNumber),
    now: (RelationId, ColumnNumber),
) -> Option<Key> {
    if then == now {
        return None;
    }
    let still = column(new, then.0, then.1)?;
    let is = column(new, now.0, now.1)?;
    let kept = still.name == column(old, then.0, then.1)?.name;
    // A view in the table's place passes the column on; a table in its place has the name and the rows.
    if kept || is.origin == Some(then) || then.0 != now.0 {
        return None;
    }
    key_of_column(old, Some(then))
}

/// Whether a view passes another relation on.
fn passes_on(view: &Relation, relation: &Relation) -> bool {
    view.columns.iter().any(|column| column.origin.is_some_and(|(origin, _)| origin == relation.id))
}

fn same_columns((old, was): (&Schema, &Relation), (new, is): (&Schema, &Relation)) -> bool {
    let printed = |schema: &Schema, relation: &Relation| -> Vec<(Arc<str>, String)> {
        relation.columns.iter().map(|column| (column.name.clone(), schema.format_type(column.ty))).collect()
    };
    printed(old, was) == printed(new, is)
}

/// Positions of an insert without a column list, or of a row read by position, that hold another column.
fn positions(meeting: &Meeting<'_>) -> Vec<Hit> {
    let (then, now) = (meeting.contract, meeting.met);
    let mut hits = Vec::new();
    let writes = then.analysis.writes.iter().zip(&now.analysis.writes).filter(|(a, b)| a.positional && b.positional);
    for (a, b) in writes {
        let names = |schema: &Schema, write: &crate::analysis::Write| -> Vec<Arc<str>> {
            let name = |number: ColumnNumber| column(schema, write.relation, number).map(|column| column.name);
            write.columns.iter().filter_map(|written| name(written.column)).collect()
        };
        let (was, is) = (names(then.schema, a), names(now.schema, b));
        let Some(at) = (0..was.len().min(is.len())).find(|&at| was[at] != is[at]) else { continue };
        let (Some(first), Some(second)) = (a.columns.get(at), b.columns.get(at)) else { continue };
        // A renamed column is still the one that the value is for.
        if a.relation == b.relation && first.column == second.column {
            continue;
        }
        hits.push(hit(
            first.span,
            &was[at],
            &is[at],
            "written to",
            key_of_column(then.schema, Some((a.relation, first.column))),
        ));
    }
    if meeting.query.by_position() == Some(true) && hits.is_empty() {
        let (a, b) = (&then.analysis.shape.columns, &now.analysis.shape.columns);
        let shifted = a
            .iter()
            .zip(b)
            .find(|(a, b)| a.name != b.name && a.origin.is_some() && b.origin.is_some() && a.origin != b.origin);
        if let Some((a, b)) = shifted {
            hits.push(hit(meeting.span_of(a), &a.name, &b.name, "read from", key_of_column(now.schema, b.origin)));
        }
    }
    hits
}

/// Joins by all columns that both sides have, where these are others now.
fn joins(meeting: &Meeting<'_>) -> Vec<Hit> {
    let (then, now) = (&meeting.contract.analysis.natural, &meeting.met.analysis.natural);
    if then.len() != now.len() {
        return Vec::new();
    }
    let changed = then.iter().zip(now).filter_map(|(a, b)| {
        let (name, how) = match b.columns.iter().find(|name| !a.columns.contains(name)) {
            Some(new) => (new, "also by"),
            None => (a.columns.iter().find(|name| !b.columns.contains(name))?, "no longer by"),
        };
        let about = b.relations.iter().map(|relation| Key::Column(relation.clone(), name.clone()));
        Some(Hit {
            rule: RULE.id,
            verdict: Verdict::MayBreak,
            span: b.span,
            label: format!("joined {how} `{name}`"),
            message: format!("`NATURAL JOIN` joins {how} `{name}`"),
            about: about.collect(),
            by_step: false,
        })
    });
    changed.collect()
}

fn hit(span: crate::source::Span, was: &str, is: &str, what: &str, about: Option<Key>) -> Hit {
    Hit {
        rule: RULE.id,
        verdict: Verdict::MayBreak,
        span,
        label: format!("`{is}` here"),
        message: format!("the position of `{was}` is now {what} `{is}`"),
        about: about.into_iter().collect(),
        by_step: false,
    }
}

fn words(story: &Story<'_>) -> Words {
    let message = format!(
        "a query of {} runs and means something else{}: {}",
        story.release,
        story.where_from(),
        story.hit.message
    );
    let help = "give new things new names; take an old name again only when no running release uses it".to_owned();
    Words { message, help: Some(help) }
}
