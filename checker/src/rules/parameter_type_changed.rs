//! Parameters whose type the code does not send.

use crate::finding::{Level, Verdict};
use crate::query::Driver;
use crate::rollout::{Check, Family, Hit, Meeting, Rule, Story, Words, binds, refuses};
use crate::schema::Key;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "parameter-type-changed",
    level: Level::Deny,
    summary: "the server wants a parameter type that the code does not send",
    docs: include_str!("parameter-type-changed.md"),
    check: Check::Query { family: Family::Failure, find, words },
};

fn find(meeting: &Meeting<'_>) -> Vec<Hit> {
    if !meeting.accepted() {
        return Vec::new();
    }
    match meeting.query.call.declares_parameters {
        Some(true) => refused(meeting),
        Some(false) => inferred(meeting, true),
        None => inferred(meeting, false),
    }
}

/// What the server refuses when the driver declares the types that the code was made for.
fn refused(meeting: &Meeting<'_>) -> Vec<Hit> {
    let renamed = renamed(meeting);
    if !renamed.is_empty() {
        return renamed;
    }
    let Some(declared) = meeting.declared else { return Vec::new() };
    let changed = changed(meeting).into_iter().next();
    let hit = |problem: &crate::analysis::Problem| {
        let hit = Hit { rule: RULE.id, ..Hit::of(problem) };
        match &changed {
            Some((from, to, _)) => Hit { label: format!("sent as {from}, wanted as {to}"), ..hit },
            None => hit,
        }
    };
    declared.problems.iter().map(hit).collect()
}

/// Types that the driver looks up by a name that they no longer have.
fn renamed(meeting: &Meeting<'_>) -> Vec<Hit> {
    if meeting.query.call.driver != Driver::Sqlx {
        return Vec::new();
    }
    let created = |position: usize| {
        meeting.contract.analysis.shape.parameters.get(position).is_some_and(|ty| ty.id.is_user())
            && meeting.contract.analysis.shape.parameters.get(position)
                == meeting.met.analysis.shape.parameters.get(position)
    };
    let renamed = changed(meeting).into_iter().filter(|(_, _, position)| meeting.comparable && created(*position));
    let hit = |(from, to, position): (String, String, usize)| Hit {
        rule: RULE.id,
        verdict: Verdict::Breaks,
        span: meeting.whole(),
        label: format!("type `{from}` is `{to}` now"),
        message: format!("the driver looks the type of parameter {} up as `{from}`, which is `{to}` now", position + 1),
        about: vec![Key::Type(from.trim_end_matches("[]").into())],
        by_step: false,
    };
    renamed.map(hit).collect()
}

/// What a driver refuses that takes the types which the server infers.
fn inferred(meeting: &Meeting<'_>, known: bool) -> Vec<Hit> {
    let hits = changed(meeting).into_iter().filter_map(|(from, to, position)| {
        let (then, now) = (meeting.contract.analysis, meeting.met.analysis);
        let (a, b) = (*then.shape.parameters.get(position)?, *now.shape.parameters.get(position)?);
        let call = meeting.query.call;
        let binds = binds(call, (meeting.contract.schema, a), (meeting.met.schema, b)).filter(|_| known);
        let verdict = match binds {
            Some(true) => return None,
            Some(false) => Verdict::Breaks,
            None => Verdict::Unknown,
        };
        Some(Hit {
            rule: RULE.id,
            verdict,
            span: meeting.whole(),
            label: format!("sent as {from}, wanted as {to}"),
            message: format!("parameter {} is {to}, and the code sends {from}", position + 1),
            about: meeting.changed_columns(),
            by_step: false,
        })
    });
    hits.chain(unmapped(meeting)).collect()
}

/// Parameters of a type that has other parts than the code's own.
fn unmapped<'m>(meeting: &'m Meeting<'_>) -> impl Iterator<Item = Hit> + 'm {
    let (then, now) = (&meeting.contract, &meeting.met);
    let pairs = then.analysis.shape.parameters.iter().zip(&now.analysis.shape.parameters).enumerate();
    pairs.filter_map(|(position, (a, b))| {
        let refused = refuses(&meeting.query.types, false, (then.schema, *a), (now.schema, *b))?;
        Some(Hit {
            rule: RULE.id,
            verdict: Verdict::Breaks,
            span: meeting.whole(),
            label: format!("sends a value of type `{}`", refused.name),
            message: format!("the type `{}` of parameter {} {}", refused.name, position + 1, refused.why),
            about: vec![Key::Type(refused.name)],
            by_step: false,
        })
    })
}

/// The parameters of another type than at the contract: from, to, position.
fn changed(meeting: &Meeting<'_>) -> Vec<(String, String, usize)> {
    let (then, now) = (&meeting.contract.analysis.shape.parameters, &meeting.met.analysis.shape.parameters);
    let pairs = then.iter().zip(now).enumerate();
    let pairs = pairs.filter(|(_, (then, now))| then.id.is_sure() && now.id.is_sure());
    let printed = pairs.map(|(position, (then, now))| {
        (meeting.contract.schema.format_type(*then), meeting.met.schema.format_type(*now), position)
    });
    printed.filter(|(from, to, _)| from != to).collect()
}

fn words(story: &Story<'_>) -> Words {
    let release = story.release;
    if story.early {
        let message =
            format!("{release} already sends a parameter as it is wanted from here on: {}", story.hit.message);
        return Words { message, help: Some(story.too_early()) };
    }
    let message = match story.hit.about.first() {
        Some(Key::Column(..)) => {
            format!("{release} sends values for {}, {}: {}", story.subject(), story.fate.here(), story.hit.message)
        }
        _ => format!("{release} breaks{}: {}", story.where_from(), story.hit.message),
    };
    Words { message, help: story.way_out() }
}
