//! Kept prepared statements whose result columns change while the release is live.

use crate::analysis::{Analysis, OutputColumn};
use crate::finding::{Level, Verdict};
use crate::rollout::{Check, Family, Hit, Meeting, Met, Rule, Story, Words, key_of_column, named};
use crate::schema::{Key, Schema};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "stale-session",
    level: Level::Deny,
    summary: "a statement that the driver keeps prepared fails because its result columns change",
    docs: include_str!("stale-session.md"),
    check: Check::Query { family: Family::Own, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    changed(meeting).or_else(|| frozen(meeting)).or_else(|| in_bodies(meeting)).into_iter().collect()
}

fn changed(meeting: &Meeting<'_>) -> Option<Hit> {
    let verdict = match meeting.query.call.keeps_statement {
        Some(true) => Verdict::Breaks,
        Some(false) => return None,
        None => Verdict::Unknown,
    };
    let before = meeting.before?;
    let accepted = before.analysis.refused().is_none() && meeting.accepted();
    if !accepted || !meeting.met.schema.dialect.fixed_results {
        return None;
    }
    let (then, now) = (&before.analysis.shape, &meeting.met.analysis.shape);
    if !then.complete || !now.complete {
        return None;
    }
    let (a, b) = (&then.columns, &now.columns);
    let place = (0..a.len().max(b.len())).find(|&at| !same(a.get(at), b.get(at)))?;
    let what = match (a.get(place), b.get(place)) {
        (None, Some(new)) => format!("column `{}` comes in", new.name),
        (Some(old), None) => format!("column `{}` goes", old.name),
        (Some(old), Some(new)) if old.name != new.name => format!("`{}` stands where `{}` stood", new.name, old.name),
        (Some(old), Some(new)) => retyped(before, meeting.met, old, new),
        (None, None) => return None,
    };
    let named = |met: Met<'_>, column: Option<&OutputColumn>| {
        column.and_then(|column| key_of_column(met.schema, column.origin))
    };
    let about = named(meeting.met, b.get(place)).into_iter().chain(named(before, a.get(place))).collect();
    Some(Hit {
        rule: RULE.id,
        verdict,
        span: b.get(place).or(a.get(place)).map_or_else(|| meeting.whole(), |column| meeting.span_now(column)),
        label: what.clone(),
        message: format!("the result columns change: {what}"),
        about,
        by_step: true,
    })
}

/// Parameter types that were settled when the statement was prepared, and that no longer fit or are gone.
fn frozen(meeting: &Meeting<'_>) -> Option<Hit> {
    if meeting.query.call.keeps_statement != Some(true) || !meeting.accepted() {
        return None;
    }
    let before = meeting.before?;
    let was = &before.analysis.shape.parameters;
    let gone = was.iter().position(|ty| {
        ty.id.is_user() && before.schema.type_info(ty.id).is_some() && meeting.met.schema.type_info(ty.id).is_none()
    });
    let (about, span, message) = match (gone, meeting.frozen.and_then(Analysis::refused)) {
        (Some(at), _) => {
            let name = before.schema.type_info(was[at].id)?.name.to_string();
            let message = format!("the type `{name}` of parameter {} is dropped and made again", at + 1);
            (vec![Key::Type(name.into())], meeting.whole(), message)
        }
        (None, Some(problem)) => {
            let about = if problem.about.is_empty() { meeting.changed_columns() } else { problem.about.clone() };
            (about, problem.span, format!("its parameter types no longer fit: {}", problem.message))
        }
        (None, None) => return None,
    };
    Some(Hit { rule: RULE.id, verdict: Verdict::Breaks, span, label: message.clone(), message, about, by_step: true })
}

/// Fields that a routine's body reads from a row, whose types a session settled when it ran the body before.
fn in_bodies(meeting: &Meeting<'_>) -> Option<Hit> {
    let before = meeting.before?;
    if before.analysis.refused().is_some() || !meeting.accepted() || !meeting.met.schema.dialect.fixed_results {
        return None;
    }
    let changed = meeting.met.analysis.fields.intersection(&before.analysis.fields).find_map(|&(relation, number)| {
        let ty = |schema: &Schema| Some(schema.relation(relation)?.column_numbered(number)?.ty);
        let (was, is) = (ty(before.schema)?, ty(meeting.met.schema)?);
        let key = key_of_column(meeting.met.schema, Some((relation, number)))?;
        (was.id != is.id).then(|| (key, before.schema.format_type(was), meeting.met.schema.format_type(is)))
    });
    let (key, from, to) = changed?;
    let what = format!("a routine reads {}, which changes from {from} to {to}", named(&key));
    Some(Hit {
        rule: RULE.id,
        verdict: Verdict::MayBreak,
        span: meeting.whole(),
        label: what.clone(),
        message: format!("{what}, in sessions that ran it before"),
        about: vec![key],
        by_step: true,
    })
}

/// Whether the server takes both for the same: name, type, modifier and collation.
fn same(a: Option<&OutputColumn>, b: Option<&OutputColumn>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => {
            let unsure = !a.ty.id.is_sure() || !b.ty.id.is_sure();
            a.name == b.name && (unsure || (a.ty == b.ty && a.collation == b.collation))
        }
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn retyped(before: Met<'_>, now: Met<'_>, old: &OutputColumn, new: &OutputColumn) -> String {
    let (from, to) = (before.schema.format_type(old.ty), now.schema.format_type(new.ty));
    if from == to {
        return format!("`{}` changes its type or collation", new.name);
    }
    format!("`{}` changes from {from} to {to}", new.name)
}

fn words(story: &Story<'_>) -> Words {
    let what = match story.hit.verdict {
        Verdict::MayBreak => format!("sessions of {} may fail", story.release),
        _ => format!("statements that {} keeps prepared fail", story.release),
    };
    let message = format!("{what}{}: {}", story.where_from(), story.hit.label);
    let help = "in two releases: name the columns in place of `*` and leave their types alone; or close the sessions right \
                after the migration, since they fail until they are closed";
    Words { message, help: Some(help.to_owned()) }
}
