//! Calls that may send several texts, by what branches add or leave out: those texts stay that such a call can send.
//!
//! Branches depend on each other in ways that sources do not show, so that some of the texts that they could make are never
//! sent. Where one of them runs on the release's own schema, those that do not are left out; where another holds all that a
//! text consists of, or reads all that it reads, that one stands for both. A call of which no text can be read counts once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::inputs::{Loaded, Shares};
use crate::query::Query;
use crate::rollout::{self, AtHead, Candidates, Soundness};

/// Leaves out the texts that calls do not send, and those that others stand for.
pub(super) fn settle(loaded: &mut Loaded) {
    let mut calls: BTreeMap<(String, usize, usize), Vec<usize>> = BTreeMap::new();
    for (at, query) in loaded.queries.queries.iter().enumerate() {
        if let Some(call) = &query.alternative {
            calls.entry((call.path.clone(), call.span.start, call.span.end)).or_default().push(at);
        }
    }
    calls.retain(|_, texts| texts.len() > 1);
    let twins = twins(&loaded.queries.queries);
    if calls.is_empty() && twins.is_empty() {
        return;
    }
    let candidates = loaded.candidates();
    let mut kept = vec![true; loaded.queries.queries.len()];
    let shares = Shares::empty(loaded);
    let sound =
        |at: usize| loaded.queries.queries.get(at).map(|query| soundness(&shares, &candidates, query).soundness);
    for (insert, update) in twins {
        if sound(insert) == Some(Soundness::Refused) && sound(update) == Some(Soundness::Sound) {
            kept.get_mut(insert).into_iter().for_each(|kept| *kept = false);
        }
    }
    for texts in calls.values() {
        let stays = staying(loaded, &shares, &candidates, texts);
        for (&at, stays) in texts.iter().zip(stays) {
            if let Some(kept) = kept.get_mut(at) {
                *kept = stays;
            }
        }
    }
    let mut kept = kept.into_iter();
    loaded.queries.queries.retain(|_| kept.next().unwrap_or(true));
}

/// The insertion and the update that are made from one struct. A struct that can be both is often only the one: an insertion
/// that lacks a column on the release's own schema is one that nobody sends.
fn twins(queries: &[Query]) -> Vec<(usize, usize)> {
    let made = |verb: &str| -> BTreeMap<(&str, usize), usize> {
        let of_struct = |query: &Query| query.call.id == "diesel::dsl" && query.sql.starts_with(verb);
        let all = queries.iter().enumerate().filter(|(_, query)| of_struct(query));
        all.map(|(at, query)| ((query.place.source.path(), query.place.span.start), at)).collect()
    };
    let updates = made("UPDATE ");
    made("INSERT ").into_iter().filter_map(|(place, insert)| Some((insert, *updates.get(&place)?))).collect()
}

/// How a query does on the release's own schema.
fn soundness(shares: &Shares<'_>, candidates: &Candidates, query: &Query) -> AtHead {
    let owners = shares.owners(candidates, &Arc::new(query.clone()));
    let each = owners.iter().map(|(database, _)| rollout::at_head(candidates, database, query));
    let unread = AtHead { soundness: Soundness::Unread, reads: None };
    each.max_by_key(|at_head| at_head.soundness).unwrap_or(unread)
}

/// Which of a call's texts stay.
fn staying(loaded: &Loaded, shares: &Shares<'_>, candidates: &Candidates, texts: &[usize]) -> Vec<bool> {
    let queries: Vec<&Query> = texts.iter().filter_map(|&at| loaded.queries.queries.get(at)).collect();
    let each: Vec<AtHead> = queries.iter().map(|query| soundness(shares, candidates, query)).collect();
    let best = each.iter().map(|at_head| at_head.soundness).max().unwrap_or(Soundness::Unread);
    if best == Soundness::Unread {
        return (0..texts.len()).map(|at| at == 0).collect();
    }
    let sound: Vec<bool> = each.iter().map(|at_head| at_head.soundness == best).collect();
    let covers = |other: usize, at: usize| {
        let (Some(one), Some(another)) = (queries.get(at), queries.get(other)) else { return false };
        let reads = |at: usize| each.get(at).and_then(|at_head| at_head.reads.as_ref());
        let reads_all = match (reads(at), reads(other)) {
            (Some(one), Some(another)) if best == Soundness::Sound => one.is_subset(another),
            _ => false,
        };
        reads_all || holds(another, one)
    };
    let stands_for = |other: usize, at: usize| {
        sound.get(other) == Some(&true) && covers(other, at) && (!covers(at, other) || other < at)
    };
    let stays =
        |at: usize| sound.get(at) == Some(&true) && !(0..texts.len()).any(|other| other != at && stands_for(other, at));
    (0..texts.len()).map(stays).collect()
}

/// Whether all pieces of a text are in another.
fn holds(all: &Query, part: &Query) -> bool {
    if part.segments.is_empty() {
        return part.sql == all.sql;
    }
    part.segments.iter().all(|segment| {
        all.segments.iter().any(|other| {
            other.source.path() == segment.source.path()
                && other.span.start <= segment.span.start
                && segment.span.end <= other.span.end
        })
    })
}
