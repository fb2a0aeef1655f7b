//! Rights that migrations gave, and that a query's relations, schemas and routines no longer have.

use crate::analysis::{Analysis, Object, Use};
use crate::finding::{Level, Verdict};
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words};
use crate::schema::{Key, Relation, RelationKind, Right, Schema};
use crate::source::Span;
use crate::sql::ddl::Event;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "permission-lost",
    level: Level::Deny,
    summary: "something that a query uses no longer has the rights that migrations had given on it",
    docs: include_str!("permission-lost.md"),
    check: Check::Query { family: Family::Own, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    if !meeting.accepted() || !meeting.comparable {
        return Vec::new();
    }
    meeting.paired_uses().filter_map(|(then, now)| lost(meeting, then, now)).collect()
}

fn lost(meeting: &Meeting<'_>, then: &Use, now: &Use) -> Option<Hit> {
    let (old, new) = (meeting.contract.schema, meeting.met.schema);
    let (about, message) = match (&then.object, &now.object) {
        (Object::Relation(was), Object::Relation(is)) => {
            let (was, is) = (old.relation(*was)?, new.relation(*is)?);
            let needed = needed(meeting.contract.analysis, &was, then);
            let lost = needed.iter().find_map(|wanted| taken(&was.grants, &is.grants, wanted));
            if let Some(right) = lost {
                let name = format!("`{}`", is.name);
                (Key::Relation(is.name.clone()), lacks(&name, right))
            } else if let Some(right) = schema_taken(old, new, &was, &is) {
                (Key::Schema(is.schema.clone()), lacks(&format!("schema `{}`", is.schema), right))
            } else {
                let shut = needed.contains(&"insert") && shut_by_rows(&was, &is);
                let message = format!("row level security on `{}` has no policy that lets rows in", is.name);
                (shut.then(|| Key::Relation(is.name.clone()))?, message)
            }
        }
        (Object::Routine(was), Object::Routine(is)) => {
            let (was, is) = (old.routines.get(was)?, new.routines.get(is)?);
            let right = taken(&was.grants, &is.grants, "execute")?;
            let name = &is.signature.name;
            (Key::Routine((&**name).into()), lacks(&format!("`{name}()`"), right))
        }
        _ => return None,
    };
    Some(Hit {
        rule: RULE.id,
        verdict: Verdict::Breaks,
        span: then.span,
        label: "its rights are gone".to_owned(),
        message,
        about: vec![about],
        by_step: false,
    })
}

fn lacks(what: &str, right: &Right) -> String {
    format!("`{}` has no {} right on {what} any more", right.grantee, right.privilege)
}

/// A right that somebody had, and neither they nor everyone has any more.
fn taken<'r>(was: &'r [Right], is: &[Right], wanted: &str) -> Option<&'r Right> {
    let whole = |right: &&Right| right.column.is_none() && right.privilege == wanted;
    let still = |right: &Right| {
        is.iter().filter(whole).any(|other| other.grantee == right.grantee || *other.grantee == *"public")
    };
    was.iter().filter(whole).find(|right| !still(right))
}

/// The right to use the relation's schema, where it was taken.
fn schema_taken<'s>(old: &'s Schema, new: &Schema, was: &Relation, is: &Relation) -> Option<&'s Right> {
    let (was, is) = (old.namespaces.get(&was.schema)?, new.namespaces.get(&is.schema)?);
    taken(&was.grants, &is.grants, "usage")
}

/// Whether row level security is newly on and refuses every new row of those who have rights by a grant.
fn shut_by_rows(was: &Relation, is: &Relation) -> bool {
    let lets_in = |command: Option<Event>| command.is_none_or(|command| command == Event::Insert);
    let granted = is.grants.iter().any(|right| right.privilege == "insert");
    granted
        && is.row_security
        && !was.row_security
        && !is.policies.iter().any(|policy| policy.permissive && lets_in(policy.command))
}

/// The rights that the query needs on a relation.
fn needed(analysis: &Analysis, relation: &Relation, used: &Use) -> Vec<&'static str> {
    if !used.written {
        let right = if relation.kind == RelationKind::Sequence { "usage" } else { "select" };
        return vec![right];
    }
    let here = |span: Span| span == used.span;
    let writes = analysis.writes.iter().filter(|write| write.relation == relation.id && here(write.span));
    let needed = writes.map(|write| match write.event {
        Event::Insert => "insert",
        Event::Update => "update",
        Event::Delete => "delete",
        Event::Truncate => "truncate",
        Event::Select => "select",
    });
    needed.collect()
}

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} loses rights{}: {}", story.release, story.where_from(), story.hit.message);
    Words { message, help: Some("repeat the GRANT in the migration that creates it again".to_owned()) }
}
