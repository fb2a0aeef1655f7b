//! Rights that migrations gave on a relation, and that the relation in its place does not have.

use crate::analysis::{Analysis, Object};
use crate::finding::{Level, Verdict};
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words};
use crate::schema::{Key, Relation};
use crate::source::Span;
use crate::sql::ddl::Event;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "permission-lost",
    level: Level::Deny,
    summary: "a relation was dropped and created again without the rights that migrations had given on it",
    docs: include_str!("permission-lost.md"),
    check: Check::Query { family: Family::Own, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    if !meeting.accepted() || !meeting.comparable {
        return Vec::new();
    }
    meeting
        .paired_uses()
        .filter_map(|(then, now)| {
            let (Object::Relation(was), Object::Relation(is)) = (&then.object, &now.object) else { return None };
            if was == is {
                return None;
            }
            let (was, is) = (meeting.contract.schema.relation(*was)?, meeting.met.schema.relation(*is)?);
            lost(&was, &is, meeting.contract.analysis, then.span)
        })
        .collect()
}

fn lost(was: &Relation, is: &Relation, analysis: &Analysis, span: Span) -> Option<Hit> {
    let needed = needed(analysis, was, span);
    let covers = |granted: &str, wanted: &str| granted == wanted || granted == "all";
    let right = was.grants.iter().filter(|right| right.column.is_none()).find(|right| {
        let used = needed.iter().find(|wanted| covers(&right.privilege, wanted));
        used.is_some_and(|wanted| {
            let still = |other: &&crate::schema::Right| {
                covers(&other.privilege, wanted) && (other.grantee == right.grantee || *other.grantee == *"public")
            };
            !is.grants.iter().any(|other| still(&other))
        })
    })?;
    Some(Hit {
        rule: RULE.id,
        verdict: Verdict::Breaks,
        span,
        label: format!("`{}` has no rights on it any more", right.grantee),
        message: format!(
            "`{}` was created again, and `{}` has no {} right on it any more",
            is.name, right.grantee, right.privilege
        ),
        about: vec![Key::Relation(is.name.clone())],
        by_step: false,
    })
}

/// The rights that the query needs on a relation.
fn needed(analysis: &Analysis, relation: &Relation, span: Span) -> Vec<&'static str> {
    let mut needed: Vec<&'static str> = Vec::new();
    for write in analysis.writes.iter().filter(|write| write.relation == relation.id && write.span == span) {
        needed.push(match write.event {
            Event::Insert => "insert",
            Event::Update => "update",
            Event::Delete => "delete",
            Event::Truncate => "truncate",
            Event::Select => "select",
        });
    }
    if needed.is_empty() {
        needed.push("select");
    }
    needed
}

fn words(story: &Story<'_>) -> Words {
    let message = format!("{} loses its rights{}: {}", story.release, story.where_from(), story.hit.message);
    Words { message, help: Some("repeat the GRANT in the migration that creates it again".to_owned()) }
}
