//! From hits to findings: one block of text for one cause.

use std::collections::BTreeMap;

use crate::finding::{Cause, Finding, Level, QueryPlace, Verdict};
use crate::query::Query;
use crate::source::Span;

use super::cause::{Origin, origin};
use super::course::Course;
use super::finding_key;
use super::fix::fix;
use super::rule::{Alarm, Check, Family, Hit, Rule, Story, Words};

/// All findings of a rollout, in order of output.
pub(crate) fn findings(course: &Course<'_>, rules: &[&'static Rule]) -> Vec<Finding> {
    let mut blocks = query_blocks(course, rules);
    for rule in rules {
        if let Check::Rollout(find) = rule.check {
            blocks.extend(alarm_blocks(course, rule, find(course)));
        }
    }
    for block in &mut blocks {
        for finding in &mut block.findings {
            let role = finding.release.and_then(|release| course.releases.get(release)).map(|part| part.role);
            if course.input.known.contains(&finding_key(finding, role)) {
                finding.level = finding.level.min(Level::Note);
            }
            finding.fix = fix(course, finding);
        }
        block.findings.retain(|finding| finding.level > Level::Allow);
        block.findings.sort_by_cached_key(|finding| {
            let query = finding.query.as_ref();
            let place = query.map(|query| (query.place.source.path().to_owned(), query.place.span, query.part.span));
            (finding.rule != block.leading, place, finding.rule)
        });
    }
    blocks.retain(|block| !block.findings.is_empty());
    blocks.sort_by_cached_key(Block::order);
    let numbered = blocks.into_iter().enumerate();
    numbered
        .flat_map(|(group, block)| block.findings.into_iter().map(move |finding| Finding { group, ..finding }))
        .collect()
}

/// The level of a rule's findings.
pub(crate) fn level(course: &Course<'_>, rule: &Rule, verdict: Verdict, own: Option<Level>) -> Level {
    if let Some(&configured) = course.input.levels.get(rule.id) {
        return configured;
    }
    let level = own.unwrap_or(rule.level);
    if verdict == Verdict::Unknown { level.min(Level::Warn) } else { level }
}

/// Findings of one cause.
struct Block {
    /// The state that the cause leads to, the release, and what orders blocks of the same place.
    place: (usize, Option<usize>, String),
    /// The rule that the headline speaks of: its findings come first.
    leading: &'static str,
    findings: Vec<Finding>,
}

impl Block {
    fn order(&self) -> (std::cmp::Reverse<Level>, (usize, Option<usize>, String)) {
        let worst = self.findings.iter().map(|finding| finding.level).max();
        (std::cmp::Reverse(worst.unwrap_or(Level::Allow)), self.place.clone())
    }
}

/// A hit of a query with where it comes from.
struct Raw<'c> {
    release: usize,
    query: usize,
    rule: &'static Rule,
    hit: &'c Hit,
    origin: Option<Origin>,
    states: Vec<(usize, usize)>,
}

fn query_blocks(course: &Course<'_>, rules: &[&'static Rule]) -> Vec<Block> {
    let mut groups: BTreeMap<(usize, &'static str, String), Vec<Raw<'_>>> = BTreeMap::new();
    for raw in raws(course, rules) {
        let family = match raw.rule.check {
            Check::Query { family: Family::Failure, .. } => "",
            _ => raw.rule.id,
        };
        let from = match &raw.origin {
            Some(origin) => {
                let place = &origin.cause.place;
                format!(
                    "{}\u{1f}{}\u{1f}{:012}\u{1f}{}",
                    origin.cause.version,
                    place.source.path(),
                    place.span.start,
                    origin.early
                )
            }
            None => format!("{:?}", raw.hit.about.first()),
        };
        let group = groups.entry((raw.release, family, from)).or_default();
        // One finding for a query and a rule, however many of its words are concerned.
        match group.iter_mut().find(|other| other.query == raw.query && std::ptr::eq(other.rule, raw.rule)) {
            Some(other) => other.states.extend(raw.states),
            None => group.push(raw),
        }
    }
    groups.into_iter().map(|((release, family, from), raws)| block(course, (release, family, &from), raws)).collect()
}

/// All hits on live states, those of the same words on several stretches as one.
fn raws<'c>(course: &'c Course<'_>, rules: &[&'static Rule]) -> Vec<Raw<'c>> {
    let mut raws: Vec<Raw<'c>> = Vec::new();
    for (release, part) in course.releases.iter().enumerate() {
        for (query, judged) in part.queries.iter().enumerate() {
            let first = raws.len();
            for stretch in judged.stretches.iter().filter(|stretch| stretch.live) {
                for hit in &stretch.hits {
                    let Some(rule) = rules.iter().copied().find(|rule| rule.id == hit.rule) else { continue };
                    let states = (stretch.from, stretch.to);
                    let known = raws[first..].iter_mut().find(|raw| {
                        std::ptr::eq(raw.rule, rule)
                            && raw.hit.about == hit.about
                            && raw.hit.span == hit.span
                            && !hit.by_step
                    });
                    match known {
                        Some(raw) => raw.states.push(states),
                        None => {
                            let origin = origin(course.plan, judged, stretch, hit);
                            raws.push(Raw { release, query, rule, hit, origin, states: vec![states] });
                        }
                    }
                }
            }
        }
    }
    raws
}

fn block(course: &Course<'_>, (release, family, from): (usize, &str, &str), raws: Vec<Raw<'_>>) -> Block {
    let leading = leading(&raws);
    let words = leading.map_or_else(Words::default, |raw| headline(course, raw));
    let state = raws.iter().filter_map(|raw| raw.origin.as_ref()).map(|origin| origin.state).min().unwrap_or(0);
    let findings = raws.iter().filter_map(|raw| {
        let query = course.releases.get(release)?.release.queries.get(raw.query)?;
        let causes = raw.origin.iter().map(|origin| origin.cause.clone()).collect();
        Some(Finding {
            group: 0,
            rule: raw.rule.id,
            level: level(course, raw.rule, raw.hit.verdict, None),
            verdict: raw.hit.verdict,
            release: Some(release),
            message: words.message.clone(),
            help: words.help.clone(),
            fix: None,
            query: Some(place(&query.query, raw.query, raw.hit.span, &label(raw))),
            states: states(course, &raw.states),
            causes,
        })
    });
    let findings = findings.collect();
    let rule = leading.map_or("", |raw| raw.rule.id);
    Block { place: (state, Some(release), format!("{from}{family}")), leading: rule, findings }
}

/// The words under the part of a query's text that fails, with the version from or until which it does.
fn label(raw: &Raw<'_>) -> String {
    let said = &raw.hit.label;
    let fails = matches!(raw.rule.check, Check::Query { family: Family::Failure, .. }) && !said.is_empty();
    match raw.origin.as_ref().filter(|origin| fails && !origin.cause.version.is_empty()) {
        Some(Origin { cause, early: true, .. }) => format!("{said} until {}", cause.version),
        Some(Origin { cause, .. }) => format!("{said} from {} on", cause.version),
        None => said.clone(),
    }
}

/// The most common hit.
fn leading<'r, 'c>(raws: &'r [Raw<'c>]) -> Option<&'r Raw<'c>> {
    let alike = |raw: &Raw<'_>| {
        let same =
            |other: &&Raw<'_>| std::ptr::eq(other.rule, raw.rule) && other.hit.about.first() == raw.hit.about.first();
        raws.iter().filter(same).count()
    };
    let mut leading = raws.first();
    for raw in raws {
        if leading.is_some_and(|best| alike(raw) > alike(best)) {
            leading = Some(raw);
        }
    }
    leading
}

/// The headline of a group, by its leading hit.
fn headline(course: &Course<'_>, raw: &Raw<'_>) -> Words {
    let by_itself = || Words { message: raw.hit.message.clone(), help: None };
    let Some(part) = course.releases.get(raw.release) else { return by_itself() };
    let Check::Query { words, .. } = raw.rule.check else { return by_itself() };
    let writes = part
        .queries
        .get(raw.query)
        .is_some_and(|judged| judged.contract.uses.iter().any(|used| used.span == raw.hit.span && used.written));
    words(&Story {
        release: &part.release.id,
        hit: raw.hit,
        fate: raw.origin.as_ref().map_or(super::fate::Fate::Changed, |origin| origin.fate.clone()),
        version: raw.origin.as_ref().map(|origin| origin.cause.version.as_str()).filter(|version| !version.is_empty()),
        early: raw.origin.as_ref().is_some_and(|origin| origin.early),
        writes,
    })
}

fn alarm_blocks(course: &Course<'_>, rule: &'static Rule, alarms: Vec<Alarm>) -> Vec<Block> {
    let mut blocks: BTreeMap<String, Block> = BTreeMap::new();
    for alarm in alarms {
        let state = alarm.states.first().map_or(0, |states| states.0);
        let key = alarm.subject.clone();
        let place = (state, alarm.release, format!("{}{}", rule.id, alarm.subject));
        let finding = Finding {
            group: 0,
            rule: rule.id,
            level: level(course, rule, alarm.verdict, alarm.level),
            verdict: alarm.verdict,
            release: alarm.release,
            message: alarm.message,
            help: alarm.help,
            fix: None,
            query: alarm.query.and_then(|(index, span, label)| {
                let owned = course.releases.get(alarm.release?)?.release.queries.get(index)?;
                Some(self::place(&owned.query, index, span, &label))
            }),
            states: states(course, &alarm.states),
            causes: alarm.causes,
        };
        blocks
            .entry(key)
            .or_insert_with(|| Block { place, leading: rule.id, findings: Vec::new() })
            .findings
            .push(finding);
    }
    blocks.into_values().collect()
}

/// A query as findings show it.
pub(crate) fn place(query: &Query, index: usize, span: Span, label: &str) -> QueryPlace {
    QueryPlace {
        place: query.place.clone(),
        part: query.locate(span),
        label: label.to_owned(),
        sql: query.sql.clone(),
        index,
    }
}

/// States as the report counts them, from where the rollout starts; neighbouring ranges as one.
fn states(course: &Course<'_>, ranges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let start = course.plan.start;
    let mut ranges: Vec<(usize, usize)> =
        ranges.iter().map(|&(from, to)| (from.saturating_sub(start), to.saturating_sub(start))).collect();
    ranges.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (from, to) in ranges {
        match joined.last_mut() {
            Some(last) if from <= last.1 + 1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// A migration as a cause.
pub(crate) fn migration_cause(migration: &crate::migration::Migration) -> Cause {
    Cause { version: migration.version.text.clone(), place: super::course::first_line(migration) }
}
