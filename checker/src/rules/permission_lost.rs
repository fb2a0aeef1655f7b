//! Rights that migrations gave, and that a query's relations, schemas and routines no longer have.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Value, Visitor};

use crate::analysis::{Analysis, Object, Use};
use crate::finding::{Level, Verdict};
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words};
use crate::schema::{Key, Policy, Relation, RelationKind, Right, Schema};
use crate::source::Span;
use crate::sql::ddl::Event;
use crate::sql::walk;

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
                return by_rows(then, &needed, &was, &is);
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

/// Row level security that is newly on, for those who have rights by a grant.
fn by_rows(then: &Use, needed: &[&str], was: &Relation, is: &Relation) -> Option<Hit> {
    let granted = is.grants.iter().any(|right| needed.contains(&right.privilege.as_ref()));
    if !granted || !is.row_security || was.row_security {
        return None;
    }
    let command = match *needed.first()? {
        "insert" => Event::Insert,
        "update" => Event::Update,
        "delete" => Event::Delete,
        "select" => Event::Select,
        _ => return None,
    };
    let applies = |policy: &&Policy| policy.command.is_none_or(|other| other == command);
    let name = &is.name;
    let (verdict, label, message) = if !is.policies.iter().filter(applies).any(|policy| policy.permissive) {
        match command {
            Event::Insert => {
                let message = format!("row level security on `{name}` has no policy that lets rows in");
                (Verdict::Breaks, "no row may come in", message)
            }
            _ => {
                let message = format!("row level security on `{name}` has no policy that shows rows");
                (Verdict::MayBreak, "sees no rows", message)
            }
        }
    } else {
        let setting = is.policies.iter().filter(applies).find_map(needed_setting)?;
        let message = format!("row level security on `{name}` needs the setting `{setting}`, which may not be set");
        (Verdict::MayBreak, "needs a setting", message)
    };
    Some(Hit {
        rule: RULE.id,
        verdict,
        span: then.span,
        label: label.to_owned(),
        message,
        about: vec![Key::Relation(name.clone())],
        by_step: false,
    })
}

/// A setting of the application's own that a policy reads and that must be there.
fn needed_setting(policy: &Policy) -> Option<String> {
    let mut found = Settings(None);
    for expr in [&policy.using, &policy.check].into_iter().flatten() {
        if let Some(tree) = expr.tree() {
            let _ = walk(&**tree, &mut found);
        }
    }
    found.0
}

struct Settings(Option<String>);

impl Visitor for Settings {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
        let name = function.name.0.last().and_then(|part| part.as_ident());
        let FunctionArguments::List(list) = &function.args else { return ControlFlow::Continue(()) };
        if let [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))] = list.args.as_slice()
            && name.is_some_and(|name| name.value.eq_ignore_ascii_case("current_setting"))
            && let Value::SingleQuotedString(setting) = &value.value
            && setting.contains('.')
        {
            self.0 = Some(setting.clone());
        }
        ControlFlow::Continue(())
    }
}

/// The rights that the query needs on a relation.
fn needed(analysis: &Analysis, relation: &Relation, used: &Use) -> Vec<&'static str> {
    if !used.written {
        // The name of what is written stands for a read only where the statement reads columns of it.
        let target = analysis.writes.iter().any(|write| write.relation == relation.id && write.span == used.span);
        let reads = |other: &Use| matches!(other.object, Object::Column(id, _) if id == relation.id && !other.written);
        if target && !analysis.uses.iter().any(reads) {
            return Vec::new();
        }
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
